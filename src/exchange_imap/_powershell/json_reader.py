"""Read what ``ConvertTo-Json`` of Windows PowerShell 5.1 and of PowerShell 7 wrote.

JSON keeps less than CLIXML. It has no type names and no ToString, and an object deeper than ``-Depth`` (2 by default)
is only a text, which :func:`is_cut` recognises.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from .._entry import entry
from .._errors import UnexpectedReplyError
from .record import Record, RecordValue

__all__ = ["is_cut", "read_json"]

_DATE = re.compile(r"/Date\((-?[0-9]{1,15})(?:[+-][0-9]{4})?\)/")
_CUT = re.compile(r"@\{[^=}]+=.*\}|(?:Deserialized\.)?(?:System|Microsoft)\.[\w.+]+(?:`[0-9]+)?(?:\[.*\])?", re.DOTALL)
_SPAN = {"Ticks", "TotalMilliseconds"}
_LONGEST_SPAN = 2**63
_DEEPEST = 100
_LARGEST_EXPONENT = 400
"""No number of .NET has a larger exponent. Python would read one, and could use all memory for its digits."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_HINT = "Save the output of ConvertTo-Json, all of it and nothing else; decode it as utf-8-sig or utf-16."


@entry
def read_json(text: str) -> tuple[Record, ...]:
    """Read the objects that ``ConvertTo-Json`` wrote: one, or those of an array.

    An enum is a number (or a word, with ``-EnumsAsStrings``). A time span, which is an object with ``Ticks``, and the
    ``/Date(...)/`` of 5.1 become values. The ISO dates of PowerShell 7 stay text, because JSON does not distinguish
    them from other texts. A number with a fraction is a ``Decimal``. If an object has ``value`` beside notes, that is
    the record's value or items, and the name of an enum is its text. A value that is not an object becomes
    ``Record(value=...)``. Raises :class:`UnexpectedReplyError` for a text that is not JSON.

    >>> (service,) = read_json('{"Name": "MSExchangeImap4", "Status": 4, "StartType": 2}')
    >>> service.get("Status")
    4
    """
    read = _read(_load(text.removeprefix("\ufeff")))
    if isinstance(read, Record) and read.items is not None:
        read = read.items
    found = read if isinstance(read, tuple) else (read,)
    return tuple(item if isinstance(item, Record) else Record(value=item) for item in found)


def is_cut(value: RecordValue) -> bool:
    """Say whether a text, or one in a list, is all that ``ConvertTo-Json`` wrote of an object deeper than ``-Depth``.

    >>> is_cut(("System.Object[]",)), is_cut("@{Port=993}"), is_cut("mail.contoso.com")
    (True, True, False)
    """
    if isinstance(value, tuple):
        return any(map(is_cut, value))
    return isinstance(value, str) and _CUT.fullmatch(value) is not None


def _load(text: str) -> Any:  # Any: JSON
    try:
        return json.loads(text, parse_float=_real, parse_constant=_refuse_constant, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        path = f"JSON (line {error.lineno}, column {error.colno})"
        raise UnexpectedReplyError(path, "what ConvertTo-Json writes", error.msg, _HINT) from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise _too_large("one of thousands of digits") from None


def _real(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise _too_large(text) from None
    if abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise _too_large(text)
    return number


def _too_large(number: str) -> UnexpectedReplyError:
    return UnexpectedReplyError("JSON", "a number of .NET", number, _HINT)


def _too_deep() -> UnexpectedReplyError:
    return UnexpectedReplyError("JSON", f"objects as deep as -Depth allows ({_DEEPEST})", "deeper ones", _HINT)


def _refuse_constant(word: str) -> NoReturn:
    raise UnexpectedReplyError("JSON", "a number of JSON", word, _HINT)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # Any: JSON
    named = dict[str, Any]()  # Any: as above
    for name, value in pairs:
        if name in named:
            raise UnexpectedReplyError(f"JSON: {name}", "each property once", "two of them", _HINT)
        named[name] = value
    return named


def _read(data: Any, depth: int = 0) -> RecordValue:  # Any: JSON
    if depth > _DEEPEST + 1:
        raise _too_deep()
    if isinstance(data, list):
        return tuple(_read(item, depth + 1) for item in data)
    if isinstance(data, str):
        return _read_text(data)
    if isinstance(data, dict):
        return _read_object({name: _read(value, depth + 1) for name, value in data.items()})
    value: bool | int | Decimal | None = data
    return value


def _read_text(text: str) -> RecordValue:
    found = _DATE.fullmatch(text)
    try:
        return _EPOCH + timedelta(milliseconds=int(found[1])) if found else text
    except OverflowError:
        return text


def _read_object(named: dict[str, RecordValue]) -> RecordValue:
    ticks = named.get("Ticks")
    if isinstance(ticks, int) and abs(ticks) <= _LONGEST_SPAN and named.keys() >= _SPAN:
        seconds, rest = divmod(ticks, 10**7)
        return timedelta(seconds=seconds, microseconds=rest / 10)
    if "value" not in named or isinstance(named["value"], Record):
        return Record(properties=named)
    return _read_noted(named)


def _read_noted(named: dict[str, RecordValue]) -> Record:
    """Read a value with notes: the Count of a list, the origin of a string or date, an enum's name as ``Value``."""
    value, name = named["value"], named.get("Value")
    text = name if isinstance(name, str) else None
    told = {"value"} if text is None else {"value", "Value"}
    notes = {note: worth for note, worth in named.items() if note not in told}
    if isinstance(value, tuple):
        return Record(items=value, text=text, properties=notes)
    return Record(value=value, text=text, properties=notes)
