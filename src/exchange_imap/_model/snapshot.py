"""The base of every snapshot class: what a server answered, typed, whole or a part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from decimal import Decimal
from os import PathLike
from typing import TYPE_CHECKING, Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

import attrs

from .._entry import entry
from .._errors import InvalidValueError, UnexpectedReplyError
from .._json import Json
from .._powershell.record import FormatValue, Record, RecordValue
from .._shown import glance
from .._values import UNSET
from .._viewed import Viewed
from .declaration import (
    Declared,
    document_constructor,
    fields,
    keep_declarations,
    names_alone,
    optional_copies,
    properties,
    required,
)
from .decoding import by_name, decode
from .field_types import Takes
from .specs import PropertySpec

if TYPE_CHECKING:
    from .._html.facts import Facts
    from .._powershell.format_list import Printed
    from .saved import SavedText

__all__ = ["PartialSnapshot", "Snapshot"]

S = TypeVar("S", bound="Snapshot")

_PLAIN = (bool, int, str, Decimal, UUID, datetime, timedelta, bytes)
"""What a record holds as it is."""
_DOUBTFUL = "doubtful"
_IDENTITY = "Identity"
"""The read-only property by which commands name the object."""


class _PartialOf:
    """Gives every snapshot class its ``Partial``, made of the class's own declarations."""

    def __init__(self) -> None:
        self._made: dict[type[Snapshot], Any] = {}  # Any: for each class its own part

    def __get__(self, _: object, owner: type[S]) -> type[PartialSnapshot[S]]:
        made: type[PartialSnapshot[S]] | None = self._made.get(owner)
        if made is None:  # two threads may make it at once: the class of the first is kept
            made = self._made.setdefault(owner, _partial_class(owner))
        return made


@entry
@fields
class Snapshot(Declared, Viewed):
    """One object as a server had it at one moment.

    Every property is there. One that the server must have and that did not come, or came as null, raises
    :class:`UnexpectedReplyError`; no default replaces it. ``str(snapshot)`` is the text that
    Format-List prints, which :meth:`parse` reads. What a terminal would act on, such as ESC or a line end, is escaped
    in it; the fields and :meth:`to_dict` have it exactly. ``repr(snapshot)`` has what identifies the object and the
    settings that are not as freshly installed. ``Partial`` is the class for a part of such an object, see
    :class:`PartialSnapshot`.
    """

    types: ClassVar[tuple[str, ...]] = ()
    """The types in .NET of the objects that it is read from; without any, a file's objects are not compared."""
    Partial = _PartialOf()
    written_by: ClassVar[type[Declared] | None] = None
    """The cmdlet that changes such an object; ``None`` if none changes just its properties."""
    named_by: ClassVar[str] = ""
    """The property by which a cmdlet behind a pipe is given the object."""
    name_is_pattern: ClassVar[bool] = False
    """Whether cmdlets read ``*``, ``?`` and ``[`` in that name as a pattern for several objects."""

    doubtful: Takes[tuple[str, ...], Sequence[str]] = attrs.field(default=(), eq=False, converter=names_alone)
    """The properties of which a printed text does not tell certainly what they are, as PowerShell names them.

    Copying may lose the blanks at line ends, and with them what stood where a long value was broken. Only read-only
    properties can be here; a setting in doubt is refused. It does not count in comparisons.
    """

    @classmethod
    def from_record(cls, record: Record | Mapping[str, RecordValue]) -> Self:
        """Read an object as it came, whatever way its values were serialised.

        Raises :class:`UnexpectedReplyError` with the path of what is missing or has another form.
        """
        given = cls._completed(record if isinstance(record, Record) else Record(properties=record))
        return cls._trusted(cls._decoded(given))

    @classmethod
    def _completed(cls, record: Record) -> Record:
        """Return the record with what follows from the rest of it."""
        return record

    @classmethod
    def _decoded(cls, record: Record) -> dict[str, object]:
        return decode(cls.__name__, properties(cls), required(cls), record)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text that ``Format-List`` printed of exactly one object.

        Raises :class:`InvalidValueError` for a text that is none, or that has lost what it takes to know a setting,
        and :class:`UnexpectedReplyError` for one that lacks properties. See ``doubtful`` for read-only properties.
        """
        return cls._only(cls.parse_all(text), "parse_all")

    @classmethod
    def parse_all(cls, text: str) -> tuple[Self, ...]:
        """Read the text that ``Format-List`` printed of any number of objects."""
        from .._powershell.format_list import read_each  # noqa: PLC0415 - each reader is loaded by those who use it

        return tuple(map(cls._from_printed, read_each(text)))

    @classmethod
    def _from_printed(cls, printed: Printed) -> Self:
        doubtful = tuple(cls._doubtful(printed))
        snapshot = cls.from_record(Record(properties=printed.values))
        return attrs.evolve(snapshot, doubtful=doubtful) if doubtful else snapshot

    @classmethod
    def _doubtful(cls, printed: Printed) -> Iterator[str]:
        """Name what is in doubt; refuse that of what can be set, must be there, or names the object."""
        needed = required(cls)
        for field, spec in properties(cls).items() if printed.doubts else ():
            for name, doubt in printed.doubts.items():
                if name.lower() not in spec.names:
                    continue
                if spec.writable or field in needed or spec.name == _IDENTITY:
                    raise doubt
                yield spec.name

    @classmethod
    def parse_some(cls: type[S], text: str) -> PartialSnapshot[S]:  # noqa: PYI019 - mypy loses Self in Partial
        r"""Read the text that ``Format-List`` printed of some properties of exactly one object.

        It is ``Partial.parse``; ``Partial`` has the other readers too. Raises :class:`InvalidValueError` and
        :class:`UnexpectedReplyError`, as :meth:`parse` does.

        >>> some = ImapSettings.parse_some("SSLBindings         : {[::]:993}\nX509CertificateName : mail.contoso.com")
        >>> some
        ImapSettings.Partial(x509_certificate_name='mail.contoso.com', ssl_bindings=(Binding('::', 993),))
        >>> diff(some, SetImapSettings(banner="Ready."))
        Traceback (most recent call last):
        exchange_imap.UnexpectedReplyError: ImapSettings.Banner: expected this property, received 'nothing'...
        """
        return cls.Partial.parse(text)

    @classmethod
    def from_clixml(cls, text: str) -> Self:
        """Read the one object of a file that ``Export-Clixml`` wrote; ``text`` is the decoded file.

        Raises :class:`InvalidValueError` for several objects or none, and :class:`UnexpectedReplyError` for an object
        of another type, one that lacks properties, and what is no CLIXML.
        """
        return cls._only(cls.all_from_clixml(text), "all_from_clixml")

    @classmethod
    def all_from_clixml(cls, text: str) -> tuple[Self, ...]:
        """Read every object of a file that ``Export-Clixml`` wrote."""
        from .._powershell.clixml import read_clixml  # noqa: PLC0415 - each reader is loaded by those who use it
        from .captured import require_type, single_objects  # noqa: PLC0415 - each reader is loaded by those who use it

        records = tuple(single_objects(read_clixml(text)))
        for place, record in cls._places(records):
            require_type(place, record, cls.types)
        return cls._all_from(records)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the one object that ``ConvertTo-Json`` wrote.

        Raises :class:`InvalidValueError` for several objects or none, and :class:`UnexpectedReplyError` for one that
        lacks properties or whose values were cut away (``-Depth``), and for what is no JSON.
        """
        return cls._only(cls.all_from_json(text), "all_from_json")

    @classmethod
    def all_from_json(cls, text: str) -> tuple[Self, ...]:
        """Read every object that ``ConvertTo-Json`` wrote."""
        from .._powershell.json_reader import read_json  # noqa: PLC0415 - each reader is loaded by those who use it
        from .captured import complete  # noqa: PLC0415 - each reader is loaded by those who use it

        specs = properties(cls).values()
        return cls._all_from([complete(place, record, specs) for place, record in cls._places(read_json(text))])

    @classmethod
    def read(cls, path: str | PathLike[str]) -> Self:
        """Read the one object of a file: what Export-Clixml, ConvertTo-Json or Format-List wrote, or :meth:`to_dict`.

        The kind of the file and its encoding, UTF-8 or UTF-16 with a byte order mark or without, are found out. Raises
        what :meth:`from_clixml`, :meth:`from_json` and :meth:`parse` raise, with the path of the file and what it was
        taken for; :class:`InvalidValueError` for a file that is no text or larger than 64 MiB; and :class:`OSError` if
        it cannot be opened.

        >>> text = '{"Name": "MSExchangeImap4", "DisplayName": "IMAP4", "Status": 4, "StartType": 2}'
        >>> _ = Path(folder, "service.json").write_text(text, encoding="utf-16")
        >>> ServiceState.read(Path(folder, "service.json")).status
        ServiceStatus.Running
        """
        saved = cls._load(path, "read")
        with saved.named():
            return cls._only(cls._all_of(saved), "read_all")

    @classmethod
    def read_all(cls, path: str | PathLike[str]) -> tuple[Self, ...]:
        """Read every object of a file, as :meth:`read` reads the only one."""
        saved = cls._load(path, "read_all")
        with saved.named():
            return cls._all_of(saved)

    @classmethod
    def _load(cls, path: str | PathLike[str], reader: str) -> SavedText:
        from .saved import load  # noqa: PLC0415 - loaded by those who read files

        return load(path, f"{cls.__name__}.{reader}(path)")

    @classmethod
    def _all_of(cls, saved: SavedText) -> tuple[Self, ...]:
        """Read a text with the reader of its kind."""
        readers = {"CLIXML": cls.all_from_clixml, "JSON": cls.all_from_json, "Format-List": cls.parse_all}
        return readers[saved.kind](saved.text)

    @classmethod
    def _places(cls, records: Sequence[Record]) -> list[tuple[str, Record]]:
        """Name each object for what is said of it: by its place where there are several."""
        several = len(records) > 1
        return [(f"{cls.__name__}[{n}]" if several else cls.__name__, record) for n, record in enumerate(records)]

    @classmethod
    def _all_from(cls, records: Sequence[Record]) -> tuple[Self, ...]:
        return tuple(cls._one_from(place, record) for place, record in cls._places(records))

    @classmethod
    def _one_from(cls, place: str, record: Record) -> Self:
        """Read an object of several, and say which one it was when that fails."""
        try:
            return cls.from_record(record)
        except UnexpectedReplyError as error:
            raise error.with_path(place + error.path.removeprefix(cls.__name__)) from None

    @classmethod
    def _only(cls, found: tuple[Self, ...], other: str) -> Self:
        if len(found) != 1:
            hint = f"Use {other}{'' if found else ' where there may be none, or save or copy it again, whole'}."
            raise InvalidValueError(cls.__name__, "one object", f"{len(found)} objects", hint)
        return found[0]

    def to_record(self) -> Record:
        """Return the object as an ordinary session would carry it; :meth:`from_record` reads it again.

        Values that PowerShell serialises by their text, such as enums, sizes and bindings, are text.
        """
        stated = ((spec, getattr(self, field)) for field, spec in self._stated())
        values = {spec.name: value if isinstance(value, _PLAIN) else _display(spec, value) for spec, value in stated}
        return Record(type_names=self.types, properties=values)

    def _stated(self) -> Iterator[tuple[str, PropertySpec]]:
        """Yield the properties that are there, by field name."""
        return ((f, spec) for f, spec in properties(type(self)).items() if getattr(self, f) is not UNSET)

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, under PowerShell's names, and the names in ``doubtful`` if there are any."""
        values = {spec.name: spec.to_json(getattr(self, field)) for field, spec in self._stated()}
        return {**values, _DOUBTFUL: list(self.doubtful)} if self.doubtful else values

    @classmethod
    def from_dict(cls, data: Mapping[str, Json]) -> Self:
        """Read what :meth:`to_dict` returned. Raises :class:`InvalidValueError`."""
        fields = {spec.name: field for field, spec in properties(cls).items()}
        doubtful: Any = data.get(_DOUBTFUL, ())  # Any: checked by its converter
        data = {name: value for name, value in data.items() if name != _DOUBTFUL}
        for name in sorted(cls._wrong_names(data.keys(), fields.keys())):
            expected = "this property" if name in fields else f"one of {', '.join(fields)}"
            raise InvalidValueError(f"{cls.__name__}.{name}", expected, data.get(name, "nothing"))
        values: dict[str, Any] = {fields[name]: value for name, value in data.items()}  # Any: see from_record
        return cls(**values, doubtful=doubtful)

    @classmethod
    def _wrong_names(cls, given: AbstractSet[str], known: AbstractSet[str]) -> AbstractSet[str]:
        return given ^ known

    def __str__(self) -> str:
        from .._powershell.format_list_writer import show_properties  # noqa: PLC0415 - each reader is loaded by those who use it

        return show_properties({spec.name: _display(spec, getattr(self, field)) for field, spec in self._stated()})

    def _facts(self) -> Facts:
        from .facts_of_object import facts_of_object  # noqa: PLC0415 - loaded by who looks

        values = {field: _display(spec, getattr(self, field)) for field, spec in self._stated() if spec.shown}
        return attrs.evolve(facts_of_object(self, self.written_by, values, self.doubtful), mark=self._mark())

    def __repr__(self) -> str:
        from .at_a_glance import in_short  # noqa: PLC0415 - few reprs are made

        doubtful = [f"doubtful={self.doubtful!r}"] if self.doubtful else []
        return glance(self, [*in_short(self, self.written_by), *doubtful])


def _display(spec: PropertySpec, value: object) -> FormatValue:
    return None if value is None else spec.codec.display(value)


@entry
class PartialSnapshot(Snapshot, Generic[S]):
    r"""Some properties of an object, of the types that the whole has: the base of ``ImapSettings.Partial`` and others.

    ``Get-ImapSettings | Format-List *ConnectionSettings,*Bindings,X509CertificateName`` and Select-Object answer such
    parts. Each snapshot class has one, with the same fields and readers. A property that did not come is ``UNSET``:
    neither null nor a default, and left out of ``str``, ``repr`` and ``to_dict``. :func:`diff` and
    :func:`compare` take the part of ``ImapSettings``, and refuse to compare what is not in it.

    >>> some = ImapSettings.Partial.parse("Server : MBX01\nBanner : Ready.")
    >>> some.banner, some.login_type
    ('Ready.', UNSET)
    >>> str(diff(some, SetImapSettings(banner="Welcome.")))
    'Set-ImapSettings -Server MBX01 -Banner Welcome.'
    """

    __slots__ = ()
    whole: ClassVar[type[Snapshot]]
    """The class of the whole object."""

    if TYPE_CHECKING:

        def __getattr__(self, field: str) -> Any:  # Any: each field's own type, or Unset
            ...

    @classmethod
    def _completed(cls, record: Record) -> Record:
        return cls.whole._completed(record)  # noqa: SLF001 - the same class tree

    @classmethod
    def _decoded(cls, record: Record) -> dict[str, object]:
        found = by_name(record)
        specs = {f: spec for f, spec in properties(cls).items() if any(name in found for name in spec.names)}
        if not specs:
            raise UnexpectedReplyError(cls.__name__, "at least one of its properties", list(record.properties))
        return decode(cls.__name__, specs, required(cls.whole), record)

    @classmethod
    def _doubtful(cls, printed: Printed) -> Iterator[str]:
        return cls.whole._doubtful(printed)  # noqa: SLF001 - the same class tree

    @classmethod
    def _wrong_names(cls, given: AbstractSet[str], known: AbstractSet[str]) -> AbstractSet[str]:
        return given - known

    def __repr__(self) -> str:
        names = [field for field, spec in self._stated() if spec.shown]
        names += ["doubtful"] if self.doubtful else []
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    def missing(self, field: str) -> UnexpectedReplyError:
        """Return the error that says that this property is needed and did not come.

        Raises :class:`InvalidValueError` for a name that no property has.
        """
        specs = properties(type(self))
        if field not in specs:
            raise InvalidValueError(f"{type(self).__qualname__}.missing(field)", f"one of {', '.join(specs)}", field)
        spec, names = specs[field], ", ".join(spec.name for _, spec in self._stated())
        hint = f"It has only {names}: ask for {spec.name} too, or for all (Format-List without names)."
        return UnexpectedReplyError(f"{type(self).__name__}.{spec.name}", "this property", "nothing", hint)


def _partial_class(whole: type[S]) -> type[PartialSnapshot[S]]:
    """Make the class of a part: every property may be missing, and none has a default but that."""
    if issubclass(whole, PartialSnapshot):
        return whole
    made: type[PartialSnapshot[S]] = attrs.make_class(
        whole.__name__, optional_copies(whole), (PartialSnapshot,), frozen=True, slots=True, kw_only=True, repr=False
    )
    made.__module__, made.__qualname__, made.__doc__ = whole.__module__, f"{whole.__qualname__}.Partial", whole.__doc__
    made.whole, made.types = whole, whole.types
    keep_declarations(made)
    document_constructor(made, whole, " | Unset")
    return made
