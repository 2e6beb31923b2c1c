"""Read CLIXML, the XML in which PowerShell saves objects to files and sends them over PSRP, without a loss.

Source: [MS-PSRP] 2.2.5; where it leaves a choice, what PowerShell's own reader does. A real export of 245 services
(2.3 MB) takes 0.18 s and 6 MB of memory here, and 1.7 s and 33 MB with ``deserialize_clixml`` of psrpcore 0.3.1, both
on one busy machine. psrpcore also joins keys that are equal in Python, reads any text as a Boolean, refuses member
sets, and raises KeyError for a reference to nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final, NoReturn
from xml.parsers import expat

import attrs

from .._entry import entry
from .._errors import UnexpectedReplyError
from .clixml_primitives import PRIMITIVES, Primitive, unescape
from .record import Keys, Record, RecordValue

__all__ = ["read_clixml", "read_object"]

NAMESPACE: Final = "http://schemas.microsoft.com/powershell/2004/04"
_DEEPEST: Final = 200
"""How deep elements may be nested. PowerShell reads at most 48 nested objects, of three elements each."""
_MOST_PARTS: Final = 8
"""The most elements of one object: its types, text, value or items, properties, notes, and an object in it."""
_REPEATED: Final = 1_000_000
_REPEATED_TIMES: Final = 10
"""How much references may repeat: a million bytes and ten times the text. In a real export it is 0.6 times the text."""
_AGAIN: Final = "The text was changed or damaged: export the objects again."

_LISTS: Final = frozenset({"LST", "IE", "QUE", "STK"})
_VALUES: Final = frozenset({*PRIMITIVES, "PR", "Obj", "Ref"})
_PROGRESS: Final = {
    "AV": "Activity",
    "AI": "ActivityId",
    "S": "CurrentOperation",
    "Nil": "CurrentOperation",  # where there is none
    "PI": "ParentActivityId",
    "PC": "PercentComplete",
    "T": "RecordType",
    "SR": "SecondsRemaining",
    "SD": "StatusDescription",
}
_LEAVES: Final = {
    **dict.fromkeys(("AV", "T", "SD", "ToString"), PRIMITIVES["S"]),
    **dict.fromkeys(("AI", "PI", "PC", "SR"), PRIMITIVES["I32"]),
    **PRIMITIVES,
}
"""The elements that hold text and no other elements."""
_INSIDE: Final[dict[str, frozenset[str]]] = {
    "Objs": _VALUES,
    "Obj": frozenset({*PRIMITIVES, *_LISTS, "DCT", "Obj", "TN", "TNRef", "ToString", "Props", "MS"}),
    "TN": frozenset({"T"}),
    "Props": _VALUES,
    "MS": _VALUES | {"MS"},
    "DCT": frozenset({"En"}),
    "En": _VALUES,
    "PR": frozenset(_PROGRESS),
    **dict.fromkeys(_LISTS, _VALUES),
}
"""The elements that each element may contain; any other one contains none."""
_PART: Final = {
    "TN": "type_names",
    "TNRef": "type_names",
    "ToString": "text",
    "Props": "properties",
    "MS": "notes",
    "Obj": "object",
    **dict.fromkeys(_LISTS, "items"),
}
"""The part of an object that each element holds ([MS-PSRP] 2.2.5.2); any other element holds its value."""
_NOT_BEHIND: Final[dict[str, frozenset[str]]] = {
    "object": frozenset({"object", "value", "items", "properties", "notes"}),
    "value": frozenset({"value", "object"}),
    "items": frozenset({"items", "object"}),
}
"""The parts that may not precede a part. PowerShell never writes this, and loses one of the two when it reads it."""
_NAMED: Final = frozenset({"Props", "MS"})
_NOTHING: Final[frozenset[str]] = frozenset()
_REFERRED_TO: Final = frozenset({"Obj", "TN"})


@entry
def read_clixml(text: str) -> tuple[Record, ...]:
    r"""Read what ``Export-Clixml`` wrote: the objects of the file, in order.

    ``text`` is the decoded file; it may begin with a byte order mark. Windows PowerShell writes UTF-16, and PowerShell
    7 writes UTF-8. A value that is not an object, such as a string, becomes ``Record(value=...)``, and null becomes
    ``Record()``. Raises :class:`UnexpectedReplyError`, with the line and column, for a text that is not CLIXML.

    - A moment keeps its offset, if it has one. Moments and time spans are read to the microsecond.
    - If a property and a note have the same name, the note is kept: it is the one that PowerShell shows.
    - A hashtable becomes ``Record(value={...})``. Keys that are equal only in Python (1 and true) become records.
    - A secure string has its type, but no value. A reference to an object that contains it becomes a record with only
      the type names and the text of that object.

    >>> (service,) = read_clixml(
    ...     '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04"><Obj RefId="0">'
    ...     '<TN RefId="0"><T>System.ServiceProcess.ServiceController</T></TN><ToString>MSExchangeImap4</ToString>'
    ...     '<Props><B N="CanStop">true</B><S N="DisplayName">Microsoft Exchange IMAP4</S></Props></Obj></Objs>'
    ... )
    >>> service.text, service.get("CanStop"), service.type_names
    ('MSExchangeImap4', True, ('System.ServiceProcess.ServiceController',))
    """
    values = _Reader("Objs").read(text)
    return tuple(value if isinstance(value, Record) else Record(value=value) for value in values)


def read_object(text: str) -> RecordValue:
    """Read one value that is not in ``Objs``: the body of a PSRP message.

    Raises :class:`UnexpectedReplyError`, as :func:`read_clixml` does.

    >>> read_object("<TS>PT30M</TS>")
    datetime.timedelta(seconds=1800)
    """
    value: RecordValue = _Reader(*_VALUES).read(text)
    return value


@attrs.define
class _Element:
    """An element that is being read, and what has been read of it so far."""

    tag: str
    name: str | None
    reference: str | None
    inside: frozenset[str]
    texts: list[str] = attrs.field(factory=list)
    values: list[tuple[str, str | None, Any]] = attrs.field(factory=list)  # Any: what each element's reading made
    """The elements in it: the tag, name and value of each."""
    start: int = 0
    """Its place in the text, in bytes."""
    repeated: int = 0
    """How many bytes longer it would be if each reference in it were replaced by what it refers to."""

    def values_of(self, tag: str) -> list[Any]:  # Any: see values
        """Return the values of the elements with that tag."""
        return [value for kind, _, value in self.values if kind == tag]


class _Reader:
    """Reads one text. The numbers of objects and of lists of types (RefId) are valid within it."""

    def __init__(self, *roots: str) -> None:
        self._stack = [_Element("", None, None, frozenset(roots))]
        self._objects: dict[str | None, Record] = {}
        self._type_names: dict[str | None, tuple[str, ...]] = {}
        self._sizes: dict[tuple[str, str | None], int] = {}
        self._repeated, self._may_repeat = 0, _REPEATED
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._refuse_doctype

    def read(self, text: str) -> Any:  # Any: what the root's reading made
        self._may_repeat += _REPEATED_TIMES * len(text)
        try:
            self._parser.Parse(text.removeprefix("\ufeff"), True)  # noqa: FBT003 - expat's own form of "this is all"
        except expat.ExpatError as error:
            raise _malformed(text, error) from None
        except UnicodeEncodeError as error:
            raise _wrongly_decoded(text, error.start) from None
        return self._stack[0].values[0][2]

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        parent = self._stack[-1]
        if tag not in parent.inside:
            self._refuse(f"one of {', '.join(sorted(parent.inside)) or 'text only'}", tag)
        if len(self._stack) > _DEEPEST:
            self._refuse(f"at most {_DEEPEST} elements within each other", tag)
        if parent.tag == "Obj" and len(parent.values) >= _MOST_PARTS:
            self._refuse("each part of an object once", tag)
        if len(self._stack) == 1:
            self._check_root(attributes)
        name = attributes.get("N")
        if name is not None:
            name = sys.intern(unescape(name))
        elif parent.tag in _NAMED:
            self._refuse("an attribute N with the name", tag)
        inside, start = _INSIDE.get(tag, _NOTHING), self._parser.CurrentByteIndex
        self._stack.append(_Element(tag, name, attributes.get("RefId"), inside, start=start))

    def _check_root(self, attributes: dict[str, str]) -> None:
        if attributes.get("xmlns", NAMESPACE) != NAMESPACE:
            self._refuse(f"the namespace {NAMESPACE}", attributes["xmlns"], "This is XML, but not CLIXML.")
        if not attributes.get("Version", "1.").startswith("1."):
            self._refuse("version 1 of the format", attributes["Version"])

    def _characters(self, text: str) -> None:
        element = self._stack[-1]
        if not element.inside:
            element.texts.append(text)
        elif not text.isspace():
            self._refuse("elements only", text)

    def _end(self, tag: str) -> None:
        element = self._stack[-1]
        leaf = _LEAVES.get(tag)
        value = _CLOSE[tag](self, element) if leaf is None else self._read_leaf(leaf, "".join(element.texts))
        self._stack.pop()
        self._stack[-1].values.append((tag, element.name, value))
        self._stack[-1].repeated += element.repeated
        if tag in _REFERRED_TO:
            self._sizes[tag, element.reference] = self._parser.CurrentByteIndex - element.start + element.repeated

    def _repeat(self, element: _Element, size: int) -> None:
        """Count the bytes that a reference repeats: a few hundred references can repeat more than fits into memory."""
        element.repeated = size
        self._repeated += size
        if self._repeated > self._may_repeat:
            self._refuse(f"references that repeat at most {self._may_repeat} bytes", "more")

    def _read_leaf(self, leaf: Primitive, text: str) -> RecordValue:
        try:
            return leaf.read(text)
        except ValueError:
            self._refuse(leaf.expected, text)

    def close_objects(self, element: _Element) -> tuple[RecordValue, ...]:
        return tuple(value for _, _, value in element.values)

    def close_types(self, element: _Element) -> tuple[str, ...]:
        names = tuple(value for _, _, value in element.values)
        self._type_names[element.reference] = names
        return names

    def close_types_reference(self, element: _Element) -> tuple[str, ...]:
        if element.reference not in self._type_names:
            self._refuse("the number of a TN before it", element.reference)
        self._repeat(element, self._sizes["TN", element.reference])
        return self._type_names[element.reference]

    def close_named(self, element: _Element) -> dict[str, RecordValue] | Record:
        named = {name: value for _, name, value in element.values if name is not None}
        return Record(properties=named) if self._stack[-2].tag == "MS" else named

    def close_entry(self, element: _Element) -> tuple[str, RecordValue, RecordValue]:
        if [name for _, name, _ in element.values] != ["Key", "Value"]:
            self._refuse("a Key and a Value", [name for _, name, _ in element.values])
        (tag, _, key), (_, _, value) = element.values
        return tag, key, value

    def close_dictionary(self, element: _Element) -> dict[RecordValue, RecordValue]:
        table: dict[RecordValue, RecordValue] = {}
        seen: set[tuple[str, RecordValue]] = set()
        keys = Keys()
        for _, _, (tag, key, value) in element.values:
            if not keys.take(key):
                self._refuse("keys that can be told apart", key)
            if (tag, key) in seen or (key in table and tag not in PRIMITIVES):
                self._refuse("each key once", key)
            seen.add((tag, key))
            table[Record(type_names=(PRIMITIVES[tag].type,), value=key) if key in table else key] = value
        return table

    def close_object(self, element: _Element) -> Record | dict[str, Any]:  # Any: see _Element.values
        parts = self._parts(element)
        record = Record(
            type_names=parts.get("type_names", ()),
            text=parts.get("text"),
            value=parts.get("value"),
            items=parts.get("items"),
            properties=_shadowed(parts.get("properties", {}), parts.get("notes", {})),
        )
        self._objects[element.reference] = record
        return parts if self._stack[-2].tag == "Obj" else record

    def _parts(self, element: _Element) -> dict[str, Any]:  # Any: see _Element.values
        """Return the parts of an object. One that wraps another object also has the parts of that one that it lacks."""
        parts: dict[str, Any] = {}
        for tag, _, value in element.values:
            part = _PART.get(tag, "value")
            if parts.keys() & _NOT_BEHIND.get(part, {part}):
                self._refuse(f"one element of an object for its {part.replace('_', ' ')}", tag)
            parts[part] = value
        inner: dict[str, Any] = parts.pop("object", {})
        return inner | parts | {"notes": _shadowed(inner.get("notes", {}), parts.get("notes", {}))}

    def close_reference(self, element: _Element) -> Record:
        found = self._objects.get(element.reference) or self._outline(element.reference)
        if element.reference is None or found is None:
            self._refuse("the number of an object before it", element.reference)
        outline = sum(map(len, found.type_names)) + len(found.text or "")
        self._repeat(element, self._sizes.get(("Obj", element.reference), outline))
        return found

    def _outline(self, number: str | None) -> Record | None:
        """Return the known parts of an object that is still being read, because it contains the reference."""
        for element in self._stack:
            if element.tag == "Obj" and element.reference == number:
                names = [*element.values_of("TN"), *element.values_of("TNRef"), ()]
                return Record(type_names=names[0], text=next(iter(element.values_of("ToString")), None))
        return None

    def close_progress(self, element: _Element) -> Record:
        said = {_PROGRESS[tag]: value for tag, _, value in element.values}
        return Record(type_names=("System.Management.Automation.ProgressRecord",), properties=said)

    def _refuse_doctype(self, *_: object) -> None:
        self._refuse("no DOCTYPE", "one", "PowerShell writes none, and it could make a reader fetch or multiply text.")

    def _refuse(self, expected: str, received: object, hint: str = _AGAIN) -> NoReturn:
        line, column = self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
        path = "".join(_step(parent, child) for parent, child in pairwise(self._stack))
        raise UnexpectedReplyError(f"CLIXML{path} (line {line}, column {column})", expected, received, hint)


def _step(parent: _Element, child: _Element) -> str:
    """Write one step of a path: the name of a property, or the place in a list."""
    if parent.tag in _NAMED:
        return f".{child.name}"
    return f"[{len(parent.values)}]" if parent.tag in _LISTS or parent.tag in {"Objs", "DCT"} else ""


def _shadowed(properties: dict[str, RecordValue], notes: dict[str, RecordValue]) -> dict[str, RecordValue]:
    """Add the notes to the properties, and remove properties with the name of a note."""
    if not notes:
        return properties
    hidden = {name.lower() for name in notes}
    return {name: value for name, value in properties.items() if name.lower() not in hidden} | notes


_CLOSE: Final[dict[str, Callable[[_Reader, _Element], Any]]] = {  # Any: see _Element.values
    "Objs": _Reader.close_objects,
    "Obj": _Reader.close_object,
    "Ref": _Reader.close_reference,
    "TN": _Reader.close_types,
    "TNRef": _Reader.close_types_reference,
    "Props": _Reader.close_named,
    "MS": _Reader.close_named,
    "DCT": _Reader.close_dictionary,
    "En": _Reader.close_entry,
    "PR": _Reader.close_progress,
    **dict.fromkeys(_LISTS, _Reader.close_objects),
}

_CUT_SHORT: Final = frozenset(
    expat.errors.codes[name]
    for name in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
)
_DECODE: Final = "Decode the file with its own encoding: UTF-16 of Windows PowerShell, utf-8-sig of PowerShell 7."


def _malformed(text: str, error: expat.ExpatError) -> UnexpectedReplyError:
    """Make the error for a text that is not XML, with a possible reason."""
    path = f"CLIXML (line {error.lineno}, column {error.offset + 1})"
    hint = _DECODE if error.code not in _CUT_SHORT else "It ends too early: is the file whole?"
    return UnexpectedReplyError(
        path, "well-formed XML", expat.ErrorString(error.code), hint if text else "It is empty."
    )


def _wrongly_decoded(text: str, place: int) -> UnexpectedReplyError:
    line = text.count("\n", 0, place) + 1
    return UnexpectedReplyError(f"CLIXML (line {line})", "text", "half a character", _DECODE)
