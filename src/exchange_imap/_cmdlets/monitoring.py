"""Invoke-MonitoringProbe: what Microsoft recommends in place of Test-ImapConnectivity since Exchange 2013."""

from __future__ import annotations

from .._model.cmdlet import Cmdlet, cmdlet
from .._model.codecs.passwords import PASSWORD
from .._model.codecs.values import TEXT
from .._model.declaration import parameter, required_parameter
from .._model.field_types import Of
from .._model.specs import Endpoint
from .._powershell.secret import Secret
from .._values import Unset

__all__ = ["InvokeMonitoringProbe"]


@cmdlet("Invoke-MonitoringProbe", endpoint=Endpoint.EXCHANGE, changes=False)
class InvokeMonitoringProbe(Cmdlet):
    r"""Invoke-MonitoringProbe: run one of Managed Availability's probes now.

    The probes of IMAP4 are ``IMAP\ImapCTPProbe``, ``IMAP.Proxy\ImapProxyTestProbe``,
    ``IMAP.Protocol\ImapDeepTestProbe`` and ``IMAP.Protocol\ImapSelfTestProbe``.

    The cmdlet takes passwords as plain text. Here they are held as a :class:`Secret`, also when they are read from a
    line, and no text shows them: a line has ``<secret>``, which PowerShell refuses to run. They travel as text, so the
    connection must be encrypted, and Exchange's audit log may keep them: prefer a probe that needs none. Source:
    Microsoft's reference page of Invoke-MonitoringProbe.

    >>> str(InvokeMonitoringProbe(identity=r"IMAP.Protocol\ImapSelfTestProbe", server="MBX01"))
    'Invoke-MonitoringProbe IMAP.Protocol\\ImapSelfTestProbe -Server MBX01'
    >>> InvokeMonitoringProbe.parse(r"Invoke-MonitoringProbe IMAP\ImapCTPProbe -Server MBX01 -Password horse").password
    Secret('********')
    """

    identity: str | Unset = parameter("Identity", TEXT, position=0, unnamed=True, mandatory=True)
    r"""``HealthSet\Probe``, or ``HealthSet\Probe\TargetResource``."""
    server: str = required_parameter("Server", TEXT)
    """The server to run it on."""
    account: str | Unset = parameter("Account", TEXT)
    """The mailbox to log in to."""
    password: Of[Secret | Unset] = parameter("Password", PASSWORD)
    """The password of ``account``."""
    probe_endpoint: str | Unset = parameter("Endpoint", TEXT)
    """``-Endpoint``: the server or URL that the probe connects to."""
    secondary_account: str | Unset = parameter("SecondaryAccount", TEXT)
    """The mailbox or account of the delegate."""
    secondary_password: Of[Secret | Unset] = parameter("SecondaryPassword", PASSWORD)
    """The password of ``secondary_account``."""
    secondary_endpoint: str | Unset = parameter("SecondaryEndpoint", TEXT)
    """The host name of the second endpoint to connect to."""
    item_target_extension: str | Unset = parameter("ItemTargetExtension", TEXT)
    """XML for the probe."""
    property_override: str | Unset = parameter("PropertyOverride", TEXT)
    """Properties to change for this run, ``Name=value``."""
    time_out_seconds: str | Unset = parameter("TimeOutSeconds", TEXT)
    """Seconds, as text: the cmdlet takes no number here."""
