"""One Exchange server: read its IMAP4 settings and services, plan, apply, verify."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Self

import attrs

from ._apply import Application
from ._cmdlet.cmdlet import Cmdlet
from ._cmdlet.declaration import Endpoint
from ._cmdlets.imap_settings import GetImapSettings, ImapSettings
from ._cmdlets.services import IMAP4_SERVICES, GetService, ServiceState
from ._errors import CommandError, EndpointError, InvalidValueError, UnexpectedReplyError
from ._plan.desired import DesiredState
from ._plan.outcome import Outcome
from ._plan.plan import Plan, make_plan
from ._plan.state import ServerState
from ._powershell.command import Pipeline
from ._transports.seam import Reply, Transport
from ._values import UNSET, Binding, ConnectionSetting, ServiceStatus, Unset
from ._values.given import require_instance

__all__ = ["ImapServer"]

# What to do about errors that come up again and again, by what their ids have in them: texts are localized.
_HINTS = {
    "CommandNotFoundException": "The account's roles do not grant it, or the transport leads to the wrong endpoint.",
    "NamedParameterNotFound": "The account's roles do not grant this parameter.",
    "Cmdlet-ManagementObjectNotFoundException": "Check the name; a server is found by its name, FQDN or DN.",
    "NoServiceFoundForGivenName": (
        f"The services are {' and '.join(IMAP4_SERVICES)}; check also that the transport leads to an Exchange server."
    ),
    "CouldNotStartService": "A Disabled service cannot start: Set-Service -StartupType Automatic first.",
}


def _service_names(pending: Iterable[str]) -> frozenset[str]:
    names = frozenset() if isinstance(pending, str) else frozenset(name.lower() for name in pending)
    known = {name.lower() for name in IMAP4_SERVICES}
    if isinstance(pending, str) or not names <= known:
        raise InvalidValueError("pending", f"names of {', '.join(IMAP4_SERVICES)} in a tuple or list", pending)
    return names


def _hint(error_id: str) -> str:
    return next((hint for part, hint in _HINTS.items() if part in error_id), "")


def _check_name(_server: ImapServer, _attribute: object, name: str) -> None:
    expected = "the server's name, FQDN or distinguished name"
    require_instance("ImapServer.name", expected, name, str)
    if not name.strip():
        raise InvalidValueError("ImapServer.name", expected, name)


@attrs.define(eq=False)
class ImapServer:
    """What a tool holds for one Exchange server.

    ``exchange`` is the transport to the Exchange Management Shell's endpoint and ``windows`` the one to the
    server's ordinary WinRM endpoint, which alone has the ``*-Service`` cmdlets; one that is ``None`` is missed only
    when a command needs it. A context manager: leaving it closes both. Not for several threads at a time.

    >>> from exchange_imap.testing import FakeExchange
    >>> fake = FakeExchange(servers=["MBX01"])
    >>> with ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport()) as server:
    ...     outcome = server.enable(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com")
    ...     print(len(outcome.applied), "steps;", ", ".join(str(service.status) for service in server.services()))
    5 steps; Running, Running
    """

    name: str = attrs.field(validator=_check_name)
    exchange: Transport | None = attrs.field(default=None, kw_only=True, repr=False)
    windows: Transport | None = attrs.field(default=None, kw_only=True, repr=False)
    _pending: frozenset[str] = attrs.field(default=frozenset(), init=False, repr=False)

    def run(self, command: Cmdlet) -> Reply:
        """Run one cmdlet behind its own door and return the answer.

        Raises :class:`CommandError` when the server refuses and :class:`TransportError` when it cannot be asked.
        """
        hint = "Write run(parse(...)); of a pipeline run the first cmdlet alone: formatting is for the shell."
        require_instance("run", "a cmdlet", command, Cmdlet, hint)
        reply = self._transport(command).run(Pipeline((command,)))
        if reply.errors:
            raise CommandError(str(command), reply.errors, _hint(reply.errors[0].fully_qualified_error_id))
        return reply

    def _transport(self, command: Cmdlet) -> Transport:
        found = self.exchange if command.endpoint is Endpoint.EXCHANGE else self.windows
        if found is None:
            keyword = command.endpoint.name.lower()
            reason = f"{command.cmdlet} needs the {command.endpoint.value} endpoint of {self.name}"
            raise EndpointError(reason, str(command), sent=False, hint=f"Give ImapServer a transport as {keyword}=.")
        return found

    def settings(self) -> ImapSettings:
        """Read the stored IMAP4 settings; running services may still have older ones.

        Raises :class:`UnexpectedReplyError` when the answer is not exactly one object with every property.
        """
        records = self.run(GetImapSettings(server=self.name)).records
        if len(records) != 1:
            raise UnexpectedReplyError("Get-ImapSettings", "one object", f"{len(records)} objects")
        return ImapSettings.from_record(records[0])

    def services(self) -> tuple[ServiceState, ...]:
        """Read the two IMAP4 services, the front end first."""
        records = self.run(GetService(name=IMAP4_SERVICES)).records
        found = {state.name.lower(): state for state in map(ServiceState.from_record, records)}
        names = [name.lower() for name in IMAP4_SERVICES]
        if sorted(found) != sorted(names) or len(records) != len(names):
            raise UnexpectedReplyError("Get-Service", f"the services {' and '.join(IMAP4_SERVICES)}", sorted(found))
        return tuple(found[name] for name in names)

    def state(self) -> ServerState:
        """Read settings and services, and add what is known to be pending."""
        settings, services = self.settings(), self.services()
        running = {service.name.lower() for service in services if service.status is not ServiceStatus.Stopped}
        self._pending &= running
        return ServerState(settings=settings, services=services, pending=self._pending)

    def plan(self, desired: DesiredState, *, pending: Iterable[str] = ()) -> Plan:
        """Return what to do to make the server as desired; it only reads.

        ``pending`` names services that are known to run with older settings, such as ``Outcome.pending`` of another
        process; what this object wrote itself it knows. Raises :class:`InvalidValueError` for a desired state that
        is of another server or contradicts itself.
        """
        self._pending |= _service_names(pending)
        return make_plan(self.name, self.state(), desired)

    def apply(self, plan: Plan) -> Outcome:
        """Carry out a plan step by step, read the server again, and return what was done.

        Nothing is sent twice. Where an answer was lost the server is read again: if the step took effect the plan
        goes on. Raises :class:`StalePlanError`, with nothing changed, when the server is no longer what the plan was
        made for, and :class:`ApplyError`, whose ``outcome`` says what was applied and what was not, when a step fails
        or the server is not as planned at the end.
        """
        require_instance("apply", "a Plan", plan, Plan, "Write apply(plan(desired)).")
        application = Application(plan, self.run, self.state)
        try:
            return application.carry_out()
        finally:
            self._pending = application.pending

    def enable(
        self,
        *,
        external: Iterable[ConnectionSetting | str],
        certificate: str | None = None,
        ssl_bindings: Iterable[Binding | str] | Unset = UNSET,
        unencrypted_or_tls_bindings: Iterable[Binding | str] | Unset = UNSET,
    ) -> Outcome:
        """Enable IMAP4 as Microsoft's procedure does: plan and apply :meth:`DesiredState.enabled`."""
        desired = DesiredState.enabled(
            external=external,
            certificate=certificate,
            ssl_bindings=ssl_bindings,
            unencrypted_or_tls_bindings=unencrypted_or_tls_bindings,
        )
        return self.apply(self.plan(desired))

    def close(self) -> None:
        """Close both transports, the second also when the first one fails."""
        try:
            if self.exchange is not None:
                self.exchange.close()
        finally:
            if self.windows is not None and self.windows is not self.exchange:
                self.windows.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()
