"""Small values with exact text: each reads the text that the cmdlets write and writes the text that they read."""

from .binding import Binding, IPAddress
from .byte_quota import ByteQuota
from .choices import (
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
from .connection_setting import ConnectionSetting, is_host_name
from .list_edit import ListEdit
from .time_span import format_time_span, parse_time_span
from .unset import UNSET, Unset

__all__ = [
    "UNSET",
    "Binding",
    "ByteQuota",
    "CalendarItemRetrievalOption",
    "Choice",
    "ConnectionSetting",
    "ConnectionType",
    "Encryption",
    "ExtendedProtectionPolicy",
    "IPAddress",
    "ListEdit",
    "LogFileRollOver",
    "LoginType",
    "MimeTextFormat",
    "ServiceStatus",
    "StartupType",
    "Unset",
    "format_time_span",
    "is_host_name",
    "parse_time_span",
]
