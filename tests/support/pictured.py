"""Objects as notebooks show them, and what stands in the HTML that they give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from html.parser import HTMLParser
from typing import Any

import attrs

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, NewCertificate

__all__ = ["HOSTILE", "Fragment", "pictured", "read_html", "words"]

HOSTILE = "<script>alert(1)</script></svg>\"'&amp;\x1b[2J\n<b>"
MOMENT = datetime(2026, 7, 1, 12, tzinfo=UTC)


@attrs.define
class Fragment:
    """What a browser would read: the elements with their attributes, the style, and the text that people see."""

    elements: list[tuple[str, dict[str, str | None]]] = attrs.field(factory=list)
    style: str = ""
    text: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found = Fragment()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.elements.append((tag, dict(attrs)))
        self.open += [tag]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] == ["style"]:
            self.found.style += data
        else:
            self.found.text += data + " "


def read_html(text: str) -> Fragment:
    """Read a fragment; fail where an element is not closed in order."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader.found


def words(text: str) -> str:
    """Return a text with one blank between its words."""
    return re.sub(r"\s+", " ", text).strip()


def _probe(failure: xi.ProbeFailure | None = None) -> xi.ProbeResult:
    """Make the result of a probe that came to TCP."""
    stage = xi.ProbeStage(name=xi.Stage.TCP, elapsed=timedelta(milliseconds=12), failure=failure, said=HOSTILE)
    return xi.ProbeResult(
        setting=xi.ConnectionSetting.parse("mail.contoso.com:993:SSL"),
        protocol=xi.Protocol.IMAP4,
        stages=(stage,),
        began=MOMENT,
        elapsed=timedelta(seconds=1),
    )


def _round_trips(works: xi.ProbeResult) -> Iterator[tuple[str, xi.RoundTrip]]:
    trip = xi.RoundTrip(
        sent=works,
        read=works,
        address="kim@contoso.com",
        message_id="<0123@contoso.com>",
        took=timedelta(seconds=2),
        deleted=True,
        may_remain=False,
    )
    yield "a round trip", trip
    refused = _probe(failure=xi.ProbeFailure.REFUSED)
    yield "a round trip that failed", attrs.evolve(trip, sent=refused, read=None, took=None, deleted=False)


@cache
def pictured() -> dict[str, Any]:  # Any: of every class that notebooks show
    """Make objects of each kind, some of them hostile."""
    return dict(_pictured())


def _pictured() -> Iterator[tuple[str, Any]]:  # Any: as above
    fake = FakeExchange(servers=["MBX01"])
    fake.server("MBX01").add_certificate(NewCertificate(("mail.contoso.com",)))
    transport = fake.transport()
    server = xi.ImapServer("MBX01", exchange=transport, windows=transport)
    external = ["mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS"]
    desired = xi.DesiredState.enabled(external=external, certificate="mail.contoso.com", smtp="mail.contoso.com")
    yield "new settings", server.settings()
    yield "a service", server.services()[0]
    yield "a desired state", desired
    plan = server.plan(desired)
    yield "a plan", plan
    yield "a long plan", attrs.evolve(plan, steps=plan.steps * 9, lasting=("It stays.",))
    yield "nothing to do", attrs.evolve(plan, steps=())
    yield "a step", attrs.evolve(plan.steps[0], refused=("Set-ImapSettings -Banner",))
    yield "a change", plan.steps[0].changes[0]
    yield "an outcome", server.apply(plan)
    failed = xi.StepFailure(plan.steps[1], xi.TransportError("lost", sent=False), xi.Effect.NOT_APPLIED)
    yield "a failure", failed
    yield (
        "a failed plan",
        xi.Outcome(plan=plan, applied=plan.steps[:1], failed=failed, not_tried=plan.steps[2:], warnings=("W.",)),
    )
    server.run(xi.SetImapSettings(server="MBX01", banner=HOSTILE, max_connections_per_user=32))
    yield "hostile settings", server.settings()
    yield "doubtful settings", attrs.evolve(server.settings(), doubtful=("DistinguishedName",))
    yield "some settings", xi.ImapSettings.parse_some("Banner      : Ready.\nSSLBindings : {[::]:993}")
    yield "a status", server.status()
    yield "a partial status", xi.ImapServer("MBX01", exchange=transport).status()
    yield "a state", server.state(desired)
    yield "an unknown state", attrs.evolve(server.state(), pending=frozenset(), up_to_date=frozenset())
    yield "a finding", plan.warnings[0]
    yield "a finding in a script", xi.check_script("Set-ImapSettings -ProtocolLoggingEnabled $true")[0]
    yield "a reply", transport.run(xi.Pipeline((xi.GetImapSettings(server="MBX01"),)))
    refusal = xi.ErrorRecord(message=HOSTILE, category="InvalidData", fully_qualified_error_id="x", target="MBX01")
    record = xi.Record(text=HOSTILE, items=(1, HOSTILE), properties={HOSTILE: HOSTILE, "n": 1})
    yield "a hostile reply", xi.Reply(records=(record,), errors=(refusal,), warnings=(HOSTILE,))
    yield "an error record", refusal
    yield "capabilities", server.capabilities()
    yield from _seen_by_clients(plan.warnings)
    verified = server.verify(desired, probe=None)
    yield "a verification", attrs.evolve(verified, probes=(_probe(failure=xi.ProbeFailure.REFUSED),))
    yield "a verification of little", xi.ImapServer("MBX01", exchange=transport).verify(probe=None)
    yield "a test that failed", verified.tests[0]
    yield "a connector", server.read(xi.GetReceiveConnector(server="MBX01"))[0]
    yield "a certificate", server.read(xi.GetExchangeCertificate(server="MBX01"))[0]


def _seen_by_clients(findings: tuple[xi.Finding, ...]) -> Iterator[tuple[str, Any]]:  # Any: as above
    yield "a probe that failed", _probe(failure=xi.ProbeFailure.REFUSED)
    certificate = xi.SeenCertificate(
        subject="CN=mail.contoso.com",
        issuer="CN=Contoso CA",
        names=("mail.contoso.com", "*.contoso.com"),
        not_before=MOMENT,
        not_after=MOMENT + timedelta(days=365),
        is_self_signed=False,
        key="RSA 2048",
        thumbprint="434AC224C8459924B26521298CE8834C514856AB",
        serial="01",
    )
    tls = xi.TlsSession("TLSv1.3", "TLS_AES_256_GCM_SHA384")
    works = attrs.evolve(_probe(), tls=tls, certificates=(certificate,), trusted=True, greeting=HOSTILE)
    yield "a probe", attrs.evolve(works, findings=findings, addresses=("192.0.2.7",))
    yield "a stage", works.stages[0]
    yield from _round_trips(works)
    log = [
        "dateTime,cIp,user,command,context",
        "2026-07-01T12:00:00.000Z,10.1.1.7:50001,kim,login,R=a1 NO LOGIN failed.",
        "x,y,<b>,noop,R=OK",
    ]
    names = log[0].split(",")
    yield "an entry of a log", next(xi.read_protocol_log(log[1:], fields=names))
    yield "a summary of a log", xi.ProtocolLogSummary.of(xi.read_protocol_log(log[1:], fields=names))
