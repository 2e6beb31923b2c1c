"""Settings that must agree with each other: ports with bindings, the loopback address, calendar links."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

import attrs

from .._cmdlets.protocol_settings import ProtocolSettings
from .._entry import entry
from .._errors import InvalidValueError
from .._values import Binding, CalendarItemRetrievalOption, ConnectionSetting, Encryption

__all__ = ["BindingMismatch", "covers_loopback", "is_advertised", "match_bindings", "require_consistent"]


@entry
@attrs.frozen
class BindingMismatch:
    """An advertised connection without a binding: its port is bound for the other method, or not at all.

    ``bindings`` is the parameter that lacks the port. See :func:`match_bindings`.

    >>> str(BindingMismatch(ConnectionSetting.parse("mail.contoso.com:1993:SSL"), "SSLBindings", False))
    'mail.contoso.com:1993:SSL: no binding of SSLBindings has port 1993; add one, or advertise a port that is bound.'
    """

    setting: ConnectionSetting
    bindings: str
    bound_otherwise: bool

    def __str__(self) -> str:
        return f"{self.setting}: no binding of {self.bindings} has port {self.setting.port}; {self.cure}."

    @property
    def cure(self) -> str:
        """What to change."""
        host, port = self.setting.host, self.setting.port
        if not self.bound_otherwise:
            return "add one, or advertise a port that is bound"
        if self.setting.encryption is Encryption.SSL:
            return f"{port} is bound without TLS from the start: write {host}:{port}:TLS, or {host}:993:SSL"
        return f"{port} is bound for TLS from the start: write {host}:{port}:SSL, or {host}:143:TLS for STARTTLS"


@entry
def match_bindings(
    connection_settings: Iterable[ConnectionSetting],
    *,
    ssl_bindings: Iterable[Binding],
    unencrypted_or_tls_bindings: Iterable[Binding],
) -> tuple[BindingMismatch, ...]:
    """Return the advertised connections whose port has no binding for their method.

    SSL needs its port in SSLBindings, TLS and unencrypted connections in UnencryptedOrTLSBindings. Addresses do not
    count. The server only warns of a mismatch, because a load balancer may translate ports.

    >>> mismatches = match_bindings(
    ...     [ConnectionSetting.parse("mail.contoso.com:993:TLS")],
    ...     ssl_bindings=[Binding("0.0.0.0", 993)],
    ...     unencrypted_or_tls_bindings=[Binding("0.0.0.0", 143)],
    ... )
    >>> str(mismatches[0]).partition("; ")[2]
    '993 is bound for TLS from the start: write mail.contoso.com:993:SSL, or mail.contoso.com:143:TLS for STARTTLS.'
    """
    ports = {
        "SSLBindings": {binding.port for binding in ssl_bindings},
        "UnencryptedOrTLSBindings": {binding.port for binding in unencrypted_or_tls_bindings},
    }
    checked = ((setting, _needed(setting)) for setting in connection_settings)
    return tuple(
        BindingMismatch(setting, needed, any(setting.port in bound for bound in ports.values()))
        for setting, needed in checked
        if setting.port not in ports[needed]
    )


def _needed(setting: ConnectionSetting) -> str:
    return "SSLBindings" if setting.encryption is Encryption.SSL else "UnencryptedOrTLSBindings"


def is_advertised(certificate_name: str, connection_settings: Iterable[ConnectionSetting]) -> bool:
    """Say whether a certificate name is the name of an advertised host, with or without its domain."""
    hosts = {setting.host.casefold() for setting in connection_settings}
    return certificate_name.casefold() in hosts | {host.partition(".")[0] for host in hosts}


def covers_loopback(bindings: Iterable[Binding]) -> bool:
    """Say whether one of the bindings listens at 127.0.0.1, which Exchange's own probe connects to."""
    answering = {ipaddress.IPv4Address("0.0.0.0"), ipaddress.IPv4Address("127.0.0.1")}  # noqa: S104 - compared, not bound
    return any(binding.address in answering for binding in bindings)


def require_consistent(settings: ProtocolSettings) -> None:
    """Refuse settings that contradict each other, as the server does."""
    custom = settings.calendar_item_retrieval_option is CalendarItemRetrievalOption.Custom
    if custom and not settings.owa_server_url:
        raise InvalidValueError("CalendarItemRetrievalOption", "OwaServerUrl to be set for Custom", "none", "Set both.")
