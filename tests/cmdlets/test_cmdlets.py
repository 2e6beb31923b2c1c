"""The typed cmdlets: command lines to objects and back."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given

import exchange_imap as xi
from exchange_imap._model.codecs.literals import IntegerCodec
from exchange_imap._powershell.syntax import Number
from support import strategies

EXAMPLE = (
    'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL","mail.contoso.com:143:TLS" '
    "-X509CertificateName mail.contoso.com"
)
# Every command line of the document that the project follows; where it has <ServerName> there is a name here.
DOCUMENTED = {
    "start": "Start-Service MSExchangeIMAP4; Start-Service MSExchangeIMAP4BE",
    "automatic": (
        "Set-Service MSExchangeIMAP4 -StartupType Automatic; Set-Service MSExchangeIMAP4BE -StartupType Automatic"
    ),
    "verify services": "Get-Service MSExchangeIMAP4; Get-Service MSExchangeIMAP4BE",
    "settings": EXAMPLE,
    "verify settings": "Get-ImapSettings | Format-List *ConnectionSettings,*Bindings,X509CertificateName",
    "restart": "Restart-Service MSExchangeIMAP4; Restart-Service MSExchangeIMAP4BE",
    "test": "Test-ImapConnectivity -ClientAccessServer MBX01 -LightMode -MailboxCredential (Get-Credential)",
}


@pytest.mark.parametrize("line", DOCUMENTED.values(), ids=DOCUMENTED)
def test_a_documented_line_prints_itself(line: str) -> None:
    """Byte for byte, several statements with their semicolons."""
    assert str(xi.parse_script(line)) == line


def test_the_documents_spelling_of_light_mode_becomes_the_cmdlets() -> None:
    """The case of names is the one thing that is not kept."""
    cmdlet = xi.parse("Test-ImapConnectivity -ClientAccessServer MBX01 -Lightmode -MailboxCredential (Get-Credential)")

    assert str(cmdlet) == DOCUMENTED["test"]


def test_a_pasted_line_is_a_typed_object() -> None:
    """What the example of the document says, as values."""
    cmdlet = xi.parse(EXAMPLE)

    assert cmdlet == xi.SetImapSettings(
        external_connection_settings=(
            xi.ConnectionSetting("mail.contoso.com", 993, xi.Encryption.SSL),
            xi.ConnectionSetting("mail.contoso.com", 143, xi.Encryption.TLS),
        ),
        x509_certificate_name="mail.contoso.com",
    )


@pytest.mark.parametrize(
    ("loose", "written"),
    [
        ("set-imapsettings -LOGINTYPE securelogin", "Set-ImapSettings -LoginType SecureLogin"),
        ("Set-ImapSettings -Login 3", "Set-ImapSettings -LoginType SecureLogin"),
        ("Set-ImapSettings -Server 'MBX01'", "Set-ImapSettings -Server MBX01"),
        ("Set-ImapSettings –Server “MBX01”", "Set-ImapSettings -Server MBX01"),
        ("Set-ImapSettings -Banner:Hello", "Set-ImapSettings -Banner Hello"),
        ("Set-ImapSettings -Banner 'It''s up'", 'Set-ImapSettings -Banner "It\'s up"'),
        ("Set-ImapSettings -Banner '$5 off'", "Set-ImapSettings -Banner '$5 off'"),
        (
            "Set-ImapSettings -ExternalConnectionSettings a:143:tls",
            'Set-ImapSettings -ExternalConnectionSettings "a:143:TLS"',
        ),
        (
            "Set-ImapSettings -SSLBindings @('[::]:993', ':993')",
            'Set-ImapSettings -SSLBindings "[::]:993","0.0.0.0:993"',
        ),
        ("Set-ImapSettings -SSLBindings @()", "Set-ImapSettings -SSLBindings @()"),
        ("Set-ImapSettings -SSLBindings $null", "Set-ImapSettings -SSLBindings $null"),
        (
            "Set-ImapSettings -SSLBindings @{remove='[::]:993';ADD='10.0.0.1:993','10.0.0.2:993'}",
            'Set-ImapSettings -SSLBindings @{Add="10.0.0.1:993","10.0.0.2:993"; Remove="[::]:993"}',
        ),
        (
            "Set-ImapSettings -SSLBindings @{Add=':993'; Remove=$null}",
            'Set-ImapSettings -SSLBindings @{Add="0.0.0.0:993"}',
        ),
        ("Set-ImapSettings -LogPerFileSizeQuota 2097152", "Set-ImapSettings -LogPerFileSizeQuota 2MB"),
        ("Set-ImapSettings -LogPerFileSizeQuota '2 MB'", "Set-ImapSettings -LogPerFileSizeQuota 2MB"),
        ("Set-ImapSettings -LogPerFileSizeQuota Unlimited", "Set-ImapSettings -LogPerFileSizeQuota unlimited"),
        (
            "Set-ImapSettings -AuthenticatedConnectionTimeout 1:00",
            "Set-ImapSettings -AuthenticatedConnectionTimeout 01:00:00",
        ),
        ("Set-ImapSettings -MaxConnections 1kb", "Set-ImapSettings -MaxConnections 1024"),
        ("Set-ImapSettings -MaxConnections '16'", "Set-ImapSettings -MaxConnections 16"),
        ("Set-ImapSettings -MaxConnections 2.5", "Set-ImapSettings -MaxConnections 2"),
        ("Set-ImapSettings -ProtocolLogEnabled 1", "Set-ImapSettings -ProtocolLogEnabled $true"),
        ("Set-ImapSettings -ProtocolLogEnabled:$FALSE", "Set-ImapSettings -ProtocolLogEnabled $false"),
        ("Set-ImapSettings -wi -cf:$false", "Set-ImapSettings -WhatIf -Confirm:$false"),
        ("Set-ImapSettings -WhatIf:$true", "Set-ImapSettings -WhatIf"),
        ("Set-ImapSettings -Banner $true", "Set-ImapSettings -Banner True"),
        ("Set-ImapSettings -Banner 1MB", 'Set-ImapSettings -Banner "1MB"'),
        ("Set-ImapSettings -Banner (1MB)", 'Set-ImapSettings -Banner "1048576"'),
        ("Set-ImapSettings -D DC01", "Set-ImapSettings -DomainController DC01"),
        ("get-service -name MSExchangeIMAP4", "Get-Service MSExchangeIMAP4"),
        ("Get-Service -ServiceName a,b", "Get-Service a,b"),
        ("gsv a", "Get-Service a"),
        ("Restart-Service -Force a", "Restart-Service -Force a"),
        ("Set-Service -StartupType auto a", "Set-Service -StartupType Automatic a"),
        ("Test-ImapConnectivity MBX01", "Test-ImapConnectivity -ClientAccessServer MBX01"),
        ("Get-ImapSettings|fl", "Get-ImapSettings | Format-List"),
        ("Get-Service 007", 'Get-Service "007"'),
        ("Get-Service 007,1MB", 'Get-Service "7","1048576"'),
    ],
)
def test_a_loose_line_is_written_in_the_one_form(loose: str, written: str) -> None:
    """What PowerShell accepts is read as PowerShell reads it."""
    assert str(xi.parse_script(loose)) == written


@pytest.mark.parametrize(
    ("line", "pointed_at", "fragment"),
    [
        ("Set-ImapSettings -Banner a -SSLBindings mail:993", "mail:993", "SSLBindings: expected an IP address"),
        ("Set-ImapSettings -EncryptedOrTLSBindings :143", "-EncryptedOrTLSBindings", "Write -UnencryptedOrTLSBindings"),
        ("Set-ImapSettings -Bannner a", "-Bannner", "Did you mean -Banner?"),
        ("Set-ImapSettings -Zzz a", "-Zzz", "a parameter of Set-ImapSettings"),
        ("Set-ImapSettings -ErrorAction", "-ErrorAction", "a value behind -ErrorAction"),
        ("Set-ImapSettings -ErrorAction Suspend", "Suspend", "SilentlyContinue, Stop, Continue, Inquire, Ignore"),
        ("Set-ImapSettings -ProgressAction Ignore", "-ProgressAction", "PowerShell 7.4's"),
        ("Get-ImapSettings -p x", "-p", "-PipelineVariable or -ProgressAction"),
        ("Get-ImapSettings -E Stop", "-E", "-ErrorAction or -ErrorVariable"),
        ("Set-ImapSettings -OutVariable ''", "''", "a variable's name"),
        ("Set-ImapSettings -OutBuffer -1", "-1", "a whole number of 0 to 2147483647"),
        ("Set-ImapSettings -Ext Allow", "-Ext", "-ExternalConnectionSettings or -ExtendedProtectionPolicy"),
        ("Set-ImapSettings -Banner a -Banner b", "-Banner", "each parameter once"),
        ("Set-ImapSettings -Banner -Server a", "-Banner", "a value behind -Banner"),
        ("Set-ImapSettings -Banner", "-Banner", "a value behind -Banner"),
        ("Set-ImapSettings MBX01", "MBX01", "a parameter's name before each value"),
        ("Set-ImapSettings -WhatIf $false", "$false", "-WhatIf:$false"),
        ("Set-ImapSettings -WhatIf:'1'", "'1'", "$true or $false"),
        ("Stop-Service a -Force:1", "1", "$true or $false"),
        ("Stop-Service a -Force:$null", "$null", "Leave the parameter out"),
        ("Set-ImapSettings --LoginType SecureLogin", "--LoginType", "Write -LoginType."),
        ("Set-ImapSettings -Banner a LoginType=3", "LoginType=3", "Write -LoginType."),
        ("Set-ImapSettings -WhatIf false", "false", "-WhatIf:$false"),
        ("Get-ImapSettings MBX01", "MBX01", "The server is named by -Server."),
        ("Start-Service A B", "B", "commas between them"),
        ('Set-ImapSettings -SSLBindings ":993" ":994"', '":994"', "Several values need commas"),
        (
            'Set-ImapSettings -ExternalConnectionSettings "a:993:SSL, b:143:TLS"',
            '"a:993:SSL, b:143:TLS"',
            "quotes of their",
        ),
        ("Set-ImapSettings -SSLBindings [::]:993:SSL", "[::]:993:SSL", "A binding has no method"),
        ("Set-ImapSettings -SSLBindings 0.0.0.0:993:SSL", "0.0.0.0:993:SSL", "A binding has no method"),
        ("Set-ImapSettings -ExternalConnectionSettings a:993:STARTTLS", "a:993:STARTTLS", "write a:993:TLS or :SSL"),
        ("Set-ImapSettings -ExternalConnectionSettings a:SSL:993", "a:SSL:993", "Write it as mail.contoso.com:993:SSL"),
        ("Set-ImapSettings -ProtocolLogEnabled", "-ProtocolLogEnabled", "Write -ProtocolLogEnabled $true."),
        ("Set-ImapSettings -ProtocolLogEnabled yes", "yes", "Write $true."),
        ("Set-ImapSettings -ProtocolLogEnabled '$true'", "'$true'", "Write $true without quotes."),
        ('Set-ImapSettings -ProtocolLogEnabled "`$False"', '"`$False"', "Write $false without quotes."),
        ("Set-ImapSettings -ProtocolLogEnabled '$true'", "'$true'", "For a variable give True."),
        ("Set-ImapSettings -MaxConnections unlimited", "unlimited", "Write 2147483647 for no limit."),
        ("Set-ImapSettings -Server A,B", "A,B", "It takes one value."),
        ("Set-ImapSettings -OwaServerUrl mail.contoso.com/owa", "mail.contoso.com/owa", "Write https://mail."),
        ("Set-ImapSettings -X509CertificateName " + "0a" * 20, "0a" * 20, "no thumbprint"),
        ("Get-ImapSettings | ft", "ft", "Write Format-List"),
        ("Test-PopConnectivity -Server a", "Test-PopConnectivity", "received 'Test-PopConnectivity'.\n"),
        ("Get-Service -In a", "-In", "-Include"),
        ("Get-Service -Inp a", "-Inp", "Objects come from a pipe"),
        ("Set-ImapSettings -W", "-W", "-WhatIf or -WarningAction or -WarningVariable"),
        ("Set-ImapSettings -Server a @{a=1}", "@{a=1}", "a parameter's name"),
        ("Set-ImapSettings -MaxConnections $null", "$null", "Leave the parameter out"),
        ("Set-ImapSettings -MaxConnections 1,2", "1,2", "a whole number"),
        ("Set-ImapSettings -MaxConnections ten", "ten", "a whole number"),
        ("Set-ImapSettings -MaxConnections 1e400", "1e400", "a whole number"),
        ("Set-ImapSettings -MaxConnections $true", "$true", "a whole number"),
        ("Set-ImapSettings -ProtocolLogEnabled yes", "yes", "$true or $false"),
        ("Set-ImapSettings -LoginType $true", "$true", "one of PlainTextLogin"),
        ("Set-ImapSettings -LoginType 3.5", "3.5", "one of PlainTextLogin"),
        ("Set-ImapSettings -SSLBindings @{Insert='a'}", "@{Insert='a'}", "@{Add="),
        ("Set-ImapSettings -SSLBindings @{Add=$null}", "@{Add=$null}", "entries to add or to remove"),
        ("Set-ImapSettings -Banner (1.5)", "(1.5)", "Put the text in quotes"),
        ("Set-ImapSettings -OwaServerUrl mail.contoso.com", "mail.contoso.com", "absolute http or https URL"),
        ("Set-ImapSettings -OwaServerUrl 'https://[x'", "'https://[x'", "absolute http or https URL"),
        ("Set-ImapSettings -OwaServerUrl 443", "443", "absolute http or https URL"),
        ("Set-ImapSettings -OwaServerUrl $true", "$true", "absolute http or https URL"),
        ("Test-ImapConnectivity -MailboxCredential bob", "bob", "Write (Get-Credential)"),
        ("Set-Service MSExchangeIMAP4 -Status StartPending", "StartPending", "Running, Stopped or Paused"),
        ("Set-Service -StartupType Manual", "Set-Service -StartupType Manual", "-Name"),
        ("Start-Service", "Start-Service", "the name of a service"),
        ("Get-Service a -DisplayName b", "Get-Service a -DisplayName b", "-Name or -DisplayName"),
        ("Get-ImapSetings", "Get-ImapSetings", "Did you mean Get-ImapSettings?"),
        ("Remove-Mailbox x", "Remove-Mailbox", "one of Enable-ExchangeCertificate"),
        ("Get-ImapSettings; Get-ImapSettings", "Get-ImapSettings; Get-ImapSettings", "Use parse_script"),
    ],
)
def test_a_wrong_line_is_refused_where_it_is_wrong(line: str, pointed_at: str, fragment: str) -> None:
    """The error has the place and says what would do."""
    with pytest.raises(xi.CommandSyntaxError) as caught:
        xi.parse(line)

    error = caught.value
    assert line[error.span.start : error.span.end] == pointed_at
    assert fragment in str(error)


def test_an_error_in_the_third_line_points_at_the_third_line() -> None:
    """Positions count from the beginning of the pasted text."""
    text = "Get-ImapSettings\r\n# settings\r\nSet-ImapSettings -Server MBX01 -Banner a -LoginType Basic\r\n"

    with pytest.raises(xi.CommandSyntaxError) as caught:
        xi.parse_script(text)

    assert (caught.value.line, caught.value.column) == (3, 53)
    assert caught.value.caret.splitlines()[1] == " " * 52 + "^^^^^"


def test_a_cmdlet_class_reads_its_own_command_alone() -> None:
    """Another cmdlet, or several, are refused."""
    assert xi.GetImapSettings.parse("get-imapsettings").server is xi.UNSET
    with pytest.raises(xi.CommandSyntaxError, match="expected Get-ImapSettings"):
        xi.GetImapSettings.parse("Get-Service a")
    with pytest.raises(xi.CommandSyntaxError, match="one command"):
        xi.GetImapSettings.parse("Get-ImapSettings | fl")


def test_variables_are_replaced_by_what_the_caller_says() -> None:
    """As a whole argument and inside a text."""
    line = 'Set-ImapSettings -Server $Server -Banner "Welcome to $server"'

    cmdlet = xi.SetImapSettings.parse(line, {"Server": "MBX01"})

    assert (cmdlet.server, cmdlet.banner) == ("MBX01", "Welcome to MBX01")


def test_the_order_of_a_text_is_kept_and_does_not_count() -> None:
    """Two lines that differ in order are equal, and each prints itself."""
    one = xi.parse("Set-ImapSettings -Banner a -Server MBX01")
    other = xi.parse("Set-ImapSettings -Server MBX01 -Banner a")

    assert one == other
    assert str(one) == "Set-ImapSettings -Banner a -Server MBX01"


def test_values_may_be_given_as_their_texts() -> None:
    """Words, lists, sizes and time spans, one entry for a list of one."""
    cmdlet = xi.SetImapSettings(
        login_type="SecureLogin",
        ssl_bindings="0.0.0.0:993",
        external_connection_settings=["a:993:SSL"],
        log_per_file_size_quota="2MB",
        authenticated_connection_timeout="00:10:00",
    )

    assert cmdlet.login_type is xi.LoginType.SecureLogin
    assert cmdlet.ssl_bindings == (xi.Binding("0.0.0.0", 993),)
    assert cmdlet.external_connection_settings == (xi.ConnectionSetting("a", 993, xi.Encryption.SSL),)
    assert cmdlet.log_per_file_size_quota == xi.ByteQuota(2 * 1024**2)
    assert cmdlet.authenticated_connection_timeout == timedelta(minutes=10)


@pytest.mark.parametrize(
    ("parameter", "value", "expected"),
    [
        ("max_command_size", 1023, "1024 to 16384"),
        ("max_command_size", 16385, "1024 to 16384"),
        ("max_command_size", True, "1024 to 16384"),
        ("max_connections", 0, "1 to 2147483647"),
        ("max_connections_per_user", 2**31, "1 to 2147483647"),
        ("max_connection_from_single_ip", 0, "1 to 2147483647"),
        ("proxy_target_port", 65536, "0 to 65535"),
        ("authenticated_connection_timeout", timedelta(days=1, seconds=1), "00:00:30 to 1.00:00:00"),
        ("authenticated_connection_timeout", timedelta(seconds=29), "00:00:30 to 1.00:00:00"),
        ("pre_authenticated_connection_timeout", timedelta(hours=1, seconds=1), "00:00:30 to 01:00:00"),
        ("pre_authenticated_connection_timeout", timedelta(seconds=30.5), "whole seconds"),
        ("log_per_file_size_quota", xi.ByteQuota(1), "at least 1MB"),
        ("login_type", 3, "one of PlainTextLogin"),
        ("login_type", "Basic", "one of PlainTextLogin"),
        ("extended_protection_policy", "Required", "one of None, Allow, Require"),
        ("banner", "x" * 1025, "at most 1024 characters"),
        ("banner", "\ud800", "text"),
        ("banner", 5, "text"),
        ("x509_certificate_name", "*.contoso.com", "a host name that the certificate covers"),
        ("protocol_log_enabled", "true", "$true or $false"),
        ("protocol_log_enabled", 1, "$true or $false"),
        ("ssl_bindings", 993, "an address and port"),
        ("ssl_bindings", (xi.ConnectionSetting("a", 1),), "an address and port"),
        ("server", None, "text"),
        ("owa_server_url", "", "absolute http or https URL"),
    ],
)
def test_a_wrong_value_names_its_parameter(parameter: str, value: object, expected: str) -> None:
    """Refused on construction, before anything is sent."""
    with pytest.raises(xi.InvalidValueError) as caught:
        xi.SetImapSettings(**{parameter: value})  # type: ignore[arg-type]  # the mistake itself

    assert caught.value.field.lower() == parameter.replace("_", "")
    assert expected in caught.value.expected


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"cmdlet": "Get-ImapSettings", "parameters": {}},
        {"cmdlet": "Set-ImapSettings", "parameters": []},
        {"cmdlet": "Set-ImapSettings", "parameters": {"Bannner": "a"}},
        {"cmdlet": "Set-ImapSettings", "parameters": {"MaxConnections": 0}},
    ],
)
def test_a_wrong_dict_is_refused(data: dict[str, object]) -> None:
    """Another cmdlet, an unknown parameter, a wrong value."""
    with pytest.raises(xi.InvalidValueError):
        xi.SetImapSettings.from_dict(data)  # type: ignore[arg-type]  # the mistake itself


def test_a_mandatory_parameter_is_missed_in_a_dict() -> None:
    """The cmdlet cannot run without it."""
    with pytest.raises(xi.InvalidValueError, match="-Services"):
        xi.EnableExchangeCertificate.from_dict({"cmdlet": "Enable-ExchangeCertificate", "parameters": {}})


def test_of_several_parameters_that_are_missing_the_first_is_named() -> None:
    """The same in every process, although the order of a set differs."""
    program = "import exchange_imap as xi\ntry: xi.parse('Set-ServerComponentState')\nexcept ValueError as e: print(e)"
    for seed in range(4):
        command = [sys.executable, "-c", program]
        environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)

        assert "expected -Component, received 'none'" in done.stdout


def test_a_number_without_end_is_no_whole_number() -> None:
    """No text has it, but a caller's literal may."""
    with pytest.raises(xi.InvalidValueError, match="a whole number"):
        IntegerCodec().read(Number(float("inf")))


@pytest.mark.parametrize(
    ("word", "received"),
    [("70000.5d", "70000.5d"), ("1e9", "1e9"), ("(70000.5d)", "70000.5"), ("64kb", 65536), ("70000", 70000)],
)
def test_a_number_out_of_range_is_shown_as_it_was_written(word: str, received: object) -> None:
    """A whole one as the number that it is, any other as the text has it: never as Python has it."""
    with pytest.raises(xi.CommandSyntaxError) as caught:
        xi.parse(f"Set-ImapSettings -ProxyTargetPort {word}")

    assert caught.value.received == received
    assert "Decimal" not in str(caught.value)


def test_a_pipeline_holds_typed_cmdlets_and_sends_commands() -> None:
    """One object for people, one for the wire."""
    pipeline = xi.parse("Get-ImapSettings | Format-List *Bindings")

    assert pipeline == xi.Pipeline((xi.GetImapSettings(), xi.FormatList(property=("*Bindings",))))
    assert isinstance(pipeline, xi.Pipeline)
    assert [command.name for command in pipeline.commands] == ["Get-ImapSettings", "Format-List"]
    assert xi.Pipeline(pipeline.commands) == xi.Pipeline(pipeline.commands)
    assert str(xi.Pipeline(pipeline.commands)) == str(pipeline)


@given(strategies.texts)
def test_law_any_text_stays_one_literal(text: str) -> None:
    """As a value, in the middle and at the end, alone and in a list, nothing of it is read as anything else."""
    cmdlets = (
        xi.GetImapSettings(server=text, domain_controller=text),
        xi.GetService(name=(text,), exclude=(text, text)),
        xi.GetService(exclude=("a", text), computer_name=(text, "b")),
    )

    for cmdlet in cmdlets:
        assert xi.parse_script(str(cmdlet)) == (cmdlet,)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "text", ["a " * 50_000, "\0" * 50_000, "-Banner x " * 30_000, "-Zzz x " * 30_000], ids=lambda t: t[:7]
)
def test_a_long_line_takes_no_longer_than_it_is(text: str) -> None:
    """Values that belong nowhere and names that stand twice: time for each one with each other would hang here."""
    with pytest.raises(xi.CommandSyntaxError):
        xi.parse(f"Set-ImapSettings {text}")
