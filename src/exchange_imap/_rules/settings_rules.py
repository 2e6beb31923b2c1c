"""Rules about the settings: ports, methods, logins, the certificate's name, and the loopback address."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address
from typing import Final

import attrs

from .._cmdlets.imap_settings import SetImapSettings
from .._finding import Severity
from .._values import Binding, Encryption, LoginType
from .consistency import BindingMismatch, covers_loopback, is_advertised, match_bindings
from .found import Found
from .registry import Example, settings_rule
from .resulting import BINDINGS, CONNECTIONS, Resulting, parameter_of

__all__: list[str] = []

_LOOPBACK: Final = IPv4Address("127.0.0.1")
_REFUSE_CLEAR_TEXT: Final = frozenset({LoginType.PlainTextAuthentication, LoginType.SecureLogin})
_STANDARD = {field: (Binding.parse(f"0.0.0.0:{port}"),) for field, port in zip(BINDINGS, (993, 143), strict=True)}


@settings_rule(
    "port-and-method",
    Severity.WARNING,
    "An advertised connection whose port is not bound for its method.",
    Example('Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:TLS"', '"mail.contoso.com:993:TLS"'),
    source="Microsoft Learn: Set-ImapSettings (-ExternalConnectionSettings)",
)
def port_and_method(resulting: Resulting) -> Iterator[Found[str]]:
    """Yield each advertised connection without a binding."""
    for field in CONNECTIONS:
        changed = resulting.first_changed(field, *BINDINGS)
        for mismatch in _mismatches(resulting, field) if changed else ():
            missing = f"no binding of {mismatch.bindings} has port {mismatch.setting.port}"
            reason = f"{parameter_of(field)}: {mismatch.setting}: {missing}"
            bound = next(each for each in BINDINGS if parameter_of(each) == mismatch.bindings)
            evidence = ((parameter_of(field), str(mismatch.setting)), *resulting.evidence(bound))
            fix = _agreeing(resulting, field) if mismatch.bound_otherwise else ()
            yield Found(reason, mismatch.cure, changed or field, evidence, fix)


def _agreeing(resulting: Resulting, field: str) -> tuple[SetImapSettings, ...]:
    """Return the command by which every connection has the method that its port is bound for, encrypted always.

    It states the whole list, so it is the same for each finding about it: none takes back what another has put right.
    """
    entries, ssl, tls = (resulting.entries(each) for each in (field, *BINDINGS))
    if entries is None or ssl is None or tls is None:
        return ()
    ports = {Encryption.TLS: {each.port for each in tls}, Encryption.SSL: {each.port for each in ssl}}
    agreeing = []
    for each in entries:
        bound = [method for method, of_method in ports.items() if each.port in of_method]
        agreeing.append(each if each.encryption in bound or not bound else attrs.evolve(each, encryption=bound[0]))
    return resulting.setting(**{field: tuple(dict.fromkeys(agreeing))})


def _mismatches(resulting: Resulting, field: str) -> list[BindingMismatch]:
    """Compare with the bindings. If these are not known, compare only the ports of the standard ones."""
    bound = {bindings: resulting.entries(bindings) for bindings in BINDINGS}
    certain = None not in bound.values()
    known = {name: _STANDARD[name] if entries is None else entries for name, entries in bound.items()}
    found = match_bindings(dict.fromkeys(resulting.advertised(field)), **known)
    return [mismatch for mismatch in found if certain or mismatch.bound_otherwise]


@settings_rule(
    "unencrypted-connection",
    Severity.WARNING,
    "An advertised connection without encryption.",
    Example('Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:143"', '"mail.contoso.com:143"'),
    source="RFC 8314, 4.1",
)
def unencrypted_connection(resulting: Resulting) -> Iterator[Found[str]]:
    """Yield each advertised connection without a method, unless its port is reported already."""
    login = resulting.values.get("login_type")
    for field in (each for each in CONNECTIONS if each in resulting.changed):
        wrong = {mismatch.setting for mismatch in _mismatches(resulting, field)}
        for setting in dict.fromkeys(resulting.advertised(field)):
            if setting.encryption is None and setting not in wrong:
                reason = f"{parameter_of(field)}: {setting} tells clients to connect without encryption"
                reason += f", where LoginType {login} takes no password" if login in _REFUSE_CLEAR_TEXT else ""
                evidence = ((parameter_of(field), str(setting)), *resulting.evidence("login_type"))
                yield Found(reason, f"Write {setting}:TLS", field, evidence, _agreeing(resulting, field))


@settings_rule(
    "clear-text-login",
    Severity.WARNING,
    "A login type that allows passwords without encryption, while a port without TLS is bound.",
    Example("Set-ImapSettings -LoginType PlainTextLogin", "PlainTextLogin"),
    source="Microsoft, LoginOptions (aa997188)",
)
def clear_text_login(resulting: Resulting) -> Iterator[Found[str]]:
    """Yield the login type with which a password may be sent as clear text: only PlainTextLogin allows it.

    PlainTextAuthentication accepts passwords only at ports with TLS.
    """
    plain = "unencrypted_or_tls_bindings"
    changed = resulting.first_changed("login_type", plain)
    if changed and resulting.values.get("login_type") is LoginType.PlainTextLogin and resulting.entries(plain) != ():
        reason = "LoginType: PlainTextLogin allows clients to send passwords without encryption"
        right = "Write SecureLogin, unless there are clients that do not support TLS"
        fix = resulting.setting(login_type=LoginType.SecureLogin)
        yield Found(reason, right, changed, resulting.evidence("login_type", plain), fix)


@settings_rule(
    "certificate-host",
    Severity.WARNING,
    "A certificate name that is not the host of an advertised connection.",
    Example(
        'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL" -X509CertificateName imap.contoso.com',
        "imap.contoso.com",
    ),
    source="Microsoft Learn: Set-ImapSettings (-X509CertificateName)",
)
def certificate_host(resulting: Resulting) -> Iterator[Found[str]]:
    """Yield a certificate name that is not advertised to clients."""
    changed = resulting.first_changed("x509_certificate_name", *CONNECTIONS)
    name = resulting.values.get("x509_certificate_name")
    if not changed or not isinstance(name, str) or not name:
        return
    connections = [setting for field in CONNECTIONS for setting in resulting.advertised(field)]
    certain = resulting.whole or bool(resulting.advertised("external_connection_settings"))
    if certain and not is_advertised(name, connections):
        hosts = ", ".join(dict.fromkeys(setting.host for setting in connections)) or "none"
        reason = f"X509CertificateName: {name} is no host of External- or InternalConnectionSettings ({hosts})"
        right = "Name an advertised host that the certificate covers"
        yield Found(reason, right, changed, resulting.evidence("x509_certificate_name", *CONNECTIONS))


@settings_rule(
    "no-loopback",
    Severity.WARNING,
    "Bindings without 127.0.0.1: if Managed Availability cannot connect there, it can take IMAP4 out of service.",
    Example('Set-ImapSettings -SSLBindings "10.0.0.12:993"', '"10.0.0.12:993"'),
    source="CSS-Exchange, ManagedAvailabilityTroubleshooter; OfficeDocs-Support 1654",
)
def no_loopback(resulting: Resulting) -> Iterator[Found[str]]:
    """Yield each list of bindings without the loopback address.

    Neither source says that the component always becomes inactive, or which port counts.
    """
    for field in BINDINGS:
        bindings = resulting.entries(field)
        if bindings and field in resulting.changed and not covers_loopback(bindings):
            covered = f"{parameter_of(field)}: no binding covers 127.0.0.1"
            reason = f"{covered}, so Managed Availability can take IMAP4 out of service"
            right = f"Add 127.0.0.1:{bindings[0].port}, or use 0.0.0.0:{bindings[0].port}"
            fix = resulting.setting(**{field: (*bindings, attrs.evolve(bindings[0], address=_LOOPBACK))})
            yield Found(reason, right, field, resulting.evidence(field), fix)
