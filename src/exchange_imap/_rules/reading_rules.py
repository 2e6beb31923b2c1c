"""What the reader of commands finds in a text. These rules have no function: reading finds the mistakes."""

from __future__ import annotations

from .._finding import Severity
from .registry import Example, reading_rule

__all__: list[str] = []

reading_rule("syntax", "A text that PowerShell itself refuses.", Example("Get-ImapSettings && Get-PopSettings", "&&"))
reading_rule(
    "unclosed",
    "A quote, bracket or comment that is never closed: the text after it cannot be read.",
    Example('Set-ImapSettings -Banner "Contoso IMAP4', '"'),
)
reading_rule(
    "prompt",
    "A prompt that was copied with the command.",
    Example("[PS] C:\\Windows\\system32>Get-ImapSettings", "[PS] C:\\Windows\\system32>"),
)
reading_rule(
    "placeholder",
    "A placeholder, such as `<ServerName>`, that has not been replaced.",
    Example("Test-ImapConnectivity -ClientAccessServer <ServerName> -LightMode", "<ServerName>"),
)
reading_rule(
    "script-block",
    "Braces around a value, as on old pages: PowerShell reads them as a script block.",
    Example("Set-ImapSettings -ExternalConnectionSettings {mail.contoso.com:993:SSL}", "{mail.contoso.com:993:SSL}"),
    in_shell=Severity.WARNING,
)
reading_rule(
    "evaluation",
    "A variable, sub-expression, member or splat: an endpoint in no-language mode evaluates nothing.",
    Example("Get-ImapSettings -Server $server", "$server", target="endpoint"),
    in_shell=Severity.NOTE,
)
reading_rule(
    "statement",
    "A statement of the language, such as foreach: an endpoint in no-language mode runs only commands.",
    Example("foreach ($s in $servers) { Get-ImapSettings -Server MBX01 }", "foreach", target="endpoint"),
    in_shell=Severity.NOTE,
)
reading_rule(
    "expression",
    "A value in the place of a command, such as one that is piped: an endpoint in no-language mode refuses it.",
    Example("'MBX01','MBX02' | Get-ImapSettings", "'MBX01','MBX02'", target="endpoint"),
    in_shell=None,
)
reading_rule(
    "filter-block",
    "A filter in braces, as on Microsoft's pages: an endpoint in no-language mode takes it only in quotes.",
    Example("Get-CASMailbox -Filter {ImapEnabled -eq 'True'}", "{ImapEnabled -eq 'True'}", target="endpoint"),
    in_shell=None,
)
reading_rule(
    "misleading",
    "A text that PowerShell does not read as it looks, or that 5.1 and 7 read differently.",
    Example('Set-ImapSettings -Banner "`e[1mContoso"', "`e"),
    in_shell=Severity.WARNING,
)
reading_rule(
    "redirection",
    "Output into a file, which an endpoint in no-language mode refuses.",
    Example("Get-ImapSettings > settings.txt", ">", target="endpoint"),
    in_shell=None,
)
reading_rule(
    "unknown-command",
    "A command that does not exist and looks like a known one, or a line that begins with a parameter.",
    Example("Get-ImapSetings -Server MBX01", "Get-ImapSetings"),
)
reading_rule(
    "unknown-parameter",
    "A parameter that the cmdlet does not have.",
    Example("Set-ImapSettings -EncryptedOrTLSBindings 0.0.0.0:143", "-EncryptedOrTLSBindings"),
)
reading_rule(
    "ambiguous-parameter",
    "An abbreviation that several parameters begin with.",
    Example("Set-ImapSettings -Ext Allow", "-Ext"),
)
reading_rule(
    "repeated-parameter",
    "A parameter that is given twice.",
    Example("Set-ImapSettings -Server MBX01 -Server MBX02", "-Server"),
)
reading_rule(
    "missing-value", "A parameter without its value.", Example("Set-ImapSettings -Banner -Server MBX01", "-Banner")
)
reading_rule(
    "stray-value", "A value that belongs to no parameter.", Example("Set-ImapSettings -Banner Contoso IMAP4", "IMAP4")
)
reading_rule(
    "invalid-value",
    "A value that the parameter cannot have.",
    Example("Set-ImapSettings -AuthenticatedConnectionTimeout 1800", "1800"),
)
reading_rule(
    "incomplete-command",
    "A command without a parameter that it needs, or with parameters that exclude each other.",
    Example("Enable-ExchangeCertificate -Services IMAP", "Enable-ExchangeCertificate -Services IMAP"),
)
reading_rule(
    "unmodelled-command",
    "A command that is not modelled here: nothing of it is checked.",
    Example("Get-MailboxDatabase", "Get-MailboxDatabase"),
    severity=Severity.NOTE,
)
