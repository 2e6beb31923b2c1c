"""What the reader of commands finds in a text. These rules have no function: reading finds the mistakes."""

from __future__ import annotations

from .._finding import Severity
from .registry import Example, reading_rule

__all__: list[str] = []

reading_rule(
    "syntax",
    "A text that PowerShell itself refuses.",
    Example("Get-ImapSettings && Get-PopSettings", "&&"),
    source="Microsoft Learn: about_Parsing",
)
reading_rule(
    "unclosed",
    "A quote, bracket or comment that is never closed: the text after it cannot be read.",
    Example('Set-ImapSettings -Banner "Contoso IMAP4', '"'),
    source="Microsoft Learn: about_Quoting_Rules",
)
reading_rule(
    "prompt",
    "A prompt that was copied with the command.",
    Example("[PS] C:\\Windows\\system32>Get-ImapSettings", "[PS] C:\\Windows\\system32>"),
    source="Microsoft Learn: about_Prompts",
)
reading_rule(
    "placeholder",
    "A placeholder, such as `<ServerName>`, that has not been replaced.",
    Example("Test-ImapConnectivity -ClientAccessServer <ServerName> -LightMode", "<ServerName>"),
    source="Microsoft Learn: about_Command_Syntax",
)
reading_rule(
    "script-block",
    "Braces around a value, as on old pages: PowerShell reads them as a script block.",
    Example("Set-ImapSettings -ExternalConnectionSettings {mail.contoso.com:993:SSL}", "{mail.contoso.com:993:SSL}"),
    in_shell=Severity.WARNING,
    source="Microsoft Learn: about_Script_Blocks",
)
reading_rule(
    "evaluation",
    "A variable, sub-expression, member or splat: an endpoint in no-language mode evaluates nothing.",
    Example("Get-ImapSettings -Server $server", "$server", target="endpoint"),
    in_shell=Severity.NOTE,
    source="Microsoft Learn: about_Language_Modes; KB5001779, since which the Exchange endpoint is in no-language mode",
)
reading_rule(
    "statement",
    "A statement of the language, such as foreach: an endpoint in no-language mode runs only commands.",
    Example("foreach ($s in $servers) { Get-ImapSettings -Server MBX01 }", "foreach", target="endpoint"),
    in_shell=Severity.NOTE,
    source="Microsoft Learn: about_Language_Modes; KB5001779, since which the Exchange endpoint is in no-language mode",
)
reading_rule(
    "expression",
    "A value in the place of a command, such as one that is piped: an endpoint in no-language mode refuses it.",
    Example("'MBX01','MBX02' | Get-ImapSettings", "'MBX01','MBX02'", target="endpoint"),
    in_shell=None,
    source="Microsoft Learn: about_Language_Modes; KB5001779, since which the Exchange endpoint is in no-language mode",
)
reading_rule(
    "filter-block",
    "A filter in braces, as on Microsoft's pages: an endpoint in no-language mode takes it only in quotes.",
    Example("Get-CASMailbox -Filter {ImapEnabled -eq 'True'}", "{ImapEnabled -eq 'True'}", target="endpoint"),
    in_shell=None,
    source="Microsoft Learn: Get-CASMailbox (-Filter), about_Language_Modes",
)
reading_rule(
    "misleading",
    "A text that PowerShell does not read as it looks, or that 5.1 and 7 read differently.",
    Example('Set-ImapSettings -Banner "`e[1mContoso"', "`e"),
    in_shell=Severity.WARNING,
    source="Microsoft Learn: about_Special_Characters, about_Parsing",
)
reading_rule(
    "redirection",
    "Output into a file, which an endpoint in no-language mode refuses.",
    Example("Get-ImapSettings > settings.txt", ">", target="endpoint"),
    in_shell=None,
    source="Microsoft Learn: about_Redirection, about_Language_Modes",
)
reading_rule(
    "unknown-command",
    "A command that does not exist and looks like a known one, or a line that begins with a parameter.",
    Example("Get-ImapSetings -Server MBX01", "Get-ImapSetings"),
    source="Microsoft Learn: about_Command_Precedence",
)
reading_rule(
    "unknown-parameter",
    "A parameter that the cmdlet does not have.",
    Example("Set-ImapSettings -EncryptedOrTLSBindings 0.0.0.0:143", "-EncryptedOrTLSBindings"),
    source="Microsoft Learn: about_Parameters",
)
reading_rule(
    "ambiguous-parameter",
    "An abbreviation that several parameters begin with.",
    Example("Set-ImapSettings -Ext Allow", "-Ext"),
    source="Microsoft Learn: about_Parameters",
)
reading_rule(
    "repeated-parameter",
    "A parameter that is given twice.",
    Example("Set-ImapSettings -Server MBX01 -Server MBX02", "-Server"),
    source="Microsoft Learn: about_Parameters",
)
reading_rule(
    "missing-value",
    "A parameter without its value.",
    Example("Set-ImapSettings -Banner -Server MBX01", "-Banner"),
    source="Microsoft Learn: about_Parameters",
)
reading_rule(
    "stray-value",
    "A value that belongs to no parameter.",
    Example("Set-ImapSettings -Banner Contoso IMAP4", "IMAP4"),
    source="Microsoft Learn: about_Parameters",
)
reading_rule(
    "invalid-value",
    "A value that the parameter cannot have.",
    Example("Set-ImapSettings -AuthenticatedConnectionTimeout 1800", "1800"),
    source="Microsoft Learn: the page of the cmdlet",
)
reading_rule(
    "incomplete-command",
    "A command without a parameter that it needs, or with parameters that exclude each other.",
    Example("Enable-ExchangeCertificate -Services IMAP", "Enable-ExchangeCertificate -Services IMAP"),
    source="Microsoft Learn: about_Parameter_Sets",
)
reading_rule(
    "unmodelled-command",
    "A command that is not modelled here: nothing of it is checked.",
    Example("Get-MailboxDatabase", "Get-MailboxDatabase"),
    severity=Severity.NOTE,
    source="docs/coverage.md, which lists the cmdlets that are modelled here",
)
