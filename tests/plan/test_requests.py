"""How often a server is asked: the reads that a plan needs, and none besides."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._apply.application import Application
from exchange_imap._transports.transport import only_reads
from exchange_imap.testing import FakeExchange, FakeTransport, Fault, PsrpServer, WireFault, WireFaultKind

EXTERNAL = ("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS")
CERTIFICATE = "mail.contoso.com"
REFUSAL = xi.ErrorRecord(message="no", category="PermissionDenied", fully_qualified_error_id="Refused")
# Errors that end a command, which its ErrorAction does not silence: of the cmdlet, and of a function of its name.
ENDING = [
    attrs.evolve(REFUSAL, fully_qualified_error_id=f"NamedParameterNotFound,{of}")
    for of in ("Microsoft.PowerShell.Commands.GetServiceCommand", "Get-Service")
]
BOTH = {name.lower() for name in xi.IMAP4_SERVICES}


@pytest.fixture
def fake() -> FakeExchange:
    """Return a freshly installed server."""
    return FakeExchange(servers=["MBX01"])


@pytest.fixture
def psrp(fake: FakeExchange) -> Iterator[PsrpServer]:
    """Serve it on loopback."""
    with PsrpServer(fake) as psrp:
        yield psrp


def start_by_hand(fake: FakeExchange) -> None:
    """Start both services without the settings."""
    for name in xi.IMAP4_SERVICES:
        fake.server("MBX01").set_service(name, status=xi.ServiceStatus.Running)


def on_the_fake(fake: FakeExchange) -> xi.ImapServer:
    """Reach the server without a network."""
    return xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport())


def enable(server: xi.ImapServer) -> xi.Outcome:
    """Carry out the whole procedure."""
    return server.enable(external=EXTERNAL, certificate=CERTIFICATE)


def enable_on(psrp: PsrpServer) -> xi.Outcome:
    """Carry it out over the wire, opening and closing included."""
    with xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=psrp.windows()) as server:
        return enable(server)


def reads(fake: FakeExchange) -> list[str]:
    """Return the commands that only read, in their order."""
    return [str(entry.pipeline).partition(" ")[0] for entry in fake.log if not entry.write]


def leave(_: FakeExchange) -> None:
    """Leave the server as it was installed."""


def finish(fake: FakeExchange) -> None:
    """Do all of the procedure beforehand."""
    enable(on_the_fake(fake))


@pytest.mark.parametrize(
    ("prepare", "requests", "steps"),
    [(leave, 18, 5), (start_by_hand, 22, 5), (finish, 12, 0)],
    ids=["fresh", "half-configured", "finished"],
)
def test_enabling_takes_so_many_requests(
    psrp: PsrpServer, prepare: Callable[[FakeExchange], None], requests: int, steps: int
) -> None:
    """3 to open each of two shells, 2 a command or batch, 1 to close each; the server ends as planned."""
    prepare(psrp.fake)

    outcome = enable_on(psrp)

    assert sum(psrp.requests.values()) == requests
    assert len(outcome.applied) == steps
    assert outcome.state is not None
    assert outcome.state.up_to_date == (BOTH if steps else set())
    assert outcome.state.settings == psrp.fake.server("MBX01").stored
    assert {(str(each.status), str(each.startup_type)) for each in outcome.state.services} == {("Running", "Automatic")}


def test_a_server_that_was_read_a_moment_ago_is_not_read_again_for_nothing(fake: FakeExchange) -> None:
    """`enable` reads once, and its outcome has the state that was read."""
    finish(fake)
    server, before = on_the_fake(fake), len(reads(fake))

    outcome = enable(server)

    assert reads(fake)[before:] == ["Get-ImapSettings", "Get-Service"]
    assert outcome.state == outcome.plan.before


def test_an_empty_plan_that_was_made_earlier_is_held_against_the_server(fake: FakeExchange) -> None:
    """`apply` reads the server once more, and refuses a plan that is stale by then."""
    finish(fake)
    server = on_the_fake(fake)
    plan = server.plan(xi.DesiredState.enabled(external=EXTERNAL, certificate=CERTIFICATE))
    before = len(reads(fake))

    assert not server.apply(plan).changed
    assert len(reads(fake)) - before == 2
    fake.server("MBX01").set_service("MSExchangeIMAP4", status=xi.ServiceStatus.Stopped)
    with pytest.raises(xi.StalePlanError):
        server.apply(plan)


@pytest.mark.parametrize("prepare", [leave, start_by_hand], ids=["started", "restarted"])
@pytest.mark.parametrize("error", [REFUSAL, *ENDING], ids=["silenced", "of the cmdlet", "of a function"])
def test_a_read_that_fails_behind_the_last_commands_is_no_error_of_theirs(
    psrp: PsrpServer, prepare: Callable[[FakeExchange], None], error: xi.ErrorRecord
) -> None:
    """Every step was applied, and the server is read again."""
    prepare(psrp.fake)
    psrp.fake.fail(Fault(of="Get-Service", nth=2, error=error))

    outcome = enable_on(psrp)

    assert (len(outcome.applied), outcome.failed) == (5, None)
    assert [reads(psrp.fake).count(name) for name in ("Get-Service", "Get-ImapSettings")] == [3, 2]


def test_an_error_of_the_last_command_stays_one_beside_that_of_the_read(psrp: PsrpServer) -> None:
    """An error that is found in the first statement before it runs does not end the batch."""
    start_by_hand(psrp.fake)
    of_restart = attrs.evolve(
        REFUSAL, fully_qualified_error_id="NamedParameterNotFound,Microsoft.PowerShell.Commands.RestartServiceCommand"
    )
    psrp.fake.fail(Fault(of="Restart-Service", nth=2, error=of_restart))
    psrp.fake.fail(Fault(of="Get-Service", nth=2, error=ENDING[0]))

    with pytest.raises(xi.ApplyError) as caught:
        enable_on(psrp)

    failed = caught.value.outcome.failed
    assert failed is not None
    assert (len(caught.value.outcome.applied), failed.effect) == (4, xi.Effect.UNKNOWN)
    assert isinstance(failed.error.__cause__, xi.CommandError)
    assert [record.fully_qualified_error_id for record in failed.error.__cause__.records] == [
        of_restart.fully_qualified_error_id
    ]


@pytest.mark.parametrize(
    "faults",
    [
        [Fault(of="Get-ImapSettings", nth=2)],
        [Fault(of="Get-ImapSettings", nth=2, error=REFUSAL)],
        [Fault(of="Get-Service", nth=2, error=REFUSAL), Fault(of="Get-Service", nth=3, error=REFUSAL)],
    ],
    ids=["settings lost", "settings refused", "services refused twice"],
)
def test_an_end_that_cannot_be_verified_says_that_all_was_applied(psrp: PsrpServer, faults: list[Fault]) -> None:
    """Whichever of the two reads failed, and whenever."""
    for fault in faults:
        psrp.fake.fail(fault)

    with pytest.raises(xi.ApplyError, match="every step was applied, but the server could not be read") as caught:
        enable_on(psrp)

    outcome = caught.value.outcome
    assert (outcome.applied, outcome.failed, outcome.state) == (outcome.plan.steps, None, None)


def test_null_behind_the_last_commands_is_not_taken_for_a_state(psrp: PsrpServer) -> None:
    """What was read with them is checked like any other answer."""
    psrp.fail(WireFault(kind=WireFaultKind.NULL_PROPERTIES, nth=6, endpoint=xi.Endpoint.WINDOWS))

    with pytest.raises(xi.ApplyError, match="every step was applied, but the server could not be read") as caught:
        enable_on(psrp)

    assert isinstance(caught.value.__cause__, xi.UnexpectedReplyError)


@attrs.define
class Batching:
    """The fake, which takes several pipelines at once."""

    inner: FakeTransport
    then: xi.TransportError | None = None
    """Raised behind the commands of a batch."""
    runs_batches: bool = True

    def run(self, pipeline: xi.Pipeline) -> xi.Reply:
        """Run one."""
        return self.inner.run(pipeline)

    def run_batch(self, pipelines: list[xi.Pipeline]) -> xi.Reply:
        """Run them all and put their answers together."""
        replies = [self.inner.run(pipeline) for pipeline in pipelines]
        if self.then is not None:
            raise self.then
        return xi.Reply(
            records=tuple(record for reply in replies for record in reply.records),
            warnings=tuple(warning for reply in replies for warning in reply.warnings),
        )

    def close(self) -> None:
        """Close it."""
        self.inner.close()


def test_settings_are_read_behind_a_batch_where_that_is_the_same_connection(fake: FakeExchange) -> None:
    """One after the other, for a transport takes one command at a time."""
    transport = Batching(fake.transport())

    enable(xi.ImapServer("MBX01", exchange=transport, windows=transport))

    assert reads(fake)[2:] == ["Get-Service", "Get-ImapSettings"]


def test_an_answer_is_taken_before_the_settings_that_are_read_beside_it(
    fake: FakeExchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the steps are known to be applied, even if the wait for the settings is interrupted."""
    take, taken = Application._take, threading.Event()

    def note(self: Application, places: Sequence[int], after: xi.ServerState) -> None:
        """Take it, and say so if it is the answer of the last step."""
        take(self, places, after)
        if len(self.plan.steps) - 1 in places:
            taken.set()

    class Waiting(Batching):
        """The connection over which settings are read; the second time that is done only when the answer was taken."""

        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            """Run one."""
            assert reads(fake).count("Get-ImapSettings") == 0 or not only_reads(pipeline) or taken.wait(30)
            return super().run(pipeline)

    monkeypatch.setattr(Application, "_take", note)

    outcome = enable(xi.ImapServer("MBX01", exchange=Waiting(fake.transport()), windows=Batching(fake.transport())))

    assert len(outcome.applied) == 5


@pytest.mark.parametrize("sent", [True, None], ids=["lost", "perhaps lost"])
def test_a_lost_restart_with_its_read_is_unknown(fake: FakeExchange, sent: bool | None) -> None:
    """Reading again tells nothing of a restart, whatever went with it; it is neither called done nor repeated."""
    finish(fake)
    windows = Batching(fake.transport(), xi.TransportError("lost", sent=sent))
    server = xi.ImapServer("MBX01", exchange=fake.transport(), windows=windows)

    with pytest.raises(xi.ApplyError) as caught:
        server.apply(server.plan(xi.DesiredState(restart=True)))

    outcome = caught.value.outcome
    assert (len(outcome.applied), len(outcome.not_tried)) == (1, 0)
    assert outcome.failed is not None
    assert outcome.failed.effect is xi.Effect.UNKNOWN
    assert isinstance(outcome.failed.error, xi.UnknownOutcomeError)
    assert outcome.pending == {"msexchangeimap4be"}


def test_settings_alone_are_verified_by_a_read_of_their_own(psrp: PsrpServer) -> None:
    """Exchange's endpoint takes no batch."""
    with xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=psrp.windows()) as server:
        outcome = server.apply(server.plan(xi.DesiredState(settings=xi.SetImapSettings(banner="Welcome."))))

    assert len(outcome.applied) == 1
    assert sorted(reads(psrp.fake)) == ["Get-ImapSettings"] * 3 + ["Get-Service"] * 3
