"""What clients would find: ports, methods, the certificate's name, and edits of what is not there."""

from __future__ import annotations

from collections.abc import Iterator

from .._cmdlet.declaration import parameters
from .._cmdlets.imap_settings import SetImapSettings
from .._plan.consistency import BindingMismatch, covers_loopback, is_advertised, match_bindings
from .._values import Binding, ListEdit, LoginType
from .known import CONNECTIONS, Edit, Known, follow
from .script import Found, Script

__all__ = ["settings_rules"]

_BINDINGS = ("ssl_bindings", "unencrypted_or_tls_bindings")
_STANDARD = {field: (Binding.parse(f"0.0.0.0:{port}"),) for field, port in zip(_BINDINGS, (993, 143), strict=True)}
_NAMES = {field: spec.name for field, spec in parameters(SetImapSettings).items()}


def settings_rules(script: Script) -> Iterator[Found]:
    """Yield what the settings would lead to on each server that the script sets something of."""
    for known in follow(script):
        for rule in (_connections, _login, _certificate, _loopback, _edits):
            yield from rule(known)


def _connections(known: Known) -> Iterator[Found]:
    for field in CONNECTIONS:
        writer = known.writer(field, *_BINDINGS)
        if writer is None:
            continue
        span = writer[1].span_of(writer[0])
        mismatches = _mismatches(known, field)
        for mismatch in mismatches:
            reason = f"{_NAMES[field]}: no binding of {mismatch.bindings} has the port of {mismatch.setting}"
            yield Found("port-and-method", reason, mismatch.cure, span)
        wrong = {mismatch.setting for mismatch in mismatches}
        for setting in known.told(field):
            if setting.encryption is None and setting not in wrong and field in known.written:
                reason = f"{_NAMES[field]}: {setting} tells clients to connect without encryption"
                yield Found("unencrypted-connection", reason, f"Write {setting}:TLS", span)


def _mismatches(known: Known, field: str) -> list[BindingMismatch]:
    """Compare with the bindings; with the standard ones where they are not known, and then only their two ports."""
    bound = {bindings: known.entries(bindings) for bindings in _BINDINGS}
    certain = None not in bound.values()
    found = match_bindings(
        known.told(field),
        ssl_bindings=bound["ssl_bindings"] or _STANDARD["ssl_bindings"],
        unencrypted_or_tls_bindings=bound["unencrypted_or_tls_bindings"] or _STANDARD["unencrypted_or_tls_bindings"],
    )
    return [mismatch for mismatch in found if certain or mismatch.bound_otherwise]


def _login(known: Known) -> Iterator[Found]:
    writer = known.writer("login_type")
    login_type = known.values.get("login_type")
    if writer and login_type is not LoginType.SecureLogin:
        reason = f"{login_type} lets clients log in without encryption"
        right = "Write SecureLogin, and leave this for clients that cannot do TLS"
        yield Found("clear-text-login", reason, right, writer[1].span_of("login_type"))


def _certificate(known: Known) -> Iterator[Found]:
    writer = known.writer("x509_certificate_name", *CONNECTIONS)
    name = known.values.get("x509_certificate_name")
    connections = [setting for field in CONNECTIONS for setting in known.told(field)]
    certain = known.whole or bool(known.told("external_connection_settings"))
    if writer and isinstance(name, str) and name and certain and not is_advertised(name, connections):
        hosts = ", ".join(dict.fromkeys(setting.host for setting in connections)) or "none"
        reason = f"clients are told {hosts}, and the certificate is looked for by {name}"
        right = "Name a host that clients are told and the certificate has"
        yield Found("certificate-host", reason, right, writer[1].span_of(writer[0]))


def _loopback(known: Known) -> Iterator[Found]:
    for field in _BINDINGS:
        bindings = known.entries(field)
        if bindings and field in known.written and not covers_loopback(bindings):
            reason = f"no binding of {_NAMES[field]} covers 127.0.0.1, where Exchange's own probe asks"
            right = f"Add 127.0.0.1:{bindings[0].port}, or use 0.0.0.0:{bindings[0].port}"
            yield Found("no-loopback", reason, right, known.written[field].span_of(field))


def _edits(known: Known) -> Iterator[Found]:
    for edit in known.edits:
        for reason in _without_effect(edit):
            right = "Leave it out; the server's list is " + (", ".join(map(str, edit.before)) or "empty")
            yield Found("edit-without-effect", reason, right, edit.placed.span_of(edit.field))


def _without_effect(edit: Edit) -> Iterator[str]:
    change: ListEdit[object] = edit.edit
    for value in change.remove:
        if value not in edit.before:
            yield f"{_NAMES[edit.field]}: {value} is not there to be removed"
    for value in change.add:
        if value in edit.before and value not in change.remove:
            yield f"{_NAMES[edit.field]}: {value} is there already"
