"""How a class annotates a field that takes more than it holds: text for a binding, a list for a tuple.

To a type checker such a field is a descriptor: what is assigned in the constructor has one type, what is read has
another. Both mypy and pyright take the first for the constructor's parameter. At run time an annotation is what is
read, so that ``attrs.resolve_types`` gives that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Self, TypeVar, overload

from .._patterns import pattern
from .._values import ListEdit

__all__ = ["EditsOr", "Items", "ItemsOr", "Of", "Takes", "constructor_type"]

if TYPE_CHECKING:
    T = TypeVar("T")
    Held = TypeVar("Held")
    Taken = TypeVar("Taken")
    Else = TypeVar("Else")

    class Takes(Generic[Held, Taken]):
        """A field that holds one type and takes another."""

        @overload
        def __get__(self, instance: None, owner: object) -> Self: ...
        @overload
        def __get__(self, instance: object, owner: object) -> Held: ...
        def __get__(self, instance: object, owner: object) -> Any: ...  # Any: one of the overloads
        def __set__(self, instance: object, value: Taken) -> None: ...

    Of = Takes[T, T | str]
    """A value, which may be given as its text."""
    Items = Takes[tuple[T, ...], Iterable[T | str] | T]
    """Several values, each of which may be given as its text; one alone stands for itself."""
    ItemsOr = Takes[tuple[T, ...] | Else, Iterable[T | str] | T | Else]
    """The same, or something else, such as ``Unset``."""
    EditsOr = Takes[
        tuple[T, ...] | ListEdit[T] | Else,
        Iterable[T | str] | T | ListEdit[T] | ListEdit[str] | Mapping[str, Iterable[T | str]] | Else,
    ]
    """Several values, or an edit of them, also as ``{"Add": ..., "Remove": ...}``; or something else."""
else:

    class _Form:
        """At run time, what a field of this form holds, by what stands in its brackets."""

        def __init__(self, held: Callable[[Any], object]) -> None:  # Any: a type, or a tuple of two
            self._held = held

        def __getitem__(self, types: Any) -> object:  # Any: the same
            return self._held(types)

    Takes = _Form(lambda types: types[0])
    Of = _Form(lambda value: value)
    Items = _Form(lambda item: tuple[item, ...])
    ItemsOr = _Form(lambda types: tuple[types[0], ...] | types[1])
    EditsOr = _Form(lambda types: tuple[types[0], ...] | ListEdit[types[0]] | types[1])


_FORM = pattern(r"(Takes|Of|ItemsOr|Items|EditsOr)\[(.*)\]")


def constructor_type(annotation: str) -> str:
    """Return what the constructor takes for a field with this annotation: what a type checker sees, in the same words.

    >>> constructor_type("ItemsOr[Binding, Unset]")
    'Iterable[Binding | str] | Binding | Unset'
    """
    found = _FORM.fullmatch(annotation)
    if found is None:
        return annotation
    if found[1] == "Takes":
        return found[2].rpartition(", ")[2]
    held, _, other = found[2].partition(", ")
    first, *rest = held.split(" | ")
    if found[1] == "Of":
        return " | ".join((first, "str", *rest))
    each = f"Iterable[{held if held == 'str' else f'{held} | str'}]"
    lists = [f"ListEdit[{name}]" for name in dict.fromkeys((held, "str"))]
    edits = [*lists, f"Mapping[str, {each}]"] if found[1] == "EditsOr" else []
    return " | ".join((each, held, *edits, *filter(None, [other])))
