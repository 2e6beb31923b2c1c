"""A value of any codec, made at random: whatever its declaration allows, and as odd as that may be."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

import exchange_imap as xi
from exchange_imap._model.codecs.lists import EditableListCodec, ListCodec
from exchange_imap._model.codecs.literals import BooleanCodec, CredentialCodec
from exchange_imap._model.codecs.values import MOMENT, URL, Codec
from exchange_imap._model.codecs.words import WordsCodec
from exchange_imap._shown import acts
from exchange_imap._values import Choice

from .texts import ODD, Loose

__all__ = ["AWKWARD", "Printable", "Values"]

HOSTS: Final = ("mail.contoso.com", "MBX01", "imap-1.contoso.com", "a_b.example", "10.0.0.1", "posteingang.müller.de")
ADDRESSES: Final = (
    *("0.0.0.0", "127.0.0.1", "10.0.0.12", "::", "::1", "fe80::1%8", "::ffff:10.0.0.1", "2001:db8::5"),
    "::5efe:10.0.0.1",
)
PORTS: Final = (0, 143, 993, 1993, 65535)
RANGES: Final = (
    *("10.0.0.1", "10.0.0.1-10.0.0.9", "192.168.1.1/24", "::1", "fe80::1%11", "2001:db8::/32", "::-ffff::"),
    *("0.0.0.0-255.255.255.255", "192.168.1.1(255.255.255.0)"),
)
USERS: Final = ("contoso\\Administrator", "bob@contoso.com", "O'Brien", "J. \u2018Doe\u2019", "$bob", "a`b")
# The last is the number 12345678901234567890123456789012345678e5 to PowerShell, unless it is quoted.
DISTINGUISHED_NAMES: Final = (
    *("CN=Contoso CA, O=Contoso", 'O="Contoso, Ltd."', "CN=*.contoso.com, C=US", "CN=O\u2019Brien $x", "CN=a`b"),
)
THUMBPRINTS: Final = ("434AC224C8459924B26521298CE8834C514856AB", "1" * 40, f"{'1234567890' * 3}12345678e5")
AWKWARD: Final = (
    *("--%", "--", "", "$null", "$true", "$(Get-Date)", "1MB", "0x1F", "0x10", "007", "-5", "-x", "a,b", "#", "<#"),
    *("@()", "()", "'", '"', "\u2019", "`", "`n", "a b ", "@'\n'@"),
)
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_LABEL: Final = f"{_LETTERS}0123456789_-"
_SURROGATES: Final = range(0xD800, 0xE000)
# Round numbers, powers of two and their neighbours: the ends of most ranges are among them.
_NUMBERS: Final = sorted(
    {*range(-1, 20), 30, 60, 100, 3600, 10240, 86_400, 99_999}
    | {sign * 2**power + step for power in range(65) for step in (-1, 0, 1) for sign in (-1, 1)}
)
_MOST_DAYS: Final = 99_999
_NUMBERED: Final[Mapping[type, Callable[[int], object]]] = {
    int: int,
    timedelta: lambda seconds: timedelta(seconds=seconds),
    xi.ByteQuota: xi.ByteQuota,
    xi.Limit: xi.Limit,
}
AnyCodec = Codec[Any]  # Any: of whatever type


def _members(cls: type[Choice]) -> list[Choice]:
    return list(cls)


def _holds(codec: AnyCodec, value: object) -> bool:
    return codec.bounds is None or codec.bounds.holds(value)


def _numbered(codec: AnyCodec, number: int) -> object | None:
    """Return the value that a number stands for, if the codec allows it."""
    with suppress(xi.InvalidValueError, OverflowError):
        value = _NUMBERED[codec.type](number)
        too_long = isinstance(value, timedelta) and abs(value.days) > _MOST_DAYS
        return value if not too_long and _holds(codec, value) else None
    return None


@cache
def _steps(codec: AnyCodec) -> Sequence[int]:
    """Return numbers that the codec allows, in order, and among them the ends of its range."""
    found = {number for number in _NUMBERS if _numbered(codec, number) is not None}
    for one, other in pairwise(_NUMBERS):
        if (one in found) is not (other in found):
            found.add(_end(codec, one, other) if one in found else _end(codec, other, one))
    return sorted(found)


def _end(codec: AnyCodec, inside: int, outside: int) -> int:
    """Return the last number that the codec allows on the way from one that it allows to one that it does not."""
    while abs(inside - outside) > 1:
        middle = (inside + outside) // 2
        inside, outside = (inside, middle) if _numbered(codec, middle) is None else (middle, outside)
    return inside


class Values(Loose):
    """Makes values from a seed or any other source of random numbers, such as hypothesis's own."""

    def of(self, codec: object, *, least: int = 0) -> object:
        """Make a value of a codec; a list has at least so many items."""
        if isinstance(codec, BooleanCodec):
            return self.chance(50)
        if isinstance(codec, CredentialCodec):
            return xi.CredentialPrompt(self.user())
        if isinstance(codec, WordsCodec):
            members = _members(codec.members)
            return tuple(self.random.sample(members, self.random.randint(0, min(4, len(members)))))
        if isinstance(codec, EditableListCodec):
            return self._whole_or_edit(codec.whole)
        if isinstance(codec, ListCodec):
            return self._items(codec, least)
        assert isinstance(codec, Codec), codec
        return self._one(codec)

    def _items(self, codec: ListCodec[Any], least: int = 0) -> tuple[object, ...]:  # Any: of whatever type
        return tuple(self.item(codec.item) for _ in range(self.random.randint(least, 4)))

    def item(self, codec: AnyCodec) -> object:
        """Make an item of a list."""
        return self._one(codec)

    def _whole_or_edit(self, codec: ListCodec[Any]) -> object:  # Any: of whatever type
        if self.chance(60):
            return self._items(codec)
        add, remove = self._items(codec), self._items(codec)
        return xi.ListEdit(add=add, remove=remove) if add or remove else add

    def _one(self, codec: AnyCodec) -> object:
        made = self._made(codec)
        while not _holds(codec, made):
            made = self._made(codec)
        return made

    def _made(self, codec: AnyCodec) -> object:
        """Make a value of the codec's type."""
        if codec.type in _NUMBERED:
            return self._counted(codec)
        if issubclass(codec.type, Choice):
            return self.random.choice(list(codec.type))
        if codec == MOMENT:
            return self.moment().isoformat()
        if codec == URL:
            return self.url()
        if codec.type is str:
            return self.random.choice([self.text, self.text, self.host_name, self.thumbprint])()
        makers: Mapping[type, Callable[[], object]] = {
            xi.Binding: self.binding,
            xi.ConnectionSetting: self.setting,
            xi.IPRange: self.ip_range,
            xi.TlsCertificateName: self.tls_certificate_name,
            xi.ServerVersion: self.server_version,
            xi.ComponentRequest: self.component_request,
            UUID: lambda: UUID(int=self.random.randrange(2**128)),
            datetime: self.moment,
            bytes: self.octets,
        }
        return makers[codec.type]()

    # -- numbers, and what is counted --------------------------------------------------------------------------

    def _counted(self, codec: AnyCodec) -> object:
        """Make a number, a size, a count or a time in the range of the codec, its ends among them."""
        if codec.type in {xi.ByteQuota, xi.Limit} and self.chance(15):
            return codec.type(None)
        steps = _steps(codec)
        number, other = self.random.choice(steps), self.random.choice(steps)
        between = self.random.randint(min(number, other), max(number, other))
        made = _numbered(codec, between if self.chance(60) else number)
        made = _numbered(codec, number) if made is None else made
        if isinstance(made, timedelta) and self.chance(20):
            return made + timedelta(microseconds=self.random.randrange(1_000_000))
        return made

    def port(self) -> int:
        """Make a port."""
        return self.random.choice(PORTS) if self.chance(80) else self.random.randrange(2**16)

    def moment(self) -> datetime:
        """Make a moment of any year, in one of two time zones."""
        zone = self.random.choice([UTC, timezone(timedelta(hours=-6))])
        day = datetime(2, 1, 1, tzinfo=zone) + timedelta(days=self.random.randrange(3_650_000))
        fraction = self.random.choice([0, self.random.randrange(10**6)])
        return day + timedelta(seconds=self.random.randrange(86_400), microseconds=fraction)

    def octets(self) -> bytes:
        """Make up to forty bytes."""
        return bytes(self.random.randrange(256) for _ in range(self.random.randint(0, 40)))

    # -- texts -------------------------------------------------------------------------------------------------

    def text(self) -> str:
        """Make any text at all."""
        if self.chance(25):
            return self.one(AWKWARD)
        longest = 40 if self.chance(10) else 12
        return self.characters(self.random.randint(0, longest))

    def characters(self, number: int) -> str:
        """Make characters that mean something to PowerShell, and among them now and then any others."""
        found = self.random.choices(ODD, k=number)
        if found and self.chance(40):
            found[self.random.randrange(number)] = self.character()
        return "".join(found)

    def character(self) -> str:
        """Make any character that is no half of a pair."""
        number = self.random.randrange(self.random.choice([256, 2**16, 0x110000]))
        return "\u00e9" if number in _SURROGATES else chr(number)

    def spelled(self, alphabet: str, least: int, most: int) -> str:
        """Make a text of an alphabet."""
        return "".join(self.random.choices(alphabet, k=self.random.randint(least, most)))

    def host_name(self) -> str:
        """Make a host name."""
        if self.chance(60):
            return self.one(HOSTS)
        return ".".join(self._label() for _ in range(self.random.randint(1, 4)))

    def _label(self) -> str:
        return self.one(_LABEL.rstrip("-")) + self.spelled(_LABEL, 0, 10)

    def user(self) -> str | None:
        """Make the name of a user, or none."""
        return self.random.choice([None, *USERS, self.text() or "x"])

    def url(self) -> str:
        """Make an absolute URL; its host begins with a letter, since .NET writes https://3/ as https://0.0.0.3/."""
        if self.chance(30):
            return self.one(["https://mail.contoso.com/owa", "http://x/"])
        return f"https://w{self.host_name()}/{self.spelled('abcxyz0189/', 0, 12)}"

    def thumbprint(self) -> str:
        """Make a thumbprint."""
        return self.one(THUMBPRINTS) if self.chance(30) else self.spelled("0123456789abcdefABCDEF", 40, 40)

    # -- values with a text of their own -----------------------------------------------------------------------

    def setting(self) -> xi.ConnectionSetting:
        """Make a connection setting."""
        return xi.ConnectionSetting(self.host_name(), self.port(), self.random.choice([None, *xi.Encryption]))

    def address(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
        """Make an address."""
        if self.chance(60):
            return ipaddress.ip_address(self.one(ADDRESSES))
        if self.chance(50):
            return ipaddress.IPv4Address(self.random.randrange(2**32))
        return ipaddress.IPv6Address(self.random.randrange(2**128))

    def binding(self) -> xi.Binding:
        """Make a binding."""
        return xi.Binding(self.address(), self.port())

    def ip_range(self) -> xi.IPRange:
        """Make a range of addresses, in one of the forms that it may be written in."""
        if self.chance(40):
            return xi.IPRange.parse(self.one(RANGES))
        address = self.address()
        bits = self.random.randint(0, address.max_prefixlen)
        plain = str(address).partition("%")[0]
        return xi.IPRange.parse(f"{plain}/{bits}" if self.chance(50) else plain)

    def tls_certificate_name(self) -> xi.TlsCertificateName:
        """Make the name of a certificate by its issuer and subject."""
        return xi.TlsCertificateName(self._distinguished_name(), self._distinguished_name())

    def _distinguished_name(self) -> str:
        return (
            self.one(DISTINGUISHED_NAMES)
            if self.chance(40)
            else f"CN={self.spelled(_LETTERS + chr(34) + '+.* =,-', 1, 20)}"
        )

    def server_version(self) -> xi.ServerVersion:
        """Make a version."""
        return xi.ServerVersion(*(self.random.choice([0, 15, 2562, self.random.randrange(100_000)]) for _ in range(4)))

    def component_request(self) -> xi.ComponentRequest:
        """Make what one requester wants of a component."""
        status = self.random.choice(list(xi.ComponentStatus))
        return xi.ComponentRequest(self.spelled(_LETTERS, 1, 12), status, self.moment().isoformat())


class Printable(Values):
    """Makes values that Format-List shows as they are: texts of one line, which are never empty, and plain items."""

    def text(self) -> str:
        """Make a line of what stands there to be seen."""
        text = self.characters(self.random.randint(1, 60 if self.chance(20) else 10))
        return "".join("x" if acts(character) else character for character in text)

    def item(self, codec: AnyCodec) -> object:
        """Make an item of a list; a text is one word, for a list is printed with commas.

        Three dots at the end of a list say that the shell has shortened it.
        """
        word = self.spelled(f"{_LABEL}.:*", 1, 20).replace("...", "..x")
        return word if codec.type is str else super().item(codec)
