"""What all Set- cmdlets of Exchange do alike: replace, edit or empty what is stated, and say that nothing was modified.

Where the real behaviour is not known, the fake is stricter: it refuses to add an entry twice, to remove one that is
not there, and a list that names an entry twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import attrs

from .._cmdlets.directory import DirectoryObject
from .._model.cmdlet import Cmdlet, ShouldProcessCmdlet
from .._model.codecs.words import WordsCodec
from .._model.declaration import writable
from .._model.snapshot import Snapshot
from .._model.specs import PropertySpec
from .._values import UNSET, ListEdit
from .execution import Execution
from .refusals import RefusalError

__all__ = ["changed", "differ", "invalid", "to_store"]

S = TypeVar("S", bound=Snapshot)
D = TypeVar("D", bound=DirectoryObject)
T = TypeVar("T")


def changed(before: S, cmdlet: Cmdlet, run: Execution) -> S:
    """Return the object with what the cmdlet states."""
    stated: dict[str, Any] = {  # Any: fields of several types
        field: _result(spec, getattr(before, field), getattr(cmdlet, field), type(cmdlet), run)
        for field, spec in writable(type(before)).items()
        if getattr(cmdlet, field) is not UNSET
    }
    return attrs.evolve(before, **stated)


def _result(spec: PropertySpec, before: object, given: object, cmdlet: type[Cmdlet], run: Execution) -> object:
    """Return the new value of a setting: ``$null`` empties it, and an edit changes some entries of a list."""
    if isinstance(spec.codec, WordsCodec):
        words = given if isinstance(given, tuple) else (given,)
        return tuple(member for member in spec.codec.members if member in words)  # flags have no order of their own
    if isinstance(before, tuple):
        return _list(spec, before, given, cmdlet, run)
    if given in (None, ""):
        return "" if spec.required else None
    return given


def _list(
    spec: PropertySpec, before: tuple[T, ...], given: object, cmdlet: type[Cmdlet], run: Execution
) -> tuple[T, ...]:
    if isinstance(given, ListEdit):
        return _edited(spec.name, before, given, cmdlet, run)
    whole: tuple[T, ...] = given if isinstance(given, tuple) else ()
    _require_unlike(spec.name, whole, cmdlet, run)
    return whole


def _edited(name: str, before: tuple[T, ...], edit: ListEdit[T], cmdlet: type[Cmdlet], run: Execution) -> tuple[T, ...]:
    """Remove, then append. Entries with the same meaning are equal, however they are spelt."""
    _require_unlike(name, (*edit.add, *edit.remove), cmdlet, run)
    for item in edit.remove:
        if item not in before:
            raise invalid(f"The value \"{item}\" can't be removed from {name} because it isn't there.", cmdlet, run)
    kept = tuple(item for item in before if item not in edit.remove)
    _require_unlike(name, (*kept, *edit.add), cmdlet, run)
    return (*kept, *edit.add)


def _require_unlike(name: str, items: tuple[object, ...], cmdlet: type[Cmdlet], run: Execution) -> None:
    for place, item in enumerate(items):
        if item in items[:place]:
            raise invalid(f'The value "{item}" is already present in the collection {name}.', cmdlet, run)


def invalid(message: str, cmdlet: type[Cmdlet], run: Execution) -> RefusalError:
    """Refuse what the object would be after the change."""
    return run.failure("DataValidationException", message, cmdlet)


def differ(before: Snapshot, after: Snapshot) -> bool:
    """Compare as the directory does, by the exact text: another order or case of a list is a change."""
    return any(
        _text(spec, getattr(before, field)) != _text(spec, getattr(after, field))
        for field, spec in writable(type(before)).items()
    )


def _text(spec: PropertySpec, value: object) -> object:
    return None if value is None else spec.codec.display(value)


def to_store(
    before: D, after: D, cmdlet: ShouldProcessCmdlet, run: Execution, warnings: Iterable[str] = ()
) -> D | None:
    """Return the object as it is to be stored, with the time; ``None`` if nothing is to be.

    The command asks for confirmation, gives its own warnings, and then the one that every Set- cmdlet of Exchange gives
    where nothing differs; administrators quote the sentence.
    """
    if not run.may_change(cmdlet, str(before.identity)):
        return None
    run.warnings += warnings
    if not differ(before, after):
        run.warnings.append(
            f"The command completed successfully but no settings of '{before.identity}' have been modified."
        )
        return None
    run.effect = True
    when = run.now.isoformat()
    return attrs.evolve(after, when_changed=when, when_changed_utc=when)
