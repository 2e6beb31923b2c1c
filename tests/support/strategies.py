"""Any value that the model can hold, for hypothesis: made by the same generators as what PowerShell is asked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._shown import acts

from .commands import Commands, Snapshots
from .texts import ODD
from .values import AWKWARD, Printable, Values

__all__ = [
    "characters",
    "cmdlets",
    "lines",
    "made",
    "of_codec",
    "of_field",
    "printable",
    "snapshots",
    "texts",
]

T = TypeVar("T")
V = TypeVar("V", bound=Values)
C = TypeVar("C", bound=xi.Cmdlet)
S = TypeVar("S", bound=xi.Snapshot)

# Every character that means something to PowerShell, those that look like them, and any other.
characters = st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"]))
texts = st.one_of(st.text(characters, max_size=40), st.sampled_from(AWKWARD))
_seen = st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]).filter(lambda character: not acts(character))
lines = st.text(_seen, max_size=60)
"""Texts that str() shows as they are: one line, and nothing that a terminal would act on."""


@st.composite
def made(draw: st.DrawFn, generator: type[V], make: Callable[[V], T]) -> T:
    """Let a generator make something from a seed that hypothesis chooses.

    Were each random number hypothesis's own, it could make a counterexample simpler, but a law would take five times
    as long.
    """
    return make(generator(draw(st.randoms(use_true_random=True))))


def of_codec(codec: object) -> st.SearchStrategy[object]:
    """Make values of a codec."""
    return made(Values, lambda values: values.of(codec))


def printable(codec: object) -> st.SearchStrategy[object]:
    """Make values of a codec that Format-List shows as they are."""
    return made(Printable, lambda values: values.of(codec))


def of_field(cls: type[xi.Cmdlet], field: str) -> st.SearchStrategy[object]:
    """Make values of one parameter of a cmdlet."""
    return made(Commands, lambda commands: commands.field(cls, field))


def cmdlets(cls: type[C]) -> st.SearchStrategy[C]:
    """Make any objects of a cmdlet class."""
    return made(Commands, lambda commands: commands.cmdlet(cls))


def snapshots(cls: type[S]) -> st.SearchStrategy[S]:
    """Make any objects of a snapshot class."""
    return made(Snapshots, lambda snapshots: snapshots.snapshot(cls))
