"""What a server says is shown escaped, in every str and repr, and kept exactly in every attribute."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._model.codecs.values import TEXT
from exchange_imap._model.declaration import properties
from exchange_imap._shown import LONGEST_PART, acts, legible, shown
from exchange_imap._viewed import Viewed
from exchange_imap.testing import FakeExchange
from support import strategies
from support.examples import share

FORGED = "Remove-Item C:\\Data -Recurse"
ACTING = {
    "escape": "\x1b[2J\x1b]0;title\x07",
    "c0": "".join(map(chr, range(32))),
    "c1": "".join(map(chr, range(0x7F, 0xA0))),
    "lines": f"\n\r\r\n\v\f\x85\u2028\u2029{FORGED}",
    "bidirectional": "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069",
    "zero width": "\u00ad\u034f\u115f\u180b\u180e\u200b\u200c\u200d\u2060\u2065\u3164\ufe0f\ufeff\uffa0\U000e0041",
    "surrogates": "\ud800 \udfff \udc00\ud800",
}
EVERYTHING = "".join(ACTING.values())
hostile = pytest.mark.parametrize("said", ACTING.values(), ids=list(ACTING))


def assert_shown(text: str, lines: int | None = None) -> None:
    """Assert that a terminal can print a text, and does nothing else with it."""
    text.encode()
    found = {character for character in text if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert found <= {"\n"}
    assert not any(line.strip().startswith(FORGED) for line in text.split("\n"))
    assert lines is None or text.count("\n") == lines - 1


@hostile
def test_what_acts_on_a_terminal_is_escaped(said: str) -> None:
    """As Python writes it, in one line."""
    assert_shown(legible(f"a{said}b"), lines=1)
    assert legible(f"a{said[0]}b") == f"a{said[0].encode('unicode_escape').decode()}b"


@pytest.mark.parametrize(
    "text", ["C:\\Logs\\n", "Zürich 漢字 e\u0301 😀", "Erreur\u00a0: \u3000x", "\ue000\u0378\uffff", ""]
)
def test_what_only_stands_there_is_left_as_it_is(text: str) -> None:
    """Letters, marks and blanks of every script, and what is unknown."""
    assert legible(text) == text


@given(st.text(st.characters()))
def test_law_what_is_shown_is_shown_the_same_again(text: str) -> None:
    """So that no message has to know what is within it; and attributes are as they were."""
    once = legible(text)

    assert_shown(once, lines=1)
    assert legible(once) == once
    assert not any(map(acts, once))


def test_a_long_text_is_cut() -> None:
    """A message is read by people."""
    assert legible("x" * LONGEST_PART) == "x" * LONGEST_PART
    assert legible("x" * 5, 3) == "xxx... (5 characters)"


def test_a_value_is_shown_by_its_beginning_alone() -> None:
    """What holds itself, or more than any memory, too."""
    endless: list[Any] = ["x"]
    endless.append(endless)
    doubled: Any = "x"
    for _ in range(100):
        doubled = xi.Record(properties={"a": doubled, "b": doubled})

    for value in (endless, doubled, ({"k": endless},), b"x" * 1000, 10**5000):
        assert_shown(shown(value), lines=1)
        assert len(shown(value)) < 220


@pytest.mark.parametrize(
    "value",
    [
        (),
        (1,),
        (1, "a"),
        [1, None],
        {},
        {"a": (True, 1.5)},
        xi.Record,
        xi.Record(text="a", items=(1,)),
        5,
        xi.Span(1, 2),
    ],
    ids=repr,
)
def test_a_short_value_is_shown_as_its_repr(value: object) -> None:
    """Nothing is made up."""
    assert shown(value) == repr(value)


RECORD = xi.ErrorRecord(message=EVERYTHING, category=EVERYTHING, fully_qualified_error_id=EVERYTHING, target=EVERYTHING)


def settings() -> xi.ImapSettings:
    """Read settings whose every text is hostile."""
    transport = FakeExchange(servers=["MBX01"]).transport()
    read = xi.ImapServer("MBX01", exchange=transport, windows=transport).settings()
    text = EVERYTHING.encode(errors="ignore").decode()
    texts: Any = {field: text for field, spec in properties(xi.ImapSettings).items() if spec.codec == TEXT}
    return attrs.evolve(read, **texts)


def outcome() -> xi.Outcome:
    """Make an outcome in which everything is hostile."""
    transport = FakeExchange(servers=["MBX01"]).transport()
    server = xi.ImapServer("MBX01", exchange=transport, windows=transport)
    name = EVERYTHING.encode(errors="ignore").decode()
    step = xi.Step(xi.StartService(name=(name,)), EVERYTHING)
    plan = xi.Plan(server=EVERYTHING, before=server.state(), steps=(step, step, step), lasting=(EVERYTHING,))
    failed = xi.StepFailure(step, xi.TransportError(EVERYTHING), xi.Effect.UNKNOWN)
    return xi.Outcome(plan=plan, applied=(step,), failed=failed, not_tried=(step,), warnings=(EVERYTHING,))


OTHERS: dict[str, Any] = {
    "source": f"Set-X {EVERYTHING}",
    "span": xi.Span(6, 9),
    "sent": None,
    "port": None,
    "wait": None,
    "records": (RECORD, RECORD),
    "outcome": outcome(),
    "rolled_back": None,
    "done": (xi.StartService(name=("\x1b[2J",)),),
    "failed": ((xi.StartService(name=("a",)), xi.CommandError(EVERYTHING, (RECORD,))),),
    "not_tried": (xi.StartService(name=("\u202e",)),),
    "problems": (xi.Finding(rule="x", severity=xi.Severity.ERROR, reason=EVERYTHING, right=EVERYTHING),),
}


def errors(cls: type[xi.ExchangeImapError] = xi.ExchangeImapError) -> Iterator[xi.ExchangeImapError]:
    """Make every error that there is of hostile parts."""
    for sub in cls.__subclasses__():
        made: Any = sub
        yield made(**{field.name: OTHERS.get(field.name, EVERYTHING) for field in attrs.fields(made) if field.init})
        yield from errors(sub)


@pytest.mark.parametrize("error", [*errors()], ids=lambda error: type(error).__name__)
def test_every_error_shows_what_a_server_said_escaped(error: xi.ExchangeImapError) -> None:
    """And keeps it as it came."""
    assert_shown(str(error))
    assert_shown(repr(error))
    for name, value in vars(error).items():
        assert value in {OTHERS.get(name, EVERYTHING), RECORD.category} or name in OTHERS


def findings() -> Iterator[xi.ScriptFinding]:
    """Make findings of scripts that hold hostile texts."""
    for said in ACTING.values():
        yield from xi.check_script(f"Set-ImapSettings -Bannner 'a{said}' -Server '{said}'; Gt-ImapSettings {said}")


def test_a_printed_plan_shows_only_the_commands_exactly() -> None:
    """Its comments are escaped; a command that a console may act on has a warning before it, and others have none."""
    step = xi.Step(xi.SetImapSettings(banner=settings().banner), EVERYTHING)
    plan = attrs.evolve(outcome().plan, steps=(step, step, step))
    for printed, count in ((str(plan), 3), (str(plan.steps[0]), 1)):
        comments = [line for line in printed.split("\n") if line.startswith("# ")]
        assert_shown("\n".join(comments))
        assert printed.count(str(plan.steps[0].command)) == count
        assert sum("Do not paste the next line: a console may act on U+001B" in line for line in comments) == count
    assert_shown(repr(plan))
    assert "Do not paste" not in str(xi.Step(xi.StartService(name=("a\nb",)), "x"))


@pytest.mark.parametrize(("banner", "said"), [("Ó; Remove-Item C:\\Data #", True), ("Ready; #", False)])
def test_a_printed_plan_says_how_to_save_it_where_that_matters(banner: str, said: bool) -> None:
    """In a code page the second byte of the Ó is a quote, which ends the text."""
    step = xi.Step(xi.SetImapSettings(banner=banner), "x")
    printed = str(attrs.evolve(outcome().plan, steps=(step,)))

    misread = printed.encode().decode("cp1252")
    assert ("with a byte order mark (utf-8-sig)" in printed) is said
    assert ("“; Remove-Item" in misread) is said
    (read,) = xi.parse_script(printed.encode("utf-8-sig").decode())
    assert read == step.command


ACTING_NAME = EVERYTHING.encode(errors="ignore").decode()
CAPABILITY = xi.Capability(command=EVERYTHING, allowed=xi.Allowed.YES, evidence=EVERYTHING, parameters=(EVERYTHING,))
AUDITED = xi.AuditedStep(command=EVERYTHING, reason=EVERYTHING, changes=(EVERYTHING,))
LOG_ENTRY = xi.ProtocolLogEntry(
    file=EVERYTHING,
    line=1,
    session=EVERYTHING,
    user=EVERYTHING,
    command=EVERYTHING,
    context=f"ErrMsg={EVERYTHING}",
    data=EVERYTHING,
    fields={EVERYTHING: EVERYTHING},
    problems=(EVERYTHING,),
)

PROBE_STAGE = xi.ProbeStage(name=xi.Stage.TCP, elapsed=timedelta(), failure=xi.ProbeFailure.CLOSED, said=EVERYTHING)
SEEN = xi.SeenCertificate(
    subject=EVERYTHING,
    issuer=EVERYTHING,
    names=(EVERYTHING,),
    not_before=datetime(2026, 1, 1, tzinfo=UTC),
    not_after=datetime(2027, 1, 1, tzinfo=UTC),
    is_self_signed=False,
    key=EVERYTHING,
    thumbprint=EVERYTHING,
    serial=EVERYTHING,
)
PROBED = xi.ProbeResult(
    setting=xi.ConnectionSetting.parse("mail.contoso.com:993:SSL"),
    protocol=xi.Protocol.IMAP4,
    began=datetime(2026, 1, 1, tzinfo=UTC),
    elapsed=timedelta(),
    stages=(PROBE_STAGE,),
    address=EVERYTHING,
    addresses=(EVERYTHING,),
    greeting=EVERYTHING,
    capabilities_before=(EVERYTHING,),
    capabilities=(EVERYTHING,),
    tls=xi.TlsSession(EVERYTHING, EVERYTHING),
    certificates=(SEEN,),
    expected_name=EVERYTHING,
    findings=(xi.Finding(rule="x", severity=xi.Severity.ERROR, reason=EVERYTHING, right=EVERYTHING),),
)

TRIP = xi.RoundTrip(
    sent=PROBED,
    read=PROBED,
    address=EVERYTHING,
    message_id=EVERYTHING,
    took=timedelta(),
    deleted=False,
    may_remain=True,
)

SHOWN: dict[str, list[object]] = {
    "ProbeStage": [PROBE_STAGE],
    "TlsSession": [PROBED.tls],
    "SeenCertificate": [SEEN],
    "ProbeResult": [PROBED, attrs.evolve(PROBED, findings=())],
    "RoundTrip": [TRIP, attrs.evolve(TRIP, sent=attrs.evolve(PROBED, stages=()), read=None)],
    "AuditLog": [xi.AuditLog(Path(EVERYTHING), who=EVERYTHING)],
    "AuditedStep": [AUDITED],
    "AuditedRun": [
        xi.AuditedRun(
            server=EVERYTHING,
            digest=None,
            who=EVERYTHING,
            process=1,
            accounts=((EVERYTHING, EVERYTHING),),
            undoing=False,
            began=datetime(2026, 1, 1, tzinfo=UTC),
            steps=(AUDITED,),
            pending=frozenset({EVERYTHING}),
            error=EVERYTHING,
        )
    ],
    "Capability": [CAPABILITY],
    "Capabilities": [xi.Capabilities(server="MBX01", commands=(CAPABILITY,))],
    "ServerStatus": [
        xi.ServerStatus(
            server=EVERYTHING,
            settings=settings(),
            services=(xi.ServiceState(name=ACTING_NAME, status="Running", startup_type="Manual", display_name="x"),),
            errors=xi.ByName({"connectors": xi.UnexpectedReplyError(EVERYTHING, EVERYTHING, EVERYTHING)}),
        )
    ],
    "Verification": [
        xi.Verification(
            server=EVERYTHING,
            findings=PROBED.findings,
            status=xi.ServerStatus(server=EVERYTHING),
            tests=(xi.ConnectivityResult(result="Failure", latency=timedelta(), error=ACTING_NAME, port=993),),
            probes=(PROBED,),
            errors=xi.ByName({EVERYTHING: xi.UnexpectedReplyError(EVERYTHING, EVERYTHING, EVERYTHING)}),
        )
    ],
    "ByName": [xi.ByName({EVERYTHING: RECORD})],
    "Clock": [xi.Clock()],
    "StepEvent": [
        xi.StepEvent(
            kind="applied", step=outcome().plan.steps[0], number=1, of=3, time=datetime(2026, 1, 1, tzinfo=UTC)
        )
    ],
    "ProtocolLogEntry": [LOG_ENTRY],
    "ProtocolLogActivity": [*xi.ProtocolLogSummary.of([LOG_ENTRY]).users],
    "ProtocolLogSummary": [xi.ProtocolLogSummary.of([LOG_ENTRY])],
    "ErrorRecord": [RECORD],
    "Record": [xi.Record(type_names=(EVERYTHING,), text=EVERYTHING, properties={EVERYTHING: EVERYTHING})],
    "ConnectionMap": [xi.ServerState(settings=settings(), services=()).map()],
    "Reply": [xi.Reply(errors=(RECORD,), warnings=(EVERYTHING,), records=(xi.Record(text=EVERYTHING),))],
    "ImapSettings": [settings()],
    "ServerState": [xi.ServerState(settings=settings(), services=(), pending=frozenset({EVERYTHING}))],
    "Outcome": [outcome()],
    "StepFailure": [outcome().failed],
    "Change": [xi.Change("Banner", settings().banner, "x")],
    "ScriptFinding": [*findings()],
    "Finding": [
        xi.Finding(
            rule="x", severity=xi.Severity.NOTE, reason=EVERYTHING, right=EVERYTHING, evidence=(("A", EVERYTHING),)
        )
    ],
    "PartialSnapshot": [xi.ImapSettings.Partial.from_record({"Banner": settings().banner})],
    "ImapServer": [xi.ImapServer(EVERYTHING)],
}


@pytest.mark.parametrize("name", SHOWN)
def test_everything_shows_what_a_server_said_escaped(name: str) -> None:
    for each in SHOWN[name]:
        assert_shown(str(each))
        assert_shown(repr(each))
        if isinstance(each, Viewed):
            assert_shown(each._repr_html_(), lines=1)
            assert_shown("".join(map(str, each.__rich_repr__())))


PUBLIC = {name: getattr(xi, name) for name in dir(xi)}
CLASSES = {name: each for name, each in PUBLIC.items() if isinstance(each, type) and attrs.has(each)}
BASES = {xi.Snapshot, xi.PartialSnapshot}
SNAPSHOTS = [each for each in CLASSES.values() if issubclass(each, xi.Snapshot) and each not in BASES]
EXACT = {"Binding", "ByteQuota", "ComponentRequest", "ConnectionSetting", "IPRange", "Limit", "ServerVersion"}
EXACT |= {"TlsCertificateName", "Command", "Parameter", "Pipeline", "ListEdit", "BindingMismatch", "CredentialPrompt"}
"""Values and commands, whose str is their exact text: what they may hold is checked where they are made, or quoted."""
CALLER_S = {"Secret", "PSCredential", "DesiredState", "PsrpTransport", "RecordingTransport", "ReplayTransport"}
CALLER_S |= {"RetryingTransport"}
"""What holds nothing that a server said."""
PRINTED = {"Plan", "Step"}
"""Scripts, whose comments are escaped and whose commands are exact: see above."""


def test_no_public_class_is_forgotten() -> None:
    """A new one is asked about here, or is said why not."""
    kinds = (xi.ExchangeImapError, xi.Snapshot, xi.Cmdlet)
    others = {name for name, each in CLASSES.items() if not issubclass(each, kinds)}

    assert others - EXACT - CALLER_S - PRINTED <= SHOWN.keys()
    assert not (EXACT | CALLER_S | PRINTED) & SHOWN.keys()


@pytest.mark.parametrize("cls", SNAPSHOTS, ids=lambda cls: cls.__name__)
@share(200)
@given(data=st.data())
def test_every_snapshot_shows_what_a_server_said_escaped(cls: Any, data: st.DataObject) -> None:
    """One line for each property, whatever stands in it."""
    text = data.draw(st.sampled_from([*ACTING.values(), EVERYTHING])).encode(errors="ignore").decode()
    texts: Any = {field: text for field, spec in properties(cls).items() if spec.codec == TEXT}
    snapshot = attrs.evolve(data.draw(strategies.snapshots(cls)), **texts)

    assert_shown(str(snapshot), lines=len(properties(cls)))
    assert_shown(repr(snapshot))


def test_a_record_that_holds_much_is_shown_by_its_beginning() -> None:
    """A few references in a file may stand for more than any memory holds."""
    doubled: xi.Record = xi.Record(text="x")
    for _ in range(100):
        doubled = xi.Record(items=(doubled, doubled))

    assert len(repr(doubled)) < 20_000
    assert len(repr(xi.Record(text="x" * 9_000))) > 9_000
    assert len(str(xi.UnexpectedReplyError("a", "b", doubled))) < 1_000


def test_a_printed_snapshot_has_one_line_for_each_property() -> None:
    printed = str(settings())

    assert len(printed.split("\n")) == len(properties(xi.ImapSettings))
    assert settings().banner == EVERYTHING.encode(errors="ignore").decode()
    text = xi.FormatList().text([xi.Record(properties={"A\x1b": ("\x1b[2J",), "B": f"x\n{FORGED}"})])
    assert text == f"A\\x1b : {{\\x1b[2J}}\nB     : x\\n{FORGED}"


def test_a_command_line_is_exact() -> None:
    """It is what is sent: a text with ESC in it can be written in no other way. Its repr escapes it."""
    cmdlet = xi.SetImapSettings(banner="a\x1b[2J\r\nb")

    assert xi.parse(str(cmdlet)) == cmdlet
    assert "\x1b" in str(cmdlet)
    assert "\n" not in str(cmdlet)
    assert_shown(repr(cmdlet))


def test_a_long_line_is_drawn_around_the_stretch() -> None:
    """And the carets stand under it."""
    source = f"{'a' * 5000}BAD{'c' * 5000}"
    error = xi.CommandSyntaxError("x", "y", "BAD", "", source, xi.Span(5000, 5003))

    line, carets = error.caret.split("\n")
    assert len(line) < 500
    assert line[carets.index("^") : carets.index("^") + carets.count("^")] == "BAD"
