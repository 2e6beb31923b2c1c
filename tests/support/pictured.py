"""Objects as notebooks show them, and what stands in the HTML that they give."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import attrs

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, NewCertificate

__all__ = ["HOSTILE", "Fragment", "pictured", "read_html", "words"]

HOSTILE = "<script>alert(1)</script></svg>\"'&amp;\x1b[2J\n<b>"
_VOID = {"br"}


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
    refused = attrs.evolve(plan.steps[0], refused=("Set-ImapSettings -Banner",))
    yield "a step", refused
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
    yield "a connector", server.read(xi.GetReceiveConnector(server="MBX01"))[0]
    yield "a certificate", server.read(xi.GetExchangeCertificate(server="MBX01"))[0]
