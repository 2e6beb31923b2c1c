"""Command lines that print themselves, and loose ones with the line that is written for each."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlets
from exchange_imap._model.codecs.passwords import PasswordCodec
from exchange_imap._model.common_parameters import NAMES_VARIABLES
from exchange_imap._model.declaration import parameters
from support.bound import alike, received
from support.judge import RecordProperty, ask, needs_judge, report
from support.public import NAMES

CMDLETS = cmdlets()

FIXTURES = Path(__file__).parents[1] / "fixtures"
_SEPARATOR = "\n#> "


def text_of(name: str) -> str:
    """Return a fixture as it is, line ends and all."""
    return (FIXTURES / name).read_bytes().decode("utf-8")


IDENTITY = [line for line in text_of("identity.ps1").split("\n") if line and not line.startswith("#")]
_ENTRIES = [entry for entry in text_of("canonical.ps1").split("\n\n") if _SEPARATOR in entry]
CANONICAL = [(loose, written.rstrip("\n")) for loose, _, written in (e.partition(_SEPARATOR) for e in _ENTRIES)]


def parts(line: str) -> tuple[xi.Cmdlet, ...]:
    """Return the cmdlets of a line, one or those of a pipe."""
    read = xi.parse(line)
    elements = read.elements if isinstance(read, xi.Pipeline) else (read,)
    return tuple(element for element in elements if isinstance(element, xi.Cmdlet))


@pytest.mark.parametrize("line", IDENTITY)
def test_a_written_line_prints_itself(line: str) -> None:
    """Byte for byte."""
    assert str(xi.parse(line)) == line


@pytest.mark.parametrize(("loose", "written"), CANONICAL, ids=[loose for loose, _ in CANONICAL])
def test_a_loose_text_is_written_in_one_form(loose: str, written: str) -> None:
    assert str(xi.parse(loose)) == written != loose
    assert str(xi.parse(written)) == written


@pytest.mark.parametrize("line", [line for line in IDENTITY if " | " not in line])
def test_a_line_survives_as_the_command_that_is_sent(line: str) -> None:
    """Name and parameters say it all."""
    (cmdlet,) = parts(line)

    assert type(cmdlet).from_command(cmdlet.to_command()) == cmdlet


@pytest.mark.parametrize("line", IDENTITY)
def test_a_line_survives_as_a_dict_and_as_python(line: str) -> None:
    """Through JSON, and by its repr pasted into a notebook."""
    names: dict[str, Any] = {**NAMES, "datetime": dt, "uuid": uuid}  # Any: whatever a notebook has
    for cmdlet in parts(line):
        assert type(cmdlet).from_dict(json.loads(json.dumps(cmdlet.to_dict()))) == cmdlet
        assert eval(repr(cmdlet), names) == cmdlet  # noqa: S307 - our own line


def test_there_are_enough_lines_and_none_twice() -> None:
    """As many as promised."""
    assert len(IDENTITY) == len(set(IDENTITY)) >= 507
    assert len(CANONICAL) == len({loose for loose, _ in CANONICAL}) >= 350


def test_every_parameter_of_every_cmdlet_occurs() -> None:
    """But passwords, which no text shows."""
    stated = {
        (cmdlet.cmdlet, parameter.name)
        for line in IDENTITY
        for cmdlet in parts(line)
        for parameter in cmdlet.to_command().parameters
    }
    known = {
        (name, spec.name)
        for name, cls in CMDLETS.items()
        for spec in parameters(cls).values()
        if not isinstance(spec.codec, PasswordCodec)
    }

    assert known - stated == set()
    assert {name for name, _ in stated} >= CMDLETS.keys()


def test_what_documentation_writes_has_nothing_that_cannot_run() -> None:
    """A wildcard alone is named: the documentation's own is behind Get-. Variables are for the shell itself."""
    errors = [
        (finding.rule, line)
        for line in IDENTITY
        for finding in xi.check_script(line)
        if finding.severity is xi.Severity.ERROR and finding.rule != "session-variable"
    ]

    assert errors == []


# -- asked of PowerShell ---------------------------------------------------------------------------------------------


# What the engine at hand lacks: programs, Format-List, the aliases, one form of Get-Credential, and the default sets of
# two cmdlets, which the documentation runs without what would decide.
_LACKING = ("net ", "net' ", "Format-List", "gsv ", "sasv ", "spsv ")
_OTHERWISE = {
    "Get-ExchangeServer",
    "Get-ExchangeCertificate -Server MBX01",
    "Get-ExchangeCertificate -Server MBX01 -DomainController dc01.contoso.com",
    "Get-ExchangeCertificate -DomainName mail.contoso.com,imap.contoso.com -Server MBX01",
    "Test-ImapConnectivity -MailboxCredential (Get-Credential -Credential kim)",
    # The table has this parameter in sets of another cmdlet, as the documentation does by mistake.
    "Set-CASMailbox -Identity kim -PublicFolderClientAccess $true -ImapEnabled $false",
}


def _bindable(line: str) -> bool:
    """Tell what PowerShell binds alone: nothing behind a pipe, which lacks the pipe's objects."""
    return "|" not in line and not line.lower().lstrip("&'\" ").startswith(_LACKING) and line not in _OTHERWISE


def _failures(answer: dict[str, Any]) -> list[object]:  # Any: JSON of the judge's own form
    """Return what kept a line from being bound; names of variables are refused when that is done, for want of any."""
    return [error for error in answer.get("errors", ["failure"]) if error["id"] != _NO_VARIABLES]


_NO_VARIABLES = "VariableReferenceNotSupportedInDataSection"


def _running(line: str) -> list[str]:
    """Return what runs in a session without variables."""
    cmdlet = parts(line)[0]
    return [] if any(getattr(cmdlet, field) is not xi.UNSET for field in NAMES_VARIABLES) else [cmdlet.cmdlet]


def _meaning(values: dict[str, Any]) -> dict[str, Any]:  # Any: JSON of the judge's own form
    """Read the texts of types that the engine does not know, by which Exchange reads several spellings alike."""
    return {name: _read(value) for name, value in values.items()}


def _read(value: Any) -> Any:  # Any: JSON of the judge's own form
    if isinstance(value, list):
        return [_read(item) for item in value]
    if not isinstance(value, str):
        return value
    for kind in (xi.Binding, xi.ConnectionSetting):
        try:
            return str(kind.parse(value))
        except xi.InvalidValueError:
            pass
    return value.split(", ") if ", " in value else value


def _bound(lines: list[str]) -> Iterator[dict[str, Any]]:  # Any: as above
    yield from ask("bind", ({"text": line} for line in lines))


@needs_judge
def test_powershell_binds_every_line(record_property: RecordProperty) -> None:
    """Without an error, and to the command that we read; of a pipe it reads what we read."""
    lines = list(filter(_bindable, IDENTITY))
    wrong = [
        (line, answer)
        for line, answer in zip(lines, _bound(lines), strict=True)
        if _failures(answer) or [name for name, _ in received(answer)] != _running(line)
    ]

    record_property("figure", report("lines of the fixture", len(lines), len(wrong)))
    assert not wrong, wrong[:5]


@needs_judge
def test_powershell_reads_every_line(record_property: RecordProperty) -> None:
    answers = zip(IDENTITY, ask("parse", ({"text": line} for line in IDENTITY)), strict=True)
    wrong = [(line, answer) for line, answer in answers if answer.get("errors", "failure")]

    record_property("figure", report("lines of the fixture, read", len(IDENTITY), len(wrong)))
    assert not wrong, wrong[:5]


@needs_judge
def test_powershell_binds_loose_and_written_alike(record_property: RecordProperty) -> None:
    """Every value, in both."""
    pairs = [pair for pair in CANONICAL if _bindable(pair[0])]
    wrong = []
    both = zip(pairs, _bound([loose for loose, _ in pairs]), _bound([written for _, written in pairs]), strict=True)
    for pair, loose, written in both:
        one, other = ([(name, _meaning(values)) for name, values in received(answer)] for answer in (loose, written))
        if loose.get("errors") or written.get("errors") or not alike(one, other):
            wrong.append((pair, loose, written))

    record_property("figure", report("pairs of the fixture", len(pairs), len(wrong)))
    assert not wrong, wrong[:5]
