"""Lines that the pattern for plain commands reads are the cmdlets that the scanner would have made of them."""

from __future__ import annotations

from random import Random

import pytest

import exchange_imap as xi
from exchange_imap._cmdlets import reading
from exchange_imap._powershell.parser import Parser
from exchange_imap._powershell.plain import read_plain_line
from support.commands import Commands
from support.examples import scaled
from support.texts import FRAGMENTS


def _exactly(text: str) -> xi.Cmdlet | xi.Pipeline | None:
    """Read a line with the scanner alone; ``None`` where it refuses the line."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Parser, "plain", lambda _: None)
        patch.setattr(reading, "read_plain_line", lambda _: None)
        try:
            return xi.parse(text)
        except xi.CommandSyntaxError:
            return None


def _loosely(text: str) -> xi.Cmdlet | xi.Pipeline | None:
    """Read a line as users do; ``None`` where it is refused."""
    try:
        return xi.parse(text)
    except xi.CommandSyntaxError:
        return None


@pytest.mark.law
def test_lines_are_read_as_the_scanner_reads_them() -> None:
    """As written, written loosely, and damaged: also in the order of the parameters, which ``str`` shows."""
    source, chance = Commands(31), Random(32)  # noqa: S311 - texts, not secrets
    read = 0
    for _ in range(scaled(250)):
        cmdlet = source.any_cmdlet()
        written, loose = str(cmdlet), source.loosely(cmdlet)
        place = chance.randrange(len(written) + 1)
        damaged = written[:place] + chance.choice(FRAGMENTS) + written[place + chance.randrange(3) :]
        for text in (written, loose, damaged, f"{written} | fl a,b*", f"{written};\r\n"):
            found, exact = _loosely(text), _exactly(text)
            assert (found, str(found), repr(found)) == (exact, str(exact), repr(exact)), text
            read += read_plain_line(text) is not None

    assert read > 250


@pytest.mark.parametrize(
    "text",
    ["Set-ImapSettings -LoginType no", "Set-ImapSettings -Server a -Server b", "Set-ImapSettings -Bannner x",
     "Set-ImapSettings -Server", "Get-Unknown", "Set-Service", "Get-ImapSettings a | fl"],
)  # fmt: skip
def test_errors_come_from_the_scanner_alone(text: str) -> None:
    """What the pattern read and could not be bound leaves no trace: an error in the chain would show it unmasked."""
    with pytest.raises(xi.CommandSyntaxError) as caught:
        xi.parse(text)

    error = caught.value.__context__
    assert error is None or error.__context__ is None
    assert caught.value.source == text


def test_a_variable_s_name_is_checked_beside_a_plain_line() -> None:
    """A line without variables is no reason to take names that no text can have."""
    with pytest.raises(xi.InvalidValueError, match=r"names without the \$"):
        xi.parse("Get-ImapSettings", {"$a": 1})
