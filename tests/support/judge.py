"""PowerShell itself, asked how it reads, binds and prints: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from .outside import beside

_PATH, JUDGE = beside("judge", "PowerShell to ask", "powershell", "judge")
needs_judge: Final = JUDGE.mark
_BATCH = 2000
_FEWEST = 500


def count(share: float = 1) -> int:
    """Return how many questions of a kind are asked: 500, or that share of what the environment says."""
    asked = int(os.environ.get("EXCHANGE_IMAP_JUDGE_COUNT", _FEWEST))
    return max(min(asked, _FEWEST), round(asked * share))


RecordProperty = Callable[[str, object], None]
"""What pytest's fixture ``record_property`` is."""
Answer = dict[str, Any]  # Any: JSON of the judge's own form


def report(what: str, asked: int, wrong: int, accepted: int | None = None, refused: Counter[str] | None = None) -> str:
    """Put what was found out into one line."""
    text = f"judge, {what}: {asked} asked, {wrong} disagreements"
    if refused is None or accepted is None:
        return text
    kinds = "; ".join(f"{number} x {kind.strip()}" for kind, number in refused.most_common() if number)
    share = sum(refused.values()) / max(accepted, 1)
    return f"{text}; of {accepted} that PowerShell accepts {sum(refused.values())} refused ({share:.2%}): {kinds}"


def ask(verb: str, questions: Iterable[Mapping[str, object]]) -> Iterator[Answer]:
    """Ask in batches and yield the answers in order."""
    batch: list[str] = []
    for question in questions:
        batch.append(json.dumps(question))
        if len(batch) == _BATCH:
            yield from _ask_batch(verb, batch)
            batch.clear()
    yield from _ask_batch(verb, batch)


def _ask_batch(verb: str, lines: list[str]) -> Iterator[Answer]:
    JUDGE.expect_mark()
    done = subprocess.run([_PATH, verb], input="\n".join(lines), capture_output=True, text=True, check=True)
    answers = done.stdout.split("\n")[:-1]
    assert len(answers) == len(lines)
    yield from map(json.loads, answers)
