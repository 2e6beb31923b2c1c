"""The ordered steps from one state of a server to another, each with its reason."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._finding import Finding, Severity
from .._model.cmdlet import Cmdlet
from .._powershell.comment import comment
from .._shown import counted, glance, short
from .._values import ServiceStatus
from .._values.given import require_instance
from .._viewed import Viewed
from .as_data.given import Given
from .as_data.model import PlainData
from .desired import DesiredState
from .findings import findings_of
from .identity import same_server
from .resource import Planning, advance, owner_of, resource, resources, resources_in, why_not
from .scope import scope_of_desired
from .state import ServerState
from .step import Step

if TYPE_CHECKING:
    from .._html.facts import Facts
    from .connection_map import ConnectionMap

__all__ = ["Plan", "make_plan", "plan", "plan_between", "untold"]

_NOT_KNOWN = "whether the services have read them is not known"
_MOST = 5
"""How many commands a repr names."""
_UP = frozenset({ServiceStatus.Running, ServiceStatus.StartPending, ServiceStatus.ContinuePending})
_SETTLED = frozenset({ServiceStatus.Running, ServiceStatus.Stopped})


_ENCODING = (
    "Save it as UTF-8 with a byte order mark (utf-8-sig): without one Windows PowerShell reads other characters, and "
    "takes some of them for quotes."
)


@entry(steps="Write Step(command, reason).")
@attrs.frozen(kw_only=True, repr=False)
class Plan(PlainData, Viewed):
    """The steps that are still to be done on one server.

    ``bool(plan)`` is true if there is anything to do. ``str(plan)`` is a script that an administrator can paste into
    the Exchange Management Shell on the server; its commands are exactly those of the steps, whatever texts the server
    has. Save it with ``encoding="utf-8-sig"``. A command with characters that a console acts on has a warning before
    it. ``before`` is the state that it was made for: it is refused in any other. ``problems`` stop it, and ``warnings``
    name what the server accepts and clients probably cannot use; the script has both as comments. ``lasting`` says what
    stays different from what was wanted. No cmdlet takes from a certificate what it is enabled for, so that stays when
    a plan is taken back; and a component that another requester keeps inactive stays so.

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
    lasting: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        require_instance("Plan.steps", "a tuple of Step", self.steps, tuple)

    @property
    def after(self) -> ServerState:
        """The state that the plan leads to."""
        return functools.reduce(advance, (step.command for step in self.steps), self.before)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """Findings of severity ERROR: what certainly leaves clients unable to connect. They stop ``apply``.

        Examples are an expired certificate that the plan enables, and a component that somebody else keeps inactive
        while the services shall run. :meth:`ImapServer.apply` takes the ids of those that you accept as ``despite``.
        Certificates are judged by ``before.read_at``.

        >>> from exchange_imap.testing import FakeExchange, NewCertificate
        >>> fake = FakeExchange(servers=["MBX01"])
        >>> keyless = fake.server("MBX01").add_certificate(NewCertificate(("mail.contoso.com",), has_private_key=False))
        >>> server = ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport())
        >>> wanted = EnableExchangeCertificate(thumbprint=keyless.thumbprint, services=("SMTP",))
        >>> [problem.rule for problem in server.plan(DesiredState(certificates=[wanted])).problems]
        ['certificate-without-key']
        """
        return tuple(found for found in self._findings if found.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The other findings: what the server accepts and clients probably cannot use, by the rules of docs/rules.md.

        They are about the plan's own changes, checked against the state as it will be. A plan without steps has none.
        """
        return tuple(found for found in self._findings if found.severity is not Severity.ERROR)

    @property
    def _findings(self) -> tuple[Finding, ...]:
        return findings_of(self.server, self.before, self.after, [step.command for step in self.steps])

    @property
    def digest(self) -> str:
        """The SHA-256 in hexadecimal of :meth:`to_dict` as JSON in ASCII, with sorted keys and without blanks.

        Left out is what does not count when plans are compared: ``before.read_at``, and ``doubtful`` of snapshots. So
        equal plans have the same digest, whenever and in whatever process they were made. Show it with the plan to
        whoever approves it, and give it to :meth:`ImapServer.apply`, which then refuses any other plan.
        """
        import hashlib  # noqa: PLC0415 - few plans are signed off
        import json  # noqa: PLC0415 - the same

        text = json.dumps(self._to_compare(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def _check(self, given: Given) -> None:
        """Refuse the state of another server, and a step that planning never makes."""
        if not same_server(self.server, self.before.settings.server):
            where = given.at("before", None).at("settings", None).at("Server", self.before.settings.server)
            raise where.refused(f"{self.server}, of which the plan is")
        for place, step in enumerate(self.steps):
            if why := why_not(step.command, self.server, self.before):
                where = given.at("steps", None).at(place, None).at("command", str(step.command))
                raise where.refused("a command that a plan is made of", why)

    @property
    def refused(self) -> tuple[Step, ...]:
        """The steps that the server will refuse, as far as the capabilities that the plan was made with tell."""
        return tuple(step for step in self.steps if step.refused)

    def reverse(self) -> Plan:
        """Return the plan that leads back from the end of this one to its beginning.

        What no cmdlet changes back is in ``lasting`` of that plan. Raises :class:`InvalidValueError` where the server
        held a value that it no longer takes.
        """
        back = plan_between(self.server, self.after, self.before)
        lasting = untold(self.before, [step.command for step in self.steps])
        return attrs.evolve(back, lasting=(*back.lasting, *lasting))

    def __bool__(self) -> bool:
        return bool(self.steps)

    def __repr__(self) -> str:
        cmdlets = [step.command.cmdlet for step in self.steps[:_MOST]]
        cmdlets += [f"{len(self.steps) - _MOST} more"] if self.steps[_MOST:] else []
        steps = counted(len(self.steps), "step") + (f": {', '.join(cmdlets)}" if cmdlets else "")
        lasting = [f"lasting={short(self.lasting)}"] if self.lasting else []
        return glance(self, [f"server={short(self.server)}", steps, *lasting])

    def map(self) -> ConnectionMap:
        """Draw how clients connect before the plan and after it, as SVG; what it changes is marked.

        >>> from exchange_imap.testing import FakeExchange
        >>> transport = FakeExchange(servers=["MBX01"]).transport()
        >>> server = ImapServer("MBX01", exchange=transport, windows=transport)
        >>> "Before" in str(server.plan(DesiredState.disabled()).map())
        True
        """
        from .map_of_state import map_of  # noqa: PLC0415 - loaded by who looks

        return map_of(self.server, ("Before", self.before), ("After", self.after))

    def _facts(self) -> Facts:
        from .facts_of_plan import facts_of_plan  # noqa: PLC0415 - loaded by who looks

        title = self._title() if self.steps else " ".join(self._nothing_to_do())
        return facts_of_plan(title, self.lasting, self._problems_first(), [each._facts() for each in self.steps])  # noqa: SLF001 - its own part

    def _title(self) -> str:
        return f"Plan for {self.server}: {counted(len(self.steps), 'step')}"

    def _problems_first(self) -> list[Finding]:
        return sorted(self._findings, key=lambda found: found.severity is not Severity.ERROR)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        notes = [comment(f"Note: {text}.") for text in self.lasting]
        if not self.steps:
            yield from map(comment, self._nothing_to_do())
            yield from notes
            return
        yield comment(f"{self._title()}. Run it in the Exchange Management Shell on that server.")
        if not "".join(str(step.command) for step in self.steps).isascii():
            yield comment(_ENCODING)
        yield from notes
        if self.refused:
            places = ", ".join(str(place) for place, step in enumerate(self.steps, 1) if step.refused)
            yield comment(f"Note: the account that this was planned with may not run step {places}: see there.")
        yield from (comment(f"{_said(found)}: {found}") for found in self._problems_first())
        for number, step in enumerate(self.steps, 1):
            yield from step.lines(f"{number}. ")

    def _nothing_to_do(self) -> Iterator[str]:
        """Say "as desired" only if no service is changing and each is known to have read the stored settings."""
        changing = [service for service in self.before.services if service.status not in _SETTLED]
        if changing:
            statuses = ", ".join(f"{service.name} is {service.status}" for service in changing)
            yield f"Nothing to do on {self.server} now: {statuses}. Plan again when that has changed."
            return
        if not self.before.unknown and not self.lasting:
            yield f"Nothing to do: {self.server} is as desired."
            return
        if not self.before.unknown:
            yield f"Nothing to do on {self.server}: a plan cannot change what is still different."
            return
        yield f"Nothing to do on {self.server}: stored settings are as desired; {_NOT_KNOWN}."
        yield "DesiredState(restart=True) restarts them in any case."


@entry
def plan(server: str, state: ServerState, desired: DesiredState) -> Plan:
    """Return the plan that leads a server from a state to the desired one; nothing is sent.

    The state may come from :meth:`ImapServer.state`, from :meth:`ServerState.from_dict`, or be made of snapshots, which
    read what Format-List, Export-Clixml and ConvertTo-Json wrote. Raises :class:`InvalidValueError` if it is of another
    server, if it lacks an object that is desired, and for a desired state that contradicts itself.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> state = ImapServer("MBX01", exchange=transport, windows=transport).state()
    >>> [str(step.command) for step in plan("MBX01", state, DesiredState(settings=SetImapSettings(banner="Hi."))).steps]
    ['Set-ImapSettings -Server MBX01 -Banner Hi.']
    """
    for key, names in scope_of_desired(server, desired.stated).items():
        _require_objects(key, names, state)
    return make_plan(server, state, desired)


def _require_objects(key: str, names: Sequence[str], state: ServerState) -> None:
    """Refuse a state without an object that is desired. Of the settings there is one object, whatever its name."""
    found = resource(key)
    there = names if found.named_by == "" and getattr(state, key) else found.names_in(state)
    known = {name.casefold() for name in there}
    for name in names:
        if name.casefold() not in known:
            hint = "Read the state with server.state(desired), or put what you have into ServerState(...)."
            raise InvalidValueError(f"plan(state).{key}", f"{name}, which is desired", ", ".join(there) or "none", hint)


def _said(found: Finding) -> str:
    return "Problem" if found.severity is Severity.ERROR else found.severity.value.capitalize()


def make_plan(server: str, before: ServerState, desired: DesiredState) -> Plan:
    """Return the plan that leads from the state ``before`` to the desired one.

    Raises :class:`InvalidValueError` for a desired state of another server or one that contradicts itself.
    """
    _require_state_of(server, before)
    stated = desired.stated
    after = before
    for each in resources(stated):
        after = each.desired(after, server, stated[each.key])
    if desired.restart:
        running = (service.name.lower() for service in before.services if service.status in _UP)
        before = attrs.evolve(before, pending=frozenset(running), up_to_date=frozenset())
    return plan_between(server, before, after, stated)


def _require_state_of(server: str, before: ServerState) -> None:
    answered = before.settings.server
    if not same_server(server, answered):
        raise InvalidValueError("plan", f"the state of {server}", f"that of {answered}", "Plan it on that server.")


def plan_between(
    server: str, before: ServerState, after: ServerState, stated: Mapping[str, tuple[Cmdlet, ...]] | None = None
) -> Plan:
    """Return the plan from one state to another.

    Settings come before services: a service that starts after them reads them and needs no restart.
    """
    planning, steps = Planning(server, before, after, stated or {}), list[Step]()
    for each in resources_in(before):
        for step in each.steps(planning):
            steps.append(step)
            planning.uncertain = {**planning.uncertain, **each.beside(step.command)}
            planning.before = each.advance(planning.before, step.command)
    lasting = (
        text
        for each in resources_in(before)
        for text in (*each.lasting(before, after), *each.unmet(before, after, planning.of(each.key)))
    )
    return Plan(server=server, before=before, steps=tuple(steps), lasting=tuple(lasting))


def untold(before: ServerState, commands: Iterable[Cmdlet]) -> Iterator[str]:
    """Yield what these commands leave behind for good and no state of the server tells."""
    for command in commands:
        yield from owner_of(command).untold(before, command)
