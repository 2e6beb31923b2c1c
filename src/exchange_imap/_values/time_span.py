"""The text of a time span, as .NET writes it; the value is Python's own ``datetime.timedelta``."""

from __future__ import annotations

from datetime import timedelta

from .._dotnet import print_time_span
from .._entry import entry
from .._errors import InvalidValueError
from .._patterns import pattern
from .given import require_text

__all__ = ["format_time_span", "parse_time_span"]

_FORM = "a time span [days.]hours:minutes[:seconds], such as 00:30:00 or 1.00:00:00"
_TEXT = pattern(
    r"\s*(?P<sign>-?)(?:(?P<days>[0-9]{1,8})[.:](?=[0-9]+:[0-9]+:))?(?P<hours>[0-9]{1,2}):(?P<minutes>[0-9]{1,2})"
    r"(?::(?P<seconds>[0-9]{1,2})(?:\.(?P<fraction>[0-9]{1,7}))?)?\s*"
)
_PLAIN = pattern(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
"""The form of most time spans: less than a day, without a fraction."""
_HOURS, _SIXTY = 24, 60


@entry
def parse_time_span(text: str) -> timedelta:
    """Read ``[-][days.]hours:minutes[:seconds[.fraction]]``.

    .NET's time spans count units of 100 ns; a fraction is rounded to Python's microseconds. A number alone is refused:
    .NET reads a text ``30`` as days and a number 30 as units of 100 ns, but never as seconds. Raises
    :class:`InvalidValueError`.

    >>> parse_time_span("1.00:00:30")
    datetime.timedelta(days=1, seconds=30)
    """
    if _PLAIN.fullmatch(require_text("time span", text)):
        return timedelta(0, int(text[:2]) * 3600 + int(text[3:5]) * 60 + int(text[6:]))
    parts = _TEXT.fullmatch(text)
    if (
        parts is None
        or int(parts["hours"]) >= _HOURS
        or max(int(parts["minutes"]), int(parts["seconds"] or 0)) >= _SIXTY
    ):
        hint = "A number alone would be read as days or as units of 100 ns." if text.strip().isdecimal() else ""
        raise InvalidValueError("time span", _FORM, text, hint)
    ticks = int((parts["fraction"] or "0").ljust(7, "0"))
    span = timedelta(
        days=int(parts["days"] or 0),
        hours=int(parts["hours"]),
        minutes=int(parts["minutes"]),
        seconds=int(parts["seconds"] or 0),
        microseconds=ticks / 10,
    )
    return -span if parts["sign"] else span


@entry
def format_time_span(span: timedelta) -> str:
    """Write as .NET does: ``[-][d.]hh:mm:ss[.fffffff]``.

    >>> from datetime import timedelta
    >>> format_time_span(timedelta(minutes=30)), format_time_span(timedelta(days=-1, microseconds=-5))
    ('00:30:00', '-1.00:00:00.0000050')
    """
    return print_time_span(span)
