"""What may be secret in a text of commands is masked wherever the text is shown, whether it can be read or not."""

from __future__ import annotations

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._powershell.masking import mask_secrets
from exchange_imap._powershell.syntax import String

SECRET = "canary7731"  # noqa: S105 - that is the point

MASKED = [
    f"Invoke-MonitoringProbe a -Passwrd {SECRET} -Server b",
    f"Invoke-MonitoringProbe a -Pasword:'{SECRET}' -Server b",
    f"Invoke-MonitoringProbe a -Password {SECRET} {SECRET} -Server b",
    f"Invoke-MonitoringProbe a -Password {SECRET};{SECRET}",
    f"Invoke-MonitoringProbe a -Server b -Password {SECRET};{SECRET}",
    f"Invoke-MonitoringProbe a -Password {SECRET}|{SECRET} -Server b",
    f"Invoke-MonitoringProbe a -Password '{SECRET}' -Server (",
    f"Invoke-MonitoringProbe a -Password '{SECRET}",
    f'Invoke-MonitoringProbe a -Password "x\n{SECRET}',
    f"Invoke-MonitoringProbe a -Password @'\n{SECRET}\n'@ -Bogus",
    f"Invoke-MonitoringProbe a -Password `\n    {SECRET} -Server b -Server c",
    f"Invoke-MonitoringProbe a -Password “{SECRET}” -Bogus",
    f"Invoke-MonitoringProbe a –Password {SECRET} -Bogus",
    f"Invoke-MonitoringProbe a -Password ${SECRET}!x",
    f"Invoke-MonitoringProbe a -Password {{{SECRET}}} -Server b",
    f"Invoke-MonitoringProbe a -Password ({SECRET}) -Server b",
    f"Invoke-MonitoringProbe a -Pa {SECRET} -Server b -Server c",
    f"Set-ImapSettings -Password {SECRET}",
    f"Test-ImapConnectivity -MailboxCredential (Get-Credential kim {SECRET})",
    f"Test-ImapConnectivity -MailboxCredential (Get-Credential -UserName kim -Password {SECRET})",
    f"Test-ImapConnectivity -MailboxCredential kim:{SECRET}",
    f"Test-ImapConnectivity -MailboxCredential {SECRET}",
    f"Test-ImapConnectivity -MailboxCredentail {SECRET}",
    f"$p = ConvertTo-SecureString '{SECRET}' -AsPlainText -Force",
    f"$p = ConvertTo-SecureString -String {SECRET} -AsPlainText -Force",
    f"$p = '{SECRET}' | ConvertTo-SecureString -AsPlainText -Force",
    f"$p = '{SECRET}' | ConvertTo-SecureString -AsPlainText -Force $x",
    f"Invoke-MonitoringProbe a -Passwrd {SECRET}  ",
    f"Test-ImapConnectivity -MailboxCredential (Get-Credential kim Get-Credential {SECRET})",
    f"$c = New-Object System.Management.Automation.PSCredential('kim', '{SECRET}')",
    f"$c = [pscredential]::new('kim', 'a Credential(kim, {SECRET})')",
    f"$c = [pscredential]::new('kim', '{SECRET}')",
    f"$password = '{SECRET}'",
    f"Set-ImapSettings @{{Password='{SECRET}'}}",
    f"# the password: {SECRET}\nSet-ImapSettings -Bogus x # password={SECRET}",
    f"Set-ImapSettings -OwaServerUrl https://kim:{SECRET}@mail.contoso.com/owa -Bogus x",
    f"Set-ImapSettings -OwaServerUrl 'http s://kim:{SECRET}@mail.contoso.com/owa'",
    f"Set-ImapSettings -SSLBindings a, 'x ://kim:{SECRET}@h'",
    f"Set-Service x -Credential ('kim', '{SECRET}')",
    f"net use * \\\\srv\\share /password:{SECRET}",
    f"Set-ImapSettings -Server a; Get-ImapSettings -Password {SECRET}",
]
KEPT = [
    "Test-ImapConnectivity -MailboxCredential (Get-Credential)",
    "Test-ImapConnectivity -MailboxCredential ( get-credential `\n contoso\\kim )",
    "Invoke-MonitoringProbe a -Password $password -Server b",
    "Invoke-MonitoringProbe a -Password (Read-Host -AsSecureString)",
    "Invoke-MonitoringProbe a -Password <secret>",
    "Set-Service x -PassThru -Name y",
    "$password = Read-Host 'Password'",
    "Invoke-MonitoringProbe a -Password",
    "Set-ImapSettings -Server kim@contoso.com -OwaServerUrl https://mail.contoso.com/owa",
    "Get-Credential kim",
    "$p = $text | ConvertTo-SecureString -AsPlainText -Force",
]


@pytest.mark.parametrize("text", MASKED)
def test_no_error_and_no_finding_shows_what_is_secret(text: str) -> None:
    """However it is looked at; the text that the caller has is the caller's."""
    assert SECRET not in mask_secrets(text)
    with pytest.raises(xi.InvalidValueError) as caught:
        xi.parse(text)

    error = caught.value
    shown = "".join(traceback.format_exception(error)).replace(repr(text), "")
    for each in (str(error), repr(error), repr(vars(error)), shown, repr(error.__context__)):
        assert SECRET not in each
    for finding in xi.check_script(text):
        assert SECRET not in f"{finding} {finding!r} {finding.source} {finding.to_dict()}"


@pytest.mark.parametrize("text", MASKED)
def test_every_place_stays(text: str) -> None:
    """The caret points right, and lines are counted as they are."""
    masked = mask_secrets(text)

    assert len(masked) == len(text)
    assert masked != text
    assert all(one in {other, "*"} for one, other in zip(masked, text, strict=True))
    assert [n for n, c in enumerate(masked) if c in "\r\n"] == [n for n, c in enumerate(text) if c in "\r\n"]
    assert mask_secrets(masked) == masked


@pytest.mark.parametrize("text", KEPT)
def test_what_is_no_secret_stays(text: str) -> None:
    """Prompts, variables, placeholders, user names, and names that only look alike."""
    assert mask_secrets(text) == text


def test_a_command_that_a_caller_made_is_masked_too() -> None:
    """Its text is made here, and errors point into that."""
    parameters = (xi.Parameter("MailboxCredential", String(SECRET)), xi.Parameter("Password", String(SECRET)))
    with pytest.raises(xi.InvalidValueError) as caught:
        xi.TestImapConnectivity.from_command(xi.Command("Test-ImapConnectivity", parameters))

    assert SECRET not in f"{caught.value} {vars(caught.value)} {caught.value.__cause__}"


@pytest.mark.parametrize("value", ["$password", '"to $Password"', "${my_pwd}", "'a',$password"])
def test_a_variable_s_value_is_not_shown_where_its_name_says_what_it_is(value: str) -> None:
    """Another variable's is, and helps."""
    known = {"password": SECRET, "my_pwd": SECRET, "limit": "much"}
    with pytest.raises(xi.CommandSyntaxError) as caught:
        xi.parse(f"Set-ImapSettings -MaxConnections {value}", known)
    with pytest.raises(xi.CommandSyntaxError, match="received 'much'"):
        xi.parse("Set-ImapSettings -MaxConnections $limit", known)

    assert SECRET not in f"{caught.value} {vars(caught.value)} {caught.value.__context__}"


_PIECES = st.lists(
    st.sampled_from(
        [
            "Invoke-MonitoringProbe",
            "a",
            "-Server",
            "b",
            "'",
            '"',
            "(",
            ")",
            ";",
            "|",
            "\n",
            "`\n",
            "$x",
            "@{",
            "}",
            ",",
            "=",
            "-",
        ]
    ),
    max_size=8,
).map(" ".join)


@given(_PIECES, st.sampled_from(["Password", "passwrd", "SecondaryPassword", "MailboxCredential"]), _PIECES)
def test_law_a_quoted_password_is_shown_in_no_broken_text(before: str, name: str, behind: str) -> None:
    """Whatever stands around it."""
    text = f"{before} -{name} '{SECRET}' {behind}"
    refused: xi.InvalidValueError | None = None
    try:
        xi.parse_script(text)
    except xi.InvalidValueError as error:
        refused = error
    if refused:
        assert SECRET not in f"{refused} {vars(refused)} {refused.__cause__} {refused.__cause__!r}"
    for finding in xi.check_script(text):
        assert SECRET not in f"{finding} {finding.source} {finding.to_dict()}"
