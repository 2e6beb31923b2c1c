"""One Exchange server: plan, apply, verify what is read of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Literal, Self, Unpack

import attrs

from ._apply.application import Application
from ._apply.limits import Limits
from ._apply.observers import Observers
from ._apply.roll_back import roll_back
from ._apply.state_reader import StateReader
from ._apply.step_event import StepEvent
from ._cmdlets.services import IMAP4_SERVICES
from ._entry import entry
from ._errors import InvalidValueError
from ._model.cmdlet import Cmdlet
from ._plan.admission import accepted_problems, require_digest
from ._plan.desired import DesiredState
from ._plan.errors import ApplyError
from ._plan.outcome import Outcome
from ._plan.plan import Plan, make_plan
from ._plan.resource import is_protocol_service
from ._plan.scope import scope_of_state
from ._reading.server_reader import TRANSPORT_HINT, ServerReader
from ._transports.psrp.deadline import require_time
from ._transports.psrp.keywords import PsrpOptions
from ._transports.transport import Reply
from ._values import UNSET, Binding, ConnectionSetting, Unset

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ._apply.audit_log import AuditLog  # few plans are audited
    from ._plan.capabilities import Capabilities
    from ._powershell.secret import PSCredential
    from ._verify.verification import Verification
    from ._verify.verifying import Probing

__all__ = ["ImapServer"]


def _service_names(pending: Iterable[str]) -> frozenset[str]:
    names = frozenset() if isinstance(pending, str) else frozenset(name.lower() for name in pending)
    if isinstance(pending, str) or not all(map(is_protocol_service, names)):
        raise InvalidValueError("pending", f"names of {', '.join(IMAP4_SERVICES)} in a tuple or list", pending)
    return names


@entry(
    exchange=TRANSPORT_HINT,
    windows=TRANSPORT_HINT,
    host="Give a host name or IP address.",
    name="Give the server's name, FQDN or distinguished name.",
    plan="Write apply(plan(desired)).",
    desired="Write DesiredState(settings=...), or services=, or both.",
    despite="Write despite=(problem.rule,) for a problem of plan.problems.",
)
@attrs.define(eq=False)
class ImapServer(ServerReader):
    """One Exchange server, with a transport to each of its two endpoints.

    ``exchange`` is the transport to the Exchange Management Shell's endpoint, and ``windows`` the one to the ordinary
    WinRM endpoint, which alone has the ``*-Service`` cmdlets. Either may be ``None`` if no command needs it. A context
    manager: leaving it closes both. Do not use it from several threads at a time.

    >>> from exchange_imap.testing import FakeExchange
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> with ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport()) as server:
    ...     outcome = server.enable(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com")
    ...     print(len(outcome.applied), "steps;", ", ".join(str(service.status) for service in server.services()))
    5 steps; Running, Running
    """

    @classmethod
    def connect(
        cls,
        host: str,
        *,
        name: str | None = None,
        exchange: PsrpOptions | None = None,
        windows: PsrpOptions | None = None,
        **options: Unpack[PsrpOptions],
    ) -> Self:
        """Make the server object for a real server, with a transport to each of its endpoints.

        ``options`` (:class:`PsrpOptions`) are for both endpoints, ``exchange`` and ``windows`` for one of them.
        ``name`` is the server's own name, if it is not the host to connect to. Nothing is sent yet. Commands that only
        read, and those that certainly never ran, are retried (:class:`RetryingTransport`).

        >>> server = ImapServer.connect("mbx01.contoso.com", username="admin@CONTOSO.COM", windows={"ssl": True})
        >>> server.windows
        RetryingTransport(transport=<PsrpTransport Microsoft.PowerShell at https://mbx01.contoso.com:5986/wsman: not ...
        """
        from ._transports.psrp.options import mask  # noqa: PLC0415 - only a real server needs them
        from ._transports.psrp.transport import PsrpTransport  # noqa: PLC0415 - loads pypsrp
        from ._transports.retry import RetryingTransport  # noqa: PLC0415 - loads tenacity

        options, exchange, windows = mask(options), mask(exchange or {}), mask(windows or {})
        to_exchange: PsrpOptions = {**options, **exchange}
        to_windows: PsrpOptions = {**options, **windows}
        return cls(
            name or host,
            exchange=RetryingTransport(PsrpTransport.exchange(host, **to_exchange)),
            windows=RetryingTransport(PsrpTransport.windows(host, **to_windows)),
        )

    def plan(
        self,
        desired: DesiredState,
        *,
        pending: Iterable[str] = (),
        audit: AuditLog | None = None,
        capabilities: Capabilities | None = None,
    ) -> Plan:
        """Return the plan that brings the server to the desired state; this only reads.

        ``pending`` names services that are known to run with older settings, such as ``Outcome.pending`` of another
        process, and ``audit`` is the log in which the same is found, also of a process that was killed; this object
        knows its own writes. With ``capabilities`` each step says what the account lacks for it
        (``Step.refused``), and :meth:`apply` refuses a plan with such a step. Raises :class:`InvalidValueError` for
        a desired state that is of another server or contradicts itself, and for capabilities at another server.
        """
        self._known = self._known.with_pending(_service_names(pending) | self._left_pending(audit))
        plan = make_plan(self.name, self.state(desired), desired)
        if capabilities is None:
            return plan
        from ._plan.capabilities import marked  # noqa: PLC0415 - loaded by who gives them

        return marked(plan, capabilities)

    def _left_pending(self, audit: AuditLog | None) -> frozenset[str]:
        return frozenset() if audit is None else audit.pending(self.name)

    def apply(  # noqa: PLR0913 - one argument for each way in which a plan may end
        self,
        plan: Plan,
        *,
        despite: Iterable[str] = (),
        on_step: Callable[[StepEvent], None] | None = None,
        cancel: threading.Event | None = None,
        deadline: timedelta | None = None,
        on_failure: Literal["stop", "roll back"] = "stop",
        digest: str | None = None,
        audit: AuditLog | None = None,
    ) -> Outcome:
        """Carry out a plan step by step, read the server again, and return what was done.

        After a lost answer the server is read again, and the plan goes on if the step took effect. A write is sent
        again only if it is certain that it never ran, or if it states whole values and the server, read again, does
        not show them. A service that is starting or stopping is waited for, two minutes or until the deadline.

        A plan with ``problems``, at the time of applying it, is refused unless ``despite`` has the ids of their rules.

        ``on_step`` is called with a :class:`StepEvent` before each step and after it. An exception of it stops the plan
        before the next step. ``cancel`` is an event that ends the plan before its next step, or a wait; each step is
        then a request of its own. ``deadline`` does so after that time, and limits each command if the transport can;
        what became of the last command is found out afterwards, which may take up to 30 seconds more. With
        ``on_failure="roll back"`` a plan that stops is taken back, if it is known what it has done and the server is as
        it left it. The way back is neither cancelled nor late. What is done stands in the file of ``audit`` before it
        is done; if that cannot be written, the plan stops as with an exception of ``on_step``.

        ``digest`` is that of the plan that was approved, :attr:`Plan.digest`.

        Raises, with nothing changed, :class:`PlanDigestError` for another plan than the approved one,
        :class:`ForeignStepError` and :class:`ForeignPlanError` for a plan that was not made for this server,
        :class:`PlanProblemsError` for one with problems, and :class:`StalePlanError` when the server is no longer what
        the plan was made for. Raises :class:`ApplyError`, whose ``outcome`` says what was applied and what was not,
        when a step fails or the server is not as planned at the end: :class:`CancelledPlanError` and
        :class:`LatePlanError` when it was ended. Any other exception, such as a KeyboardInterrupt, has the outcome as a
        note and as its attribute ``outcome``.
        """
        if digest is not None:
            require_digest(plan, digest)
        if on_failure not in {"stop", "roll back"}:
            raise InvalidValueError("ImapServer.apply(on_failure)", '"stop" or "roll back"', on_failure)
        if deadline is not None:
            require_time("ImapServer.apply(deadline)", deadline)
        limits, accepted = Limits.of(self.clock, cancel, deadline), accepted_problems(despite)
        self._known = self._known.with_pending(self._left_pending(audit))
        application = self._application(plan, limits, self._observers(plan, on_step, audit), accepted)
        try:
            return self._carry_out(application)
        except ApplyError as error:
            if on_failure == "roll back":
                roll_back(application, error, partial(self._take_back, on_step, audit))
            raise

    def _take_back(self, on_step: Callable[[StepEvent], None] | None, audit: AuditLog | None, back: Plan) -> Outcome:
        """Carry out the way back, which begins at the state that was read a moment ago."""
        observers = self._observers(back, on_step, audit, undoing=True)
        despite = None  # nothing stops the way back
        return self._carry_out(self._application(back, Limits(self.clock), observers, despite), fresh=True)

    def _observers(
        self,
        plan: Plan,
        on_step: Callable[[StepEvent], None] | None = None,
        audit: AuditLog | None = None,
        *,
        undoing: bool = False,
    ) -> Observers:
        observers = Observers(plan, self.clock.now, on_step, undoing)
        if audit is not None:
            from ._apply.recorder import Recorder  # noqa: PLC0415 - few plans are audited

            observers.audit = Recorder(audit, self.clock.now, self._endpoints.accounts)
        return observers

    def _application(
        self, plan: Plan, limits: Limits, observers: Observers, despite: Collection[str] | None = ()
    ) -> Application:
        scope = scope_of_state(plan.before)
        reader = StateReader(attrs.evolve(self._endpoints, limits=limits), self.run, self._seen)
        read, batches = partial(reader.state, scope), reader.batches(scope)
        return Application(plan, self._send, read, observers, limits, batches, despite)

    def _carry_out(self, application: Application, *, fresh: bool = False) -> Outcome:
        self._limits = application.limits
        try:
            return application.carry_out(fresh=fresh)
        finally:
            self._limits = Limits(self.clock)
            self._known = application.known or self._known

    def _send(self, command: Cmdlet) -> Reply:
        return self._endpoints.send(command)

    def enable(
        self,
        *,
        external: Iterable[ConnectionSetting | str] | str,
        certificate: str | None = None,
        ssl_bindings: Iterable[Binding | str] | Unset = UNSET,
        unencrypted_or_tls_bindings: Iterable[Binding | str] | Unset = UNSET,
        smtp: str | None = None,
    ) -> Outcome:
        """Enable IMAP4 as Microsoft's procedure does: plan and apply :meth:`DesiredState.enabled`."""
        desired = DesiredState.enabled(
            external=external,
            certificate=certificate,
            ssl_bindings=ssl_bindings,
            unencrypted_or_tls_bindings=unencrypted_or_tls_bindings,
            smtp=smtp,
        )
        plan = self.plan(desired)
        return self._carry_out(self._application(plan, Limits(self.clock), self._observers(plan)), fresh=True)

    def verify(
        self,
        desired: DesiredState | None = None,
        credential: PSCredential | None = None,
        *,
        probe: Probing | Unset | None = UNSET,
        executor: Executor | None = None,
    ) -> Verification:
        """Find out whether clients can connect, and why not; nothing is changed.

        The server is read (:meth:`status`), compared with what is desired, and reviewed (:func:`review`). It tests
        itself with Test-ImapConnectivity, once for each method that is bound, as a client inside would connect. And
        what clients outside are told is probed from this computer: ExternalConnectionSettings, and the Receive
        connectors that are advertised. What cannot be done is in :attr:`Verification.errors`, and the rest goes on.
        While the component is inactive nothing connects, because that would stop the services.

        ``credential`` is a mailbox to log in to, in the test and in the probes; without it Test-ImapConnectivity needs
        its test user, and the probes do not log in. ``probe`` is the function that probes: by default :func:`probe`,
        ``functools.partial(probe, trust="ca.pem")`` to give it options, ``None`` for no probes. ``executor`` runs the
        probes, otherwise eight threads do; other processes cannot be given a credential. Raises
        :class:`InvalidValueError` for a prompt as the credential, and for what other processes cannot be given.

        >>> from exchange_imap.testing import FakeExchange
        >>> transport = FakeExchange(servers=["MBX01"]).transport()
        >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
        >>> print(server.verify(probe=None))
        MBX01: clients cannot connect: MSExchangeImap4 is Stopped: clients cannot connect; start it. ...
          to run   Start-Service MSExchangeImap4
                   Start-Service MSExchangeIMAP4BE
        ...
        """
        from ._verify.verifying import verify  # noqa: PLC0415 - few programs ask

        return verify(self, desired=desired, credential=credential, probing=probe, executor=executor, planned=self.plan)
