"""Translate the errors of other libraries into this library's own, with a hint what to do.

Codes: the Windows SDK's ERROR_WSMAN_* constants.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import attrs
import pypsrp.exceptions as psrp
import spnego.exceptions as security
import urllib3.exceptions as pool

from ..._errors import ExchangeImapError
from ..._shown import shown
from ..errors import AuthenticationError, EndpointError, ThrottledError, TransportError, TransportTimeoutError
from .channel import RedirectError, TooLargeError, UnaskedError
from .fragments import LostPartError
from .line import GivenUpError
from .messages import InClearError, SealError
from .options import ConnectionOptions

__all__ = [
    "SHELL_GONE",
    "TIMED_OUT",
    "Attempt",
    "bare",
    "fault_code",
    "is_answered",
    "opened_nothing",
    "says_refused",
    "translate",
]

TIMED_OUT: Final = 2150858793
"""No data yet: the server held the request open for as long as the client allowed."""
SHELL_GONE: Final = 2150858843
"""The shell, or the command in it, does not exist."""
_WRONG_RESOURCE: Final = 2150858811
_ACCESS_DENIED: Final = 5
_TOO_MANY: Final = {
    2150859173: "the account has as many shells open as it may",
    2150859174: "the account has as many operations running as it may",
    2150859175: "the account has used up its load quota",
    2150859176: "the server has used up its load quota",
    2150859179: "as many accounts have shells open as the server allows",
    2150859236: "the endpoint has as many shells open as it may",
    2150859241: "the shell has as many commands as it may",
}
_REFUSALS: Final = {SHELL_GONE, _WRONG_RESOURCE, *_TOO_MANY}
_HARMLESS: Final = (bool, int, float, bytes, tuple, BaseException)
_MOST_DIGITS: Final = 15
_WAIT: Final = re.compile(r"(\d+)\s*milliseconds", re.IGNORECASE)

_WHICH_ENDPOINT: Final = (
    "Exchange's cmdlets are behind IIS (80 or 443, path PowerShell), the *-Service cmdlets behind WinRM "
    "(5985 or 5986, path wsman)."
)
_LOG_IN: Final = {
    "kerberos": (
        "Kerberos needs a ticket (kinit) or user@REALM with a password, the server's own FQDN as host, and a service "
        "principal name that exists: see negotiate_service and negotiate_hostname_override."
    ),
    "basic": "Basic must be enabled on the server; user names are DOMAIN\\user or user@domain.",
}
_ANY_LOG_IN: Final = "Check user name and password, and that the endpoint offers this authentication."

_NOT_HERE: Final = {404, 405, 410}
_NO_LOGIN: Final = {401, 403, 407}
_NO_SERVER: Final = {502, 504}

Maker = Callable[[Exception, "Attempt"], TransportError]


@attrs.define
class Attempt:
    """One attempt: the options, the command, and whether the command may have been sent."""

    options: ConnectionOptions
    command: str
    sent: bool | None = False

    def endpoint(self, reason: str, hint: str) -> EndpointError:
        """Make the error of an endpoint that does not exist, or is another one."""
        return EndpointError(reason, self.command, self.sent, hint, self.options.url, self.options.port)

    def failed(self, reason: str, hint: str = "") -> TransportError:
        """Make the error of any other failure."""
        return TransportError(f"{self.options.url}: {reason}", self.command, self.sent, hint)

    def late(self, reason: str, hint: str = "") -> TransportTimeoutError:
        """Make the error of an answer that did not come in time."""
        return TransportTimeoutError(f"{self.options.url}: {reason}", self.command, self.sent, hint)

    def refused_login(self, reason: str) -> AuthenticationError:
        """Make the error of a login that failed."""
        who = self.options.username or "the account of this process"
        hint = _LOG_IN.get(self.options.auth, _ANY_LOG_IN)
        said = f"{self.options.url}: {who} with {self.options.auth}: {reason}"
        return AuthenticationError(said, self.command, self.sent, hint)

    def throttled(self, reason: str, text: str) -> ThrottledError:
        """Make the error of a server that limits this account, with the time to wait that it names."""
        wait = _WAIT.search(text)
        return ThrottledError(
            f"{self.options.url}: {reason}",
            self.command,
            self.sent,
            hint="Close other sessions of this account, or wait.",
            wait=_span(wait[1]) if wait else None,
        )


def _span(milliseconds: str) -> timedelta:
    """Read a time to wait. The server may name one of any length, so the digits are limited."""
    return timedelta(milliseconds=int(milliseconds[:_MOST_DIGITS]))


def translate(error: Exception, attempt: Attempt) -> ExchangeImapError:
    """Return this library's error for another library's error; an own error is returned unchanged."""
    if isinstance(error, ExchangeImapError):
        return error
    found = next((_MAKERS[kind] for kind in type(error).__mro__ if kind in _MAKERS), _other)
    return found(error, attempt)


def bare(error: BaseException, options: ConnectionOptions) -> BaseException:
    """Remove everything that may hold a password from an error and its causes.

    These are its traceback, the requests and connections that other libraries attach, and the password itself in their
    texts.
    """
    seen: set[int] = set()
    behind: list[object] = [error]
    while behind:
        each = behind.pop()
        if isinstance(each, BaseException) and id(each) not in seen:
            seen.add(id(each))
            each.__traceback__ = None
            behind += [each.__cause__, each.__context__, *each.args, *vars(each).values()]
            if isinstance(each, Exception) and not isinstance(each, ExchangeImapError):
                _strip(each, options)
    return error


def _strip(error: BaseException, options: ConnectionOptions) -> None:
    args = tuple(_harmless(each, options) for each in error.args)
    if isinstance(
        error, (UnicodeEncodeError, UnicodeDecodeError)
    ):  # the whole text or bytes that could not be converted
        nothing = error.object = error.object[:0]
        args = (args[0], nothing, *args[2:])
    if args != error.args:
        error.args = args
    for name, value in list(vars(error).items()):
        setattr(error, name, _harmless(value, options))


def _harmless(value: object, options: ConnectionOptions) -> object:
    """Return text without secrets; numbers and errors unchanged; ``None`` for anything else."""
    if isinstance(value, str):
        return options.scrub(value)
    return value if isinstance(value, _HARMLESS) else None


def fault_code(error: BaseException) -> int | None:
    """Return the code of a WSMan fault; ``None`` of any other error."""
    code = error.code if isinstance(error, psrp.WSManFaultError) else None
    return code if isinstance(code, int) else None


def says_refused(error: Exception) -> bool:
    """Say whether the server's answer means, by its documentation, that it did nothing.

    Proof: a server checks each of these before it carries anything out. The shell or the resource does not exist, or a
    quota is used up (all ERROR_WSMAN_* of the Windows SDK); the login failed (HTTP 401, 403, 407); there is no such
    path or method (404, 405, 410). Any other code, known or not, may come after the effect, as
    ERROR_OPERATION_ABORTED (995) does.
    """
    code = fault_code(error)
    if code is not None:
        return code in _REFUSALS
    if isinstance(error, psrp.WinRMTransportError):
        return error.code in _NOT_HERE | _NO_LOGIN
    return isinstance(error, psrp.AuthenticationError)


def opened_nothing(error: Exception, *, left: bool) -> bool:
    """Say whether a shell that could not be opened certainly does not exist.

    Proof: the request was never sent, or its login or path was refused.

    A fault proves nothing here: it may come after the shell was made. Deleting a shell that does not exist is harmless.
    """
    return not left or (fault_code(error) is None and says_refused(error))


def is_answered(error: Exception) -> bool:
    """Say whether the server itself answered the request: with a fault, a status, or a refused login.

    Otherwise the request may still be on its way and be carried out later: after a broken connection, after an answer
    that is unreadable, not the server's own or too late, and after a gateway's status 502 or 504.
    """
    if isinstance(error, psrp.WinRMTransportError):
        return error.code not in _NO_SERVER
    return fault_code(error) is not None or isinstance(error, psrp.AuthenticationError)


def _fault(error: Exception, attempt: Attempt) -> TransportError:
    code, said = fault_code(error), str(getattr(error, "reason", None) or "")
    if code == _WRONG_RESOURCE:
        return attempt.endpoint(f"there is no {attempt.options.configuration} here", _WHICH_ENDPOINT)
    if code == _ACCESS_DENIED:
        return attempt.refused_login("access is denied")
    if code in _TOO_MANY or _WAIT.search(said):
        return attempt.throttled(_TOO_MANY.get(code or 0, "the server puts the account off"), said)
    if code == SHELL_GONE:
        hint = "Servers close shells that are idle, and when they recycle: the next command opens another."
        return attempt.failed("the session is no longer there", hint)
    if code:
        return attempt.failed(f"WSMan fault {code}: {said}")
    return attempt.failed("the answer is a page and no WSMan fault", _WHICH_ENDPOINT)


def _status(error: Exception, attempt: Attempt) -> TransportError:
    code = error.code if isinstance(error, psrp.WinRMTransportError) else 0
    if code in _NOT_HERE:
        return attempt.endpoint(f"HTTP {code}: there is nothing at this path", _WHICH_ENDPOINT)
    if code in _NO_LOGIN:
        return attempt.refused_login(f"HTTP {code}")
    if code in {425, 429, 503}:
        return attempt.failed(f"HTTP {code}: the server is busy or its application pool stopped")
    return attempt.failed(f"HTTP {code}", "The server's own event log tells more.")


def _login(error: Exception, attempt: Attempt) -> TransportError:
    return attempt.refused_login(_first_line(error) or type(error).__name__)


def _says(make: Callable[[Attempt, str, str], TransportError], reason: str, hint: str = "") -> Maker:
    """Return what makes an error of this reason, with the parts of the error filled in."""

    def made(error: Exception, attempt: Attempt) -> TransportError:
        parts = {"error": error, "line": _first_line(error), "kind": type(error).__name__, "shown": shown(str(error))}
        return make(attempt, reason.format(**parts, seconds=attempt.options.connection_timeout), hint)

    return made


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


_broke_off = _says(Attempt.failed, "the connection broke off")
_other = _says(Attempt.failed, "{kind}: {line}")
_proxy = _says(Attempt.endpoint, "the proxy did not let it pass", "Check proxy=; without it none is used.")
_unreadable = _says(
    Attempt.failed,
    "the answer cannot be read ({kind})",
    "Something between here and the server answers in its place, or the answer was cut.",
)
# The most derived class in this table decides.
_MAKERS: Final[dict[type[BaseException], Maker]] = {
    psrp.AuthenticationError: _login,
    psrp.WinRMTransportError: _status,
    psrp.WSManFaultError: _fault,
    psrp.FragmentError: _unreadable,
    psrp.SerializationError: _unreadable,
    psrp.WinRMError: _other,
    pool.SSLError: _says(
        Attempt.endpoint,
        "TLS: {line}",
        "Give the authority's certificate as cert_validation= and a host that the server's certificate names.",
    ),
    pool.ProxyError: _proxy,
    pool.ProxySchemeUnsupported: _proxy,
    pool.ConnectTimeoutError: _says(Attempt.late, "no connection within {seconds} s"),
    pool.TimeoutError: _says(Attempt.late, "no answer in time"),
    pool.NewConnectionError: _says(
        Attempt.endpoint, "no connection: the host is unknown or nothing listens there", _WHICH_ENDPOINT
    ),
    pool.LocationValueError: _says(Attempt.endpoint, "no address to send to: {line}", "Check host, port and path."),
    pool.ProtocolError: _broke_off,
    pool.IncompleteRead: _broke_off,
    pool.InvalidHeader: _unreadable,
    pool.HTTPError: _other,
    security.SpnegoError: _login,
    security.FeatureMissingError: _login,
    security.NativeError: _login,
    LostPartError: _says(Attempt.failed, "part of the answer did not arrive: {error}"),
    GivenUpError: _says(Attempt.late, "{error}"),
    RedirectError: _says(
        Attempt.endpoint,
        "the server points elsewhere: {shown}",
        "No redirect is followed: name the host, port and path that are meant, if that is a server that you trust.",
    ),
    UnaskedError: _says(Attempt.failed, "the answer is encoded with {shown}, which was not asked for"),
    TooLargeError: _says(
        Attempt.failed,
        "the answer is too large: {error}",
        "Ask for less at a time, or give max_answer_size=, in bytes.",
    ),
    InClearError: _says(
        Attempt.failed,
        "{error}",
        "Anybody between here and the server may have written it, so it is not taken for the server's word.",
    ),
    SealError: _unreadable,
    ET.ParseError: _unreadable,
    ImportError: _says(Attempt.failed, "{line}", "Kerberos needs pip install exchange-imap[kerberos]."),
    OSError: _says(Attempt.failed, "{line}", "Check the files that the options name."),
}
