"""Compare what a server has with what is desired. Spelling and the order of lists make no difference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, Self, overload
from urllib.parse import urlsplit, urlunsplit

import attrs

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._cmdlets.services import ServiceState, SetService
from .._entry import entry
from .._errors import InvalidValueError
from .._json import Json
from .._model.cmdlet import Cmdlet
from .._model.declaration import own_parameters, parameters, properties, required, writable
from .._model.snapshot import PartialSnapshot, Snapshot
from .._model.specs import ParameterSpec, Spec
from .._powershell.renderer import render_literal
from .._powershell.syntax import Null
from .._shown import legible
from .._values import UNSET, ListEdit
from .._viewed import Viewed
from .as_data.given import Given
from .as_data.model import PlainData
from .identity import same_server
from .parts import keys_of, resource_module, sorted_keys
from .planned import refuse_unplanned
from .state import ServerState

if TYPE_CHECKING:
    from .._cmdlets.mailboxes import CASMailbox, SetCASMailbox
    from .._cmdlets.pop_settings import PopSettings, SetPopSettings
    from .._cmdlets.receive_connectors import ReceiveConnector, SetReceiveConnector
    from .._html.facts import Facts

__all__ = [
    "Change",
    "canonical",
    "changed_by",
    "changes_of",
    "compare",
    "diff",
    "differing",
    "require_same_server",
    "resolve_edit",
    "same_written",
    "shown_values",
]

_NAMING: Final = ("server", "identity", "domain_controller")
"""The fields that say which object is meant, and to which domain controller the command goes."""
_READ: Final = "server.settings() reads an ImapSettings, and ImapSettings.parse(text) takes what Format-List printed."
_HOST_NAMES: Final = {"x509_certificate_name", "fqdn", "default_domain"}
_ADDED_BY_THE_SERVER: Final = "Custom"
"""The permission group that Exchange adds to those that were set, where somebody has changed the permissions."""

_Settings = ImapSettings | PartialSnapshot[ImapSettings]
"""All settings of a server, or those that were printed."""


def _of_parameter(change: Change) -> str:
    """Return the resource that has the parameter of a change."""
    return "services" if change.parameter in _SERVICE_PARAMETERS else "settings"


@entry
@attrs.frozen
class Change(PlainData, Viewed):
    """One parameter that differs, with the server's value and the desired one.

    ``resource`` is the part of the server's state that it belongs to, such as ``settings`` or ``connectors``, and
    ``name`` says which object of it, where there are several.

    >>> change = Change("Banner", "Ready.", "Welcome.")
    >>> str(change)
    'Banner: Ready. -> Welcome.'
    >>> change.to_dict()
    {'version': 1, 'parameter': 'Banner', 'before': 'Ready.', 'after': 'Welcome.', 'resource': 'settings', 'name': ''}
    """

    parameter: str
    before: object
    after: object
    resource: str = attrs.field(default=attrs.Factory(_of_parameter, takes_self=True), kw_only=True)
    name: str = attrs.field(default="", kw_only=True)

    def __attrs_post_init__(self) -> None:
        if self.resource not in keys_of(ServerState):
            raise InvalidValueError("Change.resource", f"one of {', '.join(keys_of(ServerState))}", self.resource)
        if self.parameter not in self._specs():
            expected = f"a parameter of {resource_module(self.resource).RESOURCE.states.cmdlet}"
            raise InvalidValueError("Change.parameter", expected, self.parameter)

    def _specs(self) -> dict[str, ParameterSpec]:
        return {spec.name: spec for spec in parameters(resource_module(self.resource).RESOURCE.states).values()}

    @property
    def _held(self) -> Spec[Any]:  # Any: of a property, or of a parameter
        """What holds the values: the property of the object, or the parameter where it has none of this name."""
        found = resource_module(self.resource).RESOURCE
        field, spec = next(each for each in parameters(found.states).items() if each[1].name == self.parameter)
        return properties(found.whole).get(field, spec)

    def _to_data(self, *, compared: bool = False) -> dict[str, Json]:
        del compared  # all of it counts
        held = self._held
        values = {name: getattr(self, name) for name in attrs.fields_dict(type(self))}
        return values | {name: held.to_json(values[name]) for name in _VALUES}

    @classmethod
    def _from_data(cls, given: Given) -> Self:
        needed = ("parameter", *_VALUES)
        parts = given.parts([*attrs.fields_dict(cls), "version"], required=needed)
        texts = {name: parts[name].text() for name in ("parameter", "resource", "name") if name in parts}
        try:
            empty = cls(before=None, after=None, **texts)
        except InvalidValueError as error:
            raise given.placed(error, parts) from None
        before, after = (parts[name].of(empty._held) for name in _VALUES)
        return attrs.evolve(empty, before=before, after=after)

    def _facts(self) -> Facts:
        from .._html.facts import Facts, Mark, Row  # noqa: PLC0415 - loaded by who looks

        of = Row("of", " ".join(filter(None, (self.resource, self.name))))
        before, after = shown_values(self)
        return Facts("Change", (Row(self.parameter, f"{before} -> {after}", mark=Mark.CHANGED), of))

    def __str__(self) -> str:
        before, after = shown_values(self)
        return f"{self.parameter}: {before} -> {after}"

    def _shown(self, value: object) -> str:
        """Write a value as the cmdlet does, always in one line."""
        return render_literal(Null() if value is None else self._specs()[self.parameter].codec.write(value))


def shown_values(change: Change) -> tuple[str, str]:
    """Return both values of a change as text that is safe to print."""
    before, after = (legible(change._shown(value)) for value in (change.before, change.after))  # noqa: SLF001 - its own module
    return before, after


_VALUES: Final = ("before", "after")
_SERVICE_PARAMETERS: Final = {spec.name for spec in own_parameters(SetService).values()}


@overload
def compare(settings: _Settings, desired: SetImapSettings) -> tuple[Change, ...]: ...
@overload
def compare(settings: PopSettings, desired: SetPopSettings) -> tuple[Change, ...]: ...
@overload
def compare(settings: ReceiveConnector, desired: SetReceiveConnector) -> tuple[Change, ...]: ...
@overload
def compare(settings: CASMailbox, desired: SetCASMailbox) -> tuple[Change, ...]: ...
@entry(settings=_READ)
def compare(settings: Snapshot, desired: Cmdlet) -> tuple[Change, ...]:
    """Return what is desired and not so on the server yet, in the order of its declaration.

    ``settings`` is what a ``Get-`` cmdlet answered, and ``desired`` the ``Set-`` cmdlet that changes such an object.
    Lists compare as sets, addresses and host names by what they mean, sizes by their bytes. An edit
    (:class:`ListEdit`) counts only as far as it would change the list. Raises :class:`UnexpectedReplyError` for a
    desired setting that is missing in partial settings (``ImapSettings.parse_some``), and :class:`InvalidValueError`
    for a parameter that is no setting, such as ``-WhatIf``.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> settings = ImapServer("MBX01", exchange=transport, windows=transport).settings()
    >>> compare(settings, SetImapSettings(ssl_bindings=("0.0.0.0:993", "[0:0::0]:993")))
    ()
    """
    refuse_unplanned(desired, {*_NAMING, *writable(_pair(settings, desired))})
    return changes_of(settings, desired, _resource_of(desired))


def _pair(
    current: Snapshot, desired: Cmdlet, where: str = "compare(desired)", what: str = "settings"
) -> type[Snapshot]:
    """Return the class of the whole object. Raises :class:`InvalidValueError` if the cmdlet does not write those."""
    whole = type(current).whole if isinstance(current, PartialSnapshot) else type(current)
    if whole.written_by is None or not isinstance(desired, whole.written_by):
        writer = "cmdlet that writes it" if whole.written_by is None else whole.written_by.__name__
        raise InvalidValueError(where, f"a {writer}, as {what} is a {whole.__name__}", desired)
    return whole


def changes_of(current: Snapshot, desired: Cmdlet, resource: str, name: str = "") -> tuple[Change, ...]:
    """Return the changes, as :func:`compare` does; they are said to be of this object of the resource."""
    specs = parameters(type(desired))
    return tuple(
        Change(specs[field].name, before, after, resource=resource, name=name)
        for field, before, after in _differences(current, desired)
    )


def changed_by(current: Snapshot, command: Cmdlet) -> dict[str, Any]:  # Any: each is of the field of its name
    """Return the fields of the object that a command changes, with their new values."""
    return {field: after for field, _, after in _differences(current, command)}


def _differences(current: Snapshot, desired: Cmdlet) -> Iterator[tuple[str, object, object]]:
    """Yield each field that is desired otherwise, with its value and the desired one."""
    whole = _pair(current, desired)
    for field in writable(whole):
        wanted = getattr(desired, field)
        if wanted is not UNSET:
            before = _current(current, field)
            after = _resolve(whole, field, before, wanted)
            if canonical(field, before) != canonical(field, after):
                yield field, before, after


def _resource_of(desired: Cmdlet) -> str:
    """Return the resource that is desired by cmdlets of this class."""
    return next(key for key in sorted_keys(ServerState) if resource_module(key).RESOURCE.states is type(desired))


def _current(settings: Snapshot, field: str) -> object:
    value: object = getattr(settings, field)
    if value is UNSET and isinstance(settings, PartialSnapshot):
        raise settings.missing(field)
    return value


def require_same_server(server: str, desired: Cmdlet) -> None:
    """Refuse a command that names another server; the name may be of any form."""
    named = getattr(desired, "server", UNSET)
    if isinstance(named, str) and not same_server(named, server):
        raise InvalidValueError("-Server", server, named, "Plan it on that server, or leave -Server out.")


def resolve_edit(current: tuple[object, ...], edit: ListEdit[object]) -> tuple[object, ...]:
    """Return the list that an edit makes of the current one."""
    kept = tuple(item for item in current if item not in edit.remove)
    return kept + tuple(item for item in dict.fromkeys(edit.add) if item not in kept)


def _resolve(whole: type[Snapshot], field: str, before: object, wanted: object) -> object:
    """Return the whole value that a parameter would leave behind; an entry that is named twice is there once."""
    if isinstance(wanted, tuple):
        return tuple(dict.fromkeys(wanted))
    if isinstance(wanted, ListEdit):
        return resolve_edit(before if isinstance(before, tuple) else (), wanted)
    if wanted is None and isinstance(before, tuple):
        return ()
    return "" if wanted is None and field in required(whole) else wanted


def canonical(field: str, value: object) -> object:
    """Return a form of a setting's value that is equal for all values with the same meaning."""
    if isinstance(value, tuple):
        own = field == "permission_groups"
        return frozenset(item for item in value if not own or str(item) != _ADDED_BY_THE_SERVER)
    if field in _HOST_NAMES:
        return str(value or "").casefold()
    if field == "owa_server_url":
        return _canonical_url(str(value or ""))
    return value


def _canonical_url(text: str) -> str:
    parts = urlsplit(text)
    return urlunsplit(parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), path=parts.path or "/"))


def same_written(one: Snapshot, other: Snapshot) -> bool:
    """Say whether two objects are the same in what can be written; other properties do not count."""
    return type(one) is type(other) and not differing(one, other)


def differing(one: Snapshot, other: Snapshot) -> list[str]:
    """Return the fields that can be written and differ between two objects of one class."""
    return [
        field
        for field in writable(type(one))
        if canonical(field, getattr(one, field)) != canonical(field, getattr(other, field))
    ]


@overload
def diff(current: _Settings, desired: SetImapSettings) -> SetImapSettings | None: ...
@overload
def diff(current: ServiceState, desired: SetService) -> SetService | None: ...
@overload
def diff(current: PopSettings, desired: SetPopSettings) -> SetPopSettings | None: ...
@overload
def diff(current: ReceiveConnector, desired: SetReceiveConnector) -> SetReceiveConnector | None: ...
@overload
def diff(current: CASMailbox, desired: SetCASMailbox) -> SetCASMailbox | None: ...
@entry(current=_READ)
def diff(current: Snapshot, desired: Cmdlet) -> Cmdlet | None:
    """Return the smallest ``Set-`` cmdlet that leads to the desired state, or ``None`` if nothing differs.

    Lists are written whole, even if an edit was asked for: a whole list may be sent again after a lost answer, an edit
    may not. With partial settings (``ImapSettings.parse_some``) a desired setting that is missing raises
    :class:`UnexpectedReplyError`. The cmdlet names the server that the current or desired settings name; if neither
    does, as with ``Format-List *Bindings``, it has no ``-Server``. A connector or mailbox is named as in ``desired``.
    Raises :class:`InvalidValueError` for two that do not belong together, and for what a plan would not carry out.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> settings = ImapServer("MBX01", exchange=transport, windows=transport).settings()
    >>> str(diff(settings, SetImapSettings(login_type=LoginType.SecureLogin, max_connections_per_user=32)))
    'Set-ImapSettings -Server MBX01 -MaxConnectionsPerUser 32'
    """
    if isinstance(current, ServiceState) and isinstance(desired, SetService):
        return _diff_service(current, desired)
    if isinstance(current, ServiceState):
        raise InvalidValueError("diff(desired)", "a SetService, as current is a ServiceState", desired)
    refuse_unplanned(desired, {*_NAMING, *writable(_pair(current, desired, "diff(desired)", "current"))})
    if isinstance(getattr(current, "server", None), str):
        require_same_server(getattr(current, "server"), desired)  # noqa: B009 - a snapshot of any kind
    changed = changed_by(current, desired)
    return type(desired)(**_naming(current, desired), **changed) if changed else None


def _naming(current: Snapshot, desired: Cmdlet) -> dict[str, Any]:  # Any: text or UNSET
    """Return the parameters that say which object is meant."""
    stated = {field: getattr(desired, field) for field in _NAMING if field in parameters(type(desired))}
    if stated.get("server", "") is UNSET:
        stated["server"] = getattr(current, "server")  # noqa: B009 - a snapshot of any kind
    return stated


def _diff_service(current: ServiceState, desired: SetService) -> SetService | None:
    refuse_unplanned(desired, {"name", "startup_type", "status"})
    if str(desired.name).lower() != current.name.lower():
        raise InvalidValueError("diff(desired)", f"what is desired of {current.name}", f"Set-Service {desired.name}")
    startup_type = UNSET if desired.startup_type is current.startup_type else desired.startup_type
    status = UNSET if desired.status is current.status else desired.status
    if startup_type is UNSET and status is UNSET:
        return None
    return SetService(name=desired.name, startup_type=startup_type, status=status)
