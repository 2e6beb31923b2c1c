"""The IMAP4 settings of a server: Get-ImapSettings, Set-ImapSettings and what they are about."""

from __future__ import annotations

from .._model.cmdlet import cmdlet
from .._model.codecs.literals import BOOLEAN, IntegerCodec
from .._model.declaration import parameter, required_property, writable
from .._model.field_types import Of
from .._model.snapshots import snapshot
from .._model.specs import Endpoint
from .._values import Unset
from .protocol_settings import GET_HINTS, SERVERS, SET_HINTS, GetProtocolSettings, ProtocolSettings, SetProtocolSettings

__all__ = ["GetImapSettings", "ImapSettings", "SetImapSettings"]


@cmdlet("Get-ImapSettings", accepts=SERVERS, endpoint=Endpoint.EXCHANGE, changes=False, hints=GET_HINTS)
class GetImapSettings(GetProtocolSettings):
    """Get-ImapSettings: read a server's IMAP4 settings.

    Without ``server`` it reads the server that runs the session, which behind remoting may be any. Source:
    Microsoft's reference page of Get-ImapSettings.

    >>> str(GetImapSettings(server="MBX01"))
    'Get-ImapSettings -Server MBX01'
    """


@cmdlet(
    "Set-ImapSettings",
    new={
        "ssl_bindings": ("[::]:993", "0.0.0.0:993"),
        "unencrypted_or_tls_bindings": ("[::]:143", "0.0.0.0:143"),
        "banner": "The Microsoft Exchange IMAP4 service is ready.",
        "proxy_target_port": 1993,
        "log_file_location": r"C:\Program Files\Microsoft\Exchange Server\V15\Logging\Imap4",
    },
    accepts=SERVERS,
    endpoint=Endpoint.EXCHANGE,
    changes=True,
    hints={
        **SET_HINTS,
        "enabled": "IMAP4 is enabled by starting its two services: Start-Service MSExchangeIMAP4,MSExchangeIMAP4BE.",
        "instance": "Exchange 2007's form: name the server with -Server and each setting by itself.",
        "liveidbasicauthreplacement": "Exchange 2010's, no longer there: leave it out.",
    },
)
class SetImapSettings(SetProtocolSettings):
    """Set-ImapSettings: change a server's IMAP4 settings; also a partial desired state.

    What is ``UNSET`` stays as it is. Changes take effect when *both* IMAP4 services have been restarted. Lists
    and their items, words and sizes may be given as the text that the cmdlet takes. Names, types and defaults:
    Microsoft's reference page of Set-ImapSettings; ranges are noted where they are declared.

    >>> line = 'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL" -LoginType SecureLogin'
    >>> str(SetImapSettings.parse(line)) == line
    True
    """

    max_command_size: Of[int | Unset] = parameter(
        "MaxCommandSize", IntegerCodec.between(1024, 16384), after="max_connections_per_user", new=10240
    )
    """The longest command of a client, in bytes."""
    show_hidden_folders_enabled: bool | Unset = parameter(
        "ShowHiddenFoldersEnabled", BOOLEAN, after="enable_exact_rfc822_size", new=False
    )
    """Whether clients see hidden folders."""


@snapshot(
    "Microsoft.Exchange.Data.Directory.SystemConfiguration.Imap4AdConfiguration",
    read_by=GetImapSettings,
    written_by=SetImapSettings,
    named_by="Server",
)
class ImapSettings(ProtocolSettings):
    """A server's IMAP4 settings as Get-ImapSettings answers them.

    These are the *stored* settings: the services read them when they start. Every setting has the name and
    meaning that it has in :class:`SetImapSettings`; what the directory adds about the object is ``None`` where a
    server does not tell. ``None`` for ``owa_server_url`` and ``x509_certificate_name`` means that there is none.

    >>> from exchange_imap.testing import FakeExchange
    >>> settings = FakeExchange(servers=["MBX01"]).server("MBX01").stored
    >>> ImapSettings.parse(str(settings)) == settings
    True
    >>> settings.login_type, str(settings.ssl_bindings[0])
    (LoginType.SecureLogin, '[::]:993')
    """

    max_command_size: Of[int] = required_property("MaxCommandSize", IntegerCodec(), after="max_connections_per_user")
    show_hidden_folders_enabled: bool = required_property(
        "ShowHiddenFoldersEnabled", BOOLEAN, after="enable_exact_rfc822_size"
    )

    def to_cmdlet(self) -> SetImapSettings:
        """Return the Set-ImapSettings that writes every setting, for this server.

        Raises :class:`InvalidValueError` for a value that the server holds and no longer takes.
        """
        return SetImapSettings(server=self.server, **{field: getattr(self, field) for field in writable(type(self))})
