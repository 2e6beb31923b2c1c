"""Whether a server's components take work: Get-ServerComponentState, Set-ServerComponentState, and at whose request."""

from __future__ import annotations

import re
from typing import Final, Self

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._model.cmdlet import cmdlet
from .._model.codecs.lists import ListCodec
from .._model.codecs.literals import BOOLEAN, SWITCH, IntegerCodec
from .._model.codecs.values import MOMENT, TEXT, Codec, ValueCodec, choice
from .._model.declaration import parameter, property_, required_parameter, required_property
from .._model.field_types import ItemsOr, Of
from .._model.snapshot import Snapshot
from .._model.snapshots import snapshot
from .._model.specs import Endpoint
from .._patterns import pattern
from .._powershell.record import Record, RecordValue
from .._values import ComponentRequester, ComponentStatus, Unset
from .directory import ReadingCmdlet, WritingCmdlet

__all__ = [
    "ACTIVE",
    "SERVER_WIDE_OFFLINE",
    "ComponentRequest",
    "ComponentState",
    "GetServerComponentState",
    "SetServerComponentState",
    "not_active",
    "requests_of",
]

SERVER_WIDE_OFFLINE: Final = "ServerWideOffline"
"""The component that takes the whole server out of service."""
ACTIVE: Final = frozenset({ComponentStatus.Active})
"""What a requester wants who has no request."""

_STATUS = choice(ComponentStatus)


def _read_requester(text: str) -> ComponentRequester:
    """Read the whole word: PowerShell does not complete a text, which the parameter is."""
    found = [member for member in ComponentRequester if str(member).lower() == text.lower()]
    if not found:
        raise InvalidValueError("", _REQUESTER.expected, text)
    return found[0]


_REQUESTER = ValueCodec(choice(ComponentRequester).expected, ComponentRequester, parse=_read_requester)
# Exchange itself spells it so.
_REQUEST = pattern(r"Requestor:(?P<requester>[^;]+); State:(?P<state>[^;]+); Timestamp:(?P<timestamp>.+)")


@cmdlet(
    "Get-ServerComponentState", accepts=("identity", ("ExchangeServer",)), endpoint=Endpoint.EXCHANGE, changes=False
)
class GetServerComponentState(ReadingCmdlet):
    """Get-ServerComponentState: read whether components of a server take work, and who wants it so.

    Source: Microsoft's reference page of Get-ServerComponentState.

    >>> str(GetServerComponentState(identity="MBX01", component="ImapProxy"))
    'Get-ServerComponentState -Identity MBX01 -Component ImapProxy'
    """

    identity: str | Unset = parameter("Identity", TEXT, position=0, mandatory=True)
    """Name, FQDN, GUID, distinguished name or legacy DN of the server."""
    component: str | Unset = parameter("Component", TEXT)
    """One component, such as ``ImapProxy``; all of them otherwise."""


@cmdlet("Set-ServerComponentState", accepts=("identity", ("ExchangeServer",)), endpoint=Endpoint.EXCHANGE, changes=True)
class SetServerComponentState(WritingCmdlet):
    """Set-ServerComponentState: let a component take work, or stop it from taking any.

    What a requester has made inactive only the same one makes active again, and one inactive request, of any requester,
    keeps the component inactive. The IMAP4 services stop while ``ImapProxy`` or ``ServerWideOffline`` is inactive, and
    may have to be started by hand afterwards. Source: Microsoft's reference page of Set-ServerComponentState.

    >>> str(SetServerComponentState(
    ...     identity="MBX01", component="ImapProxy", state="Active", requester=ComponentRequester.HealthAPI
    ... ))
    'Set-ServerComponentState -Identity MBX01 -Component ImapProxy -State Active -Requester HealthAPI'
    """

    identity: str | Unset = parameter("Identity", TEXT, position=0, mandatory=True)
    """Name, FQDN, GUID, distinguished name or legacy DN of the server."""
    component: str = required_parameter("Component", TEXT)
    """The component, such as ``ImapProxy``, or ``ServerWideOffline`` for all."""
    state: Of[ComponentStatus] = required_parameter("State", _STATUS)
    """Active, Inactive or Draining."""
    requester: Of[ComponentRequester] = required_parameter("Requester", _REQUESTER)
    """In whose name."""
    local_only: bool | Unset = parameter("LocalOnly", SWITCH)
    """Only in the server's registry."""
    remote_only: bool | Unset = parameter("RemoteOnly", SWITCH)
    """Only in Active Directory."""
    timeout_in_seconds: Of[int | Unset] = parameter("TimeoutInSeconds", IntegerCodec.between(0, 2**31 - 1))
    """How long the change may take."""


def _read_state(value: str | ComponentStatus) -> ComponentStatus:
    return _STATUS.check(value)


def _check_part(_request: ComponentRequest, attribute: attrs.Attribute[str], value: str) -> None:
    """Refuse what would not be read back."""
    if re.fullmatch(r"[^;\r\n]+", value) is None:
        raise InvalidValueError(f"ComponentRequest.{attribute.name}", "text without semicolon and line end", value)


@entry
@attrs.frozen
class ComponentRequest:
    """Who wants a component to be in which state, and since when.

    ``timestamp`` is ISO 8601 where the server sent the moment itself, and otherwise what the shell printed, in its own
    language.

    >>> request = ComponentRequest.parse("Requestor:Maintenance; State:Inactive; Timestamp:9/28/2021 5:20:23 PM")
    >>> request.requester, request.state, request.timestamp
    ('Maintenance', ComponentStatus.Inactive, '9/28/2021 5:20:23 PM')
    """

    requester: str = attrs.field(validator=_check_part)
    state: ComponentStatus = attrs.field(converter=_read_state)
    timestamp: str = attrs.field(validator=_check_part)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what the shell prints. Raises :class:`InvalidValueError`."""
        found = _REQUEST.fullmatch(text)
        if found is None:
            raise InvalidValueError("ComponentRequest", _REQUESTS.item.expected, text)
        return cls(found["requester"], ComponentStatus.parse(found["state"]), found["timestamp"])

    def __str__(self) -> str:
        return f"Requestor:{self.requester}; State:{self.state}; Timestamp:{self.timestamp}"


@attrs.frozen
class _RequestCodec(Codec[ComponentRequest]):
    """A request as an object with its parts, or as text."""

    expected: str = "Requestor:...; State:...; Timestamp:..."
    type: type[ComponentRequest] = ComponentRequest

    def from_text(self, text: str) -> ComponentRequest:
        return ComponentRequest.parse(text)

    def decode(self, value: RecordValue) -> ComponentRequest:
        """Read the parts where they came: the text has the moment in the shell's language."""
        if not isinstance(value, Record) or not value.has("Requester"):
            return super().decode(value)
        requester, timestamp = TEXT.decode(value.get("Requester")), MOMENT.decode(value.get("Timestamp"))
        return ComponentRequest(requester, _STATUS.decode(value.get("State")), timestamp)


_REQUESTS = ListCodec(_RequestCodec())


@snapshot(
    "Microsoft.Exchange.Data.Directory.Management.ServerComponentStatePresentationObject",
    read_by=GetServerComponentState,
)
class ComponentState(Snapshot):
    r"""A component as Get-ServerComponentState answers it.

    It is active only where neither the directory (``remote_states``) nor the registry (``local_states``) has a request
    for another state, of any requester.

    >>> state = ComponentState.parse(
    ...     "ServerFqdn                 : mbx01.contoso.com\n"
    ...     "Component                  : ImapProxy\n"
    ...     "State                      : Active\n"
    ...     "ServerWideOfflineIsOffline : False\n"
    ...     "RemoteStates               : {}\n"
    ...     "LocalStates                : {Requestor:HealthAPI; State:Active; Timestamp:9/28/2021 5:20:23 PM}\n"
    ... )
    >>> state.state, [request.requester for request in state.local_states or ()]
    (ComponentStatus.Active, ['HealthAPI'])
    """

    server_fqdn: str = required_property("ServerFqdn", TEXT)
    component: str = required_property("Component", TEXT, first=True)
    state: Of[ComponentStatus] = required_property("State", _STATUS, first=True)
    server_wide_offline_is_offline: bool | None = property_("ServerWideOfflineIsOffline", BOOLEAN)
    """Whether the whole server is offline, and every component with it."""
    remote_states: ItemsOr[ComponentRequest, None] = property_("RemoteStates", _REQUESTS)
    """What the directory has."""
    local_states: ItemsOr[ComponentRequest, None] = property_("LocalStates", _REQUESTS)
    """What the server's registry has."""
    identity: str | None = property_("Identity", TEXT)
    is_valid: bool | None = property_("IsValid", BOOLEAN)
    object_state: str | None = property_("ObjectState", TEXT)


def requests_of(state: ComponentState) -> dict[str, frozenset[ComponentStatus]]:
    """Return what each requester wants, in the directory or in the registry: both, where they differ."""
    found: dict[str, set[ComponentStatus]] = {}
    for request in (*(state.remote_states or ()), *(state.local_states or ())):
        found.setdefault(request.requester, set()).add(request.state)
    return {requester: frozenset(statuses) for requester, statuses in found.items()}


def not_active(state: ComponentState) -> dict[str, frozenset[ComponentStatus]]:
    """Return what each requester wants who keeps the component from being active."""
    return {requester: statuses for requester, statuses in requests_of(state).items() if statuses != ACTIVE}
