"""Declare the parameters of a cmdlet class and the properties of a snapshot class, each once, next to its field.

A cmdlet class declares each field by :func:`parameter`, a snapshot class by :func:`property_`; what the constructor
must be given is a :func:`required_parameter` or :func:`required_property`. The decorators ``@cmdlet`` and
``@snapshot`` make attrs fields of the declarations, and :func:`fields` those of a base that several classes share.
What the annotation says is not said again: a type with ``None`` in it takes ``None``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final, ParamSpec, Self, TypeVar, dataclass_transform

import attrs

from .._errors import InvalidValueError
from .._names import MODULES
from .._public import as_written, public
from .._values import UNSET
from .field_docs import FieldDocs
from .field_types import constructor_type
from .specs import ParameterCodec, ParameterSpec, PropertyCodec, PropertySpec, Spec

__all__ = [
    "Declared",
    "declare",
    "described",
    "document_constructor",
    "fields",
    "keep_declarations",
    "mark_writable",
    "names_alone",
    "optional_copies",
    "own_parameters",
    "parameter",
    "parameters",
    "properties",
    "property_",
    "register",
    "required",
    "required_parameter",
    "required_property",
    "set_new_server_defaults",
    "shown_default",
    "writable",
]

_KEY: Final = "exchange_imap"
_NAMING: Final = {"Identity", "Server"}
"""Parameters that say which object is changed, and change none of its properties."""
C = TypeVar("C", bound="Declared")
P = ParamSpec("P")


def _declares(spec: Callable[P, object]) -> Callable[P, Any]:  # Any: the field has its own type
    return spec


parameter = _declares(ParameterSpec)
"""Declare a field to be a parameter, which need not be stated."""
property_ = _declares(PropertySpec)
"""Declare a field to be a property, which is ``None`` where the server does not answer it."""


def required_parameter(name: str, codec: ParameterCodec) -> Any:  # Any: as above
    """Declare a field to be a parameter that the constructor must be given."""
    return ParameterSpec(name, codec, required=True)


def required_property(
    name: str, codec: PropertyCodec, *, aliases: tuple[str, ...] = (), after: str = "", first: bool = False
) -> Any:  # Any: as above
    """Declare a field to be a property that the server always answers."""
    return PropertySpec(name, codec, aliases, after, required=True, first=first)


@attrs.frozen
class Declared:
    """The base of every class that declares parameters or properties."""

    _specs: ClassVar[Mapping[str, Any]] = {}  # Any: parameters of a cmdlet, properties of a snapshot
    """The declarations by field name, in the order of the class."""
    _slots: ClassVar[tuple[tuple[str, object, Callable[[Any, object], None]], ...]] = ()  # Any: an instance
    """For each field: its name, its default, and the function that sets it."""

    @classmethod
    def _trusted(cls, values: Mapping[str, object]) -> Self:
        """Make an object of values that a codec has read: none is checked or converted again.

        What a class demands of its fields together is checked all the same. A class below a declared one may have
        more fields and checks, so its objects are made by its constructor.
        """
        if "_slots" not in vars(cls):
            return cls(**{f.alias: values[f.name] for f in attrs.fields(cls) if f.name in values})
        made = object.__new__(cls)
        for name, default, put in cls._slots:
            put(made, values.get(name, default))
        made.__attrs_post_init__()
        return made

    def __attrs_post_init__(self) -> None:
        """Check what a class demands of its fields together; most demand nothing."""


@dataclass_transform(kw_only_default=True, field_specifiers=(required_parameter, required_property, attrs.field))
def fields(cls: type[C]) -> type[C]:
    """Declare the fields of a base: the classes below it have them too.

    No object is made of a base that is not public, so attrs makes no constructor and no comparisons for it.
    """
    return declare(cls, whole=cls.__name__ in MODULES)


def declare(cls: type[C], *, whole: bool = True) -> type[C]:
    """Make attrs fields of the declarations of a class, and unless it is only a base its constructor."""
    annotations = inspect.get_annotations(cls)
    for name, spec in list(vars(cls).items()):
        if isinstance(spec, ParameterSpec | PropertySpec):
            setattr(cls, name, _field(spec.annotated(annotations[name])))
    made = attrs.frozen(
        cls, init=whole, eq=whole, repr=False, kw_only=True, auto_attribs=True, field_transformer=_sorted_fields
    )
    keep_declarations(made)
    _document_fields(made)
    if whole:
        document_constructor(made, made)
    return public(made)


def keep_declarations(cls: type[Declared]) -> None:
    """Keep the declarations where the class finds them, once attrs has made it."""
    fields = attrs.fields(cls)
    cls._specs = {f.name: f.metadata[_KEY] for f in fields if _KEY in f.metadata}
    cls._slots = tuple(
        (f.name, None if f.default is attrs.NOTHING else f.default, getattr(cls, f.name).__set__) for f in fields
    )


def _field(spec: ParameterSpec | PropertySpec) -> Any:  # Any: as above
    default = attrs.NOTHING if spec.required else spec.default
    return attrs.field(default=default, converter=spec.check, metadata={_KEY: spec})


def _sorted_fields(
    cls: type, found: list[attrs.Attribute[Any]]
) -> list[attrs.Attribute[Any]]:  # Any: fields of every type
    """Put properties of a class before those that it inherits, parameters after them, and the common ones last."""
    own = inspect.get_annotations(cls)
    snapshot = any(isinstance(f.metadata.get(_KEY), PropertySpec) for f in found)
    placed = [f for f in found if not _after(f)]
    placed.sort(key=lambda f: (_group(f), snapshot and f.name not in own))
    for f in filter(_after, found):
        placed.insert([other.name for other in placed].index(_after(f)) + 1, f)
    return placed


def _group(f: attrs.Attribute[Any]) -> int:  # Any: as above
    """Put what PowerShell adds to a cmdlet after its own parameters, and what is no declaration last."""
    spec = f.metadata.get(_KEY)
    if not isinstance(spec, ParameterSpec):
        return 0 if spec else 4
    return 3 if spec.common else 2 if spec.is_added else int(spec.last)


def _after(f: attrs.Attribute[Any]) -> str:  # Any: as above
    return getattr(f.metadata.get(_KEY), "after", "")


def document_constructor(cls: type[Declared], whole: type[Declared], or_else: str = "") -> None:
    """Let ``inspect.signature`` tell what each parameter of the constructor takes: what the field of ``whole`` does."""
    written = {name: text for each in reversed(whole.__mro__) for name, text in inspect.get_annotations(each).items()}
    for f in attrs.fields(whole):  # f.type is no longer what is written, once a caller has had the types resolved
        if _KEY in f.metadata:
            cls.__init__.__annotations__[f.alias] = constructor_type(as_written(written[f.name])) + or_else


def _document_fields(cls: type[Declared]) -> None:
    """Let ``help()`` tell what each field means."""
    slots: Any = cls  # Any: to the language slots may be a dict of docstrings, to type checkers they are a tuple
    slots.__slots__ = FieldDocs(slots.__slots__, cls, lambda name: _facts(cls._specs.get(name)))


def _facts(spec: Spec[Any] | None) -> str:
    """Say what a declaration knows of a field, besides its meaning."""
    if spec is None:
        return ""
    new = getattr(spec, "new", UNSET)
    said = "" if new is UNSET else f" Default: {shown_default(new)}."
    return f"{spec.name}: {described(spec)}.{said}"


def described(spec: Spec[Any]) -> str:
    """Say in words what a parameter takes, with its range, or what a property holds."""
    return "a switch" if getattr(spec, "switch", False) else _held(spec.codec, ranges=isinstance(spec, ParameterSpec))


def _held(codec: object, *, ranges: bool) -> str:
    whole: Any = getattr(codec, "whole", None)  # Any: a codec of lists
    item: object = getattr(codec, "item", None)
    if whole is not None:
        return f"a list, or an edit of it; each {_held(whole.item, ranges=ranges)}"
    if item is not None:
        return f"a list; each {_held(item, ranges=ranges)}"
    bounds = getattr(codec, "bounds", None) if ranges else None
    return str(getattr(bounds or codec, "expected", "a value"))


def shown_default(new: object) -> str:
    """Say a default in words: a list by its items, and one that differs from version to version by version."""
    if isinstance(new, Mapping):
        return ", ".join(f"{shown_default(value)} ({version})" for version, value in new.items())
    if isinstance(new, tuple):
        return ", ".join(map(str, new)) or "none"
    return f"${str(new).lower()}" if isinstance(new, bool) else str(new)


def parameters(cls: type[Declared]) -> Mapping[str, ParameterSpec]:
    """Return the parameters of a cmdlet class by field name, in the order of the class, the common ones last."""
    return cls._specs


def own_parameters(cls: type[Declared]) -> dict[str, ParameterSpec]:
    """Return the parameters of a cmdlet class without those that every cmdlet has."""
    return {field: spec for field, spec in parameters(cls).items() if not spec.common}


def properties(cls: type[Declared]) -> Mapping[str, PropertySpec]:
    """Return the properties of a snapshot class by field name, in the order of the class."""
    return cls._specs


def writable(cls: type[Declared]) -> dict[str, PropertySpec]:
    """Return those properties of a snapshot class that its ``Set-`` cmdlet has a parameter for, by field name."""
    return {field: spec for field, spec in properties(cls).items() if spec.writable}


def register(registry: dict[str, Any], cls: type[Declared], *names: str) -> None:  # Any: classes of one kind
    """Make a class known by these names. Raises :class:`ValueError` where another class has one of them.

    Otherwise it would depend on what was loaded first which of the two is found. The same class may come again, when
    the import of its module was interrupted and is repeated.
    """
    for name in names:
        known = registry.get(name, cls)
        if (known.__module__, known.__qualname__) != (cls.__module__, cls.__qualname__):
            raise ValueError(f"two classes are called {name}: {known.__qualname__} and {cls.__qualname__}")
    registry.update(dict.fromkeys(names, cls))


def set_new_server_defaults(cls: type[Declared], new: Mapping[str, object]) -> None:
    """Set a new server's values of inherited fields, where this cmdlet has its own."""
    specs = parameters(cls)
    cls._specs = {**specs, **{field: attrs.evolve(specs[field], new=value) for field, value in new.items()}}


def mark_writable(cls: type[Declared], cmdlet: type[Declared]) -> None:
    """Mark those properties of a snapshot class that the cmdlet has a parameter for, and which then mean the same."""
    names = {spec.name for spec in own_parameters(cmdlet).values()} - _NAMING
    cls._specs = {
        field: attrs.evolve(spec, writable=True) if spec.name in names else spec
        for field, spec in properties(cls).items()
    }
    lenders = {spec.name: (_docs_of(cmdlet, field), field) for field, spec in own_parameters(cmdlet).items()}
    for field, spec in writable(cls).items():
        _docs_of(cls, field).borrow(field, *lenders[spec.name])


def _docs_of(cls: type[Declared], field: str) -> FieldDocs:
    """Return the docstrings among which a field's is: those of the class that declares it."""
    found: list[Any] = [vars(each).get("__slots__") for each in cls.__mro__]  # Any: names, or our own
    return next(docs for docs in found if isinstance(docs, FieldDocs) and field in docs)


def required(cls: type[Declared]) -> set[str]:
    """Return the fields that the constructor must be given."""
    return {field for field, spec in cls._specs.items() if spec.required}


def names_alone(value: Sequence[str]) -> tuple[str, ...]:
    """Take names in a tuple or list: the converter of a field that holds names of other fields."""
    names: Sequence[object] = value if isinstance(value, tuple | list) else (None,)
    texts = tuple(name for name in names if isinstance(name, str))
    if len(texts) < len(names):
        raise InvalidValueError("names", "names in a tuple", value)
    return texts


def optional_copies(cls: type[Declared]) -> dict[str, Any]:  # Any: attrs has no public type for these
    """Return the same properties for another class, in which each may be ``UNSET`` and is unless stated."""
    copies = {field: attrs.evolve(spec, required=False) for field, spec in properties(cls).items()}
    return {
        field: attrs.field(default=UNSET, metadata={_KEY: spec}, converter=_unless_unset(spec.check))
        for field, spec in copies.items()
    }


def _unless_unset(check: Callable[[object], object]) -> Callable[[object], object]:
    return lambda value: value if value is UNSET else check(value)
