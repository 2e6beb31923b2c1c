"""Rules about a login: how passwords travel, and what stops a user who has one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .._finding import Severity
from .._probe.result import ProbeFailure, ProbeResult, Protocol, Stage
from .found import Found
from .registry import ProbeExample, probe_rule, seen_too
from .seen import ended, fact, host_and_port, last_words, stopped
from .settings_rules import clear_text_login, unencrypted_connection

__all__: list[str] = []

_PLAIN: Final = "mail.contoso.com:143"
_PASSWORDS: Final = frozenset({"PLAIN", "LOGIN"})
_IN_CLEAR: Final = frozenset(f"AUTH={each}" for each in _PASSWORDS)
_LOGINS: Final = frozenset({Stage.LOGIN, Stage.AUTH})
_OFFERS: Final = ("IMAP4", "IMAP4REV1", "AUTH=PLAIN", "STARTTLS")


@probe_rule(
    "login-in-clear",
    Severity.ERROR,
    "A login that would send the password without TLS: it was not tried.",
    ProbeExample(setting=_PLAIN, failed=(Stage.LOGIN, ProbeFailure.IN_CLEAR), said="there is no TLS: nothing was sent"),
    source="RFC 8314, 3",
)
def login_in_clear(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a login that was asked for on a connection that is not encrypted."""
    if ended(result, ProbeFailure.IN_CLEAR):
        reason = f"a login at {host_and_port(result)} would send the password where everybody between can read it"
        right = "Connect with SSL or TLS; allow_insecure=True tries it all the same, as a client that does not care"
        yield stopped(result, reason, right)


@probe_rule(
    "login-disabled",
    Severity.ERROR,
    "A server that takes no password on this connection.",
    ProbeExample(setting=_PLAIN, failed=(Stage.LOGIN, ProbeFailure.DISABLED), said="IMAP4 IMAP4REV1 LOGINDISABLED"),
    source="RFC 3501, 6.2.3; Microsoft, LoginOptions (aa997188)",
)
def login_disabled(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield the server's word that it takes no password; with SecureLogin that is so without TLS."""
    if ended(result, ProbeFailure.DISABLED):
        reason = f"{host_and_port(result)} takes no password on this connection (LOGINDISABLED)"
        right = (
            "Use a mechanism that is offered: with TLS every LoginType takes a password, so see what answers here"
            if result.setting.encryption
            else "Connect with SSL or TLS: LoginType SecureLogin, which is the safe one, wants that"
        )
        yield stopped(result, reason, right)


@probe_rule(
    "mechanism-not-offered",
    Severity.ERROR,
    "A way to log in that the server does not offer.",
    ProbeExample(failed=(Stage.LOGIN, ProbeFailure.NOT_OFFERED), said="AUTH=GSSAPI"),
    source="Microsoft Learn: Set-ImapSettings (-EnableGSSAPIAndNTLMAuth); Set-ReceiveConnector (-AuthMechanism)",
)
def mechanism_not_offered(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a mechanism that is not offered, or none for this password."""
    if ended(result, ProbeFailure.NOT_OFFERED, ProbeFailure.UNUSABLE, at=_LOGINS):
        reason = f"{host_and_port(result)} offers no way to log in with what was given ({last_words(result)})"
        right = (
            "Use a mechanism that is offered; NTLM and GSSAPI are offered with EnableGSSAPIAndNTLMAuth"
            if result.protocol is Protocol.IMAP4
            else "Use a mechanism that is offered: AuthMechanism of the connector decides; with BasicAuthRequireTLS a"
            " password is taken only after STARTTLS"
        )
        yield stopped(result, reason, right)


@probe_rule(
    "login-refused",
    Severity.ERROR,
    "A login that the server refuses.",
    ProbeExample(failed=(Stage.LOGIN, ProbeFailure.REJECTED), said="AUTHENTICATE failed."),
    source="Microsoft Q&A 1156767, about the back end; Microsoft Learn: POP3 and IMAP4 in Exchange Server",
)
def login_refused(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a refusal: the server gives the same answer for a wrong password and for a broken back end."""
    if ended(result, ProbeFailure.REJECTED, at=_LOGINS):
        reason = f"{host_and_port(result)} refuses the login: {last_words(result)}"
        right = (
            "Check user and password, and Get-CASMailbox <user> (ImapEnabled); Administrator cannot log in. If they are"
            " right, look for ProxyNotAuthenticated in the protocol log: then it is the back end or its certificate"
            if result.protocol is Protocol.IMAP4
            else "Check user and password, and AuthMechanism and PermissionGroups of the connector"
        )
        yield stopped(result, reason, right)


@probe_rule(
    "no-inbox",
    Severity.ERROR,
    "A user who is logged in and cannot open INBOX.",
    ProbeExample(failed=(Stage.SELECT, ProbeFailure.REJECTED), said="User is authenticated but not connected."),
    source="Microsoft Learn: Enable or disable POP3 or IMAP4 access to mailboxes; RFC 3501, 5.1",
)
def no_inbox(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a mailbox that does not open: the account has none, or the back end does not reach it."""
    if ended(result, ProbeFailure.REJECTED, at={Stage.SELECT}):
        reason = f"the login at {host_and_port(result)} succeeds, and INBOX does not open: {last_words(result)}"
        right = (
            "Check that the account has a mailbox (Get-CASMailbox <user>), that its database is mounted, and that"
            " MSExchangeIMAP4BE runs on the server that has it"
        )
        yield stopped(result, reason, right)


@seen_too(unencrypted_connection, ProbeExample(setting=_PLAIN, facts={"capabilities_before": ("IMAP4", "STARTTLS")}))
def seen_unencrypted(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a connection without encryption, whether the server offers better or not."""
    setting = result.setting
    if setting.encryption is None and result.capabilities_before:
        offers = "STARTTLS" in result.capabilities_before
        reason = f"{setting} tells clients to connect without encryption" + (", though STARTTLS is offered" * offers)
        right = f"Advertise {setting}:TLS" if offers else "Advertise a connection with SSL or TLS"
        yield fact(result, reason, right, ("capabilities", " ".join(result.capabilities_before)))


@seen_too(clear_text_login, ProbeExample(setting="mail.contoso.com:143:TLS", facts={"capabilities_before": _OFFERS}))
def seen_clear_text_login(result: ProbeResult) -> Iterator[Found[str]]:
    """Yield a server that offers to take passwords before TLS."""
    offered = [each for each in result.capabilities_before if _in_clear(each)]
    if offered:
        reason = f"{host_and_port(result)} takes passwords without encryption ({' '.join(offered)} before TLS)"
        right = (
            "Set LoginType to SecureLogin, unless there are clients that do not support TLS"
            if result.protocol is Protocol.IMAP4
            else "Set AuthMechanism of the connector to Tls and BasicAuthRequireTLS, besides what else it has"
        )
        yield fact(result, reason, right, ("capabilities", " ".join(result.capabilities_before)))


def _in_clear(capability: str) -> bool:
    """Say whether it offers to take a password as it is: IMAP4 has one word for each mechanism, SMTP one line."""
    word, _, mechanisms = capability.partition(" ")
    return word in _IN_CLEAR or (word == "AUTH" and not _PASSWORDS.isdisjoint(mechanisms.split()))
