"""The elements of CLIXML that hold one plain value: which texts are valid in each, and what they become.

Source: [MS-PSRP] 2.2.5.1. Where it leaves a choice (blanks, signs, escapes), this reads what PowerShell's reader reads.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final
from uuid import UUID

import attrs

from .record import Record, RecordValue

__all__ = ["PRIMITIVES", "Primitive", "unescape"]

_ESCAPE = re.compile("_[xX]([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")
_INTEGER = re.compile("[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
_REAL = re.compile(r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|INF|Infinity)|NaN")
_GUID = re.compile(r"[0-9A-Fa-f]{32}|(\{)?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?(1)\})")
_VERSION = re.compile(r"[0-9]+(?:\.[0-9]+){1,3}")
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
)
_SPAN = re.compile(
    r"(?P<sign>-?)P(?=.*[0-9])(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?"
    r"(?:(?P<seconds>[0-9]+)(?:\.(?P<fraction>[0-9]+))?S)?)?"
)
_DAYS_OF_YEAR, _DAYS_OF_MONTH = 365, 30  # as .NET's XmlConvert.ToTimeSpan has it; PowerShell writes neither
_LONGEST_SPAN = 2**63
_UTF16_UNITS = 2**16
_ENCRYPTED: Final = "System.Security.SecureString"
_TEXT: Final = "text"


@attrs.frozen
class Primitive:
    """One of these elements: its type in .NET, its value in words, and the function that reads its text.

    ``read`` raises :class:`ValueError` for a text that is not valid.
    """

    type: str
    expected: str
    read: Callable[[str], RecordValue]


def unescape(text: str) -> str:
    r"""Replace ``_x000A_``, the form of characters that XML cannot hold, by the character ([MS-PSRP] 2.2.5.3.2).

    The number is that of a UTF-16 unit. A lone surrogate, which .NET strings may have, stays one.

    >>> unescape("a_x000A__x005F_x000A_")
    'a\n_x000A_'
    """
    if "_" not in text:
        return text
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    return (
        plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        if _SURROGATE.search(plain)
        else plain
    )


def _matched(form: re.Pattern[str], text: str) -> re.Match[str]:
    found = form.fullmatch(text.strip(" \t\r\n"))
    if found is None:
        raise ValueError(text)
    return found


def _read_as(form: re.Pattern[str], make: Callable[[str], RecordValue]) -> Callable[[str], RecordValue]:
    return lambda text: make(_matched(form, text)[0])


def _whole(type_: str, bits: int, *, signed: bool) -> Primitive:
    least, most = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)

    def read(text: str) -> int:
        value = int(_matched(_INTEGER, text)[0])
        if not least <= value <= most:
            raise ValueError(text)
        return value

    return Primitive(f"System.{type_}", f"a whole number of {least} to {most}", read)


def _read_character(text: str) -> str:
    unit = int(_matched(_INTEGER, text)[0])
    if not 0 <= unit < _UTF16_UNITS:
        raise ValueError(text)
    return chr(unit)


def _read_flag(text: str) -> bool:
    try:
        return {"true": True, "1": True, "false": False, "0": False}[text.strip(" \t\r\n")]
    except KeyError:
        raise ValueError(text) from None


def _read_moment(text: str) -> datetime:
    """Read to the microsecond. The rest is cut off: if it were rounded, .NET's last moment would be out of range."""
    return datetime.fromisoformat(_matched(_MOMENT, text)[0])


def _read_span(text: str) -> timedelta:
    """Round to the microsecond, as ``parse_time_span`` does with the printed form of the same time span."""
    parts = _matched(_SPAN, text).groupdict(default="0")
    ticks = int(parts["fraction"][:7].ljust(7, "0"))
    days = _DAYS_OF_YEAR * int(parts["years"]) + _DAYS_OF_MONTH * int(parts["months"]) + int(parts["days"])
    seconds = ((days * 24 + int(parts["hours"])) * 60 + int(parts["minutes"])) * 60 + int(parts["seconds"])
    if seconds * 10**7 + ticks > _LONGEST_SPAN:
        raise ValueError(text)
    span = timedelta(seconds=seconds, microseconds=ticks / 10)
    return -span if parts["sign"] == "-" else span


def _read_bytes(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def _read_secret(_: str) -> Record:
    """Keep only its type: nobody but the session or account that encrypted it can read it."""
    return Record(type_names=(_ENCRYPTED,))


PRIMITIVES: Final = {
    "S": Primitive("System.String", _TEXT, unescape),
    "C": Primitive("System.Char", "the number of a UTF-16 unit", _read_character),
    "B": Primitive("System.Boolean", "true or false", _read_flag),
    "DT": Primitive("System.DateTime", "a moment such as 2021-09-28T17:20:23.4772745Z", _read_moment),
    "TS": Primitive("System.TimeSpan", "a duration such as PT30M or -P1DT0.5S", _read_span),
    "By": _whole("Byte", 8, signed=False),
    "SB": _whole("SByte", 8, signed=True),
    "U16": _whole("UInt16", 16, signed=False),
    "I16": _whole("Int16", 16, signed=True),
    "U32": _whole("UInt32", 32, signed=False),
    "I32": _whole("Int32", 32, signed=True),
    "U64": _whole("UInt64", 64, signed=False),
    "I64": _whole("Int64", 64, signed=True),
    "Sg": Primitive("System.Single", "a real number", _read_as(_REAL, float)),
    "Db": Primitive("System.Double", "a real number", _read_as(_REAL, float)),
    "D": Primitive("System.Decimal", "a decimal number", _read_as(_DECIMAL, Decimal)),
    "BA": Primitive("System.Byte[]", "bytes in base64", _read_bytes),
    "G": Primitive("System.Guid", "a GUID", _read_as(_GUID, UUID)),
    "URI": Primitive("System.Uri", _TEXT, unescape),
    "Nil": Primitive("", "nothing", lambda _: None),
    "Version": Primitive("System.Version", "a version such as 15.2.986.5", _read_as(_VERSION, str)),
    "XD": Primitive("System.Xml.XmlDocument", _TEXT, unescape),
    "SS": Primitive(_ENCRYPTED, "an encrypted text", _read_secret),
    "SBK": Primitive("System.Management.Automation.ScriptBlock", _TEXT, unescape),
}
"""The elements by name. Texts of .NET, and values for which Python has no type, become ``str``."""
