"""A state out of the files that somebody saved of a server, of whatever kind they are."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, NewMailbox
from support.clixml import file
from support.seeds import _exported


def server() -> xi.ImapServer:
    """Return a server behind the fake."""
    transport = FakeExchange(servers=["MBX01"], mailboxes=[NewMailbox("Kim Akers")]).transport()
    return xi.ImapServer("MBX01", exchange=transport, windows=transport)


DESIRED = xi.DesiredState(
    connectors=[xi.SetReceiveConnector(identity="Client Frontend MBX01")],
    components=[xi.SetServerComponentState(component="ImapProxy", state="Active", requester="Functional")],
    pop_settings=xi.SetPopSettings(),
)
STATE = server().state(DESIRED)
OBJECTS: list[xi.Snapshot] = [
    *STATE.services,
    STATE.settings,
    *STATE.connectors.values(),
    *STATE.components.values(),
    *([STATE.pop_settings] if STATE.pop_settings else []),
]


def printed(objects: Iterable[xi.Snapshot]) -> str:
    return "\n\n".join(map(str, objects))


def exported(objects: Iterable[xi.Snapshot]) -> str:
    return file(*map(_exported, objects))


def as_json(objects: Iterable[xi.Snapshot]) -> str:
    return json.dumps([each.to_dict() for each in objects])


KINDS = {"Format-List": printed, "CLIXML": exported, "JSON": as_json}
FOREIGN = file('<Obj RefId="0"><TN RefId="0"><T>System.IO.FileInfo</T></TN><Props><S N="Name">x</S></Props></Obj>')
Write = Callable[[Iterable[xi.Snapshot]], str]


@pytest.mark.parametrize(("kind", "write"), KINDS.items(), ids=list(KINDS))
def test_a_state_is_made_of_all_objects_of_a_file(tmp_path: Path, kind: str, write: Write) -> None:
    """Each finds its part, by its type or by what it has."""
    path = tmp_path / kind
    objects = [each for each in OBJECTS if kind != "Format-List" or not isinstance(each, xi.ComponentState)]
    path.write_text(write(objects), encoding="utf-16")

    state = xi.read_state(path)

    assert state.settings == STATE.settings
    assert state.services == STATE.services
    assert state.pop_settings == STATE.pop_settings
    assert state.connectors == STATE.connectors
    assert kind == "Format-List" or state.components.keys() == STATE.components.keys()


@pytest.mark.parametrize("write", KINDS.values(), ids=list(KINDS))
def test_a_state_is_made_of_several_files(tmp_path: Path, write: Write) -> None:
    """As one command after the other saves them, in any order."""
    services, settings = tmp_path / "services", tmp_path / "settings"
    services.write_text(write(STATE.services), encoding="utf-8")
    settings.write_text(write([STATE.settings]), encoding="utf-8-sig")

    assert xi.read_state(services, str(settings)) == xi.ServerState(settings=STATE.settings, services=STATE.services)
    assert xi.plan("MBX01", xi.read_state(settings, services), xi.DesiredState.disabled()).steps == ()
    assert xi.read_state(settings).services == ()


def test_the_json_of_a_state_is_read(tmp_path: Path) -> None:
    """All of it: what is pending too."""
    path = tmp_path / "state.json"
    path.write_text(json.dumps(STATE.to_dict()), encoding="utf-8")

    assert xi.read_state(path) == STATE

    path.write_text(json.dumps({**STATE.to_dict(), "services": 1}), encoding="utf-8")
    with pytest.raises(xi.InvalidValueError, match=r"state\.json, read as JSON: \$\.services: expected"):
        xi.read_state(path)


def test_services_that_no_plan_changes_are_left_out(tmp_path: Path) -> None:
    """A file of Get-Service may have all of a computer."""
    path = tmp_path / "state"
    other = xi.ServiceState(name="Spooler", display_name="x", status="Running", startup_type="Automatic")
    path.write_text(printed([STATE.settings, other, *STATE.services]), encoding="utf-8")

    assert xi.read_state(path).services == STATE.services


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        (STATE.services, r"^read_state\(path\): expected the IMAP4 settings .* Save Get-ImapSettings -Server <name>"),
        ([STATE.settings, STATE.settings], r"^settings: expected those of one server, received \['MBX01', 'MBX01'\]"),
        ([STATE.settings, *STATE.services, STATE.services[0]], r"^services: expected each service once"),
        ([STATE.settings, *[*STATE.connectors.values()] * 2], r"^connectors: expected each object once"),
    ],
)
def test_a_state_that_is_none_is_refused(tmp_path: Path, objects: list[xi.Snapshot], message: str) -> None:
    """Nothing is chosen of what is there twice."""
    path = tmp_path / "state"
    path.write_text(exported(objects), encoding="utf-8")

    with pytest.raises(xi.InvalidValueError, match=message):
        xi.read_state(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Port : 993", "read as Format-List: object 1: expected an object of a state: .*ServiceState, received"),
        ("[1]", r"read as JSON: object 1: expected an object of a state"),
        ("[", r"read as JSON: JSON \(line 1, column 2\): expected what ConvertTo-Json writes"),
        ("[" * 100_000, "read as JSON: JSON: expected"),
        (
            as_json([STATE.settings]).replace("SecureLogin", "Nix"),
            r"read as JSON: object 1 \(ImapSettings\)\.LoginType: ",
        ),
        (
            as_json([STATE.settings]).replace('"SecureLogin"', '"System.Object[]"'),
            r"\(ImapSettings\)\.LoginType: expected its",
        ),
        (
            printed([STATE.settings]).replace("SecureLogin", "Nix"),
            "read as Format-List: ImapSettings.LoginType: expected one",
        ),
        (FOREIGN, "read as CLIXML: object 1: expected an object of a state: .*, received .*FileInfo"),
    ],
)
def test_what_no_state_has_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """With the file, what it was taken for, and which object it was."""
    path = tmp_path / "state"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(xi.ExchangeImapError, match=message):
        xi.read_state(path)
