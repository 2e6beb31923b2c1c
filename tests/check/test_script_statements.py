"""What check_script reads of statements of the language, and what it makes of those that are broken."""

from __future__ import annotations

import pytest

import exchange_imap as xi
from exchange_imap._rules.script import Target

_WRONG = "Set-ImapSettings -Bannner x"


def found(text: str) -> list[tuple[str, str]]:
    """Return the rules that are broken at an endpoint, and the parts of the text that break them."""
    findings = xi.check_script(text, target="endpoint")
    return [(finding.rule, text[finding.span.start : finding.span.end]) for finding in findings]


@pytest.mark.parametrize(
    ("script", "kind"),
    [
        ("$a = 1; {0}", "evaluation"),
        ("$a = {0}", "evaluation"),
        ("$a, $b = 1, 2; {0}", "evaluation"),
        ("$a[0].b += 5\n{0}", "evaluation"),
        ("$a = 1 +\n 2\n{0}", "evaluation"),
        ('$a = "$(Get-Date "x") ""y"; {0}', "evaluation"),
        ('$a = "`$("; {0}', "evaluation"),
        ("$a = ${{b}}; {0}", "evaluation"),
        ('$a = "${{b)}}$ "; {0}', "evaluation"),
        ("$a = @{{ b = 1 # }}\n}}; {0}", "evaluation"),
        ("$a = (1 <# ) #> + 2); {0}", "evaluation"),
        ("$a = (1 -lt 2) -and 1<2; {0}", "evaluation"),
        ("$a = @'\n ; {{ \n'@; {0}", "evaluation"),
        ("(1 + 2) | {0}", "evaluation"),
        ("[Console]::Beep(); {0}", "evaluation"),
        ("{{ 1 }} | {0}", "evaluation"),
        (". .\\x.ps1; {0}", "evaluation"),
        ("'a','b' | {0}", "expression"),
        ("1..3 | {0}", "expression"),
        ("@'\nx\n'@ | {0}", "expression"),
        ("-5 | {0}", "expression"),
        ("if ($a) {{ {0} }} elseif ($b) {{ }} else {{ }}", "statement"),
        ("foreach ($a in $b) {{\n {0} }}", "statement"),
        ("foreach -parallel ($a in $b) {{ {0} }}", "statement"),
        ("do {{ {0} }} while ($a)", "statement"),
        ("do {{ {0} }} until ($a)", "statement"),
        ("try {{ {0} }} catch {{ }}", "statement"),
        ("try {{ {0} }} catch [a.b], [c] {{ }} finally {{ }}", "statement"),
        ("function f($a) {{ {0} }}", "statement"),
        ("class A : B {{ [int]$x }}\n{0}", "statement"),
        ("param([string]$a)\n{0}", "statement"),
        ("switch ($a) {{ 1 {{ 2 }} }}; {0}", "statement"),
        ("using namespace System\n{0}", "statement"),
        ("return {0}", "statement"),
        ("$a = if ($b) {{ {0} }}", "evaluation"),
    ],
)
def test_the_commands_of_statements_are_checked(script: str, kind: str) -> None:
    """On the same line too; the statement itself is what the shell runs and an endpoint without language refuses."""
    findings = found(script.format(_WRONG))

    assert ("unknown-parameter", "-Bannner") in findings
    assert findings[0][0] == kind
    assert {rule for rule, _ in findings} <= {kind, "unknown-parameter", "statement", "unmodelled-command"}
    assert xi.Severity.NOTE not in {each.severity for each in xi.check_script(_WRONG)}


@pytest.mark.parametrize(
    ("script", "rule", "at"),
    [
        ("if $a { Get-ImapSettings }", "syntax", "if"),
        ("if ($a) Get-ImapSettings", "syntax", "if"),
        ("if ($a) { Get-ImapSettings", "unclosed", "{"),
        ("foreach ($a in $b { }", "unclosed", "("),
        ("$a = ( 1 }", "unclosed", "("),
        ("$a = 'x", "unclosed", "'"),
        ("$a = <# x", "unclosed", "<#"),
        ("$a = (<# x", "unclosed", "<"),
        ("$a = @'\nx", "unclosed", "@"),
        ("$a =", "syntax", "="),
        ("Get-ImapSettings |", "syntax", "|"),
        ("Get-ImapSettings | 'a'", "syntax", "'"),
        ("Get-ImapSettings | && Get-ImapSettings", "syntax", "|"),
        ("| Get-ImapSettings", "syntax", "|"),
        ("} Get-ImapSettings", "syntax", "}"),
        ("& ; Get-ImapSettings", "syntax", " "),
        ("Get-ImapSettings >", "syntax", ">"),
        ("Get-ImapSettings < a.txt", "syntax", "<"),
        ("Get-ImapSettings a,> a.txt", "syntax", ">"),
        ("Get-ImapSettings -Server ,a", "syntax", ","),
        ("Get-ImapSettings -Server ,", "syntax", ","),
        ("Get-${a", "syntax", "${"),
        ("Get-ImapSettings -Server:; Get-Service x", "syntax", "-Server:"),
        ("Get-ImapSettings a,", "syntax", ","),
        ("Get-ImapSettings -Server $(a).b -DomainController '--%' c", "misleading", "'--%'"),
    ],
)
def test_what_powershell_refuses_is_found(script: str, rule: str, at: str) -> None:
    """Where it is; the judge says the same of each."""
    assert (rule, at) in found(script)


@pytest.mark.parametrize(
    "script",
    [
        "\ufeffGet-ImapSettings",
        "function",
        "Get-ImapSettings | % { $_.Name } | ? { $_ }",
        "Get-ImapSettings | foreach { $_ }",
        "Get-ImapSettings | -x",
        "& 'Get-ImapSettings' -Server MBX01",
        "& $command -x",
        "1..3 | & 'Get-Service'",
        "'a' | &Get-Service x",
        "Get-ImapSettings @?a",
        "& { Get-ImapSettings }",
        ".\\New-TestCasConnectivityUser.ps1 -x",
        "7z.exe a",
        "Get-ImapSettings -Server MBX01 *> $null",
        "Get-ImapSettings -Server a`eb",
        "Get-ImapSettings -Server ]a",
    ],
)
def test_what_powershell_reads_is_no_mistake_of_syntax(script: str) -> None:
    """Whatever else there is to say of it."""
    rules = {rule for rule, _ in found(script)}

    assert not rules & {"syntax", "unclosed"} or script == "function"


def test_a_list_in_a_list_is_read_otherwise_than_it_looks() -> None:
    """PowerShell takes it; what becomes of it depends on the parameter."""
    assert found("Set-ImapSettings -SSLBindings @('0.0.0.0:993'),'*'") == [("misleading", "@('0.0.0.0:993')")]


def test_what_is_evaluated_is_said_once() -> None:
    """Of a member behind a bracket in which something is evaluated nothing more is said."""
    assert found("Get-ImapSettings -Server (hostname).Length") == [("evaluation", "hostname")]


def test_commas_without_values_are_one_mistake() -> None:
    """Each passed over once."""
    assert found("Get-ImapSettings -Server ,,,,") == [("syntax", ",")]


def test_findings_share_one_text() -> None:
    """Each of its own copies would take the square of the memory."""
    findings = xi.check_script("$x = Get-ImapSetings -Servr (hostname)\n" * 200)

    assert len(findings) > 500
    assert len({id(finding.source) for finding in findings}) == 1


def test_braces_are_a_filter_where_one_is_meant() -> None:
    """In the shell it arrives as text; of a command that is not modelled they are a script block."""
    text = "Get-CASMailbox -Fil {ImapEnabled -eq $true}; Get-CASMailbox -Filter:{a} -Identity {b}"

    assert [rule for rule, _ in found(text)] == ["filter-block", "filter-block", "script-block"]
    assert "in quotes" in xi.check_script(text, target="endpoint")[0].right
    assert [each.rule for each in xi.check_script(text)] == ["script-block"]
    assert found("Get-Mailbox {a}")[1] == ("evaluation", "{a}")


@pytest.mark.parametrize(
    "definition",
    [
        "function Get-Servce { Get-Service }",
        "filter global:get-servce { Get-Service }",
        "Set-Alias Get-Servce Get-Service",
        "New-Alias -Force -Value Get-Service -Name Get-Servce",
        "sal -Value:Get-Service Get-Servce",
    ],
)
def test_what_a_script_defines_exists(definition: str) -> None:
    """A function, filter or alias is no slip in the name of a cmdlet."""
    rules = [finding.rule for finding in xi.check_script(f"{definition}\nGet-Servce x")]

    assert "unknown-command" not in rules
    assert rules[-1] == "unmodelled-command"


@pytest.mark.parametrize("definition", ["class Get-Servce { }", "Set-Alias", "nal 5 a", "function '' { }"])
def test_what_defines_no_name_changes_nothing(definition: str) -> None:
    """A slip is a slip behind it."""
    assert xi.check_script(f"{definition}\nGet-Servce x")[-1].rule == "unknown-command"


@pytest.mark.parametrize("target", ["shell", "endpoint"])
def test_a_parameter_begins_no_line(target: Target) -> None:
    """PowerShell takes it for a command: a comment or a missing backtick has ended the one before."""
    text = "Set-ImapSettings -Server MBX01 -Banner x `\n# comment\n -MaxConnections 5"
    (finding,) = xi.check_script(text, target=target)

    assert (finding.rule, finding.severity) == ("unknown-command", xi.Severity.ERROR)
    assert text[finding.span.start : finding.span.end] == "-MaxConnections"
    assert "a backtick and nothing behind it" in finding.right


@pytest.mark.parametrize("text", ["-not $true", "-bnot 5", "-join $a", "-isplit $a", "-5"])
def test_an_operator_begins_a_value(text: str) -> None:
    """Which the shell evaluates."""
    assert "unknown-command" not in [finding.rule for finding in xi.check_script(text)]


@pytest.mark.parametrize("name", ["%", "foreach", "?"])
def test_a_block_may_stick_to_the_name_before_it(name: str) -> None:
    """It is found as with a blank between."""
    block = "{ Set-ImapSettings -Server $_.Name }"
    findings = xi.check_script(f"Get-ExchangeServer | {name}{block}", target="endpoint")

    assert [(each.rule, each.severity) for each in findings] == [
        ("unmodelled-command", xi.Severity.NOTE),
        ("evaluation", xi.Severity.ERROR),
    ]


def test_a_blank_behind_a_backtick_takes_no_value_away() -> None:
    """It is the one thing that is wrong."""
    findings = xi.check_script("Set-ImapSettings -Server MBX01 ` \n -Banner x")

    assert [finding.rule for finding in findings] == ["misleading"]
