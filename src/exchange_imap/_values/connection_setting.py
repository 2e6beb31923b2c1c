"""``HostName:Port:[SSL|TLS]``: a connection that clients can use, and how it is encrypted."""

from __future__ import annotations

import ipaddress
import re
from typing import Self

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._patterns import pattern
from .choices import Encryption
from .given import MAX_PORT, check_port, read_port, require_text, trusted

__all__ = ["ConnectionSetting", "is_dns_name", "is_host_name"]

_FORM = "HostName:Port:SSL, HostName:Port:TLS, or HostName:Port for an unencrypted connection"
# One label of a host name: at most 63 letters of any script, digits, underscores and hyphens, with no hyphen first (RFC
# 1035 for the length; .NET accepts the underscores).
_LABEL = r"\w[\w-]{0,62}+"
_HOST_NAME = pattern(rf"{_LABEL}(?:\.{_LABEL})*+\.?")
# The form of most settings. What matches needs no further check of its parts.
_PLAIN = pattern(r"([0-9A-Za-z][0-9A-Za-z-]{0,62}+(?:\.[0-9A-Za-z][0-9A-Za-z-]{0,62}+)*+):([0-9]{1,5}+):(SSL|TLS)")
# What .NET reads as an IPv4 address (found with Uri.CheckHostName); the last number fills all remaining bytes.
_ADDRESS = pattern(r"(?:(?:0x[0-9a-f]+|[0-9]+)(?:\.|$)){1,4}", re.IGNORECASE)
_UNDERSCORED = pattern(r"(?:\A|\.)_")
_LONGEST_NAME = 255
_METHODS = {member.name: member for member in Encryption}


def is_host_name(text: str) -> bool:
    """Say whether the text is a DNS name or an IPv4 address."""
    return len(text) <= _LONGEST_NAME and _HOST_NAME.fullmatch(text) is not None


def is_dns_name(text: str) -> bool:
    """Say whether .NET reads the text as a DNS name: it is no address, and no label begins with an underscore."""
    return is_host_name(text) and _ADDRESS.fullmatch(text) is None and not _UNDERSCORED.search(text)


def _host_hint(host: str) -> str:
    if host.startswith("<"):
        return "Replace the placeholder by a name."
    if host.startswith("*"):
        return (
            "Clients connect to one host: write a name that the wildcard certificate covers, such as mail.contoso.com."
        )
    if host.startswith("{"):
        return 'Braces are from old pages: write "mail.contoso.com:993:SSL".'
    return ""


def _require_host(host: object, received: object) -> None:
    if not isinstance(host, str) or not is_host_name(host):
        hint = _host_hint(str(host)) or _address_hint(str(received))
        raise InvalidValueError("ConnectionSetting.host", "a host name", received, hint)


def _check_host(_setting: ConnectionSetting, _attribute: object, host: str) -> None:
    _require_host(host, host)


def _check_port(_setting: ConnectionSetting, _attribute: object, port: int) -> None:
    check_port(port, "ConnectionSetting.port")


@entry
@attrs.frozen
class ConnectionSetting:
    """One entry of ExternalConnectionSettings or InternalConnectionSettings.

    ``encryption`` is ``SSL`` (TLS from the first byte), ``TLS`` (STARTTLS) or ``None`` (unencrypted). Comparisons
    ignore the case of the host name. The form is the one in the documentation of Set-ImapSettings. An empty third field
    is read, but never written, because the server refuses it.

    >>> setting = ConnectionSetting.parse("mail.contoso.com:993:SSL")
    >>> setting.host, setting.port, setting.encryption
    ('mail.contoso.com', 993, Encryption.SSL)
    >>> str(ConnectionSetting("mail.contoso.com", 143, None))
    'mail.contoso.com:143'
    """

    host: str = attrs.field(validator=_check_host, eq=str.casefold)
    port: int = attrs.field(validator=_check_port)
    encryption: Encryption | None = None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``HostName:Port[:SSL|TLS]``; the method in any case.

        Raises :class:`InvalidValueError` naming the part that is wrong.
        """
        plain = _PLAIN.fullmatch(require_text("ConnectionSetting", text))
        if plain is not None and len(plain[1]) <= _LONGEST_NAME and int(plain[2]) <= MAX_PORT:
            return trusted(ConnectionSetting, cls, host=plain[1], port=int(plain[2]), encryption=_METHODS[plain[3]])
        return cls._parse(text)

    @classmethod
    def _parse(cls, text: str) -> Self:
        """Read every form that the server reads. Raises :class:`InvalidValueError` for any other text."""
        host, *rest = text.strip().split(":")
        if len(rest) not in {1, 2} or host.startswith("{") or "," in text:
            raise InvalidValueError("ConnectionSetting", _FORM, text, _form_hint(host, text))
        _require_host(host, text)
        port = read_port(rest[0], "ConnectionSetting.port", text, "Write it as mail.contoso.com:993:SSL.")
        return cls(host, port, _read_encryption(rest[1] if rest[1:] else "", text))

    def __str__(self) -> str:
        method = f":{self.encryption}" if self.encryption else ""
        return f"{self.host}:{self.port}{method}"


def _read_encryption(word: str, text: str) -> Encryption | None:
    if not word:
        return None
    try:
        return Encryption[word.upper()]
    except KeyError:
        hint = f"TLS means STARTTLS, and versions are not named: write {text.rpartition(':')[0]}:TLS or :SSL."
        raise InvalidValueError("ConnectionSetting.encryption", "SSL, TLS or nothing", text, hint) from None


def _form_hint(host: str, text: str) -> str:
    if "," in text:
        return "Several entries need quotes of their own, and commas between them."
    return _host_hint(host) or _address_hint(text)


def _address_hint(text: str) -> str:
    try:
        ipaddress.IPv6Address(text.strip().strip("[]"))
    except ValueError:
        return ""
    return "An IPv6 address cannot be advertised: write a host name."
