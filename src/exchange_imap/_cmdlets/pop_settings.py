"""The POP3 settings of a server: Get-PopSettings, Set-PopSettings and what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final

import attrs

from .._model.codecs.literals import IntegerCodec
from .._model.codecs.values import choice
from .._model.declaration import Endpoint, arranged, checked, parameter, property_, writable
from .._values import UNSET, SortOrder, Unset
from . import settings_codecs as codecs
from .protocol_settings import GetProtocolSettings, ProtocolSettings, SetProtocolSettings

__all__ = ["GetPopSettings", "PopSettings", "SetPopSettings"]

_SORT_ORDER = choice(SortOrder)
# Where the settings that IMAP4 has not, or has otherwise, stand among those that it has: behind these.
_PLACES: Final = {
    "max_command_size": "max_connections_per_user",
    "message_retrieval_sort_order": "message_retrieval_mime_format",
}


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class GetPopSettings(GetProtocolSettings):
    """Get-PopSettings: read a server's POP3 settings.

    Without ``server`` it reads the server that runs the session, which behind remoting may be any. Source:
    Microsoft's reference page of Get-PopSettings.

    >>> str(GetPopSettings(server="MBX01"))
    'Get-PopSettings -Server MBX01'
    """

    cmdlet: ClassVar[str] = "Get-PopSettings"
    endpoint: ClassVar[Endpoint] = Endpoint.EXCHANGE
    changes: ClassVar[bool] = False
    hints: ClassVar[Mapping[str, str]] = {
        "": "The server is named by -Server.",
        "identity": "The server is named by -Server.",
        "servers": "One server at a time: -Server.",
    }


@attrs.frozen(kw_only=True, repr=False, field_transformer=arranged(_PLACES))
class SetPopSettings(SetProtocolSettings):
    """Set-PopSettings: change a server's POP3 settings.

    What is ``UNSET`` stays as it is. Changes take effect when *both* POP3 services have been restarted. Names, types
    and defaults: Microsoft's reference page of Set-PopSettings.

    >>> line = 'Set-PopSettings -SSLBindings "0.0.0.0:995" -MessageRetrievalSortOrder Descending'
    >>> str(SetPopSettings.parse(line)) == line
    True
    """

    cmdlet: ClassVar[str] = "Set-PopSettings"
    endpoint: ClassVar[Endpoint] = Endpoint.EXCHANGE
    changes: ClassVar[bool] = True
    hints: ClassVar[Mapping[str, str]] = {
        "": "The server is named by -Server.",
        "identity": "The server is named by -Server.",
        "thumbprint": "Write -X509CertificateName with a host name that the certificate covers.",
        "enabled": "POP3 is enabled by starting its two services: Start-Service MSExchangePOP3,MSExchangePOP3BE.",
        "force": "There is nothing to confirm: leave it out.",
        "encryptedortlsbindings": "Write -UnencryptedOrTLSBindings.",
        "encryptionedortlsbindings": "Write -UnencryptedOrTLSBindings.",
        "protocolloggingenabled": "Write -ProtocolLogEnabled.",
        "maxconnectionsfromsingleip": "Write -MaxConnectionFromSingleIP.",
        "showhiddenfoldersenabled": "POP3 has no folders: only Set-ImapSettings has it.",
    }

    max_command_size: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("MaxCommandSize", codecs.POP_COMMAND_SIZE)
    )
    """The longest command of a client in bytes, 40 to 1024; 512 when new."""
    message_retrieval_sort_order: SortOrder | Unset = attrs.field(
        default=UNSET, metadata=parameter("MessageRetrievalSortOrder", _SORT_ORDER)
    )
    """Whether a client sees the oldest or the newest message first; ``Ascending`` when new."""


@attrs.frozen(kw_only=True, repr=False, field_transformer=arranged(_PLACES, written_by=SetPopSettings))
class PopSettings(ProtocolSettings):
    """A server's POP3 settings as Get-PopSettings answers them; what is said of :class:`ImapSettings` holds here too.

    >>> from exchange_imap.testing import FakeExchange
    >>> imap = FakeExchange(servers=["MBX01"]).server("MBX01").stored.to_dict()
    >>> del imap["ShowHiddenFoldersEnabled"]
    >>> PopSettings.from_dict(imap | {"MessageRetrievalSortOrder": "Descending"}).message_retrieval_sort_order
    SortOrder.Descending
    """

    types: ClassVar[tuple[str, ...]] = ("Microsoft.Exchange.Data.Directory.SystemConfiguration.Pop3AdConfiguration",)

    max_command_size: int = attrs.field(metadata=property_("MaxCommandSize", IntegerCodec()))
    message_retrieval_sort_order: SortOrder = attrs.field(metadata=property_("MessageRetrievalSortOrder", _SORT_ORDER))

    def to_cmdlet(self) -> SetPopSettings:
        """Return the Set-PopSettings that writes every setting, for this server.

        Raises :class:`InvalidValueError` for a value that the server holds and no longer takes.
        """
        return SetPopSettings(server=self.server, **{field: getattr(self, field) for field in writable(type(self))})
