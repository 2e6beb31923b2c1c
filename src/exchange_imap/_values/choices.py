"""Enumerations of the cmdlets, with Exchange's spelling and numbers."""

from __future__ import annotations

import enum
import functools
from collections.abc import Sequence
from typing import NoReturn, Self

from .._errors import InvalidValueError
from .._public import public
from .given import read_whole, require_text

__all__ = [
    "ActionPreference",
    "CalendarItemRetrievalOption",
    "Choice",
    "ConnectionType",
    "Encryption",
    "ExtendedProtectionPolicy",
    "LogFileRollOver",
    "LoginType",
    "MimeTextFormat",
    "ServiceStatus",
    "StartupType",
]


class Choice(enum.Enum):
    """An enumeration; the value of a member is its number in .NET, or the word if no number is documented.

    ``str(member)`` is the spelling that the cmdlets use.
    """

    def __init_subclass__(cls) -> None:
        public(cls)

    @classmethod
    def _missing_(cls, value: object) -> NoReturn:
        names = ", ".join(map(str, cls))
        raise InvalidValueError(cls.__name__, "the value of a member", value, f"{cls.__name__}.parse reads {names}.")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a word as PowerShell does: in any case, by its unambiguous beginning, or by its number.

        Raises :class:`InvalidValueError` for any other word or number.
        """
        word = require_text(cls.__name__, text).strip()
        name = _names(cls).get(word.lower())
        if name is not None:
            return cls[name]
        number = read_whole(word)
        found = cls._by_beginning(word) if number is None else cls._by_number(number)
        if len(found) != 1:
            raise InvalidValueError(cls.__name__, cls._expected(), text, cls._hint(found, numbered=number is not None))
        return found[0]

    @classmethod
    def numbered(cls, number: int) -> Self:
        """Return the member with a number, the form in which .NET serialises it.

        >>> LoginType.numbered(3)
        LoginType.SecureLogin

        Raises :class:`InvalidValueError` if no member has the number, or if the numbers are not published.
        """
        found = cls._by_number(number)
        if not found:
            raise InvalidValueError(cls.__name__, cls._expected(), number, cls._hint(found, numbered=True))
        return found[0]

    @classmethod
    def _expected(cls) -> str:
        return f"one of {', '.join(map(str, cls))}"

    @classmethod
    def _hint(cls, found: Sequence[Self], *, numbered: bool) -> str:
        if numbered and not any(isinstance(member.value, int) for member in cls):
            return "Its numbers are not published: use the word."
        return _ambiguous(found)

    @classmethod
    def _by_number(cls, number: int) -> list[Self]:
        return [member for member in cls if member.value == number]

    @classmethod
    def _by_beginning(cls, word: str) -> list[Self]:
        wanted = word.lower()
        return [member for member in cls if wanted and str(member).lower().startswith(wanted)]

    def __str__(self) -> str:
        # Exchange spells it None, a word that Python keeps to itself.
        return "None" if self.name == "NONE" else self.name

    def __repr__(self) -> str:
        return f"{type(self).__name__}.{self.name}"


@functools.cache
def _names(members: type[Choice]) -> dict[str, str]:
    """Return the members' names by their words in lower case."""
    return {str(member).lower(): member.name for member in members}


def _ambiguous(found: Sequence[Choice]) -> str:
    return f"It could be {' or '.join(map(str, found))}: write it out." if found else ""


class ActionPreference(Choice):
    """What a command does about its errors, warnings or information (-ErrorAction and the like).

    .NET's enum has two members more, which a command refuses: ``Suspend`` is for workflows, and ``Break`` is
    PowerShell 7's. Source: about_CommonParameters.

    >>> ActionPreference.parse("silent")
    ActionPreference.SilentlyContinue
    """

    SilentlyContinue = 0
    """Go on, and show nothing; an error is still in ``$Error``."""
    Stop = 1
    """End the command, and the script that it is in."""
    Continue = 2
    """Show it and go on. This is the default."""
    Inquire = 3
    """Ask the person at the console. Over remoting there is none."""
    Ignore = 4
    """Go on, show nothing, and do not keep it in ``$Error`` either."""


class Encryption(Choice):
    """How a connection is encrypted (Set-ImapSettings -ExternalConnectionSettings); an unencrypted one has ``None``.

    >>> str(Encryption.parse("tls"))
    'TLS'
    """

    SSL = "SSL"
    """TLS from the first byte, on the ports of SSLBindings (993)."""
    TLS = "TLS"
    """STARTTLS after a plain greeting, on the ports of UnencryptedOrTLSBindings (143)."""


class LoginType(Choice):
    """How a client may log in (Set-ImapSettings -LoginType).

    Basic authentication sends the user name and the password as text. Source: Microsoft's page of LoginOptions.

    >>> LoginType.parse("3")
    LoginType.SecureLogin
    """

    PlainTextLogin = 1
    """Basic authentication on every port: at an unencrypted one, where there is one, passwords travel in clear text."""
    PlainTextAuthentication = 2
    """Basic authentication only on the ports that have TLS; passwords never travel in clear text."""
    SecureLogin = 3
    """Basic authentication only once TLS is up, and integrated authentication; the default."""


class CalendarItemRetrievalOption(Choice):
    """What a meeting request looks like to an IMAP client (Set-ImapSettings -CalendarItemRetrievalOption).

    >>> CalendarItemRetrievalOption.parse("icalendar")
    CalendarItemRetrievalOption.iCalendar
    """

    iCalendar = 0  # noqa: N815 - Exchange's own spelling
    IntranetUrl = 1
    InternetUrl = 2
    Custom = 3
    """Links made of OwaServerUrl, which must then be set."""


class MimeTextFormat(Choice):
    """The format in which messages are retrieved (Set-ImapSettings -MessageRetrievalMimeFormat).

    >>> MimeTextFormat.parse("5")
    MimeTextFormat.BestBodyFormat
    """

    TextOnly = 0
    HtmlOnly = 1
    HtmlAndTextAlternative = 2
    TextEnrichedOnly = 3
    TextEnrichedAndTextAlternative = 4
    BestBodyFormat = 5
    Tnef = 6


class LogFileRollOver(Choice):
    """How often a protocol log file is begun if LogPerFileSizeQuota is 0 (Set-ImapSettings -LogFileRollOverSettings).

    >>> LogFileRollOver.parse("Daily").value
    2
    """

    Hourly = 1
    Daily = 2
    Weekly = 3
    Monthly = 4


class ExtendedProtectionPolicy(Choice):
    """Channel binding for integrated authentication (Set-ImapSettings -ExtendedProtectionPolicy).

    The first member is spelt ``None`` by Exchange, a word that Python keeps to itself.

    >>> str(ExtendedProtectionPolicy.NONE)
    'None'
    """

    NONE = 0
    Allow = 1
    Require = 2


class ServiceStatus(Choice):
    """What a Windows service is doing (Get-Service).

    >>> ServiceStatus.parse("running")
    ServiceStatus.Running
    """

    Stopped = 1
    StartPending = 2
    StopPending = 3
    Running = 4
    ContinuePending = 5
    PausePending = 6
    Paused = 7


class StartupType(Choice):
    """When Windows starts a service (Set-Service -StartupType).

    >>> StartupType.parse("Auto")
    StartupType.Automatic
    """

    Boot = 0
    System = 1
    Automatic = 2
    Manual = 3
    Disabled = 4
    """Nothing can start the service until this is changed."""


class ConnectionType(Choice):
    """How Test-ImapConnectivity connects (-ConnectionType).

    The numbers are not published, so a number is refused and never guessed.

    >>> ConnectionType.parse("ssl")
    ConnectionType.Ssl
    """

    Plaintext = "Plaintext"
    Tls = "Tls"
    """STARTTLS after a plain greeting."""
    Ssl = "Ssl"
    """TLS from the first byte."""
