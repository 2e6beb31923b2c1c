"""Check the arguments of public functions against their annotations.

``entry`` decorates a public function, or a class with all its public methods and its constructor. An argument that is
not what its annotation says is refused with :class:`InvalidValueError`, which names the parameter, what it takes and
what it received. An annotation is evaluated when its parameter is first given. The items of a list or tuple are checked
one level deep. An iterator is not checked, because reading it would use it up.
"""

from __future__ import annotations

import collections.abc
import enum
import functools
import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from typing import Any, Final, TypeVar, overload

import attrs

from ._errors import InvalidValueError
from ._names import MODULES, TESTING_MODULES
from ._patterns import pattern
from ._public import public

__all__ = ["entry"]

T = TypeVar("T")
Test = Callable[[object], bool]
_Annotation = tuple[object, Mapping[str, Any]]  # Any: a module's names
"""An annotation, and the names in which it is evaluated."""
_Known = dict[type, "_Known"]
"""Types of which a parameter takes every value, each with the same for the next parameter."""

_WORDS: Final[dict[object, str]] = {
    str: "text",
    bytes: "bytes",
    bool: "True or False",
    int: "a whole number (int)",
    float: "a number",
    Any: "anything",
    type(None): "None",
}
_LOGIN: Final = pattern(r"://[^/\s]*@")
"""A URL that contains a user name or password."""
_SECRET: Final = ("password", "credential", "secret")
"""Parts of parameter names whose values are never shown."""


@overload
def entry(target: T, /) -> T: ...
@overload
def entry(**hints: str) -> Callable[[T], T]: ...
def entry(target: Any = None, /, **hints: str) -> Any:  # Any: what is decorated comes back with its own type
    """Check the arguments of a function, or of a class's public methods and constructor.

    ``hints`` say for a parameter what to do where something else was given.
    """
    if target is None:
        return functools.partial(_decorate, hints=hints)
    return _decorate(target, hints)


def _decorate(target: Any, hints: Mapping[str, str]) -> Any:  # Any: see entry
    if not isinstance(target, type):
        return public(_checked(target, _annotations, hints))
    for name, member in list(vars(target).items()):
        if name.startswith("_") and name != "__init__":
            continue
        if isinstance(member, classmethod | staticmethod):
            setattr(target, name, type(member)(_checked(member.__func__, _annotations, hints)))
        elif inspect.isfunction(member):
            made = name == "__init__" and attrs.has(target)
            annotations = functools.partial(_field_types, target) if made else _annotations
            setattr(target, name, _checked(member, annotations, hints))
    return public(target)


def _checked(
    function: Any,  # Any: see entry
    annotations: Callable[[Any], Mapping[str, _Annotation]],  # Any: the same
    hints: Mapping[str, str],
) -> Any:  # Any: the same
    """Return the function with its arguments checked first.

    If every value of an argument's type is accepted, the type is kept: for positional arguments in nested dictionaries,
    one for each argument, and for the others by name. A later call with the same types costs only these look-ups.
    """
    signature = _Signature(function, annotations, hints)
    placed, by_name = signature.placed, signature.by_name

    @functools.wraps(function)
    def call(*args: Any, **named: Any) -> Any:  # Any: what the function takes and returns
        try:
            refusal = None
            try:
                known = placed
                for value in args:
                    known = known[type(value)]
                for name, value in named.items():
                    known = by_name[name][type(value)]
            except KeyError:
                refusal = signature.check(args, named)
            if refusal is not None:
                raise refusal
            return function(*args, **named)
        finally:
            value = None  # a password among them must not stay in a frame of a traceback
            del args, named

    return call


class _Parameter:
    """What a parameter accepts: instances of some classes, and other values that pass a test."""

    __slots__ = ("classes", "exact", "test")

    def __init__(self, kind: object, test: Test) -> None:
        self.test = test
        self.exact = frozenset(_exact(kind))
        self.classes = tuple(each for each in self.exact if not _is_protocol(each))

    def takes_type_of(self, value: object) -> bool:
        """Say whether every value of the same type is accepted."""
        kind = type(value)
        return kind in self.exact or (kind is not bool and issubclass(kind, self.classes))


class _Signature:
    """What a function accepts, found out for each parameter when it is first given."""

    def __init__(
        self,
        function: Any,  # Any: see entry
        annotations: Callable[[Any], Mapping[str, _Annotation]],  # Any: the same
        hints: Mapping[str, str],
    ) -> None:
        self.function, self.annotations, self.hints = function, annotations, hints
        self.annotated: Mapping[str, _Annotation] | None = None
        self.kinds: dict[str, object] = {}
        self.parameters: dict[str, _Parameter | None] = {}
        self.placed: _Known = {}
        self.by_name: dict[str, _Known] = {}

    def check(self, args: tuple[Any, ...], named: Mapping[str, Any]) -> InvalidValueError | None:
        """Return the error for the first argument that is refused; keep the types of which all values are accepted."""
        code = inspect.unwrap(self.function).__code__
        known: _Known | None = self.placed
        for place, value in enumerate(args):
            by_type = self._takes(_name_of(code, place), value)
            if by_type is None:
                return self._refuse(args, _name_of(code, place), value)
            known = known.setdefault(type(value), {}) if by_type and known is not None else None
        names = code.co_varnames[code.co_posonlyargcount : code.co_argcount + code.co_kwonlyargcount]
        for name, value in named.items():
            by_type = self._takes(name, value) if name in names else True  # options, or a name that Python refuses
            if by_type is None:
                return self._refuse(args, name, value)
            if by_type:
                self.by_name.setdefault(name, {})[type(value)] = {}
        return None

    def _takes(self, name: str, value: object) -> bool | None:
        """Return ``True`` if all values of this type are accepted, ``False`` if only this one, ``None`` if not."""
        parameter = self._parameter(name)
        if parameter is None or parameter.takes_type_of(value):
            return True
        return False if parameter.test(value) else None

    def _parameter(self, name: str) -> _Parameter | None:
        """Return what a parameter accepts; ``None`` if it accepts anything."""
        if name not in self.parameters:
            if self.annotated is None:
                self.annotated = self.annotations(self.function)
            self.kinds[name] = kind = _evaluate(*self.annotated.get(name, (Any, {})))
            test = _test(kind)
            self.parameters[name] = None if test is None else _Parameter(kind, test)
        return self.parameters[name]

    def _refuse(self, args: tuple[Any, ...], name: str, value: object) -> InvalidValueError:
        kind = self.kinds[name]
        secret_name = any(word in name.lower() for word in _SECRET)
        options = any(map(typing.is_typeddict, _parts(kind)))  # a password is among them
        secret = secret_name or options or (isinstance(value, str) and _LOGIN.search(value) is not None)
        received = type(value).__name__ if secret else value
        hint = self.hints.get(name) or _hint(name, kind, value)
        return InvalidValueError(self._place(args, name), _words(kind), received, hint)

    def _place(self, args: tuple[Any, ...], parameter: str) -> str:
        """Name a parameter with its function or class: the class that was called, not the base that defines it."""
        base, _, name = self.function.__qualname__.rpartition(".")
        if not base or not args:
            return f"{self.function.__qualname__}({parameter})"
        asked = args[0] if isinstance(args[0], type) else type(args[0])
        return (
            f"{asked.__qualname__}.{parameter}" if name == "__init__" else f"{asked.__qualname__}.{name}({parameter})"
        )


def _name_of(code: types.CodeType, place: int) -> str:
    """Return the name of the parameter at a position: of ``*args`` for the positions after the last."""
    if place < code.co_argcount:
        return code.co_varnames[place]
    return code.co_varnames[code.co_argcount + code.co_kwonlyargcount] if code.co_flags & inspect.CO_VARARGS else ""


def _annotations(function: Any) -> dict[str, _Annotation]:  # Any: as above
    """Return a function's annotations, which are texts in every module of this package."""
    names = inspect.unwrap(function).__globals__
    return {name: (text, names) for name, text in function.__annotations__.items() if name != "return"}


def _field_types(cls: type, _: object) -> dict[str, _Annotation]:
    """Return the annotations of a constructor made by attrs, without the fields whose converter checks the value."""
    return {
        field.alias: (field.type, vars(sys.modules[_module(cls, field.name)]))
        for field in attrs.fields(cls)
        if field.init and field.converter is None
    }


def _module(cls: type, field: str) -> str:
    """Return the module in which the annotation of a field is written."""
    owner = next(each for each in cls.__mro__ if field in inspect.get_annotations(each))
    annotation = owner.__annotations__[field]
    return getattr(annotation, "__forward_module__", owner.__module__)


def _evaluate(annotation: object, names: Mapping[str, Any]) -> object:  # Any: a module's names
    """Evaluate an annotation; a public name that is imported only for type checkers is imported here."""
    if not isinstance(annotation, str):  # attrs.resolve_types has put the type itself there
        return annotation
    try:
        return eval(annotation, dict(names))  # noqa: S307 - an annotation of this package
    except NameError as error:
        modules = TESTING_MODULES if error.name in TESTING_MODULES else MODULES
        if error.name not in modules:
            return Any
        module = import_module(f"{__package__}.{modules[error.name]}")
        return _evaluate(annotation, {**names, error.name: getattr(module, error.name)})


def _parts(kind: object) -> tuple[object, ...]:
    """Return the members of a union, or the one kind."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        return typing.get_args(kind)
    return (kind,)


def _exact(kind: object) -> Iterator[type]:
    """Yield the classes of which every instance is accepted."""
    for part in _parts(kind):
        if isinstance(part, type) and typing.get_origin(part) is None and not typing.is_typeddict(part):
            yield part


def _test(kind: object) -> Test | None:
    """Return a test that a value is of a kind; ``None`` if every value is."""
    tests = [_test_part(part) for part in _parts(kind)]
    if any(test is None for test in tests):
        return None
    return lambda value: any(test(value) for test in tests if test is not None)


def _test_part(kind: object) -> Test | None:
    origin, items = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Literal:
        return lambda value: type(value) in {type(each) for each in items}  # which ones, the function says better
    if origin is not None:
        return callable if origin is collections.abc.Callable else _test_container(origin, items)
    if isinstance(kind, TypeVar):
        return None if kind.__bound__ is None else _test(kind.__bound__)
    return _test_class(kind) if isinstance(kind, type) and kind not in {object, Any} else None


def _test_class(kind: type) -> Test:
    if typing.is_typeddict(kind):
        return lambda value: isinstance(value, collections.abc.Mapping) and all(isinstance(key, str) for key in value)
    if _is_protocol(kind):
        wanted = [name for name in dir(kind) if not name.startswith("_")]
        return lambda value: not isinstance(value, type) and all(hasattr(value, name) for name in wanted)
    if kind in {int, float}:
        taken = (int, float) if kind is float else (int,)
        return lambda value: isinstance(value, taken) and not isinstance(value, bool)
    return lambda value: isinstance(value, kind)


def _is_protocol(kind: type) -> bool:
    return bool(getattr(kind, "_is_protocol", False))


def _test_container(origin: type, items: tuple[object, ...]) -> Test | None:
    """Test the type of a container and its items; a text does not count as a list of texts."""
    if origin is type:
        base = items[0] if isinstance(items[0], type) else object
        return lambda value: isinstance(value, type) and issubclass(value, base)
    if attrs.has(origin) or not issubclass(origin, collections.abc.Iterable):
        return lambda value: isinstance(value, origin)
    if issubclass(origin, collections.abc.Mapping):
        keys = _test(items[0]) if items else None
        return lambda value: isinstance(value, origin) and (keys is None or all(map(keys, value)))
    if origin is tuple and items[-1] is not Ellipsis:
        return _test_tuple(items)
    each = _test(items[0]) if items else None
    taken = (origin, list) if origin is tuple else (origin,)
    return lambda value: (
        isinstance(value, taken)
        and not isinstance(value, str | bytes)
        and (each is None or isinstance(value, collections.abc.Iterator) or all(map(each, value)))
    )


def _test_tuple(items: tuple[object, ...]) -> Test:
    """Test that a value is a tuple of exactly these kinds, in this order."""
    tests = [_test(item) or (lambda _: True) for item in items]
    return lambda value: (
        isinstance(value, tuple)
        and len(value) == len(tests)
        and all(test(each) for test, each in zip(tests, value, strict=True))
    )


def _words(kind: object) -> str:
    return " or ".join(dict.fromkeys(_words_of_part(part) for part in _parts(kind) if not _is_unset(part)))


def _is_unset(kind: object) -> bool:
    """Say whether the kind is ``Unset``, which only says that the parameter may be left out."""
    return isinstance(kind, type) and issubclass(kind, enum.Enum) and kind.__name__ == "Unset"


def _words_of_part(kind: object) -> str:
    origin, items = typing.get_origin(kind), typing.get_args(kind)
    if origin is not None:
        return _words_of_origin(origin, items)
    if isinstance(kind, TypeVar):
        return _words(kind.__bound__)
    return "a mapping" if typing.is_typeddict(kind) else _WORDS.get(kind) or _named(kind)


def _words_of_origin(origin: Any, items: tuple[Any, ...]) -> str:  # Any: what annotations are made of
    if origin is typing.Literal:
        return " or ".join(f'"{item}"' for item in items)
    if origin is type:
        return f"a class: {items[0].__name__} or one below it"
    if origin is collections.abc.Callable or issubclass(origin, collections.abc.Mapping):
        return "a mapping" if origin is not collections.abc.Callable else "a function"
    if origin is tuple and items[-1] is not Ellipsis:
        return f"a tuple of {', '.join(map(_words, items))}"
    if issubclass(origin, collections.abc.Iterable) and not attrs.has(origin):
        return f"a list or tuple, each item {_words(items[0])}"
    return _named(origin)


def _named(kind: Any) -> str:  # Any: the same
    name = kind if isinstance(kind, str) else kind.__name__
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def _hint(name: str, kind: object, value: object) -> str:
    """Say what to do about bytes, a path, or one text in place of a list."""
    from pathlib import PurePath  # noqa: PLC0415 - only needed here

    takes_text = str in _exact(kind)
    if takes_text and isinstance(value, bytes | bytearray):
        return "Decode it as what it is, for example with .decode('utf-8')."
    if takes_text and isinstance(value, PurePath):
        return "Read the file: path.read_text(encoding=...)." if name == "text" else "Write str(path)."
    if "a list or tuple" in _words(kind) and isinstance(value, str):
        return "Put it in a tuple or list, even if it is the only one."
    return ""
