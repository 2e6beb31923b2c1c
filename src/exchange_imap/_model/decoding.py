"""Read the properties of a record as their declarations say: of the right type, under each of their names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from itertools import islice
from typing import Final

from .._errors import InvalidValueError, UnexpectedReplyError
from .._powershell.record import Record, RecordValue
from .codecs.values import plain
from .specs import PropertySpec

__all__ = ["by_name", "decode"]

_NAMED: Final = 60
"""How many properties a message names."""


def decode(owner: str, specs: Mapping[str, PropertySpec], required: Iterable[str], record: Record) -> dict[str, object]:
    """Return the properties' values by field name; a field in ``required`` is never null or missing.

    Raises :class:`UnexpectedReplyError` with the path, which begins with ``owner``.
    """
    found = by_name(record)
    return {field: _decode(owner, spec, found, record, needed=field in required) for field, spec in specs.items()}


def by_name(record: Record) -> dict[str, RecordValue]:
    """Return the values by name in lower case. If two names differ only in case, the first one counts."""
    found: dict[str, RecordValue] = {}
    for name, value in record.properties.items():
        found.setdefault(name.lower(), value)
    return found


def _decode(
    owner: str, spec: PropertySpec, found: Mapping[str, RecordValue], record: Record, *, needed: bool
) -> object:
    value = None
    for name in spec.names:
        if name in found:
            value = found[name]
            break
    if value is None and needed:
        raise _missing(f"{owner}.{spec.name}", spec, record)
    if value is None or (not needed and plain(value) == ""):
        return None
    try:
        return spec.codec.decode(value)
    except InvalidValueError as error:
        raise error.in_reply(f"{owner}.{spec.name}") from None


def _listed(names: Collection[str]) -> str:
    """Name the properties; only the first of many, since a message would not show them all."""
    shown = ", ".join(islice(names, _NAMED)) or "no properties"
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED} more"


def _missing(path: str, spec: PropertySpec, record: Record) -> UnexpectedReplyError:
    if not record.has(spec.name):
        names = _listed(record.properties)
        hint = f"It has only {names}: ask for all (Format-List without names), or read a part with parse_some."
        return UnexpectedReplyError(path, "this property", "nothing", hint)
    hint = 'Null is not "unset": Exchange sends it when its serialization payload could not be read.'
    return UnexpectedReplyError(path, "a value", None, hint)
