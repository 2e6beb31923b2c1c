"""``IPv4OrIPv6Address:Port``: an address and port at which the service listens."""

from __future__ import annotations

import ipaddress
import re
from typing import Self

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._patterns import pattern
from .given import check_port, read_port, require_text, trusted

__all__ = ["Binding", "IPAddress", "print_address", "read_address"]

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_FORM = "an IP address and a port, such as 0.0.0.0:993 or [::]:993"
_BRACKETED = pattern(r"\[[^\[\]]+\]")
_ISATAP = 0x5EFE
_MAPPED = 0xFFFF
# Python accepts any text as the zone of an address; .NET accepts a number, or the name of an interface.
_ZONE = pattern(r"[A-Za-z0-9_.-]{1,64}")


def read_address(value: str | IPAddress, field: str) -> IPAddress:
    """Read an address; ``field`` is the name in the error."""
    try:
        address = _address(value)
    except ValueError:
        raise InvalidValueError(field, "an IP address", value, _hint(str(value))) from None
    zone = getattr(address, "scope_id", None)
    if zone is not None and _ZONE.fullmatch(zone) is None:
        raise InvalidValueError(field, "an IP address", value, "Behind the % stands the number of an interface.")
    return address


def _address(value: str | IPAddress) -> IPAddress:
    """Do what ``ip_address`` does, without an attempt to read as IPv4 what has a colon."""
    if isinstance(value, str):
        return ipaddress.IPv6Address(value) if ":" in value else ipaddress.IPv4Address(value)
    return ipaddress.ip_address(value)


def _read(value: str | IPAddress) -> IPAddress:
    return read_address(value, "Binding.address")


def _hint(address: str) -> str:
    if address == "*":
        return "For every address write 0.0.0.0 (IPv4) and [::] (IPv6)."
    if re.search("[a-z]{2}", address, re.IGNORECASE):
        return "A binding is a local address; host names belong in ExternalConnectionSettings."
    return ""


def _check_port(_binding: Binding, _attribute: object, port: int) -> None:
    check_port(port, "Binding.port")


@entry
@attrs.frozen(repr=False)
class Binding:
    """One entry of SSLBindings or UnencryptedOrTLSBindings; ``address`` may be given as text.

    ``0.0.0.0`` and ``[::]`` mean every address. The text is what .NET prints for an endpoint.

    >>> binding = Binding.parse("[::]:993")
    >>> binding.address, binding.port
    (IPv6Address('::'), 993)
    >>> str(Binding("0:0:0:0:0:0:0:0", 993))
    '[::]:993'
    """

    address: IPAddress = attrs.field(converter=_read)
    port: int = attrs.field(validator=_check_port)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read every form that the server reads: with blanks around it, with one trailing colon, or without an address.

        An IPv6 address needs brackets, because ``::1:993`` is also an address without a port.
        Raises :class:`InvalidValueError` naming the part that is wrong.
        """
        trimmed = require_text("Binding", text).strip().removesuffix(":")
        address, colon, port = trimmed.rpartition(":")
        if not colon or (":" in address) != (_BRACKETED.fullmatch(address) is not None):
            raise InvalidValueError("Binding", _FORM, text, _form_hint(address, port))
        bare = address[1:-1] if ":" in address else address
        read = _read(bare or "0.0.0.0")  # noqa: S104 - read, not bound
        return trusted(Binding, cls, address=read, port=read_port(port, "Binding.port", text))

    def __str__(self) -> str:
        address = print_address(self.address)
        return f"[{address}]:{self.port}" if ":" in address else f"{address}:{self.port}"

    def __repr__(self) -> str:
        return f"Binding({str(self.address)!r}, {self.port})"


def _form_hint(address: str, port: str) -> str:
    if port.upper() in {"SSL", "TLS"}:
        return "A binding has no method: write the address and the port alone."
    return "Write an IPv6 address in brackets, and nothing else." if {":", "["} & {*address} else ""


def print_address(address: IPAddress) -> str:
    """Print as .NET does: an embedded IPv4 address at the end is written with dots."""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    scope = f"%{address.scope_id}" if address.scope_id else ""
    bare = ipaddress.IPv6Address(int(address))
    if not _embeds_ipv4(bare):
        return f"{bare}{scope}"
    # A word of ones in place of the last two keeps them out of the run of zeros that is shortened to "::".
    # Python 3.13 and later print that word dotted where the address is an IPv4-mapped one.
    ones = str(ipaddress.IPv6Address(int(bare) | 0xFFFFFFFF))
    head = ones.removesuffix("ffff:ffff").removesuffix("255.255.255.255")
    return f"{head}{ipaddress.IPv4Address(int(bare) & 0xFFFFFFFF)}{scope}"


def _embeds_ipv4(address: ipaddress.IPv6Address) -> bool:
    """Follow RFC 5952 section 5, SIIT and ISATAP, as .NET's IPAddress does."""
    words = [int.from_bytes(address.packed[place : place + 2]) for place in range(0, 16, 2)]
    embedded = not any(words[:4]) and bool(words[6]) and words[4:6] in ([0, 0], [0, _MAPPED], [_MAPPED, 0])
    return embedded or words[4:6] == [0, _ISATAP]
