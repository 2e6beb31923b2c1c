"""``Version 15.2 (Build 986.5)``: the version of Exchange on a server."""

from __future__ import annotations

import re
from typing import Any, Self

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._patterns import pattern
from .given import require_text

__all__ = ["ServerVersion"]

_FORM = "a version such as Version 15.2 (Build 986.5)"
_PRINTED = pattern(r"\s*Version (\d{1,5})\.(\d{1,5}) \(Build (\d{1,6})\.(\d{1,6})\)\s*", re.ASCII | re.IGNORECASE)
_DOTTED = pattern(r"\s*(\d{1,5})\.(\d{1,5})\.(\d{1,6})\.(\d{1,6})\s*", re.ASCII)
_FIRST_SUBSCRIPTION_BUILD = 2562
_PRODUCTS = {
    (8, 0): "Exchange Server 2007",
    (8, 1): "Exchange Server 2007",
    (8, 2): "Exchange Server 2007",
    (8, 3): "Exchange Server 2007",
    (14, 0): "Exchange Server 2010",
    (14, 1): "Exchange Server 2010",
    (14, 2): "Exchange Server 2010",
    (14, 3): "Exchange Server 2010",
    (15, 0): "Exchange Server 2013",
    (15, 1): "Exchange Server 2016",
}


def _check_part(_version: ServerVersion, attribute: attrs.Attribute[int], value: Any) -> None:  # Any: what was given
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidValueError(f"ServerVersion.{attribute.name}", "a whole number of 0 or more", value)


@entry
@attrs.frozen(order=True)
class ServerVersion:
    """A server's version, as in AdminDisplayVersion of Get-ExchangeServer; a later version is greater.

    The value comes from Active Directory, where security updates do not change it.

    >>> version = ServerVersion.parse("Version 15.2 (Build 986.5)")
    >>> version.product, version < ServerVersion(15, 2, 2562, 17)
    ('Exchange Server 2019', True)
    >>> str(version), version.number
    ('Version 15.2 (Build 986.5)', '15.2.986.5')
    """

    major: int = attrs.field(validator=_check_part)
    minor: int = attrs.field(validator=_check_part)
    build: int = attrs.field(validator=_check_part)
    revision: int = attrs.field(validator=_check_part)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what the server prints, or ``15.2.986.5``. Raises :class:`InvalidValueError`."""
        given = require_text("ServerVersion", text)
        found = _PRINTED.fullmatch(given) or _DOTTED.fullmatch(given)
        if found is None:
            raise InvalidValueError("ServerVersion", _FORM, text)
        return cls(*map(int, found.groups()))

    @property
    def product(self) -> str:
        """The name of the product; a version without a name here is named by its number.

        15.2 is Exchange Server 2019, and Subscription Edition from build 2562 on (CSS-Exchange's table of builds).
        """
        if (self.major, self.minor) == (15, 2):
            newer = self.build >= _FIRST_SUBSCRIPTION_BUILD
            return "Exchange Server Subscription Edition" if newer else "Exchange Server 2019"
        return _PRODUCTS.get((self.major, self.minor), f"Exchange Server {self.major}.{self.minor}")

    @property
    def number(self) -> str:
        """The version as Microsoft's pages about updates write it, such as ``15.2.986.5``."""
        return f"{self.major}.{self.minor}.{self.build}.{self.revision}"

    def __str__(self) -> str:
        return f"Version {self.major}.{self.minor} (Build {self.build}.{self.revision})"
