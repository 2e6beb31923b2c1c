"""What the parameters of the IMAP4 settings hold, with the ranges that the server enforces on writing.

Ranges: exchange documentation of Set-ImapSettings, and for the two time-outs, the banner, the certificate name and
the log quota what Exchange itself is reported to check.
"""

from __future__ import annotations

import re
from datetime import timedelta

from .._model.codecs.lists import EditableListCodec, ListCodec
from .._model.codecs.literals import IntegerCodec
from .._model.codecs.values import QUOTA, TEXT, TIME_SPAN, Bounds, Codec, QuotaCodec, TextCodec, ValueCodec, choice
from .._values import (
    Binding,
    ByteQuota,
    CalendarItemRetrievalOption,
    ConnectionSetting,
    ExtendedProtectionPolicy,
    LogFileRollOver,
    LoginType,
    MimeTextFormat,
    is_dns_name,
)

__all__ = [
    "AUTHENTICATED_TIMEOUT",
    "BANNER",
    "BINDINGS",
    "BINDINGS_EDIT",
    "CALENDAR_ITEM_RETRIEVAL",
    "CERTIFICATE_NAME",
    "COMMAND_SIZE",
    "CONNECTIONS",
    "CONNECTION_SETTINGS",
    "CONNECTION_SETTINGS_EDIT",
    "EXTENDED_PROTECTION",
    "LOGIN_TYPE",
    "LOG_QUOTA",
    "MIME_FORMAT",
    "POP_COMMAND_SIZE",
    "PORT",
    "PRE_AUTHENTICATED_TIMEOUT",
    "ROLL_OVER",
]

_MEGABYTE = 1024 * 1024
_LONGEST_TEXT = 1024
_THUMBPRINT = re.compile("[0-9A-Fa-f]{40}")


def _whole_seconds(most: timedelta) -> Bounds[timedelta]:
    least = timedelta(seconds=30)
    return Bounds(f"whole seconds from 00:00:30 to {_clock(most)}", lambda t: least <= t <= most and not t.microseconds)


def _clock(span: timedelta) -> str:
    return TIME_SPAN.text(span)


def _time_out(most: timedelta) -> ValueCodec[timedelta]:
    return ValueCodec(
        TIME_SPAN.expected,
        timedelta,
        _whole_seconds(most),
        parse=TIME_SPAN.parse,
        text=TIME_SPAN.text,
        shown=TIME_SPAN.shown,
    )


# The page says 1:00:00 at most; Exchange 2010's text and the 2013 admin centre say 86,400 seconds, which makes it
# look like a mistyped 1.00:00:00. The wider one holds.
AUTHENTICATED_TIMEOUT = _time_out(timedelta(days=1))
PRE_AUTHENTICATED_TIMEOUT = _time_out(timedelta(hours=1))
BANNER = TextCodec(bounds=Bounds(f"at most {_LONGEST_TEXT} characters", lambda text: len(text) <= _LONGEST_TEXT))
CERTIFICATE_NAME = TextCodec(
    bounds=Bounds(
        "a host name that the certificate covers, such as mail.contoso.com (no wildcard, no address, no thumbprint)",
        lambda text: not text or (is_dns_name(text) and not _THUMBPRINT.fullmatch(text)),
    )
)
COMMAND_SIZE = IntegerCodec.between(1024, 16384)
POP_COMMAND_SIZE = IntegerCodec.between(40, 1024)
CONNECTIONS = IntegerCodec.between(1, 2**31 - 1)
PORT = IntegerCodec.between(0, 65535)
LOG_QUOTA = QuotaCodec(
    QUOTA.expected,
    ByteQuota,
    Bounds("unlimited, 0, or at least 1MB", lambda quota: not quota.bytes or quota.bytes >= _MEGABYTE),
    parse=QUOTA.parse,
    shown=QUOTA.shown,
    number=ByteQuota,
)
CALENDAR_ITEM_RETRIEVAL = choice(CalendarItemRetrievalOption)
EXTENDED_PROTECTION = choice(ExtendedProtectionPolicy)
LOGIN_TYPE = choice(LoginType)
MIME_FORMAT = choice(MimeTextFormat)
ROLL_OVER = choice(LogFileRollOver)

_CONNECTION_SETTING: Codec[ConnectionSetting] = ValueCodec(
    "HostName:Port:SSL, HostName:Port:TLS or HostName:Port", ConnectionSetting, parse=ConnectionSetting.parse
)
_BINDING: Codec[Binding] = ValueCodec("an address and port such as 0.0.0.0:993", Binding, parse=Binding.parse)
CONNECTION_SETTINGS = ListCodec(_CONNECTION_SETTING)
CONNECTION_SETTINGS_EDIT = EditableListCodec(CONNECTION_SETTINGS)
BINDINGS = ListCodec(_BINDING)
BINDINGS_EDIT = EditableListCodec(BINDINGS)
NAMES = ListCodec(TEXT, bare=True)
