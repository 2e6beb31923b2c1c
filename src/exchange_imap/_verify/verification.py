"""What a verification found: whether clients can connect, the cause if not, and what to run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

import attrs

from .._cmdlets.connectivity import ConnectivityResult
from .._entry import entry
from .._errors import ExchangeImapError
from .._finding import Finding, Severity, mark_of
from .._json import Json
from .._model.cmdlet import Cmdlet
from .._plan.by_name import ByName
from .._plan.plan import Plan
from .._probe.result import ProbeResult, Protocol
from .._reading.server_status import ServerStatus
from .._shown import counted, glance, legible, section, short
from .._viewed import Viewed

if TYPE_CHECKING:
    from .._html.facts import Facts, Mark

__all__ = ["Verification"]

_TO_RUN: Final = "to run"
_NOT_DONE: Final = "not done"
_WIDTH: Final = 9
"""How wide the labels of a report are, with the blank behind them."""
_EXIT_CODES: Final = {True: 0, False: 1, None: 2}
_SAID: Final = {
    True: "clients can connect",
    False: "clients cannot connect",
    None: "it is not known whether clients can connect",
}


@entry
@attrs.frozen(kw_only=True, repr=False)
class Verification(Viewed):
    """Whether clients can connect to a server, as :meth:`ImapServer.verify` found out.

    ``findings`` are those of the review, of the probes and of Test-ImapConnectivity, with the cause first. ``status``
    is what was read of the server, and ``plan`` what differs from the desired state, or ``None`` if none was given or
    the server could not be compared with it. ``tests`` are the answers of Test-ImapConnectivity, and ``probes`` what
    clients of this computer saw. ``errors`` has the error under the name of each part that could not be done.

    ``str`` is a report, whose first line says whether it works and why not. In a script, end with
    ``sys.exit(verification.exit_code)``.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
    >>> verification = server.verify(probe=None)
    >>> verification.works, verification.exit_code, verification.findings[0].rule
    (False, 1, 'service-not-running')
    """

    server: str
    findings: tuple[Finding, ...]
    status: ServerStatus
    plan: Plan | None = None
    tests: tuple[ConnectivityResult, ...] = ()
    probes: tuple[ProbeResult, ...] = ()
    errors: ByName[ExchangeImapError] = attrs.field(factory=ByName)

    @property
    def works(self) -> bool | None:
        """Whether clients can connect: ``None`` if nothing is known against it, but no client has tried.

        It is true only if every probe succeeded. Where IMAP4 was not probed, the tests that connected have to.
        """
        if any(found.severity is Severity.ERROR for found in self.findings):
            return False
        read = [probe.works for probe in self.probes if probe.protocol is Protocol.IMAP4]
        read = read or [test.succeeded for test in self.tests if test.connected]
        return all((*read, *(probe.works for probe in self.probes))) if read else None

    @property
    def cause(self) -> Finding | None:
        """What to look at first; ``None`` if nothing is wrong. A note is no cause."""
        return next((found for found in self.findings if found.severity is not Severity.NOTE), None)

    @property
    def exit_code(self) -> int:
        """0 if clients can connect, 1 if they cannot, and 2 if that is not known."""
        return _EXIT_CODES[self.works]

    @property
    def to_run(self) -> tuple[Cmdlet, ...]:
        """The commands that put right the errors and warnings, the cause first, each once.

        Read them before you run them. What they change of the settings takes effect after both services have restarted.
        """
        wrong = (found for found in self.findings if found.severity is not Severity.NOTE)
        return tuple(dict.fromkeys(command for found in wrong for command in found.fix))

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold: all parts, and what follows from them."""
        return {
            "server": self.server,
            "works": self.works,
            "exit_code": self.exit_code,
            "cause": self.cause.to_dict() if self.cause else None,
            "findings": [found.to_dict() for found in self.findings],
            "to_run": [str(command) for command in self.to_run],
            "status": self.status.to_dict(),
            "plan": self.plan.to_dict() if self.plan is not None else None,
            "tests": [test.to_dict() for test in self.tests],
            "probes": [probe.to_dict() for probe in self.probes],
            "errors": {part: error.to_dict() for part, error in self.errors.items()},
        }

    def _mark(self) -> Mark:
        from .._html.facts import Mark  # noqa: PLC0415 - loaded by who looks

        return {True: Mark.GOOD, False: Mark.PROBLEM, None: Mark.NOTE}[self.works]

    def _facts(self) -> Facts:
        """Return what the report says, and the parts with all that they have as sections."""
        from .._html.facts import Facts, Mark, Row  # noqa: PLC0415 - loaded by who looks
        from .._plan.facts_of_state import facts_of_parts  # noqa: PLC0415 - loaded by who looks

        rows = [Row(_TO_RUN, tuple(map(str, self.to_run)), command=True)] if self.to_run else []
        rows += [Row(each.rule, str(each), mark=mark_of(each.severity)) for each in self.findings]
        others = ((label, tuple(lines)) for label, lines in self._others())
        rows += [
            Row(label, lines, mark=Mark.PROBLEM if label == _NOT_DONE else Mark.NONE)
            for label, lines in others
            if lines
        ]
        parts = {part: getattr(self, part) for part in ("status", "plan", "probes", "tests")}
        return Facts(self._verdict(), tuple(rows), tuple(facts_of_parts(parts)), mark=self._mark())

    def __repr__(self) -> str:
        cause = [f"cause={self.cause.rule}"] if self.cause else []
        known = [f"server={short(self.server)}", f"works={self.works}", *cause]
        return glance(self, [*known, counted(len(self.findings), "finding"), counted(len(self.probes), "probe")])

    def __str__(self) -> str:
        return "\n".join(map(legible, self._lines()))

    def _lines(self) -> Iterator[str]:
        yield self._verdict()
        yield from section(_TO_RUN, map(str, self.to_run), _WIDTH)
        yield from section("found", (f"{found.severity.value}: {found}" for found in self.findings), _WIDTH)
        for label, lines in self._others():
            yield from section(label, lines, _WIDTH)

    def _others(self) -> Iterator[tuple[str, Iterable[str]]]:
        yield "probed", (str(probe).partition("\n")[0] for probe in self.probes)
        yield "tested", (_of_test(test) for test in self.tests if test.connected)
        yield "differs", (str(step.reason) for step in (self.plan.steps if self.plan else ()))
        yield _NOT_DONE, (f"{part}: {error}" for part, error in self.errors.items())

    def _verdict(self) -> str:
        said = f"{self.server}: {_SAID[self.works]}"
        if self.cause is None:
            return said
        return f"{said}{':' if self.works is False else '; but'} {self.cause}"


def _of_test(test: ConnectivityResult) -> str:
    method = f"Test-ImapConnectivity {test.connection_type or ''} {test.port}"
    return f"{method}: {test.result}" + (f": {test.error}" if test.error else "")
