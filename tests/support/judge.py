"""PowerShell itself, asked how it reads, binds and prints: JSON lines in, JSON lines out."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

_BESIDE = Path(__file__).parents[3] / "shared" / "powershell" / "judge"
_BATCH = 2000


def find_judge() -> Path | None:
    """Return the judge that EXCHANGE_IMAP_JUDGE names, or the one beside the project; ``None`` without one."""
    path = Path(os.environ.get("EXCHANGE_IMAP_JUDGE") or _BESIDE)
    return path if path.exists() else None


def count() -> int:
    """Return how many questions of a kind are asked."""
    return int(os.environ.get("EXCHANGE_IMAP_JUDGE_COUNT", "500"))


needs_judge = [
    pytest.mark.judge,
    pytest.mark.skipif(find_judge() is None, reason="no PowerShell to ask: set EXCHANGE_IMAP_JUDGE"),
]

Answer = dict[str, Any]  # Any: JSON of the judge's own form


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
    judge = find_judge()
    assert judge is not None
    done = subprocess.run([judge, verb], input="\n".join(lines), capture_output=True, text=True, check=True)
    answers = done.stdout.split("\n")[:-1]
    assert len(answers) == len(lines)
    yield from map(json.loads, answers)
