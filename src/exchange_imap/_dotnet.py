"""Write values as .NET prints them."""

from __future__ import annotations

from datetime import timedelta

__all__ = ["print_time_span"]


def print_time_span(span: timedelta) -> str:
    """Write ``[-][d.]hh:mm:ss[.fffffff]``."""
    size = abs(span)
    minutes, seconds = divmod(size.seconds, 60)
    sign = "-" if span < timedelta() else ""
    days = f"{size.days}." if size.days else ""
    fraction = f".{size.microseconds * 10:07}" if size.microseconds else ""
    return f"{sign}{days}{minutes // 60:02}:{minutes % 60:02}:{seconds:02}{fraction}"
