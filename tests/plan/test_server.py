"""One server from fresh to enabled and back, on the fake that behaves as the server does."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._plan.resource import advance
from exchange_imap.testing import FakeExchange, FakeServer, Fault, LogEntry
from support.clocks import MOMENT, Time

EXTERNAL = ("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS")
DESIRED = xi.DesiredState.enabled(external=EXTERNAL, certificate="mail.contoso.com")
RUNNING = ("Running", "Automatic")


@pytest.fixture
def fake() -> FakeExchange:
    """Return a freshly installed server."""
    return FakeExchange(servers=["MBX01"])


@pytest.fixture
def server(fake: FakeExchange) -> Iterator[xi.ImapServer]:
    """Return what a tool holds for it."""
    with connect(fake) as server:
        yield server


def connect(fake: FakeExchange) -> xi.ImapServer:
    """Connect both endpoints, as another process would."""
    exchange = fake.transport(xi.Endpoint.EXCHANGE)
    return xi.ImapServer("MBX01", exchange=exchange, windows=fake.transport(xi.Endpoint.WINDOWS))


def enabled(fake: FakeExchange) -> xi.ImapServer:
    """Return a server on which IMAP4 is enabled already."""
    server = connect(fake)
    server.enable(external=EXTERNAL, certificate="mail.contoso.com")
    return server


def peer(fake: FakeExchange) -> FakeServer:
    """Return the server behind the endpoints."""
    return fake.server("MBX01")


def status(server: xi.ImapServer) -> list[tuple[str, str]]:
    """Return status and start type of both services."""
    return [(str(service.status), str(service.startup_type)) for service in server.services()]


def test_enabling_a_fresh_server_leaves_it_running_with_effective_settings(fake: FakeExchange) -> None:
    """The whole procedure of the document, verified on the server itself."""
    server = connect(fake)

    outcome = server.enable(external=EXTERNAL, certificate="mail.contoso.com")

    assert outcome.changed
    assert (outcome.failed, outcome.not_tried, outcome.pending) == (None, (), frozenset())
    assert status(server) == [RUNNING, RUNNING]
    effective = peer(fake).effective
    assert effective is not None
    assert tuple(map(str, effective.external_connection_settings)) == EXTERNAL
    assert effective.x509_certificate_name == "mail.contoso.com"


def test_a_plan_is_the_exact_script_with_a_reason_for_each_step(server: xi.ImapServer) -> None:
    """Settings first, so that the services read them when they start and need no restart."""
    plan = server.plan(DESIRED)

    assert str(plan) == (
        "# Plan for MBX01: 5 steps. Run it in the Exchange Management Shell on that server.\n"
        '# 1. ExternalConnectionSettings: @() -> "mail.contoso.com:993:SSL","mail.contoso.com:143:TLS"; '
        f"X509CertificateName: {server.settings().x509_certificate_name} -> mail.contoso.com\n"
        'Set-ImapSettings -Server MBX01 -ExternalConnectionSettings "mail.contoso.com:993:SSL",'
        '"mail.contoso.com:143:TLS" -X509CertificateName mail.contoso.com\n'
        "# 2. MSExchangeImap4: StartupType: Manual -> Automatic\n"
        "Set-Service MSExchangeImap4 -StartupType Automatic\n"
        "# 3. MSExchangeIMAP4BE: StartupType: Manual -> Automatic\n"
        "Set-Service MSExchangeIMAP4BE -StartupType Automatic\n"
        "# 4. MSExchangeImap4 is Stopped and shall run\n"
        "Start-Service MSExchangeImap4\n"
        "# 5. MSExchangeIMAP4BE is Stopped and shall run\n"
        "Start-Service MSExchangeIMAP4BE"
    )


def test_the_script_of_a_plan_reads_back_to_its_commands(server: xi.ImapServer) -> None:
    """What an administrator pastes is what would be sent."""
    plan = server.plan(attrs.evolve(DESIRED, settings=xi.SetImapSettings(banner="two\nlines # $x")))

    assert xi.parse_script(str(plan)) == tuple(step.command for step in plan.steps)


def test_planning_changes_nothing(fake: FakeExchange, server: xi.ImapServer) -> None:
    """A plan only reads."""
    server.plan(DESIRED)

    assert fake.writes == ()


def test_a_second_plan_is_empty_and_runs_no_write(fake: FakeExchange) -> None:
    """Also for another process, and with spelling and order that differ."""
    enabled(fake)
    before = fake.writes
    other = connect(fake)

    plan = other.plan(
        xi.DesiredState.enabled(external=reversed([e.upper() for e in EXTERNAL]), certificate="MAIL.contoso.com")
    )

    assert not plan
    assert "stored settings are as desired" in str(plan)
    assert not other.apply(plan).changed
    assert fake.writes == before


def test_a_plan_reversed_restores_the_first_state(fake: FakeExchange, server: xi.ImapServer) -> None:
    """Settings, start types and status, and the plan back again is the first one."""
    first = server.state()
    plan = server.plan(DESIRED)
    server.apply(plan)

    back = plan.reverse()
    server.apply(back)

    assert server.state().same(first)
    assert [str(step.command) for step in back.reverse().steps] == [str(step.command) for step in plan.steps]
    assert peer(fake).pending is False


def test_a_change_on_a_running_server_restarts_both_services(fake: FakeExchange) -> None:
    """The restart is a step of the plan, and the settings are pending until it is done."""
    server = enabled(fake)

    plan = server.plan(xi.DesiredState(settings=xi.SetImapSettings(banner="Welcome.")))

    assert [str(step.command) for step in plan.steps] == [
        "Set-ImapSettings -Server MBX01 -Banner Welcome.",
        "Restart-Service MSExchangeImap4",
        "Restart-Service MSExchangeIMAP4BE",
    ]
    server.apply(plan)
    effective = peer(fake).effective
    assert effective is not None
    assert effective.banner == "Welcome."


def _numbers(steps: int) -> list[tuple[int, bool]]:
    return [(nth, effect) for nth in range(1, steps + 1) for effect in (False, True)]


@pytest.mark.parametrize(("nth", "effect"), _numbers(5))
@pytest.mark.parametrize("error", [xi.TransportError, xi.TransportTimeoutError, "refusal"])
def test_a_failure_at_any_command_on_a_fresh_server_is_told_truly_and_made_good(
    fake: FakeExchange, nth: int, effect: bool, error: type[xi.TransportError] | str
) -> None:
    """Before or after its effect, lost or refused: the outcome is true, and a new plan reaches the same end."""
    server = connect(fake)
    plan = server.plan(DESIRED)
    fake.fail(fault(nth, effect, error))

    outcome = apply(fake, server, plan)

    finish(fake, server, outcome)


@pytest.mark.parametrize(("nth", "effect"), _numbers(3))
@pytest.mark.parametrize("error", [xi.TransportError, xi.TransportTimeoutError, "refusal"])
@pytest.mark.parametrize("another_process", [False, True])
def test_a_failure_at_any_command_on_a_running_server_is_told_truly_and_made_good(
    fake: FakeExchange, nth: int, effect: bool, error: type[xi.TransportError] | str, another_process: bool
) -> None:
    """The same where services have to be restarted, also when another process goes on with what was reported."""
    server = enabled(fake)
    assert DESIRED.settings is not None
    changed = attrs.evolve(DESIRED, settings=attrs.evolve(DESIRED.settings, banner="Welcome."))
    plan = server.plan(changed)
    assert len(plan.steps) == 3
    fake.fail(fault(nth, effect, error))

    outcome = apply(fake, server, plan)

    finish(fake, connect(fake) if another_process else server, outcome, changed)


def fault(nth: int, effect: bool, error: type[xi.TransportError] | str) -> Fault:
    """Make the n-th write fail."""
    if isinstance(error, str):
        refusal = xi.ErrorRecord(message="no", category="NotSpecified", fully_qualified_error_id="Refused")
        return Fault(nth=nth, writes=True, effect=effect, error=refusal)
    return Fault(nth=nth, writes=True, effect=effect, error=error)


def apply(fake: FakeExchange, server: xi.ImapServer, plan: xi.Plan) -> xi.Outcome:
    """Apply, hold the outcome against what the server itself knows, and return it whichever way it comes."""
    before = len(fake.writes)
    try:
        outcome = server.apply(plan)
    except xi.ApplyError as error:
        outcome = error.outcome
    assert_true(outcome, fake.writes[before:])
    return outcome


def assert_true(outcome: xi.Outcome, entries: tuple[LogEntry, ...]) -> None:
    """Assert that the steps said to be applied are those that the server carried out."""
    applied = [str(step.command) for step in outcome.applied]
    failed = [str(outcome.failed.step.command)] if outcome.failed else []
    carried_out = [str(entry.pipeline) for entry in entries if entry.effect]
    possible = {
        None: [applied],
        xi.Effect.NOT_APPLIED: [applied],
        xi.Effect.APPLIED: [applied + failed],
        xi.Effect.UNKNOWN: [applied, applied + failed],
    }[outcome.failed.effect if outcome.failed else None]

    assert applied + failed + [str(step.command) for step in outcome.not_tried] == [
        str(step.command) for step in outcome.plan.steps
    ]
    assert sent_once([str(entry.pipeline) for entry in entries]) == applied + failed
    assert carried_out in possible


def sent_once(commands: list[str]) -> list[str]:
    """Leave out the first of two: only what states whole values may be sent once more, when it did nothing."""
    following = [*commands[1:], ""]
    return [
        command
        for command, then in zip(commands, following, strict=True)
        if command != then or not command.startswith("Set-")
    ]


def finish(fake: FakeExchange, server: xi.ImapServer, outcome: xi.Outcome, desired: xi.DesiredState = DESIRED) -> None:
    """Plan again from there, and reach the same end."""
    server.apply(server.plan(desired, pending=outcome.pending))

    effective = peer(fake).effective
    assert effective is not None
    assert desired.settings is not None
    assert xi.diff(effective, desired.settings) is None
    assert status(server) == [RUNNING, RUNNING]
    assert not peer(fake).pending
    assert not server.plan(desired)


def test_an_error_with_its_outcome_survives_a_pickle(fake: FakeExchange) -> None:
    """A pool of processes can hand it on."""
    server = connect(fake)
    fake.fail(Fault(of="Start-Service"))

    with pytest.raises(xi.ApplyError) as caught:
        server.enable(external=EXTERNAL)

    again = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - made here
    assert str(again) == str(caught.value)
    assert again.outcome.applied == caught.value.outcome.applied


def test_no_write_is_sent_twice(fake: FakeExchange) -> None:
    """A lost answer is found out by reading, never by sending again."""
    server = connect(fake)
    fake.fail(Fault(of="Start-Service", effect=True))

    server.enable(external=EXTERNAL)

    commands = [str(entry.pipeline) for entry in fake.writes]
    assert len(commands) == len(set(commands)) == 5


def test_a_lost_restart_is_unknown_and_stays_pending(fake: FakeExchange) -> None:
    """A restart leaves no trace: it is neither called done nor repeated."""
    server = enabled(fake)
    fake.fail(Fault(of="Restart-Service", effect=True))

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(server.plan(xi.DesiredState(settings=xi.SetImapSettings(banner="x"))))

    failed = caught.value.outcome.failed
    assert failed is not None
    assert failed.effect is xi.Effect.UNKNOWN
    assert isinstance(failed.error, xi.UnknownOutcomeError)
    assert isinstance(failed.error.__cause__, xi.TransportError)
    assert caught.value.outcome.pending == {"msexchangeimap4", "msexchangeimap4be"}


def test_what_never_left_did_not_take_effect(fake: FakeExchange) -> None:
    """No reading is needed to know it."""
    server = connect(fake)
    fake.fail(Fault(of="Set-ImapSettings", sent=False))

    with pytest.raises(xi.ApplyError, match="it did not take effect") as caught:
        server.enable(external=EXTERNAL)

    assert not caught.value.outcome.changed


def test_a_server_that_cannot_be_read_again_leaves_the_step_unknown(fake: FakeExchange) -> None:
    """The outcome says so, and has no state."""
    server = connect(fake)
    plan = server.plan(DESIRED)
    fake.fail(Fault(of="Set-ImapSettings", effect=True))
    fake.fail(Fault(of="Get-ImapSettings", nth=2))

    with pytest.raises(xi.ApplyError, match="could not be read again") as caught:
        server.apply(plan)

    outcome = caught.value.outcome
    assert outcome.failed is not None
    assert outcome.failed.effect is xi.Effect.UNKNOWN
    assert outcome.state is None
    assert outcome.pending == frozenset()


def test_a_plan_whose_end_cannot_be_verified_says_that_all_was_applied(fake: FakeExchange) -> None:
    """Every step is in the outcome."""
    server = connect(fake)
    plan = server.plan(DESIRED)
    fake.fail(Fault(of="Get-ImapSettings", nth=2))

    with pytest.raises(xi.ApplyError, match="every step was applied, but the server could not be read") as caught:
        server.apply(plan)

    assert caught.value.outcome.applied == plan.steps


def test_a_server_that_is_not_as_planned_at_the_end_is_an_error(fake: FakeExchange) -> None:
    """Somebody else stopped a service in between."""
    server = connect(fake)
    plan = server.plan(DESIRED)
    real = fake.transport(xi.Endpoint.WINDOWS)

    class Meddler:
        """Stops the front end as soon as the backend has been started."""

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            """Run, and then meddle."""
            reply = real.run(pipeline)
            if str(pipeline) == "Start-Service MSExchangeIMAP4BE":
                peer(fake).set_service("MSExchangeIMAP4", status=xi.ServiceStatus.Stopped)
            return reply

        def close(self) -> None:
            """Close nothing."""

    server.windows = Meddler()

    with pytest.raises(xi.ApplyError, match="not as planned") as caught:
        server.apply(plan)

    assert caught.value.outcome.applied == plan.steps


def test_a_stale_plan_is_refused_and_nothing_is_changed(fake: FakeExchange) -> None:
    """The server changed since the plan was made."""
    server = connect(fake)
    plan = server.plan(DESIRED)
    connect(fake).run(xi.SetImapSettings(server="MBX01", banner="Somebody was here."))
    before = fake.writes

    with pytest.raises(xi.StalePlanError, match="make a new plan") as caught:
        server.apply(plan)

    assert fake.writes == before
    assert caught.value.outcome.not_tried == plan.steps
    assert not caught.value.outcome.changed


def test_a_server_whose_settings_changed_elsewhere_is_pending_only_if_told(fake: FakeExchange) -> None:
    """No server tells; a caller who knows says so, or asks for a restart."""
    enabled(fake).run(xi.SetImapSettings(server="MBX01", banner="x"))
    assert peer(fake).pending
    other = connect(fake)
    nothing = xi.DesiredState()

    assert not other.plan(nothing)
    restart = [str(step.command) for step in other.plan(xi.DesiredState(restart=True)).steps]
    assert restart == ["Restart-Service MSExchangeImap4", "Restart-Service MSExchangeIMAP4BE"]
    other.apply(other.plan(nothing, pending=["MSExchangeIMAP4", "MSExchangeIMAP4BE"]))
    assert not peer(fake).pending
    assert not other.plan(nothing)


def test_a_disabled_service_is_enabled_before_it_is_started(fake: FakeExchange) -> None:
    """It could not start otherwise."""
    peer(fake).set_service("MSExchangeIMAP4", startup_type=xi.StartupType.Disabled)

    outcome = connect(fake).enable(external=EXTERNAL)

    commands = [str(step.command) for step in outcome.applied]
    assert commands.index("Set-Service MSExchangeImap4 -StartupType Automatic") < commands.index(
        "Start-Service MSExchangeImap4"
    )


def test_services_can_be_stopped_and_disabled(fake: FakeExchange) -> None:
    """The same desired state the other way round; nothing is restarted."""
    server = enabled(fake)
    off = tuple(
        xi.SetService(name=name, startup_type=xi.StartupType.Disabled, status=xi.ServiceStatus.Stopped)
        for name in xi.IMAP4_SERVICES
    )

    server.apply(server.plan(xi.DesiredState(services=off, settings=xi.SetImapSettings(banner="x"))))

    assert status(server) == [("Stopped", "Disabled")] * 2


def test_an_edit_counts_only_as_far_as_it_changes_the_list(fake: FakeExchange) -> None:
    """What is there is not added, what is not there not removed, and the list is written whole."""
    server = enabled(fake)
    edit = xi.ListEdit(add=("mail.contoso.com:993:SSL", "x:143:TLS"), remove=("y:143:TLS",))

    plan = server.plan(xi.DesiredState(settings=xi.SetImapSettings(external_connection_settings=edit)))

    assert str(plan.steps[0].command) == (
        "Set-ImapSettings -Server MBX01 -ExternalConnectionSettings "
        '"mail.contoso.com:993:SSL","mail.contoso.com:143:TLS","x:143:TLS"'
    )
    assert (
        server.plan(
            xi.DesiredState(settings=xi.SetImapSettings(external_connection_settings=xi.ListEdit(remove=("y:1",))))
        ).steps
        == ()
    )


@pytest.mark.parametrize(
    ("external", "warning"),
    [
        ("mail.contoso.com:993:TLS", "993 is bound for TLS from the start: write mail.contoso.com:993:SSL"),
        ("mail.contoso.com:143:SSL", "143 is bound without TLS from the start: write mail.contoso.com:143:TLS"),
        ("mail.contoso.com:1993:SSL", "add one, or advertise a port that is bound"),
        ("mail.contoso.com:143", "mail.contoso.com:143 tells clients to connect without encryption"),
        ("mail.contoso.com:143:TLS", ""),
    ],
)
def test_a_connection_that_no_binding_answers_is_warned_of(server: xi.ImapServer, external: str, warning: str) -> None:
    """The server accepts it and clients cannot connect."""
    plan = server.plan(xi.DesiredState.enabled(external=external))

    assert warning in " ".join(map(str, plan.warnings))
    assert bool(plan.warnings) == bool(warning)
    assert all(f"# Warning: {each}" in str(plan) for each in plan.warnings)


def test_bindings_without_loopback_are_warned_of(server: xi.ImapServer) -> None:
    """Managed Availability can take IMAP4 out of service when its probe does not reach the address."""
    desired = xi.DesiredState.enabled(
        external=EXTERNAL, ssl_bindings=["10.0.0.1:993"], unencrypted_or_tls_bindings=["127.0.0.1:143", "10.0.0.1:143"]
    )

    (warning,) = server.plan(desired).warnings

    assert str(warning) == (
        "SSLBindings: no binding covers 127.0.0.1, so Managed Availability can take IMAP4 out of service; "
        "add 127.0.0.1:993, or use 0.0.0.0:993. [no-loopback]"
    )


def test_a_contradiction_is_refused_before_anything_is_sent(fake: FakeExchange, server: xi.ImapServer) -> None:
    """Custom calendar links need a server to lead to."""
    custom = xi.CalendarItemRetrievalOption.Custom

    with pytest.raises(xi.InvalidValueError, match="OwaServerUrl"):
        server.plan(xi.DesiredState(settings=xi.SetImapSettings(calendar_item_retrieval_option=custom)))

    assert fake.writes == ()


def test_a_desired_state_of_another_server_is_refused(server: xi.ImapServer) -> None:
    """The name may be short or whole."""
    assert server.plan(xi.DesiredState(settings=xi.SetImapSettings(server="mbx01.contoso.com"))) is not None
    with pytest.raises(xi.InvalidValueError, match="Plan it on that server"):
        server.plan(xi.DesiredState(settings=xi.SetImapSettings(server="MBX02")))


@pytest.mark.parametrize(
    ("service", "message"),
    [
        (xi.SetService(name="Spooler"), "MSExchangeIMAP4"),
        (xi.SetService(name="MSExchangeIMAP4", status=xi.ServiceStatus.Paused), "Running or Stopped"),
        (
            xi.SetService(
                name="MSExchangeIMAP4", status=xi.ServiceStatus.Running, startup_type=xi.StartupType.Disabled
            ),
            "Automatic or Manual for a service that shall run",
        ),
    ],
)
def test_a_desired_state_of_other_services_is_refused(service: xi.SetService, message: str) -> None:
    """A desired state is about the two IMAP4 services."""
    with pytest.raises(xi.InvalidValueError, match=message):
        xi.DesiredState(services=(service,))


def test_slips_of_the_caller_say_what_to_write(server: xi.ImapServer) -> None:
    """Another type than the one that is needed, or something said twice."""
    service = xi.SetService(name="MSExchangeIMAP4")
    slips: list[tuple[Callable[[], object], str]] = [
        (lambda: xi.DesiredState(settings="Set-ImapSettings"), "SetImapSettings.parse"),  # type: ignore[arg-type]
        (lambda: xi.DesiredState(services=service), r"services=\[SetService\("),  # type: ignore[arg-type]
        (lambda: xi.DesiredState(services=("MSExchangeIMAP4",)), "a list or tuple of SetService"),  # type: ignore[arg-type]
        (lambda: xi.DesiredState(services=(service, service)), "each service once"),
        (lambda: server.plan(xi.SetImapSettings()), "Write DesiredState"),  # type: ignore[arg-type]
        (lambda: server.plan(DESIRED, pending="MSExchangeIMAP4"), "in a tuple or list"),
        (lambda: server.plan(DESIRED, pending=["Microsoft Exchange IMAP4"]), "in a tuple or list"),
        (lambda: server.apply(DESIRED), r"Write apply\(plan\(desired\)\)"),  # type: ignore[arg-type]
        (lambda: server.run("Get-ImapSettings"), "a cmdlet"),  # type: ignore[arg-type]
        (lambda: xi.ImapServer(" "), "the server's name"),
        (lambda: xi.ImapServer(None), "the server's name"),  # type: ignore[arg-type]
        (lambda: xi.diff(server.settings(), xi.SetImapSettings(server="MBX02", banner="x")), "on that server"),
    ]
    for slip, message in slips:
        with pytest.raises(xi.InvalidValueError, match=message):
            slip()


def test_a_certificate_that_no_client_is_told_of_is_warned_of(server: xi.ImapServer) -> None:
    """It is found by a name of the connection settings."""
    desired = xi.DesiredState.enabled(external=EXTERNAL, certificate="other.fabrikam.com")

    assert "other.fabrikam.com is no host of" in " ".join(map(str, server.plan(desired).warnings))


def test_one_external_setting_may_be_given_alone(server: xi.ImapServer) -> None:
    """A text is not taken apart into its letters."""
    assert xi.DesiredState.enabled(external="a:993:SSL") == xi.DesiredState.enabled(external=["a:993:SSL"])
    assert not server.plan(xi.DesiredState())


def test_a_missing_transport_says_which_one(fake: FakeExchange) -> None:
    """One endpoint is enough for what it has."""
    server = xi.ImapServer("MBX01", exchange=fake.transport())

    assert server.settings().server == "MBX01"
    with pytest.raises(xi.EndpointError, match="windows=") as caught:
        server.services()
    assert caught.value.sent is False
    server.close()


def test_a_refusal_is_an_error_with_its_records(server: xi.ImapServer) -> None:
    """Category and id are at hand; the text is in the server's language."""
    with pytest.raises(xi.CommandError) as caught:
        server.run(xi.GetImapSettings(server="MBX09"))

    assert caught.value.category == "NotSpecified"
    assert "ManagementObjectNotFoundException" in caught.value.id


@pytest.mark.parametrize("records", [(), (xi.Record(), xi.Record())])
def test_an_answer_of_other_size_is_refused(records: tuple[xi.Record, ...]) -> None:
    """One object of settings and two services, or an error with the path."""

    class Silent:
        """Answers the same to everything."""

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            """Answer."""
            del pipeline
            return xi.Reply(records=records)

        def close(self) -> None:
            """Close nothing."""

    server = xi.ImapServer("MBX01", exchange=Silent(), windows=Silent())

    with pytest.raises(xi.UnexpectedReplyError):
        server.settings()
    with pytest.raises(xi.UnexpectedReplyError):
        server.services()


def test_closing_closes_both_transports_once() -> None:
    """Also when the first one fails, and one that serves both endpoints only once."""
    closed = []

    class Closing:
        """Remembers that it was closed."""

        def __init__(self, error: Exception | None = None) -> None:
            """Fail with the error, if any."""
            self.error = error

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            """Answer nothing."""
            del pipeline
            return xi.Reply()

        def close(self) -> None:
            """Remember it."""
            closed.append(self)
            if self.error:
                raise self.error

    failing, fine = Closing(xi.TransportError("gone")), Closing()
    with pytest.raises(xi.TransportError):
        xi.ImapServer("MBX01", exchange=failing, windows=fine).close()
    xi.ImapServer("MBX01", exchange=fine, windows=fine).close()
    xi.ImapServer("MBX01").close()

    assert closed == [failing, fine, fine]


def test_null_empties_a_list_and_a_text(server: xi.ImapServer) -> None:
    """As it does on the server; what is empty already does not differ."""
    empty = xi.SetImapSettings(external_connection_settings=None, internal_connection_settings=None, banner=None)

    changes = xi.compare(server.settings(), empty)

    assert [(change.parameter, change.after) for change in changes] == [
        ("InternalConnectionSettings", ()),
        ("Banner", ""),
    ]


def test_what_was_not_there_is_taken_back_to_nothing(server: xi.ImapServer) -> None:
    """A URL that there was none of is null again, not an empty text, which is no URL."""
    plan = server.plan(xi.DesiredState(settings=xi.SetImapSettings(owa_server_url="https://mail.contoso.com/")))
    server.apply(plan)

    assert str(plan.reverse().steps[0].command) == "Set-ImapSettings -Server MBX01 -OwaServerUrl $null"
    server.apply(plan.reverse())


def test_a_step_prints_its_reason_and_its_command(server: xi.ImapServer) -> None:
    """As in the script."""
    (step,) = server.plan(xi.DesiredState(settings=xi.SetImapSettings(banner="x"))).steps

    assert str(step).endswith("-> x\nSet-ImapSettings -Server MBX01 -Banner x")


def test_a_state_knows_only_the_commands_of_a_plan(server: xi.ImapServer) -> None:
    """Anything else is refused."""
    with pytest.raises(xi.InvalidValueError, match="Get-ImapSettings"):
        advance(server.state(), xi.GetImapSettings())


def test_what_cannot_be_compared_is_a_mistake(server: xi.ImapServer) -> None:
    """Settings with settings, services with services."""
    with pytest.raises(xi.InvalidValueError, match="a SetImapSettings, as current is a ImapSettings"):
        xi.diff(server.settings(), xi.SetService(name="x"))  # type: ignore[call-overload]  # the mistake itself
    with pytest.raises(xi.InvalidValueError, match="a SetService, as current is a ServiceState"):
        xi.diff(server.services()[0], xi.SetImapSettings(banner="x"))  # type: ignore[call-overload]


def test_a_service_is_compared_too(server: xi.ImapServer) -> None:
    """The one cmdlet that changes what differs."""
    service = server.services()[0]

    assert xi.diff(service, xi.SetService(name=service.name, startup_type=xi.StartupType.Manual)) is None
    assert (
        str(xi.diff(service, xi.SetService(name=service.name, startup_type=xi.StartupType.Automatic)))
        == "Set-Service MSExchangeImap4 -StartupType Automatic"
    )


def test_a_state_has_the_time_at_which_it_was_read(fake: FakeExchange) -> None:
    """By the clock of the caller; two states are equal whenever they were read."""
    transport = fake.transport()
    state = xi.ImapServer("MBX01", exchange=transport, windows=transport, clock=Time().clock).state()

    assert state.read_at == MOMENT
    assert state == attrs.evolve(state, read_at=None)
    assert repr(state) == repr(attrs.evolve(state, read_at=None))
    with pytest.raises(xi.InvalidValueError, match=r"ServerState\.read_at: expected a moment with its time zone"):
        attrs.evolve(state, read_at=MOMENT.replace(tzinfo=None))
