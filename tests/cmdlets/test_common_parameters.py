"""The parameters that every cmdlet has: read, written, sent, and no part of what a server should be like."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlets
from exchange_imap._model.declaration import own_parameters, parameters
from exchange_imap.testing import NewServer
from support.public import NAMES

CMDLETS = cmdlets()

SETTINGS = NewServer("MBX01").settings
# What a cmdlet cannot run without.
NEEDED = {
    "Enable-ExchangeCertificate": " -Thumbprint 434AC224C8459924B26521298CE8834C514856AB -Services IMAP",
    "Get-ExchangeCertificate": " -Server MBX01",
    "Get-ServerComponentState": " -Identity MBX01",
    "Invoke-MonitoringProbe": r" IMAP\ImapCTPProbe -Server MBX01",
    "Restart-Service": " MSExchangeIMAP4",
    "Set-CASMailbox": " -Identity kim",
    "Set-ReceiveConnector": " -Identity c",
    "Set-ServerComponentState": " -Identity MBX01 -Component ImapProxy -State Active -Requester Functional",
    "Set-Service": " MSExchangeIMAP4",
    "Start-Service": " MSExchangeIMAP4",
    "Stop-Service": " MSExchangeIMAP4",
}
FORMS: dict[str, tuple[str, str, object]] = {
    "-ErrorAction Stop": ("-ea:stop", "error_action", xi.ActionPreference.Stop),
    "-WarningAction SilentlyContinue": ("-wa 0", "warning_action", xi.ActionPreference.SilentlyContinue),
    "-InformationAction Ignore": ("-infa ig", "information_action", xi.ActionPreference.Ignore),
    "-Verbose": ("-vb", "verbose", True),
    "-Verbose:$false": ("-VERBOSE:0", "verbose", False),
    "-Debug": ("-db:$null", "debug", True),
    "-ErrorVariable failed": ("-ev 'failed'", "error_variable", "failed"),
    '-ErrorVariable "+failed"': ("-errorv +failed", "error_variable", "+failed"),
    "-WarningVariable w": ("-wv w", "warning_variable", "w"),
    "-InformationVariable i": ("-iv i", "information_variable", "i"),
    "-OutVariable o": ("-ov o", "out_variable", "o"),
    "-OutBuffer 1024": ("-ob 1kb", "out_buffer", 1024),
    "-PipelineVariable p": ("-pv p", "pipeline_variable", "p"),
}
FIELDS = {field for _, field, _ in FORMS.values()}


@pytest.mark.parametrize("name", CMDLETS)
@pytest.mark.parametrize("written", FORMS)
def test_every_cmdlet_has_them(name: str, written: str) -> None:
    """By name and alias, typed, and written in one form; through dicts, what is sent, and Python."""
    loose, field, value = FORMS[written]
    line = f"{name}{NEEDED.get(name, '')} {written}"

    cmdlet = xi.parse(f"{name}{NEEDED.get(name, '')} {loose}")

    assert isinstance(cmdlet, xi.Cmdlet)
    assert getattr(cmdlet, field) == value
    assert cmdlet == xi.parse(line)
    assert str(cmdlet) == line
    assert type(cmdlet).from_dict(json.loads(json.dumps(cmdlet.to_dict()))) == cmdlet
    assert type(cmdlet).from_command(cmdlet.to_command()) == cmdlet
    assert eval(repr(cmdlet), NAMES) == cmdlet  # noqa: S307 - our own line


def test_these_are_all_of_them_and_no_cmdlet_has_more() -> None:
    """They are declared once, and come behind a cmdlet's own."""
    for cls in CMDLETS.values():
        fields = list(parameters(cls))
        assert set(fields[len(own_parameters(cls)) :]) == FIELDS
        assert {field for field, spec in parameters(cls).items() if spec.common} == FIELDS


@pytest.mark.parametrize("value", [1, "stop", "St", xi.ActionPreference.Stop])
def test_python_states_them_as_any_other_parameter(value: Any) -> None:
    """A word, its beginning or the member."""
    if value == 1:
        with pytest.raises(xi.InvalidValueError, match=r"^ErrorAction: expected one of SilentlyContinue, Stop"):
            xi.GetImapSettings(error_action=value)
    else:
        assert str(xi.GetImapSettings(error_action=value)) == "Get-ImapSettings -ErrorAction Stop"


def test_a_common_parameter_makes_another_command() -> None:
    """Two lines that differ are two commands."""
    assert xi.GetImapSettings(verbose=True) != xi.GetImapSettings()


ALL: Any = {field: value for _, field, value in FORMS.values()}


def test_they_are_no_part_of_a_desired_state() -> None:
    """Nothing differs because of them, and what is to be sent does not have them."""
    desired = xi.SetImapSettings(max_connections_per_user=32)
    common = attrs.evolve(desired, **ALL)

    assert xi.compare(SETTINGS, common) == xi.compare(SETTINGS, desired)
    assert xi.diff(SETTINGS, common) == xi.diff(SETTINGS, desired)
    assert xi.diff(SETTINGS, xi.SetImapSettings(**ALL)) is None


@pytest.mark.parametrize("cls", [xi.NetStart, xi.NetStop])
def test_a_program_has_none(cls: type[xi.NetStart | xi.NetStop]) -> None:
    """PowerShell would hand the words over to it."""
    with pytest.raises(xi.InvalidValueError, match="net is a program"):
        cls(error_action=xi.ActionPreference.Stop)
    with pytest.raises(xi.CommandSyntaxError, match=r"expected net \w+ w3svc"):
        xi.parse(f"{cls.cmdlet} w3svc -ErrorAction Stop")
