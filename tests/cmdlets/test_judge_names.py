"""Every beginning of every parameter's name held against PowerShell's own binder."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlets
from exchange_imap._model.declaration import parameters
from support.judge import Answer, RecordProperty, ask, count, needs_judge, report

CMDLETS = cmdlets()

pytestmark = needs_judge

# What PowerShell 7 finds and ours does not: the objects of a pipe, and what is 7.4's.
_NOT_OURS = {"InputObject", "Instance", "ProgressAction"}
_NAMED = re.compile(r"(?:for|required by|on|bind) parameter '(\w+)'")


def beginnings(cls: type[xi.Cmdlet]) -> list[str]:
    """Return every beginning of every name and alias, those of PowerShell 7.4's own among them."""
    names = [name for spec in parameters(cls).values() for name in spec.names]
    names += [cls.objects.lower(), "progressaction", "proga", "inputobjects"]
    return sorted({name[:length] for name in names for length in range(1, len(name) + 1)})


def meant(answers: Iterable[Answer]) -> str:
    """Return the parameter that PowerShell took a beginning for, or why it took it for none."""
    for error in (error for answer in answers for error in answer.get("errors", ())):
        kind = error["id"].partition(",")[0]
        if kind in {"AmbiguousParameter", "NamedParameterNotFound"}:
            return str(kind)
        if found := _NAMED.search(error["message"]):
            return found[1]
    raise AssertionError(answers)


def ours(cls: type[xi.Cmdlet], word: str) -> str:
    """Return the same of our own reader."""
    for text in (f"{cls.cmdlet} -{word}", f"{cls.cmdlet} -{word}:x"):
        try:
            cls.parse(text)
        except xi.CommandSyntaxError as error:
            if error.rule == "missing-value":
                return error.expected.removeprefix("a value behind -")
            if error.rule == "invalid-value":
                return error.field
            if error.rule in {"ambiguous-parameter", "unknown-parameter"}:
                return {"a": "AmbiguousParameter", "u": "NamedParameterNotFound"}[error.rule[0]]
    raise AssertionError(word)


def questions() -> Iterator[tuple[type[xi.Cmdlet], str]]:
    """Yield each cmdlet with each beginning."""
    for cls in CMDLETS.values():
        for word in beginnings(cls):
            yield cls, word


def test_every_beginning_means_what_it_means_to_powershell(record_property: RecordProperty) -> None:
    """One parameter, none, or several; the common ones count, and a cmdlet's own go before them."""
    every = list(questions())
    asked = random.Random(21).sample(every, min(count(), len(every)))  # noqa: S311 - no secret
    texts = [f"{cls.cmdlet} -{word}{value}" for cls, word in asked for value in ("", ":x")]
    answers = list(ask("bind", ({"text": text} for text in texts)))
    wrong = []
    for (cls, word), *both in zip(asked, answers[::2], answers[1::2], strict=True):
        theirs, mine = meant(both), ours(cls, word)
        if theirs != mine and (theirs not in _NOT_OURS or mine != "NamedParameterNotFound"):
            wrong.append(f"{cls.cmdlet} -{word}: ours {mine}, theirs {theirs}")

    record_property("figure", report("beginnings of names", len(asked), len(wrong)))
    assert not wrong, "\n".join(wrong[:30])
