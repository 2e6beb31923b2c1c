"""What check_script reads of statements of the language, and what it makes of those that are broken."""

from __future__ import annotations

import pytest

import exchange_imap as xi

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
