"""What check_script finds in a text, and what it leaves alone."""

from __future__ import annotations

import random
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._rules.every import RULES
from exchange_imap._rules.registry import Example, Rule, reading_rule
from exchange_imap.testing import NewServer
from support.bound import Bindable
from support.examples import scaled
from support.texts import FRAGMENTS

ROOT = Path(__file__).parents[2]
_PAGE = runpy.run_path(str(ROOT / "docs" / "rules.py"))
_MISTAKES = runpy.run_path(str(ROOT / "docs" / "mistakes.py"))
SETTINGS = NewServer("MBX01").settings
ERRORS = {name for name, rule in RULES.items() if rule.example and rule.severity is xi.Severity.ERROR}
# What a reader refuses, as opposed to what a rule finds in what could be read.
READING = ERRORS - {"mixed-pipeline", "other-endpoint", "format-before-the-end", "wildcard-identity"}
READING = (READING - {"session-variable"}) | {"unmodelled-command"}


def found(text: str, **known: Any) -> list[tuple[str, str]]:  # Any: what check_script takes
    """Return the rules that are broken at an endpoint, and the parts of the text that break them."""
    findings = xi.check_script(text, **({"target": "endpoint"} | known))
    return [(finding.rule, text[finding.span.start : finding.span.end]) for finding in findings]


_EXAMPLES = [pytest.param(rule, rule.example, id=rule.id) for rule in RULES.values() if rule.example]


@pytest.mark.parametrize(("rule", "example"), _EXAMPLES)
def test_each_rule_finds_its_example_and_nothing_else(rule: Rule, example: Example) -> None:
    """At the place that it is about, and as bad as the rule says."""
    finding = _PAGE["finding"](example, rule.id)
    settings = SETTINGS if example.new_server else None
    findings = found(example.script, target=example.target, endpoint=example.endpoint, settings=settings)

    assert findings == [(rule.id, example.at)]
    assert finding.severity is rule.severity_at("endpoint" if example.endpoint else example.target or "shell")
    assert finding.caret.splitlines()[1].strip() == "^" * len(example.at)


@pytest.mark.parametrize("example", [rule.example for rule in RULES.values() if rule.in_shell is None])
def test_what_is_right_in_the_shell_is_not_found_there(example: Example) -> None:
    """The shell has both endpoints' commands, evaluates, and asks a person."""
    assert found(example.script, target="shell") == []


def test_a_rule_is_declared_once() -> None:
    """Two of one id would hide each other."""
    with pytest.raises(ValueError, match="two rules are called syntax"):
        reading_rule("syntax", "Something else.", Example("&&", "&&"), source="somebody else")


def test_a_script_is_checked_after_an_interrupted_import() -> None:
    """The module is imported again, and declares its rules again."""
    program = (
        "import sys, exchange_imap as xi; from exchange_imap._rules import text_rules as lost;"
        "del sys.modules[lost.__name__], sys.modules['exchange_imap._rules'].text_rules;"
        "print(xi.check_script('Get-ImapSettings'))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "()\n"


_TYPED = [
    pytest.param(mistake, id=mistake.why)
    for mistake in _MISTAKES["MISTAKES"]
    if mistake.done.split(" ")[0].count("-") == 1 and "parse_script" not in mistake.right
]


@pytest.mark.parametrize("mistake", _TYPED)
def test_each_documented_mistake_is_found_with_the_right_form(mistake: Any) -> None:  # Any: a class of that file
    """Whatever is said when it is run, is said before."""
    findings = xi.check_script(mistake.done, target="endpoint")

    assert any(mistake.right in f"{finding.reason} {finding.right}" for finding in findings), findings
    assert xi.Severity.ERROR in {finding.severity for finding in findings}


CLEAN = [
    (
        'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL","mail.contoso.com:143:TLS" '
        "-X509CertificateName mail.contoso.com"
    ),
    "Get-ImapSettings | Format-List *ConnectionSettings,*Bindings,X509CertificateName",
    'Set-ImapSettings -SSLBindings "10.0.0.12:993","127.0.0.1:993"',
    'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:1993:SSL"',
    'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:1993:SSL" -SSLBindings "0.0.0.0:1993"',
    'Set-ImapSettings -InternalConnectionSettings "mbx01.contoso.com:993:SSL" -X509CertificateName mail.contoso.com',
    "Set-ImapSettings -X509CertificateName mail.contoso.com",
    "Set-Service MSExchangeIMAP4 -StartupType Automatic; Start-Service MSExchangeIMAP4",
    "Restart-Service MSExchangeIMAP4,MSExchangeIMAP4BE",
    "net stop w3svc /y; net start w3svc",
    'Get-ReceiveConnector "MBX01\\Client Frontend*" | Set-ReceiveConnector -Fqdn mail.contoso.com',
    "Get-ReceiveConnector -Server MBX01 | Set-ReceiveConnector -MaxLogonFailures 3",
    "Set-ImapSettings -LoginType SecureLogin -WhatIf",
    "",
    " \n# nothing but a comment\n",
]


@pytest.mark.parametrize("script", CLEAN)
def test_nothing_is_found_in_what_the_documentation_writes(script: str) -> None:
    assert xi.check_script(script) == ()


def test_the_whole_procedure_has_one_note() -> None:
    """Its commands are behind two endpoints, and that is all there is to say of it."""
    script = """
        Set-Service MSExchangeIMAP4 -StartupType Automatic; Set-Service MSExchangeIMAP4BE -StartupType Automatic
        Start-Service MSExchangeIMAP4; Start-Service MSExchangeIMAP4BE
        Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL" -X509CertificateName mail.contoso.com
        Restart-Service MSExchangeIMAP4; Restart-Service MSExchangeIMAP4BE
    """

    assert [rule for rule, _ in found(script)] == ["two-endpoints"]


# -- one statement after another -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PS> Get-ImapSettings -Servr a", [("prompt", "PS> "), ("unknown-parameter", "-Servr")]),
        (
            "Set-ImapSettings -Bannner {x} -LoginType Secur3 -Max 1",
            [
                ("unknown-parameter", "-Bannner"),
                ("script-block", "{x}"),
                ("invalid-value", "Secur3"),
                ("ambiguous-parameter", "-Max"),
            ],
        ),
        (
            "Set-ImapSettings -Banner $b -Servr $s",
            [("evaluation", "$b"), ("unknown-parameter", "-Servr"), ("evaluation", "$s")],
        ),
        ("Get-ImapSettings -Server $x.Name[0] -Servr a", [("evaluation", "$x."), ("unknown-parameter", "-Servr")]),
        ("Get-ImapSettings -Server (hostname) -Servr a", [("evaluation", "hostname"), ("unknown-parameter", "-Servr")]),
        ("Get-ImapSettings -Server $(hostname) -Servr a", [("evaluation", "$("), ("unknown-parameter", "-Servr")]),
        ("Get-ImapSettings -Server $(a (b)) -Servr a", [("evaluation", "$("), ("unknown-parameter", "-Servr")]),
        ("Get-ImapSettings -Server $(a", [("evaluation", "$("), ("unclosed", "(")]),
        (
            "Get-ImapSettings -Server @(hostname) -Servr a",
            [("evaluation", "hostname"), ("unknown-parameter", "-Servr")],
        ),
        ("Get-ImapSettings -Server 'a'.Length -Servr a", [("evaluation", "'a'."), ("unknown-parameter", "-Servr")]),
        ("Get-ImapSettings @args -Servr a", [("evaluation", "@args"), ("unknown-parameter", "-Servr")]),
        (
            'Set-ImapSettings -SSLBindings @($a,$b),"*:993"',
            [("evaluation", "$a"), ("evaluation", "$b")],
        ),
        (
            'Set-ImapSettings -Banner "Ready on $server" -Servr a',
            [("evaluation", "$server"), ("unknown-parameter", "-Servr")],
        ),
        ("Get-ImapSettings > a.txt -Servr b", [("redirection", ">"), ("unknown-parameter", "-Servr")]),
        ("Get-ImapSettings 2>&1; Get-ImapSetings", [("redirection", "2>"), ("unknown-command", "Get-ImapSetings")]),
        ("Get-ImapSettings || Get-ImapSetings", [("syntax", "||"), ("unknown-command", "Get-ImapSetings")]),
        ("Get-ImapSettings ` \n -Servr a", [("misleading", "` "), ("unknown-parameter", "-Servr")]),
        ("Get-ImapSettings -Server ,\nGet-ImapSetings", [("syntax", ",")]),
        (
            "Get-ImapSettings ) x `\n -y |\n z\nGet-ImapSetings",
            [("syntax", ")"), ("unknown-command", "Get-ImapSetings")],
        ),
        ("$a = Get-ImapSetings", [("evaluation", "$a"), ("unknown-command", "Get-ImapSetings")]),
        ("[string]$a = 'x'\nGet-ImapSetings", [("evaluation", "[string]$a"), ("unknown-command", "Get-ImapSetings")]),
        ("$a = 5; Get-ImapSettings\nGet-ImapSetings", [("evaluation", "$a"), ("unknown-command", "Get-ImapSetings")]),
        ("$a = @{\n x = 1\n}\nGet-ImapSetings", [("evaluation", "$a"), ("unknown-command", "Get-ImapSetings")]),
        ("$a = @'\nGet-Foo\n'@\nGet-ImapSetings", [("evaluation", "$a"), ("unknown-command", "Get-ImapSetings")]),
        ("$a = (\n1", [("evaluation", "$a"), ("unclosed", "(")]),
        (
            "$a | Get-Foo\nGet-ImapSetings",
            [("evaluation", "$a"), ("unmodelled-command", "Get-Foo"), ("unknown-command", "Get-ImapSetings")],
        ),
        (
            "if ($a) {\n Get-ImapSetings }\nGet-ImapSetings",
            [("statement", "if"), ("unknown-command", "Get-ImapSetings"), ("unknown-command", "Get-ImapSetings")],
        ),
        ("param(\n [string]$a\n)\nGet-ImapSetings", [("statement", "param"), ("unknown-command", "Get-ImapSetings")]),
        ("return\nGet-ImapSetings", [("statement", "return"), ("unknown-command", "Get-ImapSetings")]),
        ("Get-ImapSettings }\nGet-ImapSetings", [("syntax", "}"), ("unknown-command", "Get-ImapSetings")]),
        (
            'Get-ImapSetings\nSet-ImapSettings -Banner "x\nGet-Foo',
            [("unknown-command", "Get-ImapSetings"), ("unclosed", '"')],
        ),
        (
            "net use x: \\\\a\\b; net stop spooler",
            [("unmodelled-command", "net use x: \\\\a\\b"), ("unmodelled-command", "net stop spooler")],
        ),
        ("Get-ImapSettings -Server a b c", [("stray-value", "b"), ("stray-value", "c")]),
        ("Set-ImapSettings -WhatIf $false -Servr a", [("stray-value", "$false"), ("unknown-parameter", "-Servr")]),
        ("Set-ImapSettings -MaxConnections:0 -Servr a", [("invalid-value", "0"), ("unknown-parameter", "-Servr")]),
        ("Get-Service a -DisplayName b", [("incomplete-command", "Get-Service a -DisplayName b")]),
        ("Get-Service $a -DisplayName b", [("evaluation", "$a")]),
        ("Enable-ExchangeCertificate -Servces IMAP", [("unknown-parameter", "-Servces")]),
    ],
)
def test_everything_that_is_wrong_is_found(text: str, expected: list[tuple[str, str]]) -> None:
    """In one statement and behind it; nothing is said of what nobody can know."""
    assert found(text) == expected


@pytest.mark.parametrize(
    "name",
    [
        *("Get-Mailbox", "New-ReceiveConnector", "Remove-ExchangeCertificate", "Test-SmtpConnectivity", "Set-User"),
        *(
            "Remove-ReceiveConnector",
            "Set-ExchangeServer",
            "Test-PopConnectivity",
            "Get-MailboxDatabase",
            "Set-Mailbox",
        ),
        *("Import-ExchangeCertificate", "Test-ServiceHealth", "Set-OwaVirtualDirectory", "Get-TransportService"),
        *("Connect-ExchangeServer", "Get-ExCommand", "QuickRef"),
        *("Format-Table", "ft", "New-Service", "Get-Process", "Set-Item", "Where-Object", "%", "?", "sc", "iisreset"),
    ],
)
def test_a_command_that_exists_is_never_a_slip(name: str) -> None:
    """Nothing of it is checked, and that is all there is to say."""
    (finding,) = xi.check_script(f"{name} x")

    assert (finding.rule, finding.severity) == ("unmodelled-command", xi.Severity.NOTE)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("Get-ImapSetings", "unknown-command"),
        ("Set-RecieveConnector", "unknown-command"),
        ("Get-Servce", "unknown-command"),
        ("Gte-Service", "unknown-command"),
        ("Set-ImapSetting", "unknown-command"),
        ("Restart-Servce", "unknown-command"),
        *((name, "unmodelled-command") for name in ("Wait-Service", "Test-Service", "Get-SmtpConnectivity")),
        *((name, "unmodelled-command") for name in ("Get-ExchangeCert", "Get-")),
        ("Get-ContosoThing", "unmodelled-command"),
        ("Get-ImapSettings" * 100, "unmodelled-command"),
    ],
)
def test_only_a_near_miss_of_a_known_name_is_a_slip(name: str, rule: str) -> None:
    """Anything else may be a command that somebody has."""
    assert found(f"{name} x")[0] == (rule, name)


@pytest.mark.parametrize(
    ("text", "rule", "right"),
    [
        ("Set-ReceiveConnector a -RemoteIPRanges relay01", "invalid-value", "write its addresses"),
        ("Set-CASMailbox kim -OutlookMobileEnabled $false", "unknown-parameter", "Exchange Online"),
        (
            "Set-CASMailbox USER01-ImapUseProtocolDefaults $false",
            "stray-value",
            "a blank before -ImapUseProtocolDefaults",
        ),
        ("Set-ImapSettings -Server MBX01-LoginType SecureLogin", "stray-value", "a blank before -LoginType"),
        (
            'Set-ImapSettings -ExternalConnectionSettings "HostName:Port:[TLS | SSL | blank]"',
            "placeholder",
            "Replace the placeholder by the value that it stands for. Write it as mail.contoso.com:993:SSL",
        ),
        ('Set-ImapSettings -SSLBindings "IPv4OrIPv6Address:Port"', "placeholder", "Replace the placeholder"),
        ('Set-ImapSettings -LoginType "PlainTextLogin | SecureLogin"', "placeholder", "Replace the placeholder"),
    ],
)
def test_the_right_form_is_what_is_meant(text: str, rule: str, right: str) -> None:
    """For what people write, and for lines that show a syntax."""
    (finding,) = xi.check_script(text)

    assert finding.rule == rule
    assert right in finding.right


def test_variables_have_the_values_that_the_caller_gives() -> None:
    """What is known is checked like anything else."""
    assert found("Set-ImapSettings -LoginType $x", variables={"x": "Secur3"}) == [("invalid-value", "$x")]
    assert found("Set-ImapSettings -LoginType $x", variables={"x": "SecureLogin"}) == []


def test_what_is_no_text_is_refused() -> None:
    """By name, like everywhere."""
    with pytest.raises(xi.InvalidValueError, match="text"):
        xi.check_script(5)  # type: ignore[arg-type]  # the mistake itself
    with pytest.raises(xi.InvalidValueError, match="without the"):
        xi.check_script("Get-ImapSettings", variables={"$x": "a"})


# -- what clients would find -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Set-ImapSettings -X509CertificateName imap.contoso.com", "certificate-host"),
        ("Set-ImapSettings -Server mbx01.contoso.com -X509CertificateName imap.contoso.com", "certificate-host"),
        ("Set-ImapSettings -X509CertificateName mbx01.contoso.com", ""),
        ("Set-ImapSettings -X509CertificateName MBX01", ""),
        ("Set-ImapSettings -X509CertificateName $null", ""),
        ("Set-ImapSettings -X509CertificateName x -ExternalConnectionSettings x:993:SSL", ""),
        ("Set-ImapSettings -X509CertificateName x -ExternalConnectionSettings $y", ""),
        ("Set-ImapSettings -Server MBX02 -X509CertificateName imap.contoso.com", ""),
        ("Set-ImapSettings -Server $x -X509CertificateName imap.contoso.com", ""),
        ("Set-ImapSettings -InternalConnectionSettings $null", "certificate-host"),
        ('Set-ImapSettings -SSLBindings @{Add="127.0.0.1:993"}', ""),
        ('Set-ImapSettings -SSLBindings @{Add="0.0.0.0:993"}', "edit-without-effect"),
        ('Set-ImapSettings -SSLBindings @{Remove="10.0.0.1:993"}', "edit-without-effect"),
        ('Set-ImapSettings -SSLBindings @{Remove="0.0.0.0:993"}', "no-loopback"),
        ("Set-ImapSettings -SSLBindings 0.0.0.0:1993", "port-and-method"),
        ('Set-ImapSettings -ExternalConnectionSettings @{Add="a:1993:SSL"}', "port-and-method"),
        ("Set-ImapSettings -ExternalConnectionSettings mbx01:143:SSL", "port-and-method"),
        ("Set-ImapSettings -ExternalConnectionSettings mbx01:993", "port-and-method"),
        ("Get-ImapSettings -Server MBX02 | Set-ImapSettings -X509CertificateName imap.contoso.com", ""),
    ],
)
def test_with_the_servers_settings_more_can_be_told(text: str, expected: str) -> None:
    """What the script leaves as it is counts as well, unless it is about another server."""
    findings = [rule for rule, _ in found(text, settings=SETTINGS) if rule != "evaluation"]

    assert findings == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Set-ImapSettings -SSLBindings a:993,{b}; Set-ImapSettings -Banner x", ["script-block"]),
        (
            'Set-ImapSettings -SSLBindings "0.0.0.0:993"; Set-ImapSettings -SSLBindings @{Add="0.0.0.0:993"}',
            ["edit-without-effect"],
        ),
        (
            (
                'Set-ImapSettings -ExternalConnectionSettings "a:1993:SSL"; Set-ImapSettings -SSLBindings 0.0.0.0:1993 '
                "-UnencryptedOrTLSBindings 0.0.0.0:143"
            ),
            [],
        ),
        (
            (
                'Set-ImapSettings -ExternalConnectionSettings "a:1993:SSL" -SSLBindings 0.0.0.0:993 '
                "-UnencryptedOrTLSBindings 0.0.0.0:143"
            ),
            ["port-and-method"],
        ),
        ('Set-ImapSettings -ExternalConnectionSettings @{Add="a:993:TLS"}', ["port-and-method"]),
        ('Set-ImapSettings -ExternalConnectionSettings @{Remove="a:993:TLS"}', []),
        ('Set-ImapSettings -ExternalConnectionSettings "a:143:TLS" -X509CertificateName b -WhatIf', []),
    ],
)
def test_a_script_tells_of_itself(text: str, expected: list[str]) -> None:
    """A later command builds on an earlier one, and what is unknown is no mistake."""
    assert [rule for rule, _ in found(text)] == expected


# -- what is left undone ---------------------------------------------------------------------------------------------

_SET = "Set-ImapSettings -LoginType SecureLogin"


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        (f"Start-Service MSExchangeIMAP4,MSExchangeIMAP4BE; {_SET}", False),
        (f"{_SET}; Restart-Service MSExchangeIMAP4BE", False),
        (f"{_SET}; Restart-Service MSExchangeIMAP4*", True),
        (f"{_SET}; Stop-Service MSExchangeIMAP4,MSExchangeIMAP4BE", False),
        (f"{_SET}; Stop-Service MSExchangeIMAP4*; Start-Service MSExchangeIMAP4,msexchangeimap4be", True),
        (f"{_SET}; Restart-Service MSExchangeIMAP4* -WhatIf", False),
        (f"{_SET}; Restart-Service -DisplayName 'Microsoft Exchange IMAP4*'", True),
        (f"{_SET}; Get-Service MSExchangeIMAP4* | Restart-Service", True),
        (f"{_SET}; Get-Service MSExchangeIMAP4 | Restart-Service", False),
        (f"{_SET}; Restart-Service Spooler", True),
        (f"{_SET} -WhatIf; Restart-Service MSExchangeIMAP4", True),
        (_SET, True),
    ],
)
def test_a_script_that_controls_the_services_restarts_both(text: str, complete: bool) -> None:
    """Behind its last setting; a script of settings alone leaves that to its caller."""
    assert ("restart-incomplete" in {rule for rule, _ in found(text)}) is not complete


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Set-CASMailbox kim -ImapEnabled $true", [("mailbox-access", "$true")]),
        ("Set-CASMailbox kim -PopEnabled $true", [("mailbox-access", "$true")]),
        ("Set-CASMailbox kim -ImapEnabled $true -WhatIf", []),
        ("Set-CASMailbox kim -ImapUseProtocolDefaults $true", []),
        ("Set-CASMailbox kim -ImapEnabled $true; Restart-Service MSExchangeIMAP4", [("mailbox-access", "$true")]),
        ("Set-CASMailbox kim -ImapEnabled $true; Restart-Service MSExchangeIMAP4*", []),
        ("Set-CASMailbox kim -PopEnabled $true; Restart-Service MSExchangePOP3,MSExchangePOP3BE", []),
        (
            "Set-CASMailbox a -ImapEnabled 1; Restart-Service MSExchangeIMAP4*\nSet-CASMailbox b -ImapEnabled $false",
            [("mailbox-access", "$false")],
        ),
    ],
)
def test_a_mailbox_switch_asks_for_a_restart(text: str, expected: list[tuple[str, str]]) -> None:
    """Once for each protocol, behind the last switch; the settings of a mailbox ask for none."""
    assert found(text, target="shell") == expected


_MAILBOXES = "Set-CASMailbox -ImapUseProtocolDefaults $true"


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("Get-ReceiveConnector | Set-ReceiveConnector -MaxLogonFailures 3", "Get-ReceiveConnector"),
        ("Get-ReceiveConnector -Server $s | Set-ReceiveConnector -MaxLogonFailures 3", ""),
        ("Get-ReceiveConnector $name | Set-ReceiveConnector -MaxLogonFailures 3", ""),
        ("Get-ReceiveConnector 'Client Frontend MBX01' | Set-ReceiveConnector -MaxLogonFailures 3", ""),
        ('Get-ReceiveConnector "Client*" | Set-ReceiveConnector -MaxLogonFailures 3 -WhatIf', ""),
        ('Get-ReceiveConnector "Client*" | Format-List', ""),
        (f"Get-CASMailbox | {_MAILBOXES}", "Get-CASMailbox"),
        (f"Get-CASMailbox -ResultSize unlimited | {_MAILBOXES}", "Get-CASMailbox -ResultSize unlimited"),
        (f"Get-CASMailbox -Filter 'ImapEnabled -eq $true' | {_MAILBOXES}", ""),
        (f"Get-CASMailbox -Anr $x | {_MAILBOXES}", ""),
        (f"Get-CASMailbox; {_MAILBOXES.replace('Mailbox ', 'Mailbox kim ')}", ""),
        (f"Get-CASMailbox | {_MAILBOXES} -WhatIf", ""),
    ],
)
def test_a_pipe_that_reaches_further_than_it_looks_is_found(text: str, reaches: str) -> None:
    """Without a server a wildcard means the connectors of all servers, and without a name all mailboxes."""
    findings = [each for each in found(text, target="shell") if each[0] != "evaluation"]

    assert findings == ([("whole-organization", reaches)] if reaches else [])


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("Get-ExchangeCertificate -DomainName '*.contoso.com' | Enable-ExchangeCertificate -Services IMAP,IIS", True),
        ("Get-ExchangeCertificate -DomainName '*.contoso.com' | Enable-ExchangeCertificate -Services IIS", False),
        ("Get-ExchangeCertificate -DomainName a.contoso.com | Enable-ExchangeCertificate -Services IMAP", False),
        ("Get-ExchangeCertificate | Enable-ExchangeCertificate -Services IMAP", False),
        ("Get-ExchangeCertificate -DomainName '*.contoso.com' | Format-List", False),
    ],
)
def test_a_wildcard_certificate_is_not_enabled_for_imap(text: str, left_out: bool) -> None:
    """Where the pipe says that it is one: the server warns and leaves the service out."""
    assert ("wildcard-certificate" in {rule for rule, _ in found(text)}) is left_out


def test_a_question_in_between_stops_a_program() -> None:
    """Nobody is there to answer it."""
    (finding,) = xi.check_script("net stop w3svc; net start w3svc", target="endpoint")

    assert (finding.rule, finding.right) == ("nobody-confirms", "Write net stop w3svc /y")


@pytest.mark.parametrize("name", ["ErrorAction", "WarningAction", "InformationAction"])
def test_a_preference_that_asks_is_found_over_remoting(name: str) -> None:
    """No person is there to answer; in the shell there is."""
    line = f"Get-ImapSettings -{name} Inquire"

    assert found(line, target="endpoint") == [("nobody-confirms", "Inquire")]
    assert found(line, target="shell") == []


def test_one_endpoint_alone_has_no_others_commands() -> None:
    """Each of them is an error, and Format-List runs here."""
    text = "Get-ImapSettings | Format-List; Get-Service MSExchangeIMAP4; net start w3svc"

    assert found(text, endpoint=xi.Endpoint.WINDOWS) == [("other-endpoint", "Get-ImapSettings")]
    assert [rule for rule, _ in found(text, endpoint=xi.Endpoint.EXCHANGE)] == ["other-endpoint"] * 2


def test_the_shell_is_assumed_where_no_endpoint_is_named() -> None:
    """A variable is a note there; the one endpoint that there is has no shell."""
    text = "Get-ImapSettings -Server $server"
    (assumed,), (shell,) = xi.check_script(text), xi.check_script(text, target="shell")
    (remote,), (alone,) = (
        xi.check_script(text, target="endpoint"),
        xi.check_script(text, endpoint=xi.Endpoint.EXCHANGE),
    )

    assert assumed == shell
    assert (shell.severity, shell.reason) == (
        xi.Severity.NOTE,
        "$server is evaluated when the script runs, and not checked",
    )
    assert remote == alone
    assert remote.severity is xi.Severity.ERROR


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("if ($a) { Get-ImapSettings }", "if is a statement: whether and when it runs is not checked"),
        ("switch ($a) { 1 { Get-X } }", "switch is evaluated when the script runs, and not checked"),
    ],
)
def test_of_a_block_that_is_read_only_the_time_is_not_checked(text: str, reason: str) -> None:
    """Its commands are; those of a switch are not."""
    (finding,) = xi.check_script(text)

    assert finding.reason == reason


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({"target": "Shell"}, '"shell" or "endpoint"'),
        ({"endpoint": "Microsoft.Exchange"}, "an Endpoint"),
        ({"target": "shell", "endpoint": xi.Endpoint.EXCHANGE}, "Leave endpoint out"),
    ],
)
def test_a_place_that_there_is_not_is_refused(known: Any, expected: str) -> None:  # Any: the mistakes themselves
    """By name, before the text is read."""
    with pytest.raises(xi.InvalidValueError, match=expected):
        xi.check_script("Get-ImapSettings", **known)


def test_a_finding_goes_into_json() -> None:
    """With its place, and without the text."""
    (finding,) = xi.check_script("\n Set-ImapSettings -LoginType PlainTextLogin")

    assert finding.to_dict() == {
        "rule": "clear-text-login",
        "severity": "warning",
        "reason": "LoginType: PlainTextLogin allows clients to send passwords without encryption",
        "right": "Write SecureLogin, unless there are clients that do not support TLS",
        "evidence": {"LoginType": "PlainTextLogin"},
        "line": 2,
        "column": 30,
        "start": 30,
        "end": 44,
    }


# -- secrets ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Invoke-MonitoringProbe IMAP\\Probe -Server a -Account b -Password Canary1 -Servr c",
        "Invoke-MonitoringProbe IMAP\\Probe -Password:'Canary1' -Server $x",
        "Invoke-MonitoringProbe IMAP\\Probe -Password Canary1 )",
        'Invoke-MonitoringProbe IMAP\\Probe -Password "Canary1',
        "Invoke-MonitoringProbe IMAP\\Probe \u2013Passw Canary1,Canary1",
    ],
)
def test_no_finding_shows_a_password(text: str) -> None:
    """Not in its words, not in its source."""
    findings = xi.check_script(text)

    assert findings
    assert not any("Canary1" in f"{finding} {finding!r} {attrs.asdict(finding)}" for finding in findings)


# -- laws ------------------------------------------------------------------------------------------------------------


def _refusal(text: str) -> tuple[str, xi.Span] | None:
    try:
        xi.parse_script(text)
    except xi.CommandSyntaxError as error:
        return error.rule, error.span
    return None


# What the reader calls one thing, and check_script, which knows more of the language, by what it is.
_SAID_BETTER = {"syntax", "script-block", "prompt", "redirection"}


def _agrees(text: str) -> None:
    findings = xi.check_script(text, target="endpoint")
    refusal = _refusal(text)
    reading = [(finding.rule, finding.span) for finding in findings if finding.rule in READING]

    assert bool(refusal) == bool(reading), (text, refusal, reading)
    if refusal:
        rule, span = refusal
        first = min(at.start for _, at in reading)
        assert first <= span.end + 1 or "unclosed" in dict(reading), (text, refusal, reading)
        better = rule in _SAID_BETTER or {("syntax", span), ("placeholder", span)} & {*reading}
        assert refusal in reading or better, (text, refusal, reading)
    for finding in findings:
        assert finding.reason
        assert 0 <= finding.span.start <= finding.span.end <= len(text)
        assert str(finding).startswith(f"line {finding.line}, column {finding.column}: {finding.severity.value} [")


@pytest.mark.law
def test_what_is_written_by_us_has_no_error() -> None:
    """Random cmdlets of every kind, with the oddest of texts."""
    source = Bindable(21)

    for _ in range(scaled(1500)):
        text = str(source.any_cmdlet())
        assert not {rule for rule, _ in found(text)} & (ERRORS - {"wildcard-identity"}), text


@pytest.mark.law
def test_an_error_is_found_exactly_where_reading_fails() -> None:
    """Over loose commands that are cut, doubled and mixed up: the reader's error is among the findings."""
    source, chance = Bindable(22), random.Random(23)  # noqa: S311 - no secret
    for _ in range(scaled(1500)):
        text = source.loosely(source.any_cmdlet())
        place = chance.randrange(len(text) + 1)
        broken = text[:place] + chance.choice(FRAGMENTS) + text[place + chance.randrange(3) :]
        if broken.strip():
            _agrees(chance.choice([broken, f"{text}\n{broken}", f"{broken}; {text}"]))


@example("&(''#)")
@given(st.text(alphabet="ab-$(){}@'\"`,;|&<>=.[]:#% \n\r\u2018\u201d\u2013", min_size=1, max_size=40))
@example("a|$a")
def test_any_text_at_all_can_be_checked(text: str) -> None:
    """It always comes to an end, and agrees with the reader."""
    if _refusal(text) != ("syntax", xi.Span(0, len(text))):  # nothing but blanks and comments: nothing to find
        _agrees(text)


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("Set-ImapSettings -Banner 'a\u202e\u2066b'", [(27, 29, "U+202E, U+2066")]),
        (
            "# note \x1b[2J\nGet-ImapSettings # \u200b\u200b and \x9b",
            [(7, 8, "U+001B"), (31, 33, "U+200B"), (38, 39, "U+009B")],
        ),
        ("\ufeffSet-ImapSettings -Banner 'é\t漢 \u3000'\r\n", []),
        ("Set-ImapSettings -Banner '\ufeff'", [(26, 27, "U+FEFF")]),
    ],
)
def test_what_does_not_show_in_a_script_is_pointed_at(script: str, expected: list[tuple[int, int, str]]) -> None:
    """In texts and in comments; letters and blanks of every script do show, and a text may begin with a mark."""
    found = [found for found in xi.check_script(script) if found.rule == "hidden-character"]

    assert [(each.span.start, each.span.end, each.reason.partition(" is invisible")[0]) for each in found] == expected
