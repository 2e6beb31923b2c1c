"""``192.168.1.1-192.168.1.254``: the addresses from which a connector accepts messages."""

from __future__ import annotations

import ipaddress
from typing import Self

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._patterns import pattern
from .binding import IPAddress, print_address, read_address
from .given import require_text

__all__ = ["IPRange"]

_FORM = "an address, first-last, or address/bits, such as 192.168.1.1, 10.0.0.1-10.0.0.9 or 10.0.0.0/8"
_MASKED = pattern(r"(?P<address>[0-9.]+)\((?P<mask>[0-9.]+)\)")


def _read(value: str | IPAddress) -> IPAddress:
    try:
        return read_address(value, "IPRange")
    except InvalidValueError as error:
        hint = "A host name stands for no range: write its addresses."
        raise InvalidValueError("IPRange", _FORM, error.received, hint) from None


@entry
@attrs.frozen(repr=False)
class IPRange:
    """One entry of RemoteIPRanges: every address from ``first`` to ``last``, both of one family.

    ``written`` is the text from which it was read, which ``str`` returns. It does not count in comparisons. Without it
    ``str`` returns both ends.

    >>> IPRange.parse("10.0.0.0/8") == IPRange("10.0.0.0", "10.255.255.255")
    True
    >>> str(IPRange.parse("10.0.0.0/8")), str(IPRange("10.0.0.0", "10.255.255.255"))
    ('10.0.0.0/8', '10.0.0.0-10.255.255.255')
    """

    first: IPAddress = attrs.field(converter=_read)
    last: IPAddress = attrs.field(converter=_read)
    written: str = attrs.field(default="", eq=False)

    def __attrs_post_init__(self) -> None:
        if self.first.version != self.last.version or int(self.first) > int(self.last):
            ends = f"{self.first}-{self.last}"
            raise InvalidValueError("IPRange", "a first and a last address of one family", ends)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read one address, two ends, or an address with the bits or the mask of its network.

        The address need not be the network's first one: ``192.168.1.1/24`` is all of 192.168.1. Raises
        :class:`InvalidValueError`.
        """
        word = require_text("IPRange", text).strip()
        masked = _MASKED.fullmatch(word)
        if "/" in word or masked:
            return cls._network(f"{masked['address']}/{masked['mask']}" if masked else word, word)
        first, dash, last = word.partition("-")
        return cls(first.strip(), last.strip() if dash else first.strip(), word)

    @classmethod
    def _network(cls, network: str, word: str) -> Self:
        try:
            found = ipaddress.ip_network(network, strict=False)
        except ValueError:
            raise InvalidValueError("IPRange", _FORM, word) from None
        return cls(found[0], found[-1], word)

    def __contains__(self, address: str | IPAddress) -> bool:
        """Say whether the address is in the range."""
        found = _read(address)
        return found.version == self.first.version and int(self.first) <= int(found) <= int(self.last)

    def __str__(self) -> str:
        return self.written or f"{print_address(self.first)}-{print_address(self.last)}"

    def __repr__(self) -> str:
        return f"IPRange.parse({str(self)!r})"
