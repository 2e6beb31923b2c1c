"""Our parser held against PowerShell's own, on loose texts."""

from __future__ import annotations

import collections
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from exchange_imap import CommandSyntaxError
from exchange_imap._powershell.parser import parse_syntax
from exchange_imap._powershell.syntax import (
    Array,
    Boolean,
    CredentialPrompt,
    Element,
    Hashtable,
    Literal,
    Null,
    Number,
    ParameterName,
    ScriptSyntax,
    String,
)
from support.judge import Answer, RecordProperty, ask, count, needs_judge, report
from support.texts import Loose

pytestmark = needs_judge

Tree = Any  # Any: nested JSON of the judge's own form
_MOST_REFUSED = 0.02
# The suffixes that only 7 knows, binary numbers, and 0x without digits.
_SEVEN = re.compile(
    r"[+-]?(?:(?:0x[0-9a-f]*|[0-9.]+(?:e[+-]?[0-9]+)?)(?:u[ysl]?|y|s|n)(?:[kmgtp]b)?|0b.*)", re.IGNORECASE
)
_USER_NAME = {"username", "credential"}


class Evaluates(Exception):  # noqa: N818 - says what PowerShell does, not what went wrong
    """PowerShell would have to evaluate something."""


def _number(value: str, kind: str, text: str) -> tuple[str, object]:
    """Return a worth and its kind; PowerShell keeps long whole numbers in a decimal, which only ``d`` asks for."""
    if kind == "Double":
        return ("real", _significant(float(value)))
    return ("decimal" if kind == "Decimal" and "d" in text.lower() else "whole", Decimal(value))


def _significant(value: float) -> float:
    """Drop the last bit, which 7 rounds down where a whole number becomes a real one."""
    return float(f"{value:.14e}")


def _our_number(value: int | float | Decimal) -> tuple[str, object]:  # noqa: PYI041 - int is told apart
    if isinstance(value, float):
        return ("real", _significant(value))
    return ("decimal" if isinstance(value, Decimal) else "whole", Decimal(value))


def ours(literal: Literal) -> Tree:
    """Show one of our literals as a comparable tree."""
    match literal:
        case String():
            return ("string", literal.value)
        case Number():
            return ("number", *_our_number(literal.value), literal.text)
        case Boolean() | Null():
            return ("constant", getattr(literal, "value", None))
        case Array():
            return ("list", [ours(item) for item in literal.items])
        case Hashtable():
            return ("table", [(key.value, ours(value)) for key, value in literal.entries])
        case CredentialPrompt():
            return ("credential", literal.user_name)


def ours_element(element: Element) -> Tree:
    """Show one of our elements as a comparable tree."""
    if isinstance(element, ParameterName):
        return ("parameter", element.name, element.argument and ours(element.argument))
    return ours(element)


def ours_script(script: ScriptSyntax) -> Tree:
    """Show our reading of a whole text."""
    return [[(c.name, list(map(ours_element, c.elements))) for c in p.commands] for p in script.pipelines]


def theirs(node: Tree, *, word: bool = True) -> Tree:
    """Show one of PowerShell's values in the same form; ``word`` says whether a number keeps its word."""
    match node:
        case {"string": text}:
            return ("string", text)
        case {"number": value, "text": str(text)} if _SEVEN.fullmatch(text) or math.isinf(float(value)):
            if not word:
                raise Evaluates("a word without quotes, to 5.1")
            return ("string", text)  # a number in PowerShell 7 alone; to 5.1, and to us, it is a word
        case {"number": value, "type": kind, "text": text}:
            return ("number", *_number(value, kind, text), text if word else "")
        case {"variable": name} if name.lower() in {"true", "false", "null"}:
            return ("constant", {"true": True, "false": False, "null": None}[name.lower()])
        case {"list": items}:
            return _list([theirs(item, word=word) for item in items])
        case {"array": statements}:
            return _list([item for statement in statements for item in _items(_expression(statement))])
        case {"hashtable": entries}:
            return ("table", [(_key(key), _expression(value)) for key, value in entries])
        case {"paren": statement}:
            return _credential(statement) or _expression(statement)
    raise Evaluates(str(node))


def _list(items: list[Tree]) -> Tree:
    if any(item[0] == "list" for item in items):
        raise Evaluates("a list in a list")
    return ("list", items)


def _items(value: Tree) -> list[Tree]:
    return value[1] if value[0] == "list" else [value]


def _key(node: Tree) -> str:
    if "string" not in node:
        raise Evaluates("a key that is no text")
    return str(node["string"])


def _expression(statement: Tree) -> Tree:
    match statement:
        case {"pipeline": [{"value": value}]}:
            return theirs(value, word=False)
    raise Evaluates(str(statement))


def _credential(statement: Tree) -> Tree:
    match statement:
        case {"pipeline": [{"command": str(name), "elements": elements}]} if name.lower() == "get-credential":
            match elements:
                case []:
                    return ("credential", None)
                case [{"argument": {"string": user}}]:
                    return ("credential", user)
                case [{"parameter": str(name), "argument": {"string": user}}] if name.lower() in _USER_NAME:
                    return ("credential", user)
                case [{"parameter": str(name)}, {"argument": {"string": user}}] if name.lower() in _USER_NAME:
                    return ("credential", user)
    return None


def theirs_element(node: Tree) -> Tree:
    """Show one of PowerShell's elements in the same form."""
    if "parameter" in node:
        argument = node.get("argument")
        return ("parameter", node["parameter"], argument and theirs(argument))
    return theirs(node["argument"])


def theirs_script(answer: Answer) -> Tree:
    """Show PowerShell's reading of a whole text; raise where it refuses or would evaluate."""
    if answer["errors"] or answer["other_blocks"]:
        raise Evaluates("errors")
    return [[_command(element) for element in _pipeline(statement)] for statement in answer["statements"]]


def _pipeline(statement: Tree) -> list[Tree]:
    if "pipeline" not in statement:
        raise Evaluates(str(statement))
    return list(statement["pipeline"])


def _command(node: Tree) -> Tree:
    if "command" not in node or node["name"].get("quote") != "BareWord":
        raise Evaluates(str(node))
    return (node["command"], [theirs_element(element) for element in node["elements"]])


def compare(texts: list[str]) -> tuple[list[str], collections.Counter[str], int]:
    """Return the disagreements, the refusals by kind, and how many texts PowerShell reads without evaluating."""
    wrong, refused, accepted = [], collections.Counter[str](), 0
    # A byte order mark is part of a file, not of its first word.
    questions = ({"text": text.removeprefix("\ufeff")} for text in texts)
    for text, answer in zip(texts, ask("parse", questions), strict=True):
        try:
            read = ours_script(parse_syntax(text))
            reason = ""
        except CommandSyntaxError as error:
            read, reason = None, f"{error.expected} {error.hint}"
        try:
            expected = theirs_script(answer)
        except Evaluates:
            expected = None
        accepted += expected is not None
        if expected and read is None:
            refused[reason] += 1
        elif read is not None and read != expected and "'text': '&" not in str(answer):  # see the next test
            wrong.append(f"{text!r}\n  ours   {read}\n  theirs {expected or answer}")
    return wrong, refused, accepted


def _texts(seed: int) -> Iterator[str]:
    loose = Loose(seed)
    while True:
        yield loose.script()


def test_powershell_reads_every_loose_text_as_we_do(record_property: RecordProperty) -> None:
    """Element by element the same, or refused by us with a reason, which happens to few that PowerShell reads."""
    source = _texts(1)
    texts = [next(source) for _ in range(count(0.5))]

    wrong, refused, accepted = compare(texts)

    record_property("figure", report("parser", len(texts), len(wrong), accepted, refused))
    assert not wrong, "\n".join(wrong[:10])
    assert sum(refused.values()) <= _MOST_REFUSED * accepted, refused


def test_powershell_reads_no_wild_text_otherwise(record_property: RecordProperty) -> None:
    """What it refuses or would evaluate is refused, and what we do read is read the same, in texts of odd pieces."""
    loose = Loose(3)
    texts = [loose.wild() for _ in range(count(0.5))]

    wrong, refused, accepted = compare(texts)

    record_property("figure", report("parser, wild texts", len(texts), len(wrong), accepted, refused))
    assert not wrong, "\n".join(wrong[:10])
    assert accepted > len(texts) / 10


def test_the_call_operator_before_a_name_changes_nothing() -> None:
    """``& Set-ImapSettings`` is the command itself to PowerShell, quoted or not, and its parser calls it evaluated."""
    source, loose = _texts(2), Loose(4)
    texts = [text for text in (next(source).strip(" ;\n") for _ in range(count(0.05))) if text[0].isalpha()]
    accepted = 0

    for text in texts:
        try:
            plain = parse_syntax(text)
        except CommandSyntaxError:
            continue
        accepted += 1
        name = plain.pipelines[0].commands[0].name
        rest = text.removeprefix(name)
        for called in (name, loose.string(name), f"({loose.string(name)})"):
            assert ours_script(parse_syntax(f"& {called}{rest}")) == ours_script(plain)
    assert accepted > len(texts) / 3
