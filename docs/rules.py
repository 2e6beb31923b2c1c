"""What `check_script` looks for, with an example of each rule: `docs/rules.md` is written by this file.

`python docs/rules.py --write` writes it again; a test holds it against what the library says now.
"""

from __future__ import annotations

import sys
from pathlib import Path

import attrs

import exchange_imap as xi
from exchange_imap._check.finding import RULES
from exchange_imap.testing import NewServer

PAGE = Path(__file__).with_name("rules.md")
HEAD = """# What a script is checked for

Made by `docs/rules.py` from the library itself: every finding here is the real one. `check_script` reads every
statement of a text that can be read and says what is wrong or risky, where, why, and what would be right; nothing is
sent. A finding's `rule` is stable: match on it.

| severity | means |
|---|---|
| error | it cannot run: PowerShell, the server, or the Exchange endpoint, which evaluates nothing, refuses it |
| warning | it runs, and what comes of it is probably not what is wanted |
| note | it runs under a condition, or nothing is known of it |
"""


@attrs.frozen
class Example:
    """A script that breaks a rule, the part of it that the finding points at, and what the caller knows."""

    rule: str
    script: str
    at: str
    endpoint: xi.Endpoint | None = None
    settings: xi.ImapSettings | None = None

    @property
    def finding(self) -> xi.ScriptFinding:
        """The finding of the rule."""
        findings = xi.check_script(self.script, endpoint=self.endpoint, settings=self.settings)
        return next(finding for finding in findings if finding.rule == self.rule)


SETTINGS = NewServer("MBX01").settings
EXAMPLES = (
    Example("syntax", "Get-ImapSettings && Get-PopSettings", "&&"),
    Example("unclosed", 'Set-ImapSettings -Banner "Contoso IMAP4', '"'),
    Example("prompt", "[PS] C:\\Windows\\system32>Get-ImapSettings", "[PS] C:\\Windows\\system32>"),
    Example("placeholder", "Test-ImapConnectivity -ClientAccessServer <ServerName> -LightMode", "<ServerName>"),
    Example(
        "script-block",
        "Set-ImapSettings -ExternalConnectionSettings {mail.contoso.com:993:SSL}",
        "{mail.contoso.com:993:SSL}",
    ),
    Example("evaluation", "Get-ImapSettings -Server $server", "$server"),
    Example("statement", "foreach ($s in $servers) { Get-ImapSettings -Server MBX01 }", "foreach"),
    Example("redirection", "Get-ImapSettings > settings.txt", ">"),
    Example("unknown-command", "Get-ImapSetings -Server MBX01", "Get-ImapSetings"),
    Example("unknown-parameter", "Set-ImapSettings -EncryptedOrTLSBindings 0.0.0.0:143", "-EncryptedOrTLSBindings"),
    Example("ambiguous-parameter", "Set-ImapSettings -Ext Allow", "-Ext"),
    Example("repeated-parameter", "Set-ImapSettings -Server MBX01 -Server MBX02", "-Server"),
    Example("missing-value", "Set-ImapSettings -Banner -Server MBX01", "-Banner"),
    Example("stray-value", "Set-ImapSettings -Banner Contoso IMAP4", "IMAP4"),
    Example("invalid-value", "Set-ImapSettings -AuthenticatedConnectionTimeout 1800", "1800"),
    Example(
        "incomplete-command", "Enable-ExchangeCertificate -Services IMAP", "Enable-ExchangeCertificate -Services IMAP"
    ),
    Example("mixed-pipeline", "Get-ExchangeServer | Get-Service", "Get-Service"),
    Example(
        "other-endpoint",
        "Restart-Service MSExchangeIMAP4",
        "Restart-Service MSExchangeIMAP4",
        endpoint=xi.Endpoint.EXCHANGE,
    ),
    Example(
        "format-before-the-end",
        "Get-ImapSettings | Format-List | Set-ImapSettings -LoginType SecureLogin",
        "Format-List",
    ),
    Example(
        "wildcard-identity", 'Set-ReceiveConnector "Client Frontend*" -Fqdn mail.contoso.com', '"Client Frontend*"'
    ),
    Example(
        "port-and-method",
        'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:TLS"',
        '"mail.contoso.com:993:TLS"',
    ),
    Example(
        "unencrypted-connection",
        'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:143"',
        '"mail.contoso.com:143"',
    ),
    Example("clear-text-login", "Set-ImapSettings -LoginType PlainTextLogin", "PlainTextLogin"),
    Example(
        "certificate-host",
        'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL" -X509CertificateName imap.contoso.com',
        "imap.contoso.com",
    ),
    Example("no-loopback", 'Set-ImapSettings -SSLBindings "10.0.0.12:993"', '"10.0.0.12:993"'),
    Example(
        "edit-without-effect",
        'Set-ImapSettings -SSLBindings @{Remove="10.0.0.12:993"}',
        '@{Remove="10.0.0.12:993"}',
        settings=SETTINGS,
    ),
    Example(
        "restart-incomplete",
        "Set-ImapSettings -LoginType SecureLogin; Restart-Service MSExchangeIMAP4",
        "Set-ImapSettings -LoginType SecureLogin",
    ),
    Example("nobody-confirms", "Set-ImapSettings -LoginType SecureLogin -Confirm", "-Confirm"),
    Example("iis-left-stopped", "net stop w3svc /y", "net stop w3svc /y"),
    Example(
        "two-endpoints",
        "Get-ImapSettings; Get-Service MSExchangeIMAP4",
        "Get-Service MSExchangeIMAP4",
    ),
    Example("credential-prompt", "Test-ImapConnectivity -MailboxCredential (Get-Credential)", "(Get-Credential)"),
    Example(
        "server-unstated",
        "Get-ImapSettings -Server MBX01; Set-ImapSettings -LoginType SecureLogin",
        "Set-ImapSettings -LoginType SecureLogin",
    ),
    Example("common-parameter", "Get-ImapSettings -Verbose", "-Verbose"),
    Example("unmodelled-command", "Get-MailboxDatabase", "Get-MailboxDatabase"),
)


def section(example: Example) -> str:
    """Write one rule: what it looks for, and an example."""
    rule = RULES[example.rule]
    known = f" at {example.endpoint.value}" if example.endpoint else " for a new server" if example.settings else ""
    said = f"```text\n{example.finding}\n```\n"
    return f"## {example.rule}\n\n{rule.severity.value}. {rule.about} Found{known}:\n\n{said}"


def page() -> str:
    """Write the page."""
    return "\n".join((HEAD, *map(section, EXAMPLES)))


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page())
