"""Small values with exact texts: each reads what the server prints and writes what a cmdlet takes."""

from .._lazy import import_on_first_use
from .._names import VALUES_MODULES

# For type checkers. docs/front_door.py writes these imports from _names.py.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from .binding import Binding as Binding
    from .binding import IPAddress as IPAddress
    from .byte_quota import ByteQuota as ByteQuota
    from .choices import ActionPreference as ActionPreference
    from .choices import CalendarItemRetrievalOption as CalendarItemRetrievalOption
    from .choices import Choice as Choice
    from .choices import ConnectionType as ConnectionType
    from .choices import Encryption as Encryption
    from .choices import ExtendedProtectionPolicy as ExtendedProtectionPolicy
    from .choices import LogFileRollOver as LogFileRollOver
    from .choices import LoginType as LoginType
    from .choices import MimeTextFormat as MimeTextFormat
    from .choices import ServiceStatus as ServiceStatus
    from .choices import StartupType as StartupType
    from .connection_setting import ConnectionSetting as ConnectionSetting
    from .connection_setting import is_dns_name as is_dns_name
    from .connection_setting import is_host_name as is_host_name
    from .given import read_whole as read_whole
    from .ip_range import IPRange as IPRange
    from .limit import Limit as Limit
    from .list_edit import ListEdit as ListEdit
    from .mail_flow_choices import AuthMechanism as AuthMechanism
    from .mail_flow_choices import MessageRateSource as MessageRateSource
    from .mail_flow_choices import PermissionGroup as PermissionGroup
    from .mail_flow_choices import ProtocolLoggingLevel as ProtocolLoggingLevel
    from .mail_flow_choices import ServerRole as ServerRole
    from .mail_flow_choices import SizeMode as SizeMode
    from .server_choices import CertificateService as CertificateService
    from .server_choices import CertificateStatus as CertificateStatus
    from .server_choices import ComponentRequester as ComponentRequester
    from .server_choices import ComponentStatus as ComponentStatus
    from .server_choices import ConnectivityStatus as ConnectivityStatus
    from .server_choices import EwsApplicationAccessPolicy as EwsApplicationAccessPolicy
    from .server_choices import RootCAType as RootCAType
    from .server_choices import SortOrder as SortOrder
    from .server_version import ServerVersion as ServerVersion
    from .time_span import format_time_span as format_time_span
    from .time_span import parse_time_span as parse_time_span
    from .tls_certificate_name import TlsCertificateName as TlsCertificateName
    from .unset import UNSET as UNSET
    from .unset import Unset as Unset

if not TYPE_CHECKING:  # pragma: no branch - to a type checker a misspelt name is an error
    __getattr__ = import_on_first_use(__name__, VALUES_MODULES)
