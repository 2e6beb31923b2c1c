"""Compare a server's settings with the desired ones. Spelling and the order of lists make no difference."""

from __future__ import annotations

from typing import overload
from urllib.parse import urlsplit, urlunsplit

import attrs

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._cmdlets.services import ServiceState, SetService
from .._entry import entry
from .._errors import InvalidValueError
from .._model.declaration import parameters, required, writable
from .._model.snapshot import PartialSnapshot
from .._model.specs import ParameterSpec
from .._powershell.renderer import render_literal
from .._powershell.syntax import Null
from .._shown import legible
from .._values import UNSET, ListEdit
from .identity import same_server
from .planned import refuse_unplanned

__all__ = ["Change", "canonical", "compare", "diff", "require_same_server", "resolve_edit", "same_settings"]

_SETTINGS = tuple(writable(ImapSettings))
_PARAMETERS = parameters(SetImapSettings)
_NEVER_NULL = required(ImapSettings)


_Settings = ImapSettings | PartialSnapshot[ImapSettings]
"""All settings of a server, or those that were printed."""


@entry
@attrs.frozen
class Change:
    """One parameter that differs, with the server's value and the desired one.

    >>> str(Change("Banner", "Ready.", "Welcome."))
    'Banner: Ready. -> Welcome.'
    """

    parameter: str
    before: object
    after: object

    def __attrs_post_init__(self) -> None:
        if self.parameter not in _SPECS:
            raise InvalidValueError(
                "Change.parameter", "a parameter of Set-ImapSettings or Set-Service", self.parameter
            )

    def __str__(self) -> str:
        before, after = (legible(_shown(self.parameter, value)) for value in (self.before, self.after))
        return f"{self.parameter}: {before} -> {after}"


_SPECS: dict[str, ParameterSpec] = {
    spec.name: spec for cls in (SetService, SetImapSettings) for spec in parameters(cls).values()
}


def _shown(parameter: str, value: object) -> str:
    """Write a value as the cmdlet does, always in one line."""
    return render_literal(Null() if value is None else _SPECS[parameter].codec.write(value))


@entry
def compare(settings: _Settings, desired: SetImapSettings) -> tuple[Change, ...]:
    """Return the desired settings that the server does not have yet, in the order of their declaration.

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
    refuse_unplanned(desired)
    wanted = {field: getattr(desired, field) for field in _SETTINGS}
    pairs = ((field, _current(settings, field), value) for field, value in wanted.items() if value is not UNSET)
    resolved = ((field, before, _resolve(field, before, value)) for field, before, value in pairs)
    return tuple(
        Change(_PARAMETERS[field].name, before, after)
        for field, before, after in resolved
        if canonical(field, before) != canonical(field, after)
    )


def _current(settings: _Settings, field: str) -> object:
    value: object = getattr(settings, field)
    if value is UNSET and isinstance(settings, PartialSnapshot):
        raise settings.missing(field)
    return value


def require_same_server(server: str, desired: SetImapSettings) -> None:
    """Refuse settings that name another server; the name may be of any form."""
    named = desired.server
    if isinstance(named, str) and not same_server(named, server):
        raise InvalidValueError("-Server", server, named, "Plan it on that server, or leave -Server out.")


def resolve_edit(current: tuple[object, ...], edit: ListEdit[object]) -> tuple[object, ...]:
    """Return the list that an edit makes of the current one."""
    kept = tuple(item for item in current if item not in edit.remove)
    return kept + tuple(item for item in dict.fromkeys(edit.add) if item not in kept)


def _resolve(field: str, before: object, wanted: object) -> object:
    """Return the whole value that a parameter would leave behind; an entry that is named twice is there once."""
    if isinstance(wanted, tuple):
        return tuple(dict.fromkeys(wanted))
    if isinstance(wanted, ListEdit) and isinstance(before, tuple):
        return resolve_edit(before, wanted)
    if wanted is None and isinstance(before, tuple):
        return ()
    return "" if wanted is None and field in _NEVER_NULL else wanted


def canonical(field: str, value: object) -> object:
    """Return a form of a setting's value that is equal for all values with the same meaning."""
    if isinstance(value, tuple):
        return frozenset(value)
    if field == "x509_certificate_name":
        return str(value or "").casefold()
    if field == "owa_server_url":
        return _canonical_url(str(value or ""))
    return value


def _canonical_url(text: str) -> str:
    parts = urlsplit(text)
    return urlunsplit(parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower(), path=parts.path or "/"))


def same_settings(one: ImapSettings, other: ImapSettings) -> bool:
    """Say whether two snapshots hold the same settings; other properties do not count."""
    return all(canonical(field, getattr(one, field)) == canonical(field, getattr(other, field)) for field in _SETTINGS)


@overload
def diff(current: _Settings, desired: SetImapSettings) -> SetImapSettings | None: ...
@overload
def diff(current: ServiceState, desired: SetService) -> SetService | None: ...
@entry
def diff(
    current: _Settings | ServiceState, desired: SetImapSettings | SetService
) -> SetImapSettings | SetService | None:
    """Return the smallest ``Set-`` cmdlet that leads to the desired state, or ``None`` if nothing differs.

    Lists are written whole, even if an edit was asked for: a whole list may be sent again after a lost answer, an edit
    may not. With partial settings (``ImapSettings.parse_some``) a desired setting that is missing raises
    :class:`UnexpectedReplyError`. The cmdlet names the server that the current or desired settings name; if neither
    does, as with ``Format-List *Bindings``, it has no ``-Server``.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> settings = ImapServer("MBX01", exchange=transport, windows=transport).settings()
    >>> str(diff(settings, SetImapSettings(login_type=LoginType.SecureLogin, max_connections_per_user=32)))
    'Set-ImapSettings -Server MBX01 -MaxConnectionsPerUser 32'
    """
    if isinstance(current, ImapSettings | ImapSettings.Partial) and isinstance(desired, SetImapSettings):
        return _diff_settings(current, desired)
    if isinstance(current, ServiceState) and isinstance(desired, SetService):
        return _diff_service(current, desired)
    wanted = "SetService" if isinstance(current, ServiceState) else "SetImapSettings"
    raise InvalidValueError("diff(desired)", f"a {wanted}, as current is a {type(current).__name__}", desired)


def _diff_settings(current: _Settings, desired: SetImapSettings) -> SetImapSettings | None:
    if isinstance(current.server, str):
        require_same_server(current.server, desired)
    changes = compare(current, desired)
    if not changes:
        return None
    server = current.server if desired.server is UNSET else desired.server
    fields = {spec.name: field for field, spec in _PARAMETERS.items()}
    values = {fields[change.parameter]: change.after for change in changes}
    return SetImapSettings(server=server, domain_controller=desired.domain_controller, **values)  # type: ignore[arg-type]  # each value came from the field of its name


def _diff_service(current: ServiceState, desired: SetService) -> SetService | None:
    refuse_unplanned(desired)
    if str(desired.name).lower() != current.name.lower():
        raise InvalidValueError("diff(desired)", f"what is desired of {current.name}", f"Set-Service {desired.name}")
    startup_type = UNSET if desired.startup_type is current.startup_type else desired.startup_type
    status = UNSET if desired.status is current.status else desired.status
    if startup_type is UNSET and status is UNSET:
        return None
    return SetService(name=desired.name, startup_type=startup_type, status=status)
