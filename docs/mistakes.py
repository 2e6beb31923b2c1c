"""The mistakes that people make, and the message that each gets: `docs/mistakes.md` is written by this file.

`python docs/mistakes.py --write` writes it again; a test holds it against what the library says now.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import attrs

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, Fault

PAGE = Path(__file__).with_name("mistakes.md")
HEAD = """# Mistakes, and what is said of them

Made by `docs/mistakes.py` from the library itself: every message here is the real one. It begins with the class of
the error that is raised. A *plan warning* is no error: the server accepts it, and clients do not get along with it.
"""


@attrs.frozen
class Mistake:
    """One mistake: what is done, why people do it, and how to make it happen; ``right`` must be in the message."""

    why: str
    done: str
    right: str
    run: Callable[[], object]
    known: str = ""
    """What is known of the server's side of it, and from where."""


def typed(why: str, line: str, right: str, known: str = "") -> Mistake:
    """Describe a command line that is wrong."""
    return Mistake(why, line, right, lambda: xi.parse(line), known)


def built(why: str, code: str, right: str, run: Callable[[], object], known: str = "") -> Mistake:
    """Describe a piece of Python that is wrong."""
    return Mistake(why, code, right, run, known)


def server(fake: FakeExchange | None = None) -> xi.ImapServer:
    """Connect to a fresh fake server."""
    transport = (fake or FakeExchange(servers=["MBX01"])).transport()
    return xi.ImapServer("MBX01", exchange=transport, windows=transport)


def warnings(desired: xi.DesiredState) -> str:
    """Return what a plan warns of."""
    return "plan warning: " + " ".join(map(str, server().plan(desired).warnings))


def start_disabled() -> object:
    """Start a service that is Disabled."""
    fake = FakeExchange(servers=["MBX01"])
    fake.server("MBX01").set_service("MSExchangeIMAP4", startup_type=xi.StartupType.Disabled)
    return server(fake).run(xi.StartService(name=("MSExchangeIMAP4",)))


def apply_stale() -> object:
    """Apply a plan after somebody else changed the server."""
    fake = FakeExchange(servers=["MBX01"])
    plan = server(fake).plan(xi.DesiredState.enabled(external=["mail.contoso.com:993:SSL"]))
    server(fake).run(xi.SetImapSettings(server="MBX01", banner="Somebody was here."))
    return server(fake).apply(plan)


def lose_a_restart() -> object:
    """Lose the answer of a restart."""
    fake = FakeExchange(servers=["MBX01"])
    enabled = server(fake)
    enabled.enable(external=["mail.contoso.com:993:SSL"])
    fake.fail(Fault(of="Restart-Service", effect=True))
    return enabled.apply(enabled.plan(xi.DesiredState(settings=xi.SetImapSettings(banner="x"))))


def settings(**values: object) -> Callable[[], object]:
    """Build a Set-ImapSettings with values that it does not take."""
    return lambda: xi.SetImapSettings(**values)  # type: ignore[arg-type]  # the mistake itself


def plan_of(cmdlet: xi.SetImapSettings) -> Callable[[], object]:
    """Plan for settings on a fresh server."""
    return lambda: server().plan(xi.DesiredState(settings=cmdlet))


CUSTOM = xi.CalendarItemRetrievalOption.Custom
MISTAKES = (
    typed(
        "the translated page's example has this name",
        "Set-ImapSettings -EncryptedOrTLSBindings 0.0.0.0:143",
        "-UnencryptedOrTLSBindings",
    ),
    typed(
        "the same page's note has this one",
        "Set-ImapSettings -EncryptionedOrTLSBindings 0.0.0.0:143",
        "-UnencryptedOrTLSBindings",
    ),
    typed(
        "Exchange 2013's page and forum answers write it",
        "Set-ImapSettings -Server MBX01 -ProtocolLoggingEnabled $true",
        "-ProtocolLogEnabled",
    ),
    typed(
        "the plural, from the same page",
        "Set-ImapSettings -MaxConnectionsFromSingleIP 100",
        "-MaxConnectionFromSingleIP",
    ),
    typed("most Set- cmdlets have it", "Set-ImapSettings -Identity MBX01 -LoginType SecureLogin", "-Server"),
    typed("IMAP4 looks like a setting to be switched on", "Set-ImapSettings -Enabled $true", "Start-Service"),
    typed(
        "braces in pages of Exchange 2013",
        "Set-ImapSettings -ExternalConnectionSettings {mail.contoso.com:993:SSL}",
        '"mail.contoso.com:993:SSL"',
    ),
    typed(
        "the placeholder is left in",
        "Test-ImapConnectivity -ClientAccessServer <ServerName> -LightMode",
        "Replace the placeholder",
    ),
    typed("pasted with its prompt", "[PS] C:\\Windows\\system32>Get-ImapSettings", "Leave out the prompt"),
    typed(
        "true is a word, $true the value",
        "Set-ImapSettings -ProtocolLogEnabled true",
        "Write $true.",
    ),
    typed("the value of a switch needs a colon", "Set-ImapSettings -WhatIf $false", "-WhatIf:$false"),
    typed("a blank in a text without quotes", "Set-ImapSettings -Banner Contoso IMAP4", "needs quotes"),
    typed("a quote is forgotten", 'Set-ImapSettings -Banner "Contoso IMAP4', "never closed"),
    typed("too short an abbreviation", "Set-ImapSettings -Ext Allow", "-ExtendedProtectionPolicy"),
    typed("the same parameter twice", "Set-ImapSettings -Server MBX01 -Server MBX02", "once"),
    typed("the value is forgotten", "Set-ImapSettings -Banner -Server MBX01", "a value behind -Banner"),
    typed("the server is named by position", "Set-ImapSettings MBX01 -LoginType SecureLogin", "name before each value"),
    typed("a letter too many", "Set-ImapSettings -Bannner Welcome", "-Banner?"),
    typed("another word for it", "Set-ImapSettings -CertificateName mail.contoso.com", "-X509CertificateName?"),
    typed(
        "half of two values",
        "Set-ImapSettings -MessageRetrievalMimeFormat Html",
        "HtmlOnly or HtmlAndTextAlternative",
    ),
    typed("a letter too few in the cmdlet", "Get-ImapSetings -Server MBX01", "Get-ImapSettings?"),
    typed("a script's variable", "Get-ImapSettings -Server $server", "variables={'server': ...}"),
    typed("a sub-expression", "Get-ImapSettings -Server $(hostname)", "Write its result."),
    typed(
        "a loop of the language",
        "foreach ($s in $servers) { Get-ImapSettings -Server $s }",
        "statement of the language",
    ),
    typed("output into a file", "Get-ImapSettings > settings.txt", "leave it out"),
    typed("a blank behind the backtick", "Get-ImapSettings ` \n -Server MBX01", "Delete the blank"),
    typed("PowerShell 7's chain", "Get-ImapSettings && Get-Service MSExchangeIMAP4", "one command after the other"),
    typed(
        "two statements where one is read",
        "Start-Service MSExchangeIMAP4; Start-Service MSExchangeIMAP4BE",
        "parse_script",
    ),
    typed("seconds for a time span", "Set-ImapSettings -AuthenticatedConnectionTimeout 1800", "00:30:00"),
    typed("longer than a day", "Set-ImapSettings -AuthenticatedConnectionTimeout 1.12:00:00", "1.00:00:00"),
    typed("a unit in words", "Set-ImapSettings -LogPerFileSizeQuota '2 megabytes'", "2MB"),
    typed("POP3's limit", "Set-ImapSettings -MaxCommandSize 512", "1024 to 16384"),
    typed("no connection at all", "Set-ImapSettings -MaxConnections 0", "1 to 2147483647"),
    typed("a participle", "Set-ImapSettings -ExtendedProtectionPolicy Required", "Require"),
    typed(
        "a version of TLS",
        "Set-ImapSettings -ExternalConnectionSettings mail.contoso.com:993:TLS1.2",
        "TLS means STARTTLS",
    ),
    typed(
        "a port that does not exist",
        "Set-ImapSettings -ExternalConnectionSettings mail.contoso.com:99993:SSL",
        "0 to 65535",
    ),
    typed(
        "the name of a wildcard certificate as a host",
        "Set-ImapSettings -ExternalConnectionSettings *.contoso.com:993:SSL",
        "mail.contoso.com",
    ),
    typed(
        "the wildcard certificate by its own name",
        "Set-ImapSettings -X509CertificateName *.contoso.com",
        "mail.contoso.com",
        """A wildcard certificate is not enabled for IMAP: `Enable-ExchangeCertificate -Services IMAP` warns and leaves
the service out (KB 948896, of Exchange 2007; for later versions that is inferred). It serves when a host that it
covers is named here.""",
    ),
    typed(
        "a host name for an address",
        "Set-ImapSettings -SSLBindings mail.contoso.com:993",
        "ExternalConnectionSettings",
    ),
    typed("an asterisk for every address", "Set-ImapSettings -SSLBindings *:993", "0.0.0.0 (IPv4) and [::] (IPv6)"),
    typed("IPv6 without brackets", "Set-ImapSettings -SSLBindings ::1:993", "in brackets"),
    typed("a user name for a credential", "Test-ImapConnectivity -MailboxCredential kim", "(Get-Credential)"),
    typed("null to keep a setting", "Set-ImapSettings -MaxConnections $null", "Leave the parameter out"),
    typed("a service's name and its display name", "Get-Service MSExchangeIMAP4 -DisplayName *IMAP4*", "Leave one out"),
    built(
        "an edit that says nothing",
        "SetImapSettings(ssl_bindings=ListEdit())",
        "Leave the parameter out",
        lambda: xi.SetImapSettings(ssl_bindings=xi.ListEdit()),
    ),
    built(
        "an enum's name with a slip",
        'SetImapSettings(login_type="Secure Login")',
        "SecureLogin",
        settings(login_type="Secure Login"),
    ),
    built(
        "calendar links that lead nowhere",
        "plan(SetImapSettings(calendar_item_retrieval_option=CalendarItemRetrievalOption.Custom))",
        "OwaServerUrl",
        plan_of(xi.SetImapSettings(calendar_item_retrieval_option=CUSTOM)),
    ),
    built(
        "a line for another server",
        'ImapServer("MBX01").plan(SetImapSettings(server="MBX02", ...))',
        "Plan it on that server",
        plan_of(xi.SetImapSettings(server="MBX02", banner="x")),
    ),
    built(
        "STARTTLS on 993, as the translated page has it",
        'enable(external=["mail.contoso.com:993:TLS"])',
        "mail.contoso.com:993:SSL, or mail.contoso.com:143:TLS for STARTTLS",
        lambda: warnings(xi.DesiredState.enabled(external=["mail.contoso.com:993:TLS"])),
    ),
    built(
        "bindings without the loopback address",
        'enable(external=[...], ssl_bindings=["10.0.0.12:993"])',
        "add 127.0.0.1:993",
        lambda: warnings(
            xi.DesiredState.enabled(external=["mail.contoso.com:993:SSL"], ssl_bindings=["10.0.0.12:993"])
        ),
        """Managed Availability can take ImapProxy out of service when its probe cannot reach the loopback address. It
does not always, and no page names the port that it asks (CSS-Exchange, OfficeDocs-Support 1654).""",
    ),
    built(
        "a server that is not there",
        'run(GetImapSettings(server="MBX09"))',
        "MBX09",
        lambda: server().run(xi.GetImapSettings(server="MBX09")),
        """The answer is that of the fake Exchange. The form of the error's id is real, and so is its FailureCategory;
the number and the task class at its end are made up. Match on FailureCategory.""",
    ),
    built(
        "a service that is Disabled",
        'run(StartService(name=("MSExchangeIMAP4",)))',
        "cannot be started",
        start_disabled,
    ),
    built(
        "no transport to the second endpoint",
        'ImapServer("MBX01", exchange=...).services()',
        "windows=",
        lambda: xi.ImapServer("MBX01", exchange=FakeExchange(servers=["MBX01"]).transport()).services(),
    ),
    built("a plan that is out of date", "apply(plan)", "make a new plan", apply_stale),
    built("a restart whose answer is lost", "apply(plan)", "whether it took effect is unknown", lose_a_restart),
    built(
        "Format-List with a few properties",
        'ImapSettings.parse("Server : MBX01")',
        "ask for all",
        lambda: xi.ImapSettings.parse("Server : MBX01"),
    ),
    built(
        "a list that the shell shortened",
        'read_format_list("SSLBindings : {[::]:993, 0.0.0.0:993...}")',
        "$FormatEnumerationLimit = -1",
        lambda: xi.read_format_list("SSLBindings : {[::]:993, 0.0.0.0:993...}"),
    ),
    built(
        "a table instead of a list",
        'read_format_list("MBX01  MSExchangeImap4  Running")',
        "Format-List",
        lambda: xi.read_format_list("MBX01  MSExchangeImap4  Running"),
    ),
)


def message(mistake: Mistake) -> str:
    """Return what is said of a mistake."""
    try:
        said = mistake.run()
    except xi.ExchangeImapError as error:
        return f"{type(error).__name__}: {error}"
    return str(said)


def section(number: int, mistake: Mistake) -> str:
    """Write one mistake: what is done, and what is said of it."""
    blocks = (f"```text\n{text}\n```\n" for text in (mistake.done, message(mistake)))
    known = [f"{mistake.known}\n"] if mistake.known else []
    return "\n".join((f"## {number}. {mistake.why[0].upper()}{mistake.why[1:]}\n", *blocks, *known))


def page() -> str:
    """Write the page."""
    sections = (section(number, mistake) for number, mistake in enumerate(MISTAKES, 1))
    return "\n".join((HEAD, *sections))


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page())
