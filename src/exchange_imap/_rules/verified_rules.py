"""Rules about what comes of verifying a server: its own test, the desired state, and what could not be done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._cmdlets.connectivity import ConnectivityResult
from .._finding import Severity
from .evidence import evidence_of, written
from .found import Found
from .registry import verified_rule
from .verified import MAILBOX, Verified

__all__: list[str] = []

_TEST: Final = "Microsoft Learn: Test-ImapConnectivity"
_OURS: Final = "exchange_imap: ImapServer.verify"


@verified_rule(
    "connectivity-failed",
    Severity.ERROR,
    "Test-ImapConnectivity, by which the server connects to itself as a client, failed.",
    source=_TEST,
)
def connectivity_failed(verified: Verified) -> Iterator[Found[str]]:
    """Yield each test that connected, or tried to, and did not succeed."""
    if not verified.logged_in:
        yield from _failed(verified, "See what else was found, and what a probe of the same port says")


@verified_rule(
    "connectivity-failed-inside",
    Severity.WARNING,
    "Test-ImapConnectivity failed, although a client of this computer has logged in.",
    source=_TEST,
)
def connectivity_failed_inside(verified: Verified) -> Iterator[Found[str]]:
    """Yield the same where each probe has logged in: the server connects to its own name, which is another one.

    A certificate for clients outside need not have that name.
    """
    if verified.logged_in:
        yield from _failed(verified, "See whether the certificate has the server's own name, if clients inside use it")


def _failed(verified: Verified, right: str) -> Iterator[Found[str]]:
    for test in verified.tests:
        if test.connected and not test.succeeded:
            yield Found(_said(test), right, "tests", _evidence(test))


@verified_rule(
    "connectivity-not-tested",
    Severity.NOTE,
    "Test-ImapConnectivity did not connect, so that it proves nothing.",
    source=_TEST,
)
def connectivity_not_tested(verified: Verified) -> Iterator[Found[str]]:
    """Yield once if tests ended before they connected, as they do where there is no test user."""
    ended = [test for test in verified.tests if not test.connected]
    if ended:
        right = "Give a credential, or run New-TestCasConnectivityUser.ps1 on a Mailbox server"
        yield Found(_said(ended[0]), right, "tests", _evidence(ended[0]))


def _said(test: ConnectivityResult) -> str:
    how = "" if test.connection_type is None else f" ({test.connection_type}, port {test.port})"
    return f"Test-ImapConnectivity{how}: {test.result}" + (f": {test.error}" if test.error else "")


def _evidence(test: ConnectivityResult) -> tuple[tuple[str, str], ...]:
    return evidence_of(test, "result", "error", "connection_type", "port")


@verified_rule(
    "not-as-desired",
    Severity.WARNING,
    "A server that differs from the desired state.",
    source=_OURS,
)
def not_as_desired(verified: Verified) -> Iterator[Found[str]]:
    """Yield once what would be changed."""
    commands = verified.differing
    if commands:
        names = ", ".join(dict.fromkeys(command.cmdlet for command in commands))
        count = f"{len(commands)} commands" if commands[1:] else "one command"
        reason = f"the server is not as desired: {count} would change it ({names})"
        evidence = (("Commands", written([str(command) for command in commands])),)
        yield Found(reason, "Apply a plan of the desired state", "desired", evidence, commands)


@verified_rule(
    "not-done",
    Severity.WARNING,
    "A part of a verification that could not be done.",
    source=_OURS,
)
def not_done(verified: Verified) -> Iterator[Found[str]]:
    """Yield each part with the reason why it could not be done, but for the mailbox."""
    for part, error in verified.errors.items():
        if part != MAILBOX:
            yield Found(f"{part} could not be done or read: {error}", "Mend this first, and verify again", part)


@verified_rule(
    "mailbox-not-read",
    Severity.WARNING,
    "A credential whose mailbox could not be read: perhaps the user has none.",
    source=_OURS,
)
def mailbox_not_read(verified: Verified) -> Iterator[Found[str]]:
    """Yield once why the mailbox to log in to is not known."""
    if MAILBOX in verified.errors:
        reason = f"the mailbox of the credential could not be read: {verified.errors[MAILBOX]}"
        yield Found(reason, "Give the user of a mailbox of this organization", MAILBOX)


@verified_rule(
    "kept-away",
    Severity.NOTE,
    "A server to which no client was made to connect, because its services would stop.",
    source="Microsoft Learn: Set-ServerComponentState; learn.microsoft.com/answers 1052337",
)
def kept_away(verified: Verified) -> Iterator[Found[str]]:
    """Yield once if nothing was tried: while the component is inactive, a client that connects stops the services."""
    if verified.kept_away:
        reason = "neither Test-ImapConnectivity nor a probe has connected: the services would stop"
        yield Found(reason, "Make the component active, and verify again", "probes")
