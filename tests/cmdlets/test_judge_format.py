"""Our reading of Format-List held against what PowerShell itself prints."""

from __future__ import annotations

from datetime import timedelta

import exchange_imap as xi
from exchange_imap._model.declaration import properties
from support.in_words import InWords
from support.judge import RecordProperty, ask, count, needs_judge, report

pytestmark = needs_judge

# One question takes PowerShell 15 times as long as reading a command does.
_SHARE = 0.1


def question(settings: xi.ImapSettings, width: int, culture: str) -> dict[str, object]:
    """Ask how PowerShell prints the settings on a console of that width and language."""
    shown = [[spec.name, printable(settings, field)] for field, spec in properties(xi.ImapSettings).items()]
    return {"properties": shown, "width": width, "culture": culture, "limit": -1}


def printable(settings: xi.ImapSettings, field: str) -> object:
    """Give a value as PowerShell has it."""
    value = getattr(settings, field)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, tuple):
        return [str(item) for item in value]
    if isinstance(value, timedelta):
        return {"timespan": xi.format_time_span(value)}
    return value.display if isinstance(value, xi.ByteQuota) else str(value)


def test_settings_that_powershell_prints_read_back_the_same(record_property: RecordProperty) -> None:
    """At every width from 60 to 200, in English and in Japanese."""
    make = InWords(21)
    made = [make.snapshot(xi.ImapSettings) for _ in range(count(_SHARE))]
    asked = [question(s, make.random.randint(60, 200), make.random.choice(["en-US", "ja-JP"])) for s in made]
    wrong = []

    for settings, ask_, answer in zip(made, asked, ask("format", asked), strict=True):
        try:
            read = xi.ImapSettings.parse(answer["text"])
        except xi.ExchangeImapError as error:
            wrong.append(f"{ask_['width']} {ask_['culture']}: {error}")
            continue
        if read != settings:
            wrong.append(f"{ask_['width']} {ask_['culture']}:\n{read!r}\n{settings!r}")

    record_property("figure", report("Format-List", len(made), len(wrong)))
    assert not wrong, f"{len(wrong)} of {len(made)}\n" + "\n".join(wrong[:5])
