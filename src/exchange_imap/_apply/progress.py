"""Show how far a plan is, with the bar of another library where that is installed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Final, Literal, Protocol, Self

from .._entry import entry
from .._errors import InvalidValueError
from .._shown import legible
from .step_event import StepEvent

__all__ = ["Progress"]

_LONGEST: Final = 60
_OTHERS: Final = "The others are not installed."
Library = Literal["rich", "tqdm", "text"]


class _Bar(Protocol):
    """What shows how far a plan is."""

    def show(self, text: str, done: int, of: int) -> None:
        """Show a text, and how many steps are done."""
        ...

    def close(self) -> None:
        """Leave what was shown, and give the terminal back."""
        ...


class _Rich:
    """A bar of rich, for terminals and notebooks."""

    def __init__(self) -> None:
        from rich.markup import escape  # noqa: PLC0415 - no dependency: only where it is there
        from rich.progress import Progress as RichProgress  # noqa: PLC0415 - the same

        self._escape = escape
        self._shown = RichProgress()
        self._task = self._shown.add_task("", total=None)
        self._shown.start()

    def show(self, text: str, done: int, of: int) -> None:
        """Show it; brackets are no markup."""
        self._shown.update(self._task, description=self._escape(text), completed=done, total=of)

    def close(self) -> None:
        """End the display."""
        self._shown.stop()


class _Tqdm:
    """A bar of tqdm, for terminals and notebooks."""

    def __init__(self) -> None:
        made: Any = import_module("tqdm.auto")  # Any: it has no types
        self._shown = made.tqdm(unit="step", leave=True)

    def show(self, text: str, done: int, of: int) -> None:
        """Show it."""
        self._shown.total, self._shown.n = of, done
        self._shown.set_description_str(text)

    def close(self) -> None:
        """End the display."""
        self._shown.close()


class _Text:
    """Lines on the error stream, where there is no bar."""

    def show(self, text: str, done: int, of: int) -> None:
        """Print a line."""
        print(f"[{done}/{of}] {text}", file=sys.stderr)  # noqa: T201 - what it is for

    def close(self) -> None:
        """Leave the lines."""


_BARS: Final[dict[str, Callable[[], _Bar]]] = {"rich": _Rich, "tqdm": _Tqdm, "text": _Text}


@entry
class Progress:
    """A bar for ``on_step`` of :meth:`ImapServer.apply`: of rich or tqdm if one is installed, else lines of text.

    ``library`` chooses one: ``"rich"``, ``"tqdm"`` or ``"text"``, which writes to the error stream. Nothing of them is
    needed to use this package. Raises :class:`InvalidValueError` for one that is not installed.

    A bar begins with the first step and ends with the last one, as it does for the way back of a plan that is taken
    back. As a context manager it ends in any case, such as when you interrupt the plan. What goes wrong with showing is
    ignored: a terminal that is gone does not stop a plan.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
    >>> plan = server.plan(DesiredState(settings=SetImapSettings(banner="Ready.")))
    >>> with Progress("text") as bar:
    ...     outcome = server.apply(plan, on_step=bar)
    """

    def __init__(self, library: Library | None = None) -> None:
        found = [name for name in _BARS if name == "text" or find_spec(name) is not None]
        if library is not None and library not in found:
            raise InvalidValueError("Progress.library", f"one of {', '.join(found)}", library, _OTHERS)
        self._make = _BARS[library or found[0]]
        self._bar: _Bar | None = None
        self._done = 0

    def __call__(self, event: StepEvent) -> None:
        """Show what happens to a step."""
        if event.kind in {"started", "applied"}:
            self._done = event.number - (event.kind == "started")
        with suppress(Exception):
            self._bar = self._bar or self._make()
            said = "" if event.kind in {"started", "applied"} else f"{event.kind}: "
            back = "back: " if event.undoing else ""
            self._bar.show(_short(legible(f"{back}{said}{event.step.command}")), self._done, event.of)
        if event.kind != "started" and event.number == event.of:
            self.close()

    def close(self) -> None:
        """End the bar; another step begins a new one."""
        bar, self._bar = self._bar, None
        with suppress(Exception):
            if bar is not None:
                bar.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def _short(text: str) -> str:
    """Cut a text so that a bar has room behind it."""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
