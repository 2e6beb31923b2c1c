"""Every failure of the libraries below becomes one of ours, which says where, whether it was sent, and what to do."""

from __future__ import annotations

import inspect
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pypsrp.exceptions
import pytest
import spnego.exceptions
import urllib3.exceptions

import exchange_imap as xi
from exchange_imap._transports.psrp.channel import RedirectError, TooLargeError, UnaskedError
from exchange_imap._transports.psrp.failures import (
    _MAKERS,
    SHELL_GONE,
    TIMED_OUT,
    Attempt,
    bare,
    is_answered,
    opened_nothing,
    says_refused,
    translate,
)
from exchange_imap._transports.psrp.line import GivenUpError
from exchange_imap._transports.psrp.messages import InClearError, SealError
from exchange_imap._transports.psrp.options import ConnectionOptions

OPTIONS = ConnectionOptions.exchange("mbx01.contoso.com", {"username": "admin@CONTOSO.COM"})
WINDOWS = ConnectionOptions.windows("mbx01.contoso.com", {})


def said_of(error: Exception, *, sent: bool | None = None, options: ConnectionOptions = OPTIONS) -> xi.TransportError:
    """Return what becomes of an error."""
    found = translate(error, Attempt(options, "Get-ImapSettings", sent))
    assert isinstance(found, xi.TransportError)
    assert found.command == "Get-ImapSettings"
    return found


def errors_in(module: ModuleType) -> Iterator[type[Exception]]:
    """Yield the exception classes of a module, warnings aside."""
    for _, each in inspect.getmembers(module, inspect.isclass):
        if issubclass(each, Exception) and not issubclass(each, Warning):
            yield each


@pytest.mark.parametrize(
    "kind",
    [
        each
        for module in (pypsrp.exceptions, urllib3.exceptions, spnego.exceptions)
        for each in errors_in(module)
        if each.__module__.split(".")[0] == module.__name__.split(".")[0]
    ],
    ids=lambda kind: f"{kind.__module__.split('.')[0]}.{kind.__name__}",
)
def test_no_class_of_the_libraries_below_is_left_to_chance(kind: type[Exception]) -> None:
    """A new one that derives from none of the known fails here."""
    known = next((each for each in kind.__mro__ if each in _MAKERS), None)

    assert known is not None
    assert known.__module__.split(".")[0] == kind.__module__.split(".")[0] or known in {OSError, ImportError}


def fault(code: int | str | None, reason: str = "no") -> Exception:
    """Make a WSMan fault."""
    return pypsrp.exceptions.WSManFaultError(code, "mbx01", reason, None, None, None)


def status(code: int) -> Exception:
    """Make an HTTP failure."""
    return pypsrp.exceptions.WinRMTransportError("http", code, "<html>")


NO_POOL: Any = None  # Any: none is needed
NEW = urllib3.exceptions.NewConnectionError(NO_POOL, "refused")
READ_LATE = urllib3.exceptions.ReadTimeoutError(NO_POOL, "/", "slow")
CONNECT_LATE = urllib3.exceptions.ConnectTimeoutError(NO_POOL, "slow")
CASES = [
    (fault(2150858811), xi.EndpointError, "there is no Microsoft.Exchange here"),
    (fault(5), xi.AuthenticationError, "access is denied"),
    (fault(2150859173), xi.ThrottledError, "as many shells open as it may"),
    (fault(7, "not approved for at least 1500 milliseconds."), xi.ThrottledError, "The server says to wait 1.5 s"),
    (fault(7, f"for at least {'9' * 20} milliseconds."), xi.ThrottledError, "The server says to wait 1e+12 s"),
    (fault(7, f"for at least {'9' * 5000} milliseconds."), xi.ThrottledError, "The server says to wait 1e+12 s"),
    (fault(SHELL_GONE), xi.TransportError, "no longer there"),
    (fault(99, "odd"), xi.TransportError, "WSMan fault 99: odd"),
    (fault(None), xi.TransportError, "a page and no WSMan fault"),
    (fault("s:Sender"), xi.TransportError, "a page and no WSMan fault"),
    (status(404), xi.EndpointError, "HTTP 404"),
    (status(401), xi.AuthenticationError, "admin@CONTOSO.COM with kerberos: HTTP 401"),
    (status(503), xi.TransportError, "application pool"),
    (status(500), xi.TransportError, "HTTP 500"),
    (pypsrp.exceptions.AuthenticationError("bad"), xi.AuthenticationError, "service principal"),
    (spnego.exceptions.SpnegoError(1), xi.AuthenticationError, "kinit"),
    (urllib3.exceptions.SSLError("wrong name"), xi.EndpointError, "cert_validation="),
    (urllib3.exceptions.ProxyError("no", NEW), xi.EndpointError, "proxy"),
    (CONNECT_LATE, xi.TransportTimeoutError, "no connection within 30 s"),
    (READ_LATE, xi.TransportTimeoutError, "no answer in time"),
    (NEW, xi.EndpointError, "nothing listens there"),
    (urllib3.exceptions.ProtocolError("aborted"), xi.TransportError, "the connection broke off"),
    (urllib3.exceptions.LocationParseError("x"), xi.EndpointError, "no address"),
    (urllib3.exceptions.InvalidHeader("x"), xi.TransportError, "cannot be read"),
    (GivenUpError("cancelled"), xi.TransportTimeoutError, "cancelled"),
    (RedirectError("HTTP 307 to http://else"), xi.EndpointError, "points elsewhere: 'HTTP 307 to http://else'"),
    (UnaskedError("gzip"), xi.TransportError, "encoded with 'gzip'"),
    (TooLargeError("more than 5 bytes"), xi.TransportError, "max_answer_size="),
    (InClearError(500), xi.TransportError, "HTTP 500 in clear"),
    (SealError("ValueError"), xi.TransportError, "cannot be read"),
    (ET.ParseError("x"), xi.TransportError, "cannot be read (ParseError)"),
    (OSError("Could not find a suitable TLS CA certificate bundle"), xi.TransportError, "files that the options name"),
    (ImportError("gssapi"), xi.TransportError, "pip install"),
    (ZeroDivisionError("odd"), xi.TransportError, "ZeroDivisionError: odd"),
]


@pytest.mark.parametrize(("error", "kind", "text"), CASES, ids=[repr(error)[:60] for error, _, _ in CASES])
def test_a_failure_says_what_it_is_and_what_to_do(error: Exception, kind: type[xi.TransportError], text: str) -> None:
    """By its class, and in words."""
    found = said_of(error)

    assert type(found) is kind
    assert text in str(found)
    assert "mbx01.contoso.com:80/PowerShell" in str(found)


@pytest.mark.parametrize("sent", [True, False, None])
@pytest.mark.parametrize("error", [error for error, _, _ in CASES], ids=[repr(error)[:60] for error, _, _ in CASES])
def test_whether_it_had_been_sent_is_kept(error: Exception, sent: bool | None) -> None:
    """It is known from the moment, not from the failure."""
    assert said_of(error, sent=sent).sent is sent


def test_negotiate_has_a_hint_of_its_own() -> None:
    """And names the account of the process where no user is given."""
    found = said_of(pypsrp.exceptions.AuthenticationError("bad"), options=WINDOWS)

    assert "the account of this process with negotiate: bad" in str(found)
    assert "user name and password" in found.hint


def test_an_error_of_our_own_stays_what_it_is() -> None:
    """It knows more already."""
    error = xi.UnexpectedReplyError("a", "b", "c")

    assert translate(error, Attempt(OPTIONS, "x")) is error


REFUSED, MAYBE, OPEN = "the server refused it", "it may have run", "it may still run"


@pytest.mark.parametrize(
    ("error", "proof"),
    [
        (fault(99), MAYBE),
        (fault(995), MAYBE),
        (fault(5), MAYBE),
        (fault(TIMED_OUT), MAYBE),
        (fault(None), OPEN),
        (fault(SHELL_GONE), REFUSED),
        (fault(2150858811), REFUSED),
        (fault(2150859173), REFUSED),
        (fault(2150859175), REFUSED),
        (status(404), REFUSED),
        (status(401), REFUSED),
        (status(500), MAYBE),
        (status(503), MAYBE),
        (status(502), OPEN),
        (status(504), OPEN),
        (pypsrp.exceptions.AuthenticationError("bad"), REFUSED),
        (InClearError(500), OPEN),
        (InClearError(401), OPEN),
        (RedirectError("elsewhere"), OPEN),
        (SealError("x"), OPEN),
        (READ_LATE, OPEN),
        (GivenUpError("cancelled"), OPEN),
        (urllib3.exceptions.ProtocolError("aborted"), OPEN),
        (ET.ParseError("x"), OPEN),
    ],
    ids=str,
)
def test_only_what_proves_it_counts_as_refused(error: Exception, proof: str) -> None:
    """A command that may have left may have run, and one that was not answered may still run."""
    assert (says_refused(error), is_answered(error)) == (proof == REFUSED, proof != OPEN)


@pytest.mark.parametrize(
    ("error", "left", "expected"),
    [(fault(2150859173), True, False), (status(401), True, True), (NEW, False, True), (READ_LATE, True, False)],
    ids=["fault", "login", "no connection", "late"],
)
def test_a_shell_may_be_there_unless_it_was_not_asked_for_or_by_nobody_known(
    error: Exception, left: bool, expected: bool
) -> None:
    """A fault may come after the shell was made."""
    assert opened_nothing(error, left=left) is expected


def test_a_stripped_error_has_no_frames_nor_have_those_behind_it() -> None:
    """Their variables may hold a password."""
    outer = KeyError("outer")
    outer.__cause__ = ValueError("inner")
    for error in (outer, outer.__cause__):
        with pytest.raises(type(error)):
            raise error

    stripped = bare(outer, OPTIONS)

    assert stripped.__traceback__ is None
    assert stripped.__cause__ is not None
    assert stripped.__cause__.__traceback__ is None
