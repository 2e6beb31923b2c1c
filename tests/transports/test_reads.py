"""Several reads in one request: the same replies as one by one, and never a wrong one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Final

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._transports.psrp.failures import TIMED_OUT
from exchange_imap._transports.reads import Reads, run_reads
from exchange_imap._transports.transport import joined
from exchange_imap.testing import FakeExchange, FakeTransport, PsrpServer, WireFault, WireFaultKind
from support.examples import is_long
from support.fault_matrix import FAULTS, SILENT
from support.requests_seen import RequestsSeen

SETTINGS: Final = xi.Pipeline((xi.GetImapSettings(server="MBX01"),))
CONNECTOR: Final = xi.Pipeline((xi.GetReceiveConnector(identity="Client Frontend MBX01"),))
CERTIFICATE: Final = xi.Pipeline((xi.GetExchangeCertificate(server="MBX01"),))
THREE: Final = [SETTINGS, CONNECTOR, CERTIFICATE]
RECORDS: Final[dict[str, xi.Record]] = {
    "Get-ImapSettings": xi.Record(type_names=xi.ImapSettings.types, properties={"Banner": "Ready."}),
    "Get-ReceiveConnector": xi.Record(
        type_names=(f"Deserialized.{xi.ReceiveConnector.types[0]}",), properties={"Fqdn": "mbx01"}
    ),
    "Get-ExchangeCertificate": xi.Record(type_names=xi.ExchangeCertificate.types[1:], properties={"Thumbprint": "A"}),
}


def name_of(pipeline: xi.Pipeline) -> str:
    """Return the name of its cmdlet."""
    return pipeline.commands[0].name


@attrs.define(eq=False, repr=False)
class Furnished(FakeExchange):
    """An organisation whose Exchange endpoint answers three cmdlets with an object each."""

    answers: dict[str, xi.Reply] = attrs.field(
        factory=lambda: {name: xi.Reply(records=(record,)) for name, record in RECORDS.items()}, kw_only=True
    )

    def transport(self, endpoint: xi.Endpoint | None = None, server: str | None = None) -> FakeTransport:
        """Answer what is known by itself, and all else as the fake does."""
        fake = super().transport(endpoint, server)
        return FakeTransport(lambda pipeline: self.answers.get(name_of(pipeline)) or fake.run(pipeline))


@contextmanager
def serving(*, takes_statements: bool = True, **answers: xi.Reply) -> Iterator[PsrpServer]:
    """Serve such an organisation; ``answers`` are others, by the cmdlet's noun."""
    fake = Furnished(servers=["MBX01"])
    fake.answers |= {f"Get-{noun}": reply for noun, reply in answers.items()}
    with PsrpServer(fake, takes_statements=takes_statements) as psrp:
        yield psrp
    assert psrp.errors == []
    assert psrp.open_shells == 0


def texts(replies: Sequence[xi.Reply]) -> list[list[object]]:
    """Return the one property of each record."""
    return [[next(iter(record.properties.values())) for record in reply.records] for reply in replies]


ANSWERED: Final[list[list[object]]] = [["Ready."], ["mbx01"], ["A"]]


def test_three_reads_take_two_requests() -> None:
    """And six one by one: beside 3 to open the shell, and 1 to close it."""
    with serving() as psrp:
        with psrp.exchange() as transport:
            together = transport.run_reads(THREE)
        assert sum(psrp.requests.values()) == 3 + 2 + 1
        psrp.requests.clear()
        with psrp.exchange() as transport:
            alone = list(map(transport.run, THREE))
        assert sum(psrp.requests.values()) == 3 + 6 + 1

    assert texts(together) == texts(alone) == ANSWERED


def test_the_windows_endpoint_takes_them_too() -> None:
    """Each part has the reply of its own read."""
    with serving() as psrp, psrp.windows() as transport:
        (services,) = transport.run_reads([xi.Pipeline((xi.GetService(name=xi.IMAP4_SERVICES),))])

    assert len(services.records) == 2


def test_an_endpoint_that_refuses_is_asked_one_by_one_from_then_on() -> None:
    """The refusal costs two requests, once in the session."""
    with serving(takes_statements=False) as psrp, psrp.exchange() as transport:
        assert [texts(transport.run_reads(THREE)) for _ in range(3)] == [ANSWERED] * 3
        assert psrp.requests["Command"] == 1 + 3 * 3


ERROR: Final = xi.ErrorRecord(message="no", category="NotSpecified", fully_qualified_error_id="No,Get-ReceiveConnector")
UNDIVIDED: Final = {
    "an error": xi.Reply(errors=(ERROR,)),
    "a warning": xi.Reply(records=(RECORDS["Get-ReceiveConnector"],), warnings=("Slow.",)),
    "nothing": xi.Reply(),
    "another type": xi.Reply(records=(xi.Record(type_names=("System.String",), properties={"Length": 5}),)),
    "the type of another": xi.Reply(records=(RECORDS["Get-ExchangeCertificate"],)),
    "both types": xi.Reply(
        records=(xi.Record(type_names=(*xi.ImapSettings.types, *xi.ReceiveConnector.types), properties={"Fqdn": "x"}),)
    ),
}


@pytest.mark.parametrize("answer", UNDIVIDED.values(), ids=list(UNDIVIDED))
def test_what_cannot_be_divided_is_asked_for_one_by_one(answer: xi.Reply) -> None:
    """Each reply has what is its own; it says nothing of the endpoint, so the next reads go together."""
    with serving(ReceiveConnector=answer) as psrp, psrp.exchange() as transport:
        replies = transport.run_reads(THREE)
        assert psrp.requests["Command"] == 4
        assert texts(transport.run_reads([SETTINGS, CERTIFICATE])) == [["Ready."], ["A"]]
        assert psrp.requests["Command"] == 5

    assert [reply.records for reply in replies[::2]] == [(RECORDS[name_of(read)],) for read in THREE[::2]]
    assert (replies[1].records, replies[1].errors, replies[1].warnings) == (
        answer.records,
        answer.errors,
        answer.warnings,
    )


@pytest.mark.parametrize(
    ("read", "known"),
    [
        (xi.Pipeline((xi.Command("Get-ImapSettings"),)), False),
        (xi.Pipeline((xi.GetImapSettings(), xi.GetImapSettings())), False),
        (SETTINGS, True),
    ],
    ids=["plain command", "pipe", "cmdlet"],
)
def test_only_single_cmdlets_of_known_types_go_together(read: xi.Pipeline, *, known: bool) -> None:
    """Of others the records are not known beforehand."""
    with serving() as psrp, psrp.exchange() as transport:
        transport.run_reads([read, *THREE[1:]])
        assert psrp.requests["Command"] == (1 if known else 2)


def test_a_command_that_may_write_is_refused() -> None:
    """Before anything is sent, by every transport."""
    write = xi.Pipeline((xi.SetImapSettings(banner="x"),))
    fake = FakeExchange(servers=["MBX01"])
    with PsrpServer(fake) as psrp, psrp.exchange() as transport:
        for each in (transport, xi.RetryingTransport(transport), fake.transport()):
            with pytest.raises(xi.InvalidValueError, match="only read"):
                each.run_reads([SETTINGS, write])
        assert not psrp.requests
    assert fake.log == ()


# -- lost answers ----------------------------------------------------------------------------------------------------


def lose(psrp: PsrpServer) -> None:
    """Lose the answer to the next command, and the answer to the question about it."""
    psrp.fail(WireFault(kind=WireFaultKind.CUT_AFTER, action="Command"))
    psrp.fail(WireFault(kind=WireFaultKind.CUT_BEFORE, action="Receive"))


def test_a_lost_answer_is_asked_for_again() -> None:
    """One by one; once says nothing of the endpoint, twice is enough."""
    with serving() as psrp, psrp.exchange() as transport:
        sent = []
        for is_lost in (False, True, False, True, False):
            if is_lost:
                lose(psrp)
            before = psrp.requests["Command"]
            assert texts(transport.run_reads(THREE)) == ANSWERED
            assert psrp.faults == ()
            sent.append(psrp.requests["Command"] - before)

    assert sent == [1, 4, 1, 4, 3]


def test_an_answer_that_comes_too_late_is_asked_for_again() -> None:
    """An endpoint may never answer several statements."""
    with serving() as psrp, psrp.exchange(operation_timeout=1, read_timeout=2) as transport:
        transport.run(SETTINGS)
        psrp.fail(WireFault(kind=WireFaultKind.SILENT_AFTER, action="Command"))
        psrp.fail(WireFault(kind=WireFaultKind.SILENT_AFTER, action="Receive", times=2))
        assert texts(transport.run_reads(THREE)) == ANSWERED
        assert psrp.faults == ()


def test_what_is_cancelled_is_not_asked_for_again() -> None:
    """Not alone either."""
    with serving() as psrp, psrp.exchange() as transport, ThreadPoolExecutor(1) as executor:
        transport.run(SETTINGS)
        psrp.slow = {"Get-ReceiveConnector": 60}
        seen = RequestsSeen(psrp)
        reading = executor.submit(transport.run_reads, THREE)
        seen.wait_for("Receive")
        transport.cancel()
        with pytest.raises(xi.TransportTimeoutError, match="Get-ImapSettings -Server MBX01; Get-ReceiveConnector"):
            reading.result()
        assert seen["Command"] == 1


def test_a_server_that_names_a_time_to_wait_is_not_asked_at_once() -> None:
    """Asking one by one would use up more."""
    with serving() as psrp, psrp.exchange() as transport:
        transport.run(SETTINGS)
        psrp.fail(WireFault(kind=WireFaultKind.THROTTLED, action="Command"))
        with pytest.raises(xi.ThrottledError):
            transport.run_reads(THREE)
        assert texts(transport.run_reads(THREE)) == ANSWERED
        assert psrp.requests["Command"] == 3


def test_a_wrong_password_is_tried_once() -> None:
    """Single reads would be refused in the same way, and accounts get locked."""
    with serving() as psrp, psrp.exchange(password="wrong") as transport, pytest.raises(xi.AuthenticationError):  # noqa: S106
        transport.run_reads(THREE)
    assert not psrp.requests
    assert psrp.connections == 1


def may_fail(fault: WireFault, nth: int, *, retry: bool) -> bool:
    """Say whether there may be an error: before the shell is open, or of a server that is busy or silent."""
    throttled = fault.kind in {WireFaultKind.THROTTLED, WireFaultKind.SHELL_LIMIT} or fault.code == 2150859174
    return nth <= 3 or fault.kind in SILENT or fault.code == TIMED_OUT or (throttled and not retry)


@pytest.mark.law
@pytest.mark.parametrize("retry", [False, True], ids=["bare", "with retry"])
@pytest.mark.parametrize("name", [name for name, fault in FAULTS.items() if not fault.in_clear])
def test_a_fault_at_a_request_leaves_no_wrong_reply(name: str, *, retry: bool) -> None:
    """Every reply is that of its read, whatever went wrong with the request that they share or with its answer."""
    fault = FAULTS[name]
    silent = fault.kind in SILENT or fault.code == TIMED_OUT
    options: xi.PsrpOptions = {"operation_timeout": 1, "read_timeout": 2 if silent else 30}
    options["timeout"] = timedelta(seconds=2 if silent else 60)
    for nth in range(1, 7) if is_long() else (4, 5):
        with serving() as psrp:
            psrp.fail(attrs.evolve(fault, nth=nth))
            with psrp.exchange(**options) as transport:
                asked = xi.RetryingTransport(transport, pause=timedelta()) if retry else transport
                try:
                    replies = asked.run_reads(THREE)
                except xi.TransportError:
                    assert may_fail(fault, nth, retry=retry)
                    continue
        types = [[record.type_names for record in reply.records] for reply in replies]
        assert types == [[RECORDS[name_of(read)].type_names] for read in THREE]


# -- the other transports --------------------------------------------------------------------------------------------


@attrs.define
class Plain:
    """A transport of somebody else's, which has one verb."""

    run: Callable[[xi.Pipeline], xi.Reply]

    def close(self) -> None:
        """Do nothing."""


def test_any_transport_answers_several_reads() -> None:
    """One by one, where it has no way of its own."""
    fake = FakeExchange(servers=["MBX01", "MBX02"])
    reads = [xi.Pipeline((xi.GetImapSettings(server=server.name),)) for server in fake.servers]
    plain = Plain(fake.transport().run)
    ways: list[Callable[[Sequence[xi.Pipeline]], tuple[xi.Reply, ...]]] = [
        fake.transport().run_reads,
        xi.RetryingTransport(plain).run_reads,
    ]
    ways.append(partial(run_reads, plain))

    answers = [[reply.records[0].get("Server") for reply in way(reads)] for way in ways]

    assert answers == [["MBX01", "MBX02"]] * 3


def test_reads_are_repeated_together() -> None:
    """After an error that single reads would have as well."""
    calls: list[int] = []

    class Inner(Plain):
        """Fails once."""

        def run_reads(self, pipelines: Sequence[xi.Pipeline]) -> tuple[xi.Reply, ...]:
            """Fail, and then answer."""
            calls.append(len(pipelines))
            if len(calls) == 1:
                raise xi.TransportTimeoutError("late")
            return tuple(map(self.run, pipelines))

    transport = xi.RetryingTransport(Inner(FakeExchange(servers=["MBX01"]).transport().run), pause=timedelta())

    assert len(transport.run_reads([SETTINGS] * 2)) == 2
    assert calls == [2, 2]


# -- laws ------------------------------------------------------------------------------------------------------------

OTHER: Final = xi.Pipeline((xi.Command("Get-Other"),))
SEVEN: Final = (None,) * 7
REPLIES: Final = st.tuples(
    st.sampled_from([*THREE, OTHER]),
    st.sampled_from([1, 1, 1, 1, 2, 3, 0]),
    st.sampled_from([*SEVEN, ERROR]),
    st.sampled_from([*SEVEN, "Slow."]),
)
"""What is asked, how many objects answer, an error and a warning."""


def made(place: int, read: xi.Pipeline, number: int, error: xi.ErrorRecord | None, warning: str | None) -> xi.Reply:
    """Make a reply that tells which read it answers."""
    types = RECORDS[name_of(read)].type_names if name_of(read) in RECORDS else ("Contoso.Other",)
    record = xi.Record(type_names=types, properties={"Place": place})
    return xi.Reply(
        records=(record,) * number, errors=(error,) if error else (), warnings=(warning,) if warning else ()
    )


@pytest.mark.law
@given(drawn=st.lists(REPLIES, min_size=1, max_size=8), kept=st.sampled_from([8, 8, 8, 1, 0]), lost=st.booleans())
def test_replies_are_those_of_the_single_reads(
    drawn: list[tuple[xi.Pipeline, int, xi.ErrorRecord | None, str | None]], kept: int, *, lost: bool
) -> None:
    """Whatever an endpoint makes of several statements: it runs all, or only so many, or the answer is lost."""
    reads = [attrs.evolve(read) for read, *_ in drawn]
    alone = {id(read): made(place, *drawn[place]) for place, read in enumerate(reads)}

    def run(read: xi.Pipeline) -> xi.Reply:
        return alone[id(read)]

    def run_together(together: Sequence[xi.Pipeline]) -> xi.Reply | None:
        assert all(name_of(first) != name_of(second) for first, second in pairwise(together))
        return None if lost else joined(map(run, together[:kept]))

    known = Reads()

    assert known.carry_out(reads, run, run_together) == tuple(map(run, reads))
    assert not (known.refused and (lost or kept == 8))
