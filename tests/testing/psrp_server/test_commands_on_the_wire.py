"""What pypsrp sends reaches the fake as the same values, and what the fake answers comes back as real objects."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import attrs
import psrpcore.types as ps
import pytest

import exchange_imap as xi
from exchange_imap import Record
from exchange_imap._powershell.clixml import read_object
from exchange_imap._powershell.command import Command, Parameter
from exchange_imap._powershell.syntax import Array, Boolean, Hashtable, Literal, Null, Number, String
from exchange_imap._transports.errors import ErrorRecord
from exchange_imap._transports.transport import Reply
from exchange_imap.testing import FakeExchange, Fault, PsrpServer
from exchange_imap.testing.psrp_server.values import read_command, write_value
from support import wire
from support.wire import EXCHANGE, WINDOWS


@pytest.fixture
def psrp() -> Iterator[PsrpServer]:
    """Serve a freshly installed server."""
    with PsrpServer(FakeExchange(servers=["MBX01"])) as psrp:
        yield psrp
    assert psrp.errors == []


def sent(cmdlet: str, *arguments: tuple[str | None, object]) -> tuple[Parameter, ...]:
    """Return what the fake gets of a command as psrpcore reads it."""
    command: Any = attrs.make_class("Received", ["command_text", "parameters"])(cmdlet, list(arguments))
    return read_command(command).parameters


VALUES: dict[str, tuple[Any, Literal]] = {
    "text": ("a b", String("a b")),
    "number": (7, Number(7, "7")),
    "long": (ps.PSInt64(2**40), Number(2**40, str(2**40))),
    "fraction": (1.5, Number(1.5, "1.5")),
    "decimal": (ps.PSDecimal("1.50"), Number(Decimal("1.50"), "1.50")),
    "yes": (True, Boolean(value=True)),
    "no": (ps.PSBool(False), Boolean(value=False)),
    "nothing": (None, Null()),
    "character": (ps.PSChar("x"), String("x")),
    "list": (["a", 1], Array((String("a"), Number(1, "1")))),
    "edit": ({"Add": ["a"]}, Hashtable(((String("Add"), Array((String("a"),))),))),
    "time span": (dt.timedelta(minutes=30), String("00:30:00")),
    "moment": (dt.datetime(2025, 1, 2, 3, 4), String("2025-01-02T03:04:00")),  # noqa: DTZ001 - as it came
    "bytes": (b"\x01\x02", Array((Number(1, "1"), Number(2, "2")))),
    "guid": (uuid.UUID(int=1), String("00000000-0000-0000-0000-000000000001")),
}


@pytest.mark.parametrize(("value", "literal"), VALUES.values(), ids=VALUES)
def test_a_value_is_the_literal_that_means_it(value: object, literal: Literal) -> None:
    """Whatever the parameter: the fake binds it."""
    assert sent("Set-ImapSettings", ("Banner", value)) == (Parameter("Banner", literal),)


def test_a_switch_is_what_powershell_takes_it_for() -> None:
    """Null is present to a compiled cmdlet, and to -WhatIf of any, and absent to a function; a text is a text."""
    assert sent("Set-ImapSettings", ("WhatIf", True)) == (Parameter("WhatIf"),)
    assert sent("Set-ImapSettings", ("whatif", None)) == (Parameter("whatif"),)
    assert sent("Get-CASMailbox", ("Monitoring", None)) == ()
    assert sent("Get-Service", ("RequiredServices", None)) == (Parameter("RequiredServices"),)
    assert sent("Set-ImapSettings", ("WhatIf", False)) == (Parameter("WhatIf", Boolean(value=False)),)
    assert sent("Set-ImapSettings", ("WhatIf", "yes")) == (Parameter("WhatIf", String("yes")),)


def test_an_argument_without_a_name_has_the_one_of_its_place() -> None:
    """Where there is such a place that nothing else has taken."""
    assert sent("Start-Service", (None, "x")) == (Parameter("Name", String("x")),)
    assert sent("Start-Service", (None, "x"), ("name", "y"))[0].name == ""
    assert sent("Get-Nothing", (None, "x"))[0].name == ""


def test_what_every_cmdlet_has_is_bound_like_any_other(psrp: PsrpServer) -> None:
    """By name or alias; where there is no language there are no variables to name, as a real PowerShell answers too."""
    with wire.pool(psrp.port) as pool:
        assert wire.run(pool, "Get-ImapSettings", Verbose=True, wa="Stop", ea=2).output
        refused = wire.run(pool, "Get-ImapSettings", ErrorVariable="e")

    assert psrp.fake.log[0].pipeline.commands == (Command("Get-ImapSettings"),)
    (record,) = refused.streams.error
    assert record.fq_error == "VariableReferenceNotSupportedInDataSection"


def test_a_switch_that_powershell_adds_is_present_when_it_is_null(psrp: PsrpServer) -> None:
    """A real PowerShell was asked: null for -WhatIf of a function changes nothing on the server."""
    before = psrp.fake.server("MBX01").stored
    with wire.pool(psrp.port) as pool:
        assert not wire.run(pool, "Set-ImapSettings", Banner="Hi", WhatIf=None).had_errors

    assert psrp.fake.server("MBX01").stored == before


def read(value: object) -> object:
    """Return what this library reads of an object that psrpcore wrote."""
    element = ps.serialize(value, None)  # type: ignore[arg-type] # nothing is encrypted
    return read_object(wire.powershell.ET.tostring(element, encoding="unicode"))


RECORDS = {
    "list": Record(type_names=("X`1[[Y]]", "System.Object"), items=("a", 1)),
    "enum": Record(
        type_names=("A.Status", "System.Enum", "System.ValueType", "System.Object"), text="Running", value=4
    ),
    "text with notes": Record(value="x", properties={"n": 1}),
    "object": Record(
        type_names=("T", "System.Object"),
        text="shown",
        properties={
            "none": None,
            "yes": True,
            "half": 0.5,
            "dict": Record(type_names=("System.Collections.Hashtable", "System.Object"), value={"k": "v"}),
            "id": uuid.UUID(int=7),
            "inner": Record(type_names=("U", "System.Object"), properties={"s": "x"}),
        },
    ),
}


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_a_record_is_read_back_as_it_was(record: Record) -> None:
    """By this library's own reader, which agrees with PowerShell's."""
    got = read(write_value(record))

    assert got == record


def test_a_list_of_nothing_but_values_is_one() -> None:
    """A tuple has no type of its own."""
    got = read(write_value((1, "a")))

    assert isinstance(got, Record)
    assert got.items == (1, "a")


def test_a_record_without_values_has_its_properties_all_the_same() -> None:
    """All null, as from a server that could not read its own payload."""
    got = read(write_value(RECORDS["object"], without_values=True))

    assert isinstance(got, Record)
    assert set(got.properties) == set(RECORDS["object"].properties)
    assert set(got.properties.values()) == {None}


def test_settings_come_in_exchange_s_own_shape(psrp: PsrpServer) -> None:
    """Plain texts and numbers; lists under the type of a multi-valued property."""
    with wire.pool(psrp.port) as pool:
        (settings,) = wire.run(pool, "Get-ImapSettings").output

    assert [name.rpartition(".")[2] for name in settings.types] == [
        "Imap4AdConfiguration",
        "PopImapAdConfiguration",
        "ADEmailTransport",
        "ADLegacyVersionableObject",
        "ADConfigurationObject",
        "ADObject",
        "ADRawEntry",
        "ConfigurableObject",
        "Object",
    ]
    assert settings.adapted_properties["MaxConnections"] == 2147483647
    assert settings.adapted_properties["LoginType"] == "SecureLogin"
    bindings = settings.adapted_properties["SSLBindings"]
    assert bindings.types[0].startswith("Microsoft.Exchange.Data.MultiValuedProperty`1[[")
    assert bindings.property_sets == ["<LST><S>[::]:993</S><S>0.0.0.0:993</S></LST>"]


def test_a_service_comes_in_windows_own_shape(psrp: PsrpServer) -> None:
    """Its name is added by PowerShell, and its state is a number with a word."""
    with wire.pool(psrp.port, WINDOWS) as pool:
        (service,) = wire.run(pool, "Get-Service", "MSExchangeImap4").output

    assert service.types[0] == "System.ServiceProcess.ServiceController"
    assert set(service.extended_properties) == {"Name", "RequiredServices"}
    assert str(service) == service.extended_properties["Name"] == "MSExchangeImap4"
    status = service.adapted_properties["Status"]
    assert (str(status), status.property_sets) == ("Stopped", [1])
    assert status.types == [
        "System.ServiceProcess.ServiceControllerStatus",
        "System.Enum",
        "System.ValueType",
        "System.Object",
    ]


def test_a_list_is_edited_and_a_warning_arrives(psrp: PsrpServer) -> None:
    """Through the hashtable that PowerShell takes."""
    with wire.pool(psrp.port) as pool:
        edit = {"Add": ["127.0.0.1:1993"], "Remove": ["[::]:993"]}
        shell = wire.run(pool, "Set-ImapSettings", SSLBindings=edit)

    (warning,) = shell.streams.warning
    assert warning.message.startswith("Changes to IMAP4 settings")
    assert [str(each) for each in psrp.fake.servers[0].stored.ssl_bindings] == ["0.0.0.0:993", "127.0.0.1:1993"]


def test_what_may_be_said_quietly_is_not_said(psrp: PsrpServer) -> None:
    """Warnings and errors, where the command says so."""
    with wire.pool(psrp.port) as pool:
        shell = wire.run(pool, "Set-ImapSettings", Banner="x", WarningAction="SilentlyContinue")
        assert not shell.streams.warning
        for action in ("ignore", "silently", 0):
            shell = wire.run(pool, "Get-ImapSettings", Server="MBX09", ErrorAction=action)
            assert (shell.streams.error, shell.had_errors) == ([], False)


@pytest.mark.parametrize("preference", ["ErrorAction", "WarningAction"])
@pytest.mark.parametrize("word", ["s", "Never", 9])
def test_a_preference_that_is_none_is_refused(psrp: PsrpServer, preference: str, word: object) -> None:
    """An ambiguous beginning too."""
    with wire.pool(psrp.port) as pool:
        shell = wire.run(pool, "Set-ImapSettings", Banner="x", **{preference: word})

    assert (wire.ids(shell), shell.had_errors) == (["CannotConvertArgumentNoMessage"], True)
    assert not psrp.fake.log


def test_a_credential_arrives_decrypted(psrp: PsrpServer) -> None:
    """After an exchange of keys; on the wire it is not to be seen."""
    seen = []

    def run(pipeline: xi.Pipeline) -> Reply:
        seen.append(pipeline.commands[0].parameters)
        return Reply()

    (shells,) = (psrp._shells,)
    made = shells.make_session
    shells.make_session = lambda endpoint: _answered_by(made(endpoint), run)
    with wire.pool(psrp.port) as pool:
        pool.exchange_keys()
        credential = wire.complex_objects.PSCredential(username="contoso\\kim", password="pass\U0001f511word")  # noqa: S106
        secure = wire.serializer.TaggedValue("SS", "hidden")
        wire.run(pool, "Test-ImapConnectivity", MailboxCredential=credential, Other=secure)

    parameters = {parameter.name: parameter.value for parameter in seen[0]}
    received = parameters["MailboxCredential"]
    assert isinstance(received, xi.PSCredential)
    assert (received.user_name, received.password.reveal()) == ("contoso\\kim", "pass\U0001f511word")
    assert parameters["Other"] == xi.Secret("hidden")


def _answered_by(session: Any, run: Any) -> Any:  # Any: a session with another behind it
    session.surroundings = attrs.evolve(session.surroundings, run=run)
    return session


# What is sent, and the id, category and exception of the error that comes of it.
REFUSALS: dict[tuple[str, str], tuple[dict[str, object], str, int, str]] = {
    ("Get-Nothing", "it is not there"): ({}, "CommandNotFoundException", 13, "CommandNotFoundException"),
    ("Script", "it is not there"): ({}, "CommandNotFoundException", 13, "CommandNotFoundException"),
    ("Get-ImapSettings", "unknown"): ({"Foo": 1}, "NamedParameterNotFound", 5, "ParameterBindingException"),
    ("Set-ImapSettings", "wrong type"): (
        {"MaxConnections": "x"},
        "ParameterArgumentTransformationError",
        6,
        "ParameterBindingArgumentTransformationException",
    ),
    ("Set-ImapSettings", "out of range"): (
        {"MaxConnections": -1},
        "ParameterArgumentValidationError",
        6,
        "ParameterBindingValidationException",
    ),
}


@pytest.mark.parametrize(("cmdlet", "case"), REFUSALS)
def test_what_is_found_before_a_command_runs_ends_it(psrp: PsrpServer, cmdlet: str, case: str) -> None:
    """With PowerShell's own id, category and exception."""
    given, error_id, category, reason = REFUSALS[cmdlet, case]
    with wire.pool(psrp.port) as pool:
        shell = wire.run(pool, cmdlet, **given)

    (error,) = shell.streams.error
    assert (wire.ids(shell), error.category, error.reason) == ([error_id], category, reason)
    assert error.exception.types[0] == f"System.Management.Automation.{reason}"
    assert shell.state == wire.complex_objects.PSInvocationState.FAILED


def test_an_error_that_a_command_writes_does_not_end_it(psrp: PsrpServer) -> None:
    """Unless the command says to stop."""
    with wire.pool(psrp.port) as pool:
        goes_on = wire.run(pool, "Get-ImapSettings", Server="MBX09")
        stops = wire.run(pool, "Get-ImapSettings", Server="MBX09", ErrorAction="sto")

    assert [goes_on.had_errors, stops.had_errors] == [False, True]
    for shell in (goes_on, stops):
        (error,) = shell.streams.error
        assert "[FailureCategory=Cmdlet-ManagementObjectNotFoundException]" in error.fq_error
        assert (error.reason, error.activity) == ("ManagementObjectNotFoundException", "Get-ImapSettings")


def test_a_service_s_error_says_what_it_is_about(psrp: PsrpServer) -> None:
    """Category, target and the cmdlet's exception."""
    with wire.pool(psrp.port, WINDOWS) as pool:
        (error,) = wire.run(pool, "Get-Service", "nope").streams.error

    assert error.fq_error == "NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand"
    assert error.message == "ObjectNotFound: (nope:String) [Get-Service], ServiceCommandException"


def test_an_error_of_an_unknown_category_has_none(psrp: PsrpServer) -> None:
    """A fault may say what it likes."""
    made = ErrorRecord(message="m", category="Own", fully_qualified_error_id="Own,Get-ImapSettings")
    psrp.fake.fail(Fault(error=made))
    with wire.pool(psrp.port) as pool:
        (error,) = wire.run(pool, "Get-ImapSettings").streams.error

    assert (error.category, error.reason, error.fq_error) == (0, "Exception", "Own,Get-ImapSettings")


def script(pool: Any, text: str) -> Any:  # Any: pypsrp as it comes
    """Run a text."""
    shell = wire.powershell.PowerShell(pool).add_script(text)
    shell.invoke()
    return shell


def test_script_text_is_refused(psrp: PsrpServer) -> None:
    """By Exchange's endpoint as by PowerShell without a language; the other has one, and the fake has not."""
    with wire.pool(psrp.port) as pool:
        (error,) = script(pool, "Get-ImapSettings").streams.error
        assert (error.fq_error, error.category, error.reason) == ("ScriptsNotAllowed", 17, "ParseException")
        assert error.target_name == "Get-ImapSettings"
    with wire.pool(psrp.port, WINDOWS) as pool:
        assert wire.ids(script(pool, "1 + 1")) == ["PipelineNotModelled"]


def test_a_pipe_between_commands_runs_and_one_from_the_client_is_not_modelled(psrp: PsrpServer) -> None:
    with wire.pool(psrp.port) as pool:
        piped = wire.command(pool, "Get-ImapSettings").add_cmdlet("Get-ImapSettings")
        output = piped.invoke()
        fed = wire.command(pool, "Get-ImapSettings")
        fed.invoke(["MBX01"])

    assert (wire.ids(piped), len(output)) == ([], 1)
    assert wire.ids(fed) == ["PipelineNotModelled"]


@pytest.mark.parametrize("path", [EXCHANGE, WINDOWS])
def test_a_session_whose_server_breaks_is_over(psrp: PsrpServer, path: str) -> None:
    """A client that waits gets the fault that the shell has gone, and so does a later one."""
    psrp.fake.fail(Fault(effect=True))
    cmdlet = {EXCHANGE: "Get-ImapSettings", WINDOWS: "Get-Service"}[path]
    with wire.pool(psrp.port, path) as pool:
        for _ in range(2):
            with pytest.raises(wire.Fault) as caught:
                wire.run(pool, cmdlet)
            assert caught.value.code == 2150858843
        pool.state = wire.powershell.RunspacePoolState.CLOSED


def test_what_goes_wrong_in_the_server_is_kept() -> None:
    """The test that uses it sees it; the client gets the fault that the shell has gone."""

    def broken() -> dt.datetime:
        raise ZeroDivisionError

    with PsrpServer(FakeExchange(servers=["MBX01"], clock=broken)) as psrp, wire.pool(psrp.port) as pool:
        with pytest.raises(wire.Fault):
            wire.run(pool, "Get-ImapSettings")
        pool.state = wire.powershell.RunspacePoolState.CLOSED

    assert [type(error) for error in psrp.errors] == [ZeroDivisionError]
