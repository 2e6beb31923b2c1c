"""Our cmdlets held against PowerShell's own binder."""

from __future__ import annotations

import collections
from collections.abc import Iterator
from datetime import timedelta

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlets
from exchange_imap._model.codecs.lists import EditableListCodec, ListCodec
from exchange_imap._model.codecs.passwords import PASSWORD
from exchange_imap._model.codecs.words import WordsCodec
from exchange_imap._model.declaration import parameters
from support.bound import SIZES, UNBOUND, Bindable, Tree, alike, received, several
from support.judge import RecordProperty, ask, count, needs_judge, report

CMDLETS = cmdlets()

pytestmark = needs_judge

_MOST_REFUSED = 0.02


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
    values |= {name: str(values[name]) for name in SIZES.intersection(values)}
    # A [string] parameter turns $null into an empty text, and no flag at all is a word.
    words = {name: "" if value is None else "None" for name, value in values.items() if _is_word(cmdlet, name, value)}
    return values | words


def _is_word(cmdlet: xi.Cmdlet, name: str, value: Tree) -> bool:
    kind = next(spec.codec for spec in parameters(type(cmdlet)).values() if spec.name == name)
    one = not isinstance(kind, ListCodec | EditableListCodec | WordsCodec) and name not in _OBJECTS
    return (value is None and one) or (value == [] and isinstance(kind, WordsCodec))


# Of type Uri, or of one that the judge does not know: $null stays what it is; and of a quota it means unlimited.
_OBJECTS = {"OwaServerUrl", "EwsApplicationAccessPolicy", "LogPerFileSizeQuota"}


def _same(ours: dict[str, Tree], theirs: dict[str, Tree]) -> bool:
    """Compare; one value alone is a list of one to a parameter that takes several."""
    lists = {
        name: several(theirs[name]) for name in theirs if isinstance(ours.get(name), list) and theirs[name] is not None
    }
    return ours == theirs | lists


def test_every_parameter_of_every_cmdlet_is_asked_about() -> None:
    """But passwords, which no text shows, what the judge cannot bind, and programs."""
    make = Bindable(11)
    asked = {
        (cmdlet.cmdlet, p.name)
        for cmdlet in (make.any_cmdlet() for _ in range(20_000))
        for p in cmdlet.to_command().parameters
    }
    known = {
        (name, spec.name)
        for name, cls in CMDLETS.items()
        for field, spec in parameters(cls).items()
        if spec.codec != PASSWORD and field not in UNBOUND
    }

    assert known - asked == set()


def test_powershell_binds_exactly_what_our_objects_hold(record_property: RecordProperty) -> None:
    """From our text, for every cmdlet, parameter and kind of value, with adversarial texts."""
    make = Bindable(11)
    cmdlets = [make.any_cmdlet() for _ in range(count())]
    wrong = []

    for cmdlet, answer in zip(cmdlets, ask("bind", ({"text": str(c)} for c in cmdlets)), strict=True):
        name, values = next(iter(received(answer)), ("", {}))
        if answer["errors"] or name != cmdlet.cmdlet or not _same(expected(cmdlet), values):
            wrong.append(f"{cmdlet}\n  ours   {expected(cmdlet)}\n  theirs {values} {answer['errors']}")

    record_property("figure", report("generated commands", len(cmdlets), len(wrong)))
    assert not wrong, "\n".join(wrong[:10])


def _loose_texts(seed: int) -> Iterator[str]:
    make = Bindable(seed)
    while True:
        text = make.loosely(make.any_cmdlet())
        while make.chance(15):
            text += make.one(["; ", "\n", "\r\n", " # note\n"]) + make.loosely(make.any_cmdlet())
        yield text


def rewritten(text: str) -> tuple[str, str]:
    """Return the text as we write it again, and otherwise why we refuse it."""
    try:
        return str(xi.parse_script(text)), ""
    except xi.CommandSyntaxError as error:
        return "", f"{error.field}: {error.expected}"


def test_powershell_binds_loose_texts_and_what_we_make_of_themalike(record_property: RecordProperty) -> None:
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
        elif not fine or answer.get("errors", "failure") or not alike(received(original), received(answer)):
            wrong.append(f"{text!r}\n  ours   {ours!r}\n  theirs {original}\n  again  {answer}")

    record_property("figure", report("loose commands", len(texts), len(wrong), accepted, refused))
    assert not wrong, "\n".join(wrong[:10])
    assert sum(refused.values()) <= _MOST_REFUSED * accepted, refused
