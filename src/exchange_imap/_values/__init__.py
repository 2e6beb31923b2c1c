"""Small values with exact texts: each reads what the server prints and writes what a cmdlet takes."""

from .._lazy import import_on_first_use
from .._names import VALUES_MODULES

# For type checkers. docs/front_door.py writes these imports and __all__ from _names.py.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .binding import Binding, IPAddress
    from .byte_quota import ByteQuota
    from .choices import (
        ActionPreference,
        CalendarItemRetrievalOption,
        Choice,
        ConnectionType,
        Encryption,
        ExtendedProtectionPolicy,
        LogFileRollOver,
        LoginType,
        MimeTextFormat,
        ServiceStatus,
        StartupType,
    )
    from .connection_setting import ConnectionSetting, is_dns_name, is_host_name
    from .ip_range import IPRange
    from .limit import Limit
    from .list_edit import ListEdit
    from .mail_flow_choices import (
        AuthMechanism,
        MessageRateSource,
        PermissionGroup,
        ProtocolLoggingLevel,
        ServerRole,
        SizeMode,
    )
    from .server_choices import (
        CertificateService,
        CertificateStatus,
        ComponentRequester,
        ComponentStatus,
        ConnectivityStatus,
        EwsApplicationAccessPolicy,
        RootCAType,
        SortOrder,
    )
    from .server_version import ServerVersion
    from .time_span import format_time_span, parse_time_span
    from .tls_certificate_name import TlsCertificateName
    from .unset import UNSET, Unset
    from .whole import read_whole

__all__ = [
    "UNSET",
    "ActionPreference",
    "AuthMechanism",
    "Binding",
    "ByteQuota",
    "CalendarItemRetrievalOption",
    "CertificateService",
    "CertificateStatus",
    "Choice",
    "ComponentRequester",
    "ComponentStatus",
    "ConnectionSetting",
    "ConnectionType",
    "ConnectivityStatus",
    "Encryption",
    "EwsApplicationAccessPolicy",
    "ExtendedProtectionPolicy",
    "IPAddress",
    "IPRange",
    "Limit",
    "ListEdit",
    "LogFileRollOver",
    "LoginType",
    "MessageRateSource",
    "MimeTextFormat",
    "PermissionGroup",
    "ProtocolLoggingLevel",
    "RootCAType",
    "ServerRole",
    "ServerVersion",
    "ServiceStatus",
    "SizeMode",
    "SortOrder",
    "StartupType",
    "TlsCertificateName",
    "Unset",
    "format_time_span",
    "is_dns_name",
    "is_host_name",
    "parse_time_span",
    "read_whole",
]

if not TYPE_CHECKING:  # pragma: no branch - to a type checker a misspelt name is an error
    __getattr__ = import_on_first_use(__name__, VALUES_MODULES)
