"""Verify a server: read it, review it, let it test itself, and connect to it as its clients do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar
from typing import Protocol as TypingProtocol

import attrs

from .._cmdlets.connectivity import ConnectivityResult, TestImapConnectivity
from .._cmdlets.mailboxes import GetCASMailbox
from .._errors import ExchangeImapError
from .._finding import Finding
from .._plan.by_name import ByName
from .._plan.desired import DesiredState
from .._plan.plan import Plan
from .._powershell.secret import PSCredential
from .._probe.result import ProbeResult, Protocol
from .._public import public
from .._reading.server_status import ServerStatus
from .._rules.every import OF_VERIFYING
from .._rules.situation import Situation
from .._rules.verified import MAILBOX, Verified
from .._values import UNSET, ConnectionSetting, ConnectionType, Unset
from .causes import cause_first
from .probing import probe, require_pickled
from .review import found_in, review
from .verification import Verification

if TYPE_CHECKING:
    from .._reading.server_reader import ServerReader

__all__ = ["Probing", "verify"]

A = TypeVar("A")
_AT_MOST: Final = 8
"""How many probes run at once, unless the caller gives an executor."""
_STOPPING: Final = frozenset({"component-inactive", "server-wide-offline"})
"""Where one of these is found, the services stop as soon as a client connects."""
_NO_TESTS: Final[tuple[ConnectivityResult, ...]] = ()
_NOTHING_FOUND: Final[tuple[Finding, ...]] = ()


@public
class Probing(TypingProtocol):
    """A function that probes a connection for :meth:`ImapServer.verify`, as :func:`probe` does, with these options.

    >>> from functools import partial
    >>> probing: Probing = partial(probe, timeout=timedelta(seconds=5))
    """

    def __call__(
        self,
        setting: ConnectionSetting,
        /,
        *,
        protocol: Protocol,
        credential: PSCredential | None,
        certificate_name: str | None,
    ) -> ProbeResult:
        """Connect as a client does."""
        ...


@attrs.define
class _Parts:
    """The parts of a verification: each is done if it can be, whatever becomes of the others."""

    errors: dict[str, ExchangeImapError] = attrs.field(factory=dict)

    def do(self, name: str, part: Callable[[], A], instead: A) -> A:
        """Do a part, or note why it cannot be done."""
        try:
            return part()
        except ExchangeImapError as error:
            self.errors[name] = error
            return instead


def verify(  # noqa: PLR0913 - the arguments of ImapServer.verify, and how it plans
    server: ServerReader,
    *,
    desired: DesiredState | None,
    credential: PSCredential | None,
    probing: Probing | Unset | None,
    executor: Executor | None,
    planned: Callable[[DesiredState], Plan],
) -> Verification:
    """Read, compare and review; then connect, unless that would make the services stop."""
    require_pickled("ImapServer.verify", executor, {"credential": credential, "probe": probing})
    parts, status = _Parts(), server.status()
    plan = None if desired is None else parts.do("desired", partial(planned, desired), None)
    reviewed = _reviewed(status, plan)
    if credential is not None:
        reviewed += parts.do(MAILBOX, partial(_of_mailbox, server, credential.user_name), _NOTHING_FOUND)
    kept_away = any(found.rule in _STOPPING for found in reviewed)
    tests = _NO_TESTS
    probes: tuple[ProbeResult, ...] = ()
    if not kept_away:
        with _running(executor) as pool:
            begun = list(_begun(status, credential, probing, pool))
            tests = tuple(_tested(server, status, credential, parts))
            probes = tuple(future.result() for future in begun)
    errors = ByName({**status.errors, **parts.errors})
    commands = tuple(step.command for step in plan.steps) if plan else ()
    reading = [each for each in probes if each.protocol is Protocol.IMAP4]
    logged_in = credential is not None and bool(reading) and all(each.works for each in reading)
    verified = Verified(tests=tests, differing=commands, errors=errors, logged_in=logged_in, kept_away=kept_away)
    others = [rule.finding(found) for rule in OF_VERIFYING if rule.verified for found in rule.verified(verified)]
    return Verification(
        server=server.name,
        findings=cause_first(reviewed, probes, others),
        status=status,
        plan=plan,
        tests=tests,
        probes=probes,
        errors=errors,
    )


def _reviewed(status: ServerStatus, plan: Plan | None) -> tuple[Finding, ...]:
    """Review the status, and what the desired state has besides, such as mailboxes, by the rules that found nothing.

    A status names every connector by its identity, and a plan by the name that was asked for. A status has the
    components of IMAP4; another protocol's may be inactive, which keeps no client of IMAP4 out.
    """
    found = review(status)
    rules = {each.rule for each in found}
    more = () if plan is None else review(attrs.evolve(plan.before, components=ByName()))
    return (*found, *(each for each in more if each.rule not in rules))


def _of_mailbox(server: ServerReader, user: str) -> tuple[Finding, ...]:
    """Read the mailbox that is to be logged in to, and review it: it may have no access."""
    found = server.read(GetCASMailbox(identity=user))
    return found_in(Situation(parts={"mailboxes": dict(zip((user,), found, strict=False))}))


def _running(executor: Executor | None) -> AbstractContextManager[Executor]:
    return ThreadPoolExecutor(_AT_MOST, "exchange_imap") if executor is None else nullcontext(executor)


def _begun(
    status: ServerStatus, credential: PSCredential | None, probing: Probing | Unset | None, executor: Executor
) -> Iterator[Future[ProbeResult]]:
    """Probe what clients outside are told: where they read mail, and where they send it."""
    if probing is None:
        return
    asked = probe if isinstance(probing, Unset) else probing
    name = status.settings.x509_certificate_name if status.settings else None
    for protocol, settings in ((Protocol.IMAP4, status.external), (Protocol.SMTP, status.submission)):
        for setting in dict.fromkeys(settings or ()):
            named = name if protocol is Protocol.IMAP4 else None
            yield executor.submit(asked, setting, protocol=protocol, credential=credential, certificate_name=named)


def _tested(
    server: ServerReader, status: ServerStatus, credential: PSCredential | None, parts: _Parts
) -> Iterator[ConnectivityResult]:
    """Let the server log in to itself, once for each method that is bound."""
    if status.settings is None:
        return
    bound = {
        ConnectionType.Ssl: status.settings.ssl_bindings,
        ConnectionType.Tls: status.settings.unencrypted_or_tls_bindings,
    }
    for method, bindings in bound.items():
        if bindings:
            test = TestImapConnectivity(
                client_access_server=server.name,
                light_mode=True,
                connection_type=method,
                port_client_access_server=bindings[0].port,
                mailbox_credential=UNSET if credential is None else credential,
            )
            yield from parts.do(f"Test-ImapConnectivity ({method})", partial(_read, server, test), _NO_TESTS)


def _read(server: ServerReader, test: TestImapConnectivity) -> tuple[ConnectivityResult, ...]:
    return server.read(test)
