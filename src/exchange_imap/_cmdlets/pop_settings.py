"""The POP3 settings of a server: Get-PopSettings, Set-PopSettings and what they are about."""

from __future__ import annotations

from .._model.cmdlet import cmdlet
from .._model.codecs.literals import IntegerCodec
from .._model.codecs.values import choice
from .._model.declaration import parameter, required_property, writable
from .._model.field_types import Of
from .._model.snapshots import snapshot
from .._model.specs import Endpoint
from .._values import SortOrder, Unset
from .protocol_settings import GET_HINTS, SERVERS, SET_HINTS, GetProtocolSettings, ProtocolSettings, SetProtocolSettings

__all__ = ["GetPopSettings", "PopSettings", "SetPopSettings"]

_SORT_ORDER = choice(SortOrder)


@cmdlet("Get-PopSettings", accepts=SERVERS, endpoint=Endpoint.EXCHANGE, changes=False, hints=GET_HINTS)
class GetPopSettings(GetProtocolSettings):
    """Get-PopSettings: read a server's POP3 settings.

    Without ``server`` it reads the server that runs the session, which behind remoting may be any. Source:
    Microsoft's reference page of Get-PopSettings.

    >>> str(GetPopSettings(server="MBX01"))
    'Get-PopSettings -Server MBX01'
    """


@cmdlet(
    "Set-PopSettings",
    new={
        "ssl_bindings": ("[::]:995", "0.0.0.0:995"),
        "unencrypted_or_tls_bindings": ("[::]:110", "0.0.0.0:110"),
        "proxy_target_port": 1995,
        "log_file_location": r"C:\Program Files\Microsoft\Exchange Server\V15\Logging\Pop3",
    },
    accepts=SERVERS,
    endpoint=Endpoint.EXCHANGE,
    changes=True,
    hints={
        **SET_HINTS,
        "enabled": "POP3 is enabled by starting its two services: Start-Service MSExchangePOP3,MSExchangePOP3BE.",
        "showhiddenfoldersenabled": "POP3 has no folders: only Set-ImapSettings has it.",
    },
)
class SetPopSettings(SetProtocolSettings):
    """Set-PopSettings: change a server's POP3 settings.

    What is ``UNSET`` stays as it is. Changes take effect when *both* POP3 services have been restarted. Names, types
    and defaults: Microsoft's reference page of Set-PopSettings.

    >>> line = 'Set-PopSettings -SSLBindings "0.0.0.0:995" -MessageRetrievalSortOrder Descending'
    >>> str(SetPopSettings.parse(line)) == line
    True
    """

    max_command_size: Of[int | Unset] = parameter(
        "MaxCommandSize", IntegerCodec.between(40, 1024), after="max_connections_per_user", new=512
    )
    """The longest command of a client, in bytes."""
    message_retrieval_sort_order: Of[SortOrder | Unset] = parameter(
        "MessageRetrievalSortOrder", _SORT_ORDER, after="message_retrieval_mime_format", new="Ascending"
    )
    """Whether a client sees the oldest or the newest message first."""


@snapshot(
    "Microsoft.Exchange.Data.Directory.SystemConfiguration.Pop3AdConfiguration",
    read_by=GetPopSettings,
    written_by=SetPopSettings,
    named_by="Server",
)
class PopSettings(ProtocolSettings):
    """A server's POP3 settings as Get-PopSettings answers them; what is said of :class:`ImapSettings` holds here too.

    >>> from exchange_imap.testing import FakeExchange
    >>> imap = FakeExchange(servers=["MBX01"]).server("MBX01").stored.to_record().properties
    >>> PopSettings.from_record({**imap, "MessageRetrievalSortOrder": "Descending"}).message_retrieval_sort_order
    SortOrder.Descending
    """

    max_command_size: Of[int] = required_property("MaxCommandSize", IntegerCodec(), after="max_connections_per_user")
    message_retrieval_sort_order: Of[SortOrder] = required_property(
        "MessageRetrievalSortOrder", _SORT_ORDER, after="message_retrieval_mime_format"
    )

    def to_cmdlet(self) -> SetPopSettings:
        """Return the Set-PopSettings that writes every setting, for this server.

        Raises :class:`InvalidValueError` for a value that the server holds and no longer takes.
        """
        return SetPopSettings(server=self.server, **{field: getattr(self, field) for field in writable(type(self))})
