"""The ordered steps from one state of a server to another, each with its reason."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator

import attrs

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._cmdlets.services import RestartService, ServiceState, SetService, StartService, StopService
from .._entry import entry
from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.declaration import writable
from .._powershell.comment import comment, printed
from .._rules.consistency import require_consistent
from .._rules.finding import Finding
from .._rules.resulting import Resulting
from .._rules.settings_rules import settings_findings
from .._values import UNSET, ServiceStatus, StartupType
from .._values.given import require_instance
from .desired import DesiredState
from .difference import Change, compare, diff, require_same_server
from .identity import same_server
from .state import ServerState, advance

__all__ = ["Plan", "Step", "make_plan", "plan_between"]

_SETTINGS = tuple(writable(ImapSettings))
_NOT_KNOWN = "whether the services have read them is not known"
_UP = frozenset({ServiceStatus.Running, ServiceStatus.StartPending, ServiceStatus.ContinuePending})
_DOWN = frozenset({ServiceStatus.Stopped, ServiceStatus.StopPending})
_SETTLED = frozenset({ServiceStatus.Running, ServiceStatus.Stopped})


_ENCODING = (
    "Save it as UTF-8 with a byte order mark (utf-8-sig): without one Windows PowerShell reads other characters, and "
    "takes some of them for quotes."
)


@entry
@attrs.frozen
class Step:
    """One command of a plan, why it is there, and what it changes.

    >>> print(Step(SetService(name="MSExchangeIMAP4", startup_type=StartupType.Automatic), "It starts by hand."))
    # It starts by hand.
    Set-Service MSExchangeIMAP4 -StartupType Automatic
    """

    command: Cmdlet
    reason: str
    changes: tuple[Change, ...] = ()

    def __str__(self) -> str:
        return f"{comment(self.reason)}\n{printed(str(self.command))}"


@entry(steps="Write Step(command, reason).")
@attrs.frozen(kw_only=True)
class Plan:
    """The steps that are still to be done on one server.

    ``bool(plan)`` is true if there is anything to do. ``str(plan)`` is a script that an administrator can paste
    into the Exchange Management Shell on the server; its commands are exactly those of the steps, whatever texts the
    server has. Save it with ``encoding="utf-8-sig"``. A command with characters that a console acts on has a warning
    before it. ``before`` is the state that it was made for: it is
    refused in any other. ``warnings`` name settings that the server accepts and clients cannot use.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
    >>> print(server.plan(DesiredState(settings=SetImapSettings(max_connections_per_user=32))))
    # Plan for MBX01: 1 step. Run it in the Exchange Management Shell on that server.
    # 1. MaxConnectionsPerUser: 16 -> 32
    Set-ImapSettings -Server MBX01 -MaxConnectionsPerUser 32
    """

    server: str
    before: ServerState
    steps: tuple[Step, ...]

    def __attrs_post_init__(self) -> None:
        require_instance("Plan.steps", "a tuple of Step", self.steps, tuple)

    @property
    def after(self) -> ServerState:
        """The state that the plan leads to."""
        return functools.reduce(advance, (step.command for step in self.steps), self.before)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """Findings about the settings that the plan writes, by the rules for settings of :func:`check_script`.

        They are about the plan's own changes, checked against all settings as they will be. A plan that changes no
        setting has no warnings.
        """
        commands = [step.command for step in self.steps if isinstance(step.command, SetImapSettings)]
        changed = {field for command in commands for field in _SETTINGS if getattr(command, field) is not UNSET}
        return settings_findings(Resulting.of(self.after.settings, changed))

    def reverse(self) -> Plan:
        """Return the plan that leads back from the end of this one to its beginning.

        Raises :class:`InvalidValueError` where the server held a value that it no longer takes.
        """
        return plan_between(self.server, self.after, self.before)

    def __bool__(self) -> bool:
        return bool(self.steps)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if not self.steps:
            yield from map(comment, self._nothing_to_do())
            return
        count = f"{len(self.steps)} step{'s' if self.steps[1:] else ''}"
        yield comment(f"Plan for {self.server}: {count}. Run it in the Exchange Management Shell on that server.")
        if not "".join(str(step.command) for step in self.steps).isascii():
            yield comment(_ENCODING)
        yield from (comment(f"{warning.severity.value.capitalize()}: {warning}") for warning in self.warnings)
        for number, step in enumerate(self.steps, 1):
            yield comment(f"{number}. {step.reason}")
            yield printed(str(step.command))

    def _nothing_to_do(self) -> Iterator[str]:
        """Say "as desired" only if no service is changing and each is known to have read the stored settings."""
        changing = [service for service in self.before.services if service.status not in _SETTLED]
        if changing:
            statuses = ", ".join(f"{service.name} is {service.status}" for service in changing)
            yield f"Nothing to do on {self.server} now: {statuses}. Plan again when that has changed."
            return
        if not self.before.unknown:
            yield f"Nothing to do: {self.server} is as desired."
            return
        yield f"Nothing to do on {self.server}: stored settings are as desired; {_NOT_KNOWN}."
        yield "DesiredState(restart=True) restarts them in any case."


def make_plan(server: str, before: ServerState, desired: DesiredState) -> Plan:
    """Return the plan that leads from the state ``before`` to the desired one.

    Raises :class:`InvalidValueError` for a desired state of another server or one that contradicts itself.
    """
    _require_state_of(server, before)
    if desired.settings:
        require_same_server(server, desired.settings)
    after = _desired_on(before, desired)
    if desired.restart:
        running = (service.name.lower() for service in before.services if service.status in _UP)
        before = attrs.evolve(before, pending=frozenset(running), up_to_date=frozenset())
    return plan_between(server, before, after, desired.settings)


def _require_state_of(server: str, before: ServerState) -> None:
    answered = before.settings.server
    if not same_server(server, answered):
        raise InvalidValueError("plan", f"the state of {server}", f"that of {answered}", "Plan it on that server.")


def _desired_on(before: ServerState, desired: DesiredState) -> ServerState:
    after = advance(before, desired.settings) if desired.settings else before
    require_consistent(after.settings)
    for service in desired.services:
        after = after.with_service(str(service.name), startup_type=service.startup_type, status=service.status)
    return after


def plan_between(server: str, before: ServerState, after: ServerState, desired: SetImapSettings | None = None) -> Plan:
    """Return the plan from one state to another.

    Settings come first: a service that starts after that reads them and needs no restart. Start types come before
    starts, because a disabled service cannot start.
    """
    settings = _settings_step(server, before, after, desired)
    reload = bool(settings)
    steps = [
        *settings,
        *(step for service in before.services for step in _startup_step(service, after)),
        *(step for service in before.services for step in _status_step(service, before, after, reload=reload)),
    ]
    _require_startable(steps, after)
    return Plan(server=server, before=before, steps=tuple(steps))


def _require_startable(steps: Iterable[Step], after: ServerState) -> None:
    """Refuse to start or restart a service that will be Disabled: it would stay stopped."""
    for step in steps:
        if isinstance(step.command, StartService | RestartService) and isinstance(step.command.name, tuple):
            service = after.service(step.command.name[0])
            if service.startup_type is StartupType.Disabled:
                expected = f"a start type with which it can be started, as {step.command} needs"
                hint = f"State Automatic or Manual for {service.name}, or the status Stopped."
                raise InvalidValueError(service.name, expected, "Disabled", hint)


def _settings_step(
    server: str, before: ServerState, after: ServerState, desired: SetImapSettings | None
) -> tuple[Step, ...]:
    pairs = ((field, getattr(before.settings, field), getattr(after.settings, field)) for field in _SETTINGS)
    changed = {field: value for field, old, value in pairs if value != old}
    domain_controller = desired.domain_controller if desired else UNSET
    wanted = SetImapSettings(server=server, domain_controller=domain_controller, **changed)
    command = diff(before.settings, wanted)
    if command is None:
        return ()
    changes = compare(before.settings, wanted)
    return (Step(command, "; ".join(map(str, changes)), changes),)


def _startup_step(service: ServiceState, after: ServerState) -> Iterator[Step]:
    wanted = after.service(service.name).startup_type
    if wanted is not service.startup_type:
        change = Change("StartupType", service.startup_type, wanted)
        yield Step(SetService(name=service.name, startup_type=wanted), f"{service.name}: {change}", (change,))


def _status_step(service: ServiceState, before: ServerState, after: ServerState, *, reload: bool) -> Iterator[Step]:
    is_up, shall_be_up = service.status in _UP, after.service(service.name).status in _UP
    name = (service.name,)
    shall_stop = after.service(service.name).status is ServiceStatus.Stopped
    if shall_stop and service.status not in _DOWN:
        yield Step(StopService(name=name), f"{service.name} is {service.status} and shall be stopped")
    elif shall_be_up and not is_up:
        yield Step(StartService(name=name), f"{service.name} is {service.status} and shall run")
    elif is_up and (reload or service.name.lower() in before.pending):
        yield Step(RestartService(name=name), f"{service.name} runs with the settings that it started with")
