"""What the parameters of the IMAP4 settings hold, with the ranges that the server enforces on writing.

Ranges: exchange documentation of Set-ImapSettings, and for the two time-outs, the banner, the certificate name and
the log quota what Exchange itself is reported to check.
"""

from __future__ import annotations

from datetime import timedelta

import attrs

from .._model.codecs.lists import EditableListCodec, ListCodec
from .._model.codecs.literals import IntegerCodec
from .._model.codecs.values import QUOTA, TIME_SPAN, Bounds, TextCodec, ValueCodec, choice
from .._patterns import pattern
from .._values import (
    Binding,
    ByteQuota,
    CalendarItemRetrievalOption,
    ConnectionSetting,
    ExtendedProtectionPolicy,
    LogFileRollOver,
    LoginType,
    MimeTextFormat,
    format_time_span,
    is_dns_name,
)

__all__ = [
    "AUTHENTICATED_TIMEOUT",
    "BANNER",
    "BINDINGS",
    "BINDINGS_EDIT",
    "CALENDAR_ITEM_RETRIEVAL",
    "CERTIFICATE_NAME",
    "CONNECTIONS",
    "CONNECTION_SETTINGS",
    "CONNECTION_SETTINGS_EDIT",
    "EXTENDED_PROTECTION",
    "LOGIN_TYPE",
    "LOG_QUOTA",
    "MIME_FORMAT",
    "PRE_AUTHENTICATED_TIMEOUT",
    "ROLL_OVER",
]

_MEGABYTE = 1024 * 1024
_LONGEST_TEXT = 1024
_THUMBPRINT = pattern("[0-9A-Fa-f]{40}")


def _time_out(most: timedelta) -> ValueCodec[timedelta]:
    least = timedelta(seconds=30)
    expected = f"whole seconds from {format_time_span(least)} to {format_time_span(most)}"
    bounds = Bounds[timedelta](expected, lambda span: least <= span <= most and not span.microseconds)
    return attrs.evolve(TIME_SPAN, bounds=bounds)


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
CONNECTIONS = IntegerCodec.between(1, 2**31 - 1)
LOG_QUOTA = attrs.evolve(
    QUOTA,
    bounds=Bounds[ByteQuota](
        "unlimited, 0, or at least 1MB", lambda quota: not quota.bytes or quota.bytes >= _MEGABYTE
    ),
)
CALENDAR_ITEM_RETRIEVAL = choice(CalendarItemRetrievalOption)
EXTENDED_PROTECTION = choice(ExtendedProtectionPolicy)
LOGIN_TYPE = choice(LoginType)
MIME_FORMAT = choice(MimeTextFormat)
ROLL_OVER = choice(LogFileRollOver)

CONNECTION_SETTINGS = ListCodec(
    ValueCodec(
        "HostName:Port:SSL, HostName:Port:TLS or HostName:Port", ConnectionSetting, parse=ConnectionSetting.parse
    )
)
CONNECTION_SETTINGS_EDIT = EditableListCodec(CONNECTION_SETTINGS)
BINDINGS = ListCodec(ValueCodec("an address and port such as 0.0.0.0:993", Binding, parse=Binding.parse))
BINDINGS_EDIT = EditableListCodec(BINDINGS)
