"""Our cmdlets held against PowerShell's own binder."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import exchange_imap as xi
from exchange_imap._cmdlet.declaration import parameters
from exchange_imap._cmdlet.lists import EditableListKind, ListKind
from exchange_imap._cmdlet.word_kinds import FlagsKind, LimitKind
from support.commands import CMDLETS, Commands
from support.judge import Answer, RecordProperty, ask, count, needs_judge, report

pytestmark = needs_judge

_MOST_REFUSED = 0.02
Tree = Any  # Any: JSON of the judge's own form


def bound(value: Tree) -> Tree:
    """Reduce a value that PowerShell's binder received to what it says."""
    match value:
        case {"type": "Hashtable", "value": entries}:
            return {key["value"].lower(): _several(bound(item)) for key, item in entries}
        case {"type": "Object[]" | "String[]", "value": items}:
            return [bound(item) for item in items]
        case {"type": "Unlimited`1", "value": text}:
            return xi.ByteQuota.parse(text).bytes
        case {"type": "PSCredential", "value": {"user": user}}:
            return user
        case {"type": "null"}:
            return None
        case {"type": "Boolean" | "SwitchParameter" | "String", "value": plain}:
            return plain
        case {"value": plain}:
            return str(plain)
    raise AssertionError(value)


def _several(value: Tree) -> Tree:
    return value if isinstance(value, list) else [value]


def held(value: object) -> Tree:
    """Reduce a value that our object holds to what it says."""
    match value:
        case xi.ListEdit():
            parts = {"add": held(value.add), "remove": held(value.remove)}
            return {key: items for key, items in parts.items() if items}
        case tuple():
            return [held(item) for item in value]
        case xi.Secret():
            return value.reveal()
        case xi.ByteQuota():
            return value.bytes
        case timedelta():
            return xi.format_time_span(value)
        case xi.CredentialPrompt():
            return value.user_name or "asked"
        case bool() | None:
            return value
    return str(value)


def expected(cmdlet: xi.Cmdlet) -> dict[str, Tree]:
    """Return what PowerShell's binder has to receive."""
    stated = {spec.name: getattr(cmdlet, field) for field, spec in parameters(type(cmdlet)).items()}
    values = {name: held(value) for name, value in stated.items() if value is not xi.UNSET}
    values |= {name: str(values[name]) for name in _SIZES.intersection(values)}
    # A [string] parameter turns $null into an empty text, and no flag at all is a word.
    words = {name: "" if value is None else "None" for name, value in values.items() if _is_word(cmdlet, name, value)}
    return values | words


# Sizes that cannot be unlimited: the judge knows no type for them and says what number it received.
_SIZES = {"MaxMessageSize", "MaxHeaderSize"}


def _is_word(cmdlet: xi.Cmdlet, name: str, value: Tree) -> bool:
    kind = next(spec.kind for spec in parameters(type(cmdlet)).values() if spec.name == name)
    one = not isinstance(kind, ListKind | EditableListKind | FlagsKind) and name not in _OBJECTS
    return (value is None and one) or (value == [] and isinstance(kind, FlagsKind))


# Of type Uri, or of one that the judge does not know: $null stays what it is; and of a quota it means unlimited.
_OBJECTS = {"OwaServerUrl", "EwsApplicationAccessPolicy", "LogPerFileSizeQuota"}


def received(answer: Answer) -> list[tuple[str, dict[str, Tree]]]:
    """Return the commands that PowerShell's binder bound, and what each received."""
    return [(b.get("command", ""), {n: bound(v) for n, v in b.get("parameters", {}).items()}) for b in answer["bound"]]


def _same(ours: dict[str, Tree], theirs: dict[str, Tree]) -> bool:
    """Compare; one value alone is a list of one to a parameter that takes several."""
    lists = {
        name: _several(theirs[name]) for name in theirs if isinstance(ours.get(name), list) and theirs[name] is not None
    }
    return ours == theirs | lists


def test_powershell_binds_exactly_what_our_objects_hold(record_property: RecordProperty) -> None:
    """From our text, for every cmdlet, parameter and kind of value, with adversarial texts."""
    make = Commands(11)
    cmdlets = [make.cmdlet() for _ in range(count())]
    wrong = []

    for cmdlet, answer in zip(cmdlets, ask("bind", ({"text": str(c)} for c in cmdlets)), strict=True):
        name, values = next(iter(received(answer)), ("", {}))
        if answer["errors"] or name != cmdlet.cmdlet or not _same(expected(cmdlet), values):
            wrong.append(f"{cmdlet}\n  ours   {expected(cmdlet)}\n  theirs {values} {answer['errors']}")

    record_property("figure", report("generated commands", len(cmdlets), len(wrong)))
    assert not wrong, "\n".join(wrong[:10])


def _loose_texts(seed: int) -> Iterator[str]:
    make = Commands(seed)
    while True:
        text = make.loosely(make.cmdlet())
        while make.chance(15):
            text += make.one(["; ", "\n", "\r\n", " # note\n"]) + make.loosely(make.cmdlet())
        yield text


def rewritten(text: str) -> tuple[str, str]:
    """Return the text as we write it again, and otherwise why we refuse it."""
    try:
        return str(xi.parse_script(text)), ""
    except xi.CommandSyntaxError as error:
        return "", f"{error.field}: {error.expected}"


def test_powershell_binds_loose_texts_and_what_we_make_of_them_alike(record_property: RecordProperty) -> None:
    """Read and written again, every value is the same, or we refused with a reason, which happens to few."""
    source = _loose_texts(12)
    texts = [next(source) for _ in range(count(0.5))]
    again = [rewritten(text) for text in texts]
    originals = ask("bind", ({"text": text} for text in texts))
    written = ask("bind", ({"text": ours} for ours, _ in again))
    wrong, refused, accepted = [], collections.Counter[str](), 0

    for text, (ours, reason), original, answer in zip(texts, again, originals, written, strict=True):
        fine = not original.get("errors", "failure") and bool(original["bound"])
        accepted += fine
        if not ours:
            refused[reason] += fine
        elif not fine or answer.get("errors", "failure") or not _alike(received(original), received(answer)):
            wrong.append(f"{text!r}\n  ours   {ours!r}\n  theirs {original}\n  again  {answer}")

    record_property("figure", report("loose commands", len(texts), len(wrong), accepted, refused))
    assert not wrong, "\n".join(wrong[:10])
    assert sum(refused.values()) <= _MOST_REFUSED * accepted, refused


def _alike(one: list[tuple[str, dict[str, Tree]]], other: list[tuple[str, dict[str, Tree]]]) -> bool:
    return [(name, _canonical(values)) for name, values in one] == [(name, _canonical(v)) for name, v in other]


def _canonical(values: dict[str, Tree]) -> dict[str, Tree]:
    """Put aside what Exchange's own types read alike: one value and a list of one, spellings of the entries."""
    same = {name: _entries(value) if name in _SEVERAL else value for name, value in values.items()}
    same |= {name: xi.ByteQuota.parse(str(values[name])).bytes for name in _SIZES.intersection(values)}
    return same | {"Status": str(values.get("Status")).lower()}  # a text that Set-Service itself reads in any case


# What takes several values, and what takes words of types that the judge does not know, in any case.
_SEVERAL = {
    *(s.name for cls in CMDLETS for s in parameters(cls).values() if isinstance(s.kind, EditableListKind | FlagsKind)),
    *("Requester", "MessageRateSource", "ProtocolLoggingLevel", "SizeEnabled", "TransportRole", "DomainName"),
    *("ExtendedProtectionPolicy", "EwsApplicationAccessPolicy"),
    *(s.name for cls in CMDLETS for s in parameters(cls).values() if isinstance(s.kind, LimitKind)),
}


def _entries(value: Tree) -> Tree:
    if isinstance(value, dict):
        return {key: _entries(items) for key, items in value.items()}
    return None if value is None else [str(item).lower() for item in _several(value)]
