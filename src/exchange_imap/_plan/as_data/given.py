"""Plain data that was given: read with the path of each part, which every error names.

Names may have any case, a list may be a tuple, and a value may be the text or the JSON value that a cmdlet's
``to_dict`` has. Paths are those of RFC 9535: ``$.settings.SSLBindings[1]``, ``$.mailboxes["kim@contoso.com"]``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from ..._errors import InvalidValueError
from ..._model.codecs.lists import EditableListCodec, ListCodec
from ..._model.codecs.literals import BooleanCodec
from ..._model.codecs.words import WordsCodec
from ..._model.specs import Spec
from ..._patterns import pattern
from ..._values.given import nearest

__all__ = ["Given", "at"]

_PLAIN_NAME: Final = pattern(r"[A-Za-z_][A-Za-z0-9_]*")
_BOOLEANS: Final = {"true": True, "$true": True, "false": False, "$false": False}


def at(path: str, key: str | int) -> str:
    """Return the path of a part of what is at a path."""
    if isinstance(key, str) and _PLAIN_NAME.fullmatch(key):
        return f"{path}.{key}"
    import json  # noqa: PLC0415 - few paths need it

    return f"{path}[{json.dumps(key)}]"


@attrs.frozen
class Given:
    """A value that was given, and its path."""

    value: object
    path: str = "$"

    def refused(self, expected: str, hint: str = "") -> InvalidValueError:
        """Return the error that says what is expected here."""
        return InvalidValueError(self.path, expected, self.value, hint)

    def at(self, key: str | int, value: object) -> Given:
        """Return a part of it."""
        return Given(value, at(self.path, key))

    def entries(self) -> Iterator[tuple[str, Given]]:
        """Yield each name with what is under it. Raises :class:`InvalidValueError` for anything but such a mapping."""
        if not isinstance(self.value, Mapping):
            raise self.refused("an object: names with their values")
        for name, value in self.value.items():
            if not isinstance(name, str):
                raise InvalidValueError(self.path, "names that are text", name)
            yield name, self.at(name, value)

    def parts(self, known: Iterable[str], what: str = "", required: Collection[str] = ()) -> dict[str, Given]:
        """Return the parts under their names as ``known`` spells them. Raises :class:`InvalidValueError`.

        Refused are an unknown name, for which ``what`` says what the known ones are, a name that is there twice in
        different case, and a ``required`` name that is missing.
        """
        spelled = {name.lower(): name for name in known}
        found: dict[str, Given] = {}
        for written, part in self.entries():
            name = spelled.get(written.lower())
            if name is None:
                raise _unknown(written, part, spelled.values(), what)
            if name in found:
                raise InvalidValueError(part.path, f"{name} once", written)
            found[name] = part
        for name in required:
            if name not in found:
                raise InvalidValueError(at(self.path, name), "this name with a value", "nothing")
        return found

    def placed(self, error: InvalidValueError, parts: Mapping[str, Given]) -> InvalidValueError:
        """Return the error of a class with the path of the field that it names, or else of the whole."""
        named = parts.get(error.field.rpartition(".")[2], self)
        return error.with_field(named.path)

    def items(self) -> Iterator[Given]:
        """Yield the items. Raises :class:`InvalidValueError` for anything but a list or tuple."""
        if not isinstance(self.value, list | tuple):
            raise self.refused("a list")
        return (self.at(place, item) for place, item in enumerate(self.value))

    def text(self) -> str:
        """Return the text."""
        if not isinstance(self.value, str):
            raise self.refused("text")
        return self.value

    def texts(self) -> tuple[str, ...]:
        """Return the texts of a list."""
        return tuple(item.text() for item in self.items())

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.refused("true or false")
        return self.value

    def whole(self) -> int:
        """Return the whole number."""
        if type(self.value) is not int:
            raise self.refused("a whole number")
        return self.value

    def of(self, spec: Spec[Any]) -> object:  # Any: of a parameter or of a property
        """Return the value as a parameter or property takes it; the error names the item that is refused."""
        if isinstance(self.value, Mapping) and isinstance(spec.codec, EditableListCodec):
            whole = Spec(spec.name, spec.codec.whole)
            given: object = {name: part.of(whole) for name, part in self.parts(("Add", "Remove")).items()}
        elif isinstance(self.value, Mapping) and isinstance(spec.codec, ListCodec | WordsCodec):
            raise self.refused("a list")
        else:
            given = self._said(spec)
        try:
            return spec.check(given)
        except InvalidValueError as error:
            refused = error
        raise self._innermost(spec, refused)

    def _said(self, spec: Spec[Any]) -> object:  # Any: as above
        """Return the value, or what a text says where true or false is expected."""
        if isinstance(spec.codec, BooleanCodec) and isinstance(self.value, str):
            return _BOOLEANS.get(self.value.strip().lower(), self.value)
        return self.value

    def _innermost(self, spec: Spec[Any], error: InvalidValueError) -> InvalidValueError:  # Any: as above
        """Return the error of the item that is refused by itself, or that of the whole value."""
        lists = isinstance(spec.codec, ListCodec | EditableListCodec | WordsCodec)
        for item in self.items() if lists and isinstance(self.value, list | tuple) else ():
            try:
                spec.check([item.value])
            except InvalidValueError as refused:
                return refused.with_field(item.path)
        return error.with_field(self.path)


def _unknown(written: str, part: Given, known: Collection[str], what: str) -> InvalidValueError:
    close = nearest(written, known)
    names = ", ".join(known)
    expected = what or f"one of {names}"
    hint = f"Did you mean {close}?" if close else f"There are {names}." if what else ""
    return InvalidValueError(part.path, expected, written, hint)
