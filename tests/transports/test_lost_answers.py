"""What becomes of a command whose answer is lost: asked about, stopped, or reported as unknown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._powershell.syntax import String
from exchange_imap._transports.psrp.answer import Answer
from exchange_imap._transports.psrp.fragments import Fragments, LostPartError
from exchange_imap._transports.psrp.session import Session
from exchange_imap.testing import FakeExchange, PsrpServer, WireFault, WireFaultKind

READ = xi.Pipeline((xi.GetImapSettings(),))
WRITE = xi.Pipeline((xi.SetImapSettings(banner="x"),))
SHORT: xi.PsrpOptions = {"operation_timeout": 1, "read_timeout": 2}


@pytest.fixture
def psrp() -> Iterator[PsrpServer]:
    """Serve a freshly installed server."""
    with PsrpServer(FakeExchange(servers=["MBX01"])) as psrp:
        yield psrp
    assert psrp.errors == []
    assert psrp.open_shells == 0


def failure(
    psrp: PsrpServer, *faults: WireFault, timeout: timedelta | None = None, pipeline: xi.Pipeline = READ
) -> xi.TransportError:
    """Return how a command ends in an open session in which things go wrong."""
    with psrp.exchange(**SHORT) as transport:
        transport.run(READ)
        for fault in faults:
            psrp.fail(fault)
        with pytest.raises(xi.TransportError) as caught:
            transport.run(pipeline, timeout=timeout)
    return caught.value


def test_a_command_that_was_not_answered_in_time_is_stopped(psrp: PsrpServer) -> None:
    """Whether it arrived is not asked any more."""
    silent = WireFault(kind=WireFaultKind.SILENT_BEFORE, action="Command")

    error = failure(psrp, silent, timeout=timedelta(seconds=0.1))

    assert isinstance(error, xi.TransportTimeoutError)
    assert error.sent is None


def test_what_cannot_be_stopped_ends_with_its_session(psrp: PsrpServer) -> None:
    """The shell is closed, and the command with it."""
    psrp.slow = {"Get-ImapSettings": 60}
    psrp.fail(WireFault(kind=WireFaultKind.CUT_BEFORE, action="Signal"))
    with psrp.exchange() as transport:
        with pytest.raises(xi.TransportTimeoutError):
            transport.run(READ, timeout=timedelta(seconds=0.2))
        assert psrp.open_shells == 0


def test_tidying_up_that_fails_is_not_the_command_s_failure(psrp: PsrpServer) -> None:
    """Its answer is there."""
    psrp.fail(WireFault(kind=WireFaultKind.CUT_BEFORE, action="Signal"))
    with psrp.exchange() as transport:
        assert all(transport.run(READ).records for _ in range(20))
    assert psrp.faults == ()


def test_a_question_that_fails_too_leaves_it_open(psrp: PsrpServer) -> None:
    """It may have run or not."""
    lost = WireFault(kind=WireFaultKind.CUT_AFTER, action="Command")

    error = failure(psrp, lost, WireFault(kind=WireFaultKind.CUT_BEFORE, action="Receive"))

    assert error.sent is None


def test_a_shell_that_has_gone_meanwhile_leaves_it_open(psrp: PsrpServer) -> None:
    """It may have run before."""
    lost = WireFault(kind=WireFaultKind.CUT_AFTER, action="Command")

    error = failure(psrp, lost, WireFault(kind=WireFaultKind.IDLE_DROP, action="Receive"), pipeline=WRITE)

    assert error.sent is None


@pytest.mark.parametrize("kind", [WireFaultKind.CUT_BEFORE, WireFaultKind.UNAUTHORIZED], ids=lambda kind: kind.name)
def test_whatever_came_of_it_a_reading_command_has_a_new_shell(psrp: PsrpServer, kind: WireFaultKind) -> None:
    """As when the server recycles: the connection or the login goes, and the shell with it."""
    with psrp.exchange(**SHORT) as transport:
        transport.run(READ)
        psrp.fail(WireFault(kind=kind, action="Command"))
        psrp.fail(WireFault(kind=WireFaultKind.IDLE_DROP, action="Receive"))
        assert len(transport.run(READ).records) == 1

    assert psrp.requests["Create"] == 2


def test_a_command_that_the_shell_does_not_know_never_ran(psrp: PsrpServer) -> None:
    """The shell is asked whether it is there at all: only then it proves something."""
    error = failure(psrp, WireFault(kind=WireFaultKind.FAULT_BEFORE, action="Command", code=995))

    assert error.sent is False
    assert psrp.requests["Get"] == 1


def test_a_command_whose_connection_broke_may_still_run(psrp: PsrpServer) -> None:
    """A load balancer may deliver it when the shell has said that it does not know it."""
    error = failure(psrp, WireFault(kind=WireFaultKind.CUT_BEFORE, action="Command"))

    assert error.sent is None
    assert psrp.requests["Get"] == 1


@pytest.mark.parametrize("code", [995, 4711, 5, 2150859175, 2150858843, 2150858811])
def test_a_fault_after_the_effect_is_not_the_end_of_it(psrp: PsrpServer, code: int) -> None:
    """The shell is asked about the command, and has its answer; whatever the code, it is carried out once."""
    with psrp.exchange(**SHORT) as transport:
        transport.run(READ)
        psrp.fail(WireFault(kind=WireFaultKind.FAULT_AFTER, action="Command", code=code))
        reply = transport.run(WRITE)

    assert reply.warnings
    assert len(psrp.fake.writes) == 1


@pytest.mark.parametrize("code", [995, 4711, 5, 2150859175, 2150858811])
def test_a_fault_before_the_effect_is_told_as_that(psrp: PsrpServer, code: int) -> None:
    """The shell is there and does not know the command: it never ran."""
    with psrp.exchange(**SHORT) as transport:
        transport.run(READ)
        psrp.fail(WireFault(kind=WireFaultKind.FAULT_BEFORE, action="Command", code=code))
        with pytest.raises(xi.TransportError) as caught:
            transport.run(WRITE)

    assert caught.value.sent is False
    assert not psrp.fake.writes


@pytest.mark.parametrize(("code", "sent"), [(995, None), (2150859175, False)])
def test_what_the_shell_does_not_say_only_a_documented_refusal_does(
    psrp: PsrpServer, code: int, sent: bool | None
) -> None:
    """The question fails too: a quota is checked before anything runs, another code proves nothing."""
    before = WireFault(kind=WireFaultKind.FAULT_BEFORE, action="Command", code=code)

    error = failure(psrp, before, WireFault(kind=WireFaultKind.SERVER_ERROR, action="Receive"))

    assert error.sent is sent


def test_a_command_that_was_never_answered_may_still_run(psrp: PsrpServer) -> None:
    """It may be on its way when the shell says that it does not know it."""
    error = failure(psrp, WireFault(kind=WireFaultKind.SILENT_BEFORE, action="Command"))

    assert error.sent is None


@pytest.mark.parametrize("code", [995, 2150859173])
def test_a_shell_that_was_made_and_answered_by_a_fault_is_deleted(psrp: PsrpServer, code: int) -> None:
    """Its id was chosen here. Nothing was sent of the command."""
    psrp.fail(WireFault(kind=WireFaultKind.FAULT_AFTER, action="Create", code=code))
    with psrp.exchange(**SHORT) as transport:
        with pytest.raises(xi.TransportError) as caught:
            transport.run(READ)
        assert psrp.open_shells == 0

    assert caught.value.sent is False


@pytest.mark.parametrize("kind", [WireFaultKind.CUT_BEFORE, WireFaultKind.CUT_AFTER], ids=lambda kind: kind.name)
def test_a_command_of_which_a_part_was_lost_does_not_wait_for_ever(psrp: PsrpServer, kind: WireFaultKind) -> None:
    """A large one goes in several requests: without the last of them the shell would wait, and so would we."""
    large = xi.Pipeline((xi.Command("Set-ImapSettings", (xi.Parameter("Banner", String("x" * 600_000)),)),))
    psrp.fail(WireFault(kind=kind, action="Send"))
    with psrp.exchange(**SHORT) as transport:
        with pytest.raises(xi.TransportError) as caught:
            transport.run(large)
        assert psrp.open_commands == 0

    assert caught.value.sent is None
    assert psrp.faults == ()


def test_a_shell_that_does_not_say_whether_it_is_there_proves_nothing(psrp: PsrpServer) -> None:
    """The last question failed."""
    lost = WireFault(kind=WireFaultKind.FAULT_BEFORE, action="Command", code=995)

    error = failure(psrp, lost, WireFault(kind=WireFaultKind.SERVER_ERROR, action="Get"))

    assert error.sent is None


def fragment(number: int, data: bytes, *, part: int = 0, end: bool = True) -> bytes:
    """Write a fragment: MS-PSRP 2.2.4."""
    flags = (part == 0) | end << 1
    return number.to_bytes(8) + part.to_bytes(8) + bytes([flags]) + len(data).to_bytes(4) + data


def message(kind: int, xml: str) -> bytes:
    """Write a message: MS-PSRP 2.2.1."""
    return (1).to_bytes(4, "little") + kind.to_bytes(4, "little") + bytes(32) + xml.encode()


OUTPUT, STATE, PROGRESS, WARNING = 0x00041004, 0x00041006, 0x00041010, 0x00041009


def test_a_message_in_parts_is_put_together() -> None:
    """Large answers come so."""
    data = message(OUTPUT, "<S>one text</S>")
    answer = Answer(Fragments(6))

    answer.feed(fragment(7, data[:50], end=False))
    answer.feed(fragment(7, data[50:], part=1))

    assert [record.value for record in answer.reply(timedelta()).records] == ["one text"]
    assert answer.gapless


@pytest.mark.parametrize("last", [6, None])
def test_a_number_that_is_left_out_is_noticed(last: int | None) -> None:
    """A message in between may not have arrived. Where the number before is not known it proves nothing."""
    answer = Answer(Fragments(last))

    answer.feed(fragment(8, message(OUTPUT, "<S>x</S>")))

    assert not answer.gapless
    assert answer.last == 8


WHOLE = message(OUTPUT, "<S>one text</S>")
TORN = {
    "the first is missing": [fragment(7, WHOLE[50:], part=1)],
    "the middle is missing": [fragment(7, WHOLE[:50], end=False), fragment(7, WHOLE[50:], part=2)],
    "the end is missing": [fragment(7, WHOLE[:50], end=False), fragment(8, WHOLE)],
    "the end of one and the first of another": [
        fragment(7, WHOLE[:50], end=False),
        fragment(8, WHOLE[50:], part=1),
    ],
    "the same again": [fragment(7, WHOLE), fragment(7, WHOLE)],
    "one from before": [fragment(7, WHOLE), fragment(6, WHOLE)],
    "no first flag": [b"".join([fragment(7, WHOLE)[:16], b"\x02", fragment(7, WHOLE)[17:]])],
    "an empty one": [fragment(7, b"", end=False)],
    "half a header": [fragment(7, WHOLE)[:10]],
    "half of its data": [fragment(7, WHOLE)[:-3]],
}


@pytest.mark.parametrize("fragments", TORN.values(), ids=TORN)
def test_an_answer_with_a_fragment_missing_is_lost(fragments: list[bytes]) -> None:
    """What is left of it is no answer."""
    with pytest.raises(LostPartError):
        Answer().feed(b"".join(fragments))


@pytest.mark.parametrize("nth", [1, 2, 3])
def test_an_answer_of_which_a_part_is_lost_is_not_taken_for_a_shorter_one(psrp: PsrpServer, nth: int) -> None:
    """It spans several requests, the answer to one of which is lost: with its first, middle or last fragments."""
    server = psrp.fake.server("MBX01")
    server.stored = attrs.evolve(server.stored, banner="x" * 900_000)

    error = failure(psrp, WireFault(kind=WireFaultKind.CUT_AFTER, action="Receive", nth=nth))

    assert "did not arrive" in str(error)
    assert error.sent is True


def test_messages_that_went_with_a_lost_answer_are_missed(psrp: PsrpServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """They were whole, and so is what comes behind them: only their numbers tell."""
    ended = fragment(10**6, message(STATE, '<Obj RefId="0"><MS><I32 N="PipelineState">4</I32></MS></Obj>'))
    answers: list[Exception | tuple[bytes, bool]] = [ConnectionResetError(), (ended, True)]

    def receive(*_: object) -> tuple[bytes, bool]:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    with psrp.exchange() as transport:
        transport.run(READ)
        monkeypatch.setattr(Session, "receive", receive)
        with pytest.raises(xi.TransportError, match="did not arrive") as caught:
            transport.run(READ)

    assert caught.value.sent is True


def test_many_small_fragments_are_one_message() -> None:
    """Each is looked at once; copying the rest for each of these took minutes."""
    data = message(OUTPUT, f"<S>{'x' * 200_000}</S>")
    parts = [fragment(7, data[n : n + 1], part=n, end=n == len(data) - 1) for n in range(len(data))]
    answer = Answer()

    answer.feed(b"".join(parts))

    assert len(str(answer.reply(timedelta()).records[0].value)) == 200_000


def test_messages_that_nobody_asked_for_are_passed_over() -> None:
    answer = Answer()

    answer.feed(fragment(1, message(PROGRESS, "<S>x</S>")))

    assert answer.reply(timedelta()) == xi.Reply()


def test_a_warning_whose_text_is_an_object_is_read() -> None:
    """By what it is made of."""
    text = '<Obj N="InformationalRecord_Message" RefId="1"><S>careful</S><MS><I32 N="a">1</I32></MS></Obj>'
    answer = Answer()

    answer.feed(fragment(1, message(WARNING, f'<Obj RefId="0"><MS>{text}</MS></Obj>')))

    assert answer.reply(timedelta()).warnings == ("careful",)
