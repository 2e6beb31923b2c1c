"""Invoke-MonitoringProbe: what Microsoft recommends in place of Test-ImapConnectivity since Exchange 2013."""

from __future__ import annotations

from typing import ClassVar

import attrs

from .._model.cmdlet import Cmdlet
from .._model.codecs.passwords import PASSWORD
from .._model.codecs.values import TEXT
from .._model.declaration import Endpoint, checked, parameter
from .._powershell.secret import Secret
from .._values import UNSET, Unset

__all__ = ["InvokeMonitoringProbe"]


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
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
    >>> parse(r"Invoke-MonitoringProbe IMAP\ImapCTPProbe -Server MBX01 -Password horse").password
    Secret('********')
    """

    cmdlet: ClassVar[str] = "Invoke-MonitoringProbe"
    endpoint: ClassVar[Endpoint] = Endpoint.EXCHANGE
    changes: ClassVar[bool] = False

    identity: str | Unset = attrs.field(
        default=UNSET, metadata=parameter("Identity", TEXT, position=0, unnamed=True, required=True)
    )
    r"""``HealthSet\Probe``, or ``HealthSet\Probe\TargetResource``."""
    server: str = attrs.field(metadata=parameter("Server", TEXT))
    """The server to run it on."""
    account: str | Unset = attrs.field(default=UNSET, metadata=parameter("Account", TEXT))
    """The mailbox to log in to."""
    password: Secret | Unset = attrs.field(default=UNSET, metadata=parameter("Password", PASSWORD))
    probe_endpoint: str | Unset = attrs.field(default=UNSET, metadata=parameter("Endpoint", TEXT))
    """``-Endpoint``: the server or URL that the probe connects to."""
    secondary_account: str | Unset = attrs.field(default=UNSET, metadata=parameter("SecondaryAccount", TEXT))
    secondary_password: Secret | Unset = attrs.field(default=UNSET, metadata=parameter("SecondaryPassword", PASSWORD))
    secondary_endpoint: str | Unset = attrs.field(default=UNSET, metadata=parameter("SecondaryEndpoint", TEXT))
    item_target_extension: str | Unset = attrs.field(default=UNSET, metadata=parameter("ItemTargetExtension", TEXT))
    """XML for the probe."""
    property_override: str | Unset = attrs.field(default=UNSET, metadata=parameter("PropertyOverride", TEXT))
    """Properties to change for this run, ``Name=value``."""
    time_out_seconds: str | Unset = attrs.field(default=UNSET, metadata=parameter("TimeOutSeconds", TEXT))
    """Seconds, as text: the cmdlet takes no number here."""
