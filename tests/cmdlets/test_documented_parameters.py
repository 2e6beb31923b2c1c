"""Our cmdlets beside the documentation's: what is missing has a reason, and nothing is made up.

The table of documented parameters is not part of the project: without it these tests are skipped.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlets
from exchange_imap._model.codecs.lists import EditableListCodec, ListCodec
from exchange_imap._model.codecs.words import WordsCodec
from exchange_imap._model.declaration import own_parameters, parameters, required
from exchange_imap._model.specs import ParameterSpec
from support.outside import beside

CMDLETS = cmdlets()

_PATH, _TABLE = beside("cmdlets", "table of documented parameters", "powershell", "cmdlets.json")
Documented = dict[str, Any]  # Any: JSON of the table's own form

pytestmark = _TABLE.mark

# Ours lack one thing: the parameter that takes a pipe's objects, which no text can hold.
LACKING = {(name, page) for name, page in [("Get-ExchangeCertificate", "Instance"), ("Format-List", "InputObject")]} | {
    (f"{verb}-Service", "InputObject") for verb in ("Get", "Set", "Start", "Stop", "Restart")
}
# The page's syntax has it beside all others; below, it names sets of Set-OrganizationConfig by mistake.
_WITHOUT_SETS = {("Set-CASMailbox", "PublicFolderClientAccess")}
# Which cmdlets of the table are of another field.
OTHERS = {"Select-Object": "cuts objects down, which no snapshot can be read from"}
_COMMON = {"WhatIf", "Confirm"}


def documented() -> dict[str, Documented]:
    """Return the documented cmdlets by name."""
    found: list[Documented] = json.loads(_PATH.read_text(encoding="utf-8"))["cmdlets"] if _PATH.exists() else []
    return {cmdlet["name"]: cmdlet for cmdlet in found}


KNOWN = sorted(documented().keys() - OTHERS.keys())


def ours(name: str) -> dict[str, ParameterSpec]:
    """Return a cmdlet's own parameters by name."""
    return {spec.name: spec for spec in own_parameters(CMDLETS[name]).values()}


def test_every_cmdlet_of_the_table_is_modelled() -> None:
    """And the table has every cmdlet of ours."""
    assert documented().keys() - OTHERS.keys() == CMDLETS.keys()


@pytest.mark.parametrize("name", KNOWN)
def test_what_is_documented_is_there(name: str) -> None:
    """All but what takes objects from a pipe, which the class names as ``objects``."""
    known = {parameter["name"] for parameter in documented()[name]["parameters"]}
    lacking = {(name, parameter) for parameter in known - ours(name).keys()}

    assert lacking == {entry for entry in LACKING if entry[0] == name}
    assert {parameter for _, parameter in lacking} == {*filter(None, [CMDLETS[name].objects])}


@pytest.mark.parametrize("name", KNOWN)
def test_nothing_is_made_up(name: str) -> None:
    """Not a parameter, and not that a cmdlet asks before it changes something."""
    cmdlet = documented()[name]
    known = {parameter["name"] for parameter in cmdlet["parameters"]}

    assert ours(name).keys() - known == (_COMMON if cmdlet["should_process"] else set())


@pytest.mark.parametrize("name", KNOWN)
def test_aliases_positions_sets_and_switches_are_those_documented(name: str) -> None:
    """Of each parameter, one by one."""
    cmdlet = documented()[name]
    for page in cmdlet["parameters"]:
        if (name, page["name"]) in LACKING:
            continue
        spec, places = ours(name)[page["name"]], page.get("in", [{}])
        assert {alias.lower() for alias in page.get("aliases", ())} == set(spec.names[1:]), spec.name
        assert spec.position == places[0].get("position"), spec.name
        assert spec.switch is (page["type"] == "switch"), spec.name
        if name not in _NAMED_SERVICES:
            sets = set() if (name, spec.name) in _WITHOUT_SETS else {s for p in places for s in p.get("sets", ())}
            assert spec.sets == sets, spec.name
            assert CMDLETS[name].default_set == (
                cmdlet.get("default_set", "") if spec.sets else CMDLETS[name].default_set
            )


# Services go by one of two names, which their own constructor sees to.
_NAMED_SERVICES = {"Get-Service", "Set-Service", "Start-Service", "Stop-Service", "Restart-Service"}


@pytest.mark.parametrize("name", [name for name in KNOWN if name not in _NAMED_SERVICES])
def test_what_a_command_cannot_run_without_is_what_is_documented(name: str) -> None:
    """Unless a pipe may give it, it is an argument that the constructor wants."""
    cls = CMDLETS[name]
    needed = {parameters(cls)[field].name for field in required(cls)}
    needed |= {spec.name for spec in ours(name).values() if spec.mandatory}
    page = {
        parameter["name"]
        for parameter in documented()[name]["parameters"]
        if any(place.get("mandatory") for place in parameter.get("in", ()))
    }

    # The documentation's own examples run Get-ExchangeServer alone: the set with -Domain is not the default.
    assert needed == page - ({"Domain"} if name == "Get-ExchangeServer" else set())


_LISTED = {"MultiValuedProperty", "ProxyAddressCollection", "String[]", "Object[]"}
_FLAGS = {"AuthMechanisms", "PermissionGroups", "AllowedServices"}


@pytest.mark.parametrize("name", KNOWN)
def test_a_parameter_takes_several_values_where_it_is_documented_to(name: str) -> None:
    """Lists with edits, lists, flags; of everything else one value."""
    for page in documented()[name]["parameters"]:
        if (name, page["name"]) not in LACKING:
            kind, documented_type = ours(name)[page["name"]].codec, page["documented_type"]
            assert isinstance(kind, ListCodec | EditableListCodec) is (documented_type in _LISTED), page["name"]
            assert isinstance(kind, WordsCodec) is (documented_type in _FLAGS), page["name"]


def test_the_programs_are_no_cmdlets() -> None:
    """They are read all the same."""
    assert {xi.NetStart.cmdlet, xi.NetStop.cmdlet}.isdisjoint(CMDLETS)
