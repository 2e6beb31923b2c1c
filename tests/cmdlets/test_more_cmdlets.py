"""The cmdlets beside those of IMAP4 itself: command lines to objects and back."""

from __future__ import annotations

import json
import pickle
import traceback
from datetime import timedelta

import pytest

import exchange_imap as xi
from exchange_imap._model.codecs.words import WordsCodec
from exchange_imap._powershell.syntax import Array, Number, String

THUMBPRINT = "434AC224C8459924B26521298CE8834C514856AB"
# Command lines of the documentation and of scripts that people publish.
DOCUMENTED = [
    'Get-ReceiveConnector -Identity "Client Frontend*" | Set-ReceiveConnector -Fqdn mail.contoso.com',
    'Get-ReceiveConnector -Identity "Client Frontend*" | Set-ReceiveConnector -AdvertiseClientSettings $true',
    'Set-ReceiveConnector -Identity "Internet Receive Connector" -Banner "220 SMTP OK" -ConnectionTimeout 00:15:00',
    "Get-ReceiveConnector -Server MBX01 | Format-List Name,Fqdn,TlsCertificateName,AdvertiseClientSettings",
    f"Enable-ExchangeCertificate -Thumbprint {THUMBPRINT} -Services POP,IMAP,IIS,SMTP",
    "Enable-ExchangeCertificate -Thumbprint 5113ae0233a72fccb75b1d0198628675333d010e -Services POP,IMAP,SMTP,IIS",
    f"Get-ExchangeCertificate -Thumbprint {THUMBPRINT} -Server MBX01 | Format-List *",
    "Get-ExchangeCertificate -DomainName mail.contoso.com",
    "Set-CASMailbox -Identity kim@contoso.com -ImapEnabled $true -ImapUseProtocolDefaults $false",
    "Get-CASMailbox -ResultSize unlimited | Set-CASMailbox -ImapEnabled $false",
    "Get-CASMailbox -Identity kim -ProtocolSettings | Format-List *Settings",
    "Get-ExchangeServer",
    "Get-ExchangeServer | Get-ImapSettings",
    "Get-ExchangeServer -Identity MBX01 -Status | Format-List",
    "Get-ServerComponentState -Identity MBX01 -Component ImapProxy",
    "Set-ServerComponentState -Identity MBX01 -Component ImapProxy -State Active -Requester HealthAPI",
    "Invoke-MonitoringProbe IMAP.Protocol\\ImapSelfTestProbe -Server MBX01 | Format-List",
    "Get-PopSettings -Server MBX01",
    "Set-PopSettings -LogPerFileSizeQuota unlimited",
    "Test-ImapConnectivity -Timeout 60 -ConnectionType Ssl -PortClientAccessServer 993 -TrustAnySSLCertificate",
    "Get-Service MSExchangeIMAP4* | Restart-Service -Force",
    "Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE | Start-Service",
    "net stop w3svc /y; net start w3svc",
]


@pytest.mark.parametrize("line", DOCUMENTED)
def test_a_documented_line_prints_itself(line: str) -> None:
    """Byte for byte."""
    assert str(xi.parse_script(line)) == line


@pytest.mark.parametrize(
    ("loose", "written"),
    [
        (
            'Get-ReceiveConnector "Client Frontend*" | Set-ReceiveConnector -fqdn mail.contoso.com',
            'Get-ReceiveConnector -Identity "Client Frontend*" | Set-ReceiveConnector -Fqdn mail.contoso.com',
        ),
        (
            "Set-ReceiveConnector x -AuthMechanism 'tls, Integrated'",
            "Set-ReceiveConnector -Identity x -AuthMechanism Tls,Integrated",
        ),
        (
            "Set-ReceiveConnector x -AuthMechanism @('Tls','BasicAuth')",
            "Set-ReceiveConnector -Identity x -AuthMechanism Tls,BasicAuth",
        ),
        ("Set-ReceiveConnector x -AuthMechanism 5", "Set-ReceiveConnector -Identity x -AuthMechanism Tls,BasicAuth"),
        ("Set-ReceiveConnector x -AuthMechanism '1'", "Set-ReceiveConnector -Identity x -AuthMechanism Tls"),
        ("Set-ReceiveConnector x -AuthMechanism none", "Set-ReceiveConnector -Identity x -AuthMechanism None"),
        ("Set-ReceiveConnector x -AuthMechanism Tls,tls", "Set-ReceiveConnector -Identity x -AuthMechanism Tls"),
        (
            "Set-ReceiveConnector x -MaxMessageSize '36 MB (37,748,736 bytes)'",
            "Set-ReceiveConnector -Identity x -MaxMessageSize 36MB",
        ),
        (
            "Set-ReceiveConnector x -MaxInboundConnection Unlimited",
            "Set-ReceiveConnector -Identity x -MaxInboundConnection unlimited",
        ),
        (
            "Set-ReceiveConnector x -MaxInboundConnection 5kb",
            "Set-ReceiveConnector -Identity x -MaxInboundConnection 5120",
        ),
        (
            "Set-ReceiveConnector x -Size EnabledwithoutValue",
            "Set-ReceiveConnector -Identity x -SizeEnabled EnabledWithoutValue",
        ),
        ("Set-ReceiveConnector x -TransportRole 32", "Set-ReceiveConnector -Identity x -TransportRole HubTransport"),
        (
            "Set-ReceiveConnector x -TlsCertificateName $null",
            "Set-ReceiveConnector -Identity x -TlsCertificateName $null",
        ),
        (
            "Set-ReceiveConnector x -RemoteIPRanges @{add='10.0.0.0/8'}",
            'Set-ReceiveConnector -Identity x -RemoteIPRanges @{Add="10.0.0.0/8"}',
        ),
        ("Get-ExchangeCertificate ABC", "Get-ExchangeCertificate -Identity ABC"),
        ("Get-ExchangeCertificate ABC -Server MBX01", "Get-ExchangeCertificate -Thumbprint ABC -Server MBX01"),
        (
            f"Enable-ExchangeCertificate {THUMBPRINT} -Services IMAP",
            f"Enable-ExchangeCertificate -Thumbprint {THUMBPRINT} -Services IMAP",
        ),
        (
            f"Enable-ExchangeCertificate -Server A -Services 'IMAP, POP' -Thumbprint '{THUMBPRINT}'",
            f"Enable-ExchangeCertificate -Server A -Services IMAP,POP -Thumbprint {THUMBPRINT}",
        ),
        (
            "Enable-ExchangeCertificate -Services IMAP -Identity 'a\\b'",
            "Enable-ExchangeCertificate -Services IMAP -Identity a\\b",
        ),
        ("Get-ExchangeServer MBX01", "Get-ExchangeServer -Identity MBX01"),
        ("get-casmailbox kim", "Get-CASMailbox -Identity kim"),
        ("Get-CASMailbox -ResultSize 5", "Get-CASMailbox -ResultSize 5"),
        (
            "Set-ServerComponentState MBX01 -Comp ImapProxy -State inactive -Req maintenance",
            "Set-ServerComponentState -Identity MBX01 -Component ImapProxy -State Inactive -Requester Maintenance",
        ),
        ("Get-ServerComponentState MBX01", "Get-ServerComponentState -Identity MBX01"),
        ("Invoke-MonitoringProbe -Server a -Identity b\\c", "Invoke-MonitoringProbe -Server a b\\c"),
        (
            "Invoke-MonitoringProbe b\\c -Server a -TimeOutSeconds 60",
            'Invoke-MonitoringProbe b\\c -Server a -TimeOutSeconds "60"',
        ),
        ("Set-PopSettings -MessageRetrievalSortOrder 1", "Set-PopSettings -MessageRetrievalSortOrder Descending"),
        ("NET.EXE Stop W3SVC /Y", "net stop W3SVC /y"),
        ("net stop /yes 'w3svc'", "net stop w3svc /y"),
        ("net stop w3svc", "net stop w3svc"),
        ("net start w3svc", "net start w3svc"),
    ],
)
def test_a_loose_line_is_written_in_the_one_form(loose: str, written: str) -> None:
    """What PowerShell accepts is read as PowerShell reads it."""
    assert str(xi.parse_script(loose)) == written
    assert str(xi.parse_script(written)) == written


@pytest.mark.parametrize(
    ("line", "pointed_at", "fragment"),
    [
        ("Set-ReceiveConnector -Fqdn a", "Set-ReceiveConnector -Fqdn a", "-Identity"),
        ("Set-CASMailbox -ImapEnabled $true", "Set-CASMailbox -ImapEnabled $true", "cannot run without it"),
        ("Get-ServerComponentState", "Get-ServerComponentState", "-Identity"),
        ("Invoke-MonitoringProbe -Server a", "Invoke-MonitoringProbe -Server a", "-Identity"),
        ("Invoke-MonitoringProbe a", "Invoke-MonitoringProbe a", "-Server"),
        ("Enable-ExchangeCertificate -Services IMAP", "Enable-ExchangeCertificate -Services IMAP", "-Thumbprint"),
        (f"Enable-ExchangeCertificate {THUMBPRINT}", f"Enable-ExchangeCertificate {THUMBPRINT}", "-Services"),
        (
            "Enable-ExchangeCertificate mail.contoso.com -Services IMAP",
            "mail.contoso.com",
            "a thumbprint of 40 hexadecimal digits",
        ),
        (
            "Get-ReceiveConnector -Identity a -Server b",
            "Get-ReceiveConnector -Identity a -Server b",
            "-Identity or -Server",
        ),
        ("Get-ReceiveConnector a -Server b", "a", "a parameter's name before each value"),
        ("Get-CASMailbox -Anr a kim", "kim", "a parameter's name"),
        ("Get-ExchangeServer -Domain a -Identity b", "Get-ExchangeServer -Domain a -Identity b", "leave one out"),
        ("Get-ExchangeCertificate -In a", "-In", "Objects come from a pipe"),
        ("Set-ReceiveConnector x -Thumbprint a", "-Thumbprint", "-TlsCertificateName"),
        ("Set-ReceiveConnector x -Server a", "-Server", "The server is part of the name"),
        ("Set-ReceiveConnector x -TlsCertificateName mail.contoso.com", "mail.contoso.com", "<I>issuer<S>subject"),
        ("Set-ReceiveConnector x -AuthMechanism Tls,Magic", "Tls,Magic", "or any of Tls"),
        ("Set-ReceiveConnector x -AuthMechanism Basic", "Basic", "BasicAuth or BasicAuthRequireTLS"),
        ("Set-ReceiveConnector x -AuthMechanism 64", "64", "any of Tls"),
        ("Set-ReceiveConnector x -AuthMechanism 1.5", "1.5", "any of Tls"),
        ("Set-ReceiveConnector x -AuthMechanism @()", "@()", "any of Tls"),
        ("Set-ReceiveConnector x -AuthMechanism $true", "$true", "any of Tls"),
        ("Set-ReceiveConnector x -TransportRole Mailbox", "Mailbox", "FrontendTransport or HubTransport"),
        ("Set-ReceiveConnector x -MaxMessageSize unlimited", "unlimited", "64KB to 2147483647 bytes"),
        ("Set-ReceiveConnector x -MaxMessageSize 1KB", "1KB", "64KB to 2147483647 bytes"),
        ("Set-ReceiveConnector x -MaxInboundConnection 0", "0", "1 to 2147483647, or unlimited"),
        ("Set-ReceiveConnector x -MaxInboundConnectionPerSource 10001", "10001", "1 to 10000, or unlimited"),
        ("Set-ReceiveConnector x -ConnectionTimeout 2.00:00:00", "2.00:00:00", "00:00:01 to 1.00:00:00"),
        ("Set-ReceiveConnector x -Fqdn *.contoso.com", "*.contoso.com", "a host name, such as"),
        ("Set-CASMailbox x -ImapMessageRetrievalMimeFormat 5", "-ImapMessageRetrievalMimeFormat", "-ImapMessagesRetr"),
        ("Set-ServerComponentState a -Component b -State c -Requester d", "c", "Inactive, Active, Draining"),
        ("Set-ServerComponentState a -Component b -State Active -Requester d", "d", "HealthAPI, Maintenance"),
        ("Set-PopSettings -MaxCommandSize 10240", "10240", "40 to 1024"),
        ("Set-PopSettings -ShowHiddenFoldersEnabled $true", "-ShowHiddenFoldersEnabled", "POP3 has no folders"),
        ("Invoke-MonitoringProbe a -Server b -Password a,b", "a,b", "a Secret, or a text"),
        ("net stop MSExchangeIMAP4", "net stop MSExchangeIMAP4", "Start-Service and Stop-Service"),
        ("net use", "net use", "net stop w3svc /y, or net start w3svc"),
        ("net", "net", "net stop w3svc /y, or net start w3svc"),
        ("net start w3svc /y", "net start w3svc /y", "net start w3svc"),
        ("net -a stop", "net -a stop", "net stop w3svc /y, or net start w3svc"),
        ("Get-PopSetting", "Get-PopSetting", "Did you mean Get-PopSettings?"),
    ],
)
def test_a_wrong_line_is_refused_where_it_is_wrong(line: str, pointed_at: str, fragment: str) -> None:
    """The error has the place and says what would do."""
    with pytest.raises(xi.CommandSyntaxError) as caught:
        xi.parse(line)

    error = caught.value
    assert line[error.span.start : error.span.end] == pointed_at
    assert fragment in str(error)


def test_what_a_pipe_gives_need_not_be_said() -> None:
    """Of the second command and those behind it; of the first one it must."""
    script = xi.parse_script("Get-ReceiveConnector a | Set-ReceiveConnector -Fqdn b | Format-List")

    (pipeline,) = script
    assert isinstance(pipeline, xi.Pipeline)
    assert pipeline.elements[1] == xi.SetReceiveConnector(fqdn="b")
    with pytest.raises(xi.CommandSyntaxError, match="-Identity"):
        xi.parse_script("Set-ReceiveConnector -Fqdn b | Format-List")
    with pytest.raises(xi.CommandSyntaxError, match="-Identity"):
        xi.SetReceiveConnector.from_command(xi.SetReceiveConnector(fqdn="b").to_command())


def test_services_that_come_through_a_pipe_need_no_names() -> None:
    """An empty list of names is none all the same."""
    assert xi.RestartService().name is xi.UNSET
    with pytest.raises(xi.InvalidValueError, match="the name of a service"):
        xi.RestartService(name=())
    with pytest.raises(xi.CommandSyntaxError, match="the name of a service"):
        xi.StopService.from_command(xi.Command("Stop-Service"))


def test_parameters_that_exclude_each_other_are_refused_in_python_too() -> None:
    with pytest.raises(xi.InvalidValueError, match="-Identity or -Server, received 'both'"):
        xi.GetReceiveConnector(identity="a", server="b")
    with pytest.raises(xi.InvalidValueError, match="-Identity or -Server"):
        xi.GetExchangeCertificate(identity="a", server="b")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("Tls, BasicAuth", ("Tls", "BasicAuth")),
        (["Tls", xi.AuthMechanism.BasicAuth], ("Tls", "BasicAuth")),
        (xi.AuthMechanism.Tls, ("Tls",)),
        ((), ()),
        ("None", ()),
        ({"Tls": 1}, ("Tls",)),
    ],
)
def test_flags_may_be_given_as_texts(given: object, expected: tuple[str, ...]) -> None:
    """Of several, each once."""
    cmdlet = xi.SetReceiveConnector(auth_mechanism=given)  # type: ignore[arg-type]  # convenient in a notebook

    assert isinstance(cmdlet.auth_mechanism, tuple)
    assert tuple(map(str, cmdlet.auth_mechanism)) == expected


@pytest.mark.parametrize("given", [5, [5], ["Magic"], "Tls;BasicAuth", None])
def test_what_are_no_flags_is_refused(given: object) -> None:
    """With the words that there are."""
    with pytest.raises(xi.InvalidValueError, match="AuthMechanism: expected None, or any of Tls, "):
        xi.SetReceiveConnector(auth_mechanism=given)  # type: ignore[arg-type]  # the mistake itself


def test_words_without_numbers_are_summed_by_none() -> None:
    """A certificate's services are words."""
    kind = WordsCodec(xi.CertificateService)

    assert kind.read(Array((String("IMAP"), String("POP, SMTP")))) == tuple(
        map(xi.CertificateService.parse, ("IMAP", "POP", "SMTP"))
    )
    assert kind.read(Number(0)) == ()
    with pytest.raises(xi.InvalidValueError, match="any of IMAP"):
        kind.read(Number(1))


def test_a_limit_may_be_given_as_a_number() -> None:
    cmdlet = xi.SetReceiveConnector(max_inbound_connection=5, max_protocol_errors="unlimited")

    assert (cmdlet.max_inbound_connection, cmdlet.max_protocol_errors) == (xi.Limit(5), xi.Limit(None))


def test_a_connector_is_typed() -> None:
    """Every kind of value that only connectors have."""
    cmdlet = xi.SetReceiveConnector.parse(
        "Set-ReceiveConnector x -Bindings 0.0.0.0:587 -RemoteIPRanges 10.0.0.1-10.0.0.9 -TarpitInterval 5:0 "
        "-TlsCertificateName '<I>CN=a<S>CN=b' -PermissionGroups ExchangeUsers -ProtocolLoggingLevel Verbose"
    )

    assert cmdlet.bindings == (xi.Binding("0.0.0.0", 587),)
    assert cmdlet.remote_ip_ranges == (xi.IPRange("10.0.0.1", "10.0.0.9"),)
    assert cmdlet.tarpit_interval == timedelta(hours=5)
    assert cmdlet.tls_certificate_name == xi.TlsCertificateName("CN=a", "CN=b")
    assert cmdlet.permission_groups == (xi.PermissionGroup.ExchangeUsers,)
    assert cmdlet.protocol_logging_level is xi.ProtocolLoggingLevel.Verbose


# -- passwords -----------------------------------------------------------------------------------------------------

PASSWORD = "correct-horse"  # noqa: S105 - of nobody


def probe(**values: object) -> xi.InvokeMonitoringProbe:
    """Make a probe that logs in."""
    return xi.InvokeMonitoringProbe(identity="IMAP\\ImapCTPProbe", server="MBX01", **values)  # type: ignore[arg-type]  # any of its own


@pytest.mark.parametrize("given", [PASSWORD, xi.Secret(PASSWORD)])
def test_a_password_is_seen_nowhere(given: object) -> None:
    """Not in the object, its text, its command or its dictionary; pickled it is not at all."""
    cmdlet = probe(password=given, secondary_password=given)

    assert cmdlet.password == xi.Secret(PASSWORD)
    texts = [
        repr(cmdlet),
        str(cmdlet),
        repr(cmdlet.to_command()),
        str(cmdlet.to_command()),
        json.dumps(cmdlet.to_dict()),
    ]
    assert not any(PASSWORD in text for text in texts)
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(cmdlet)


def test_the_text_of_a_password_cannot_be_run_by_mistake() -> None:
    """PowerShell takes the placeholder for a redirection, and we say what to do with it."""
    text = str(probe(password=PASSWORD))

    assert text == "Invoke-MonitoringProbe IMAP\\ImapCTPProbe -Server MBX01 -Password <secret>"
    with pytest.raises(xi.CommandSyntaxError, match="Replace the placeholder"):
        xi.parse(text)


def test_a_dictionary_has_lost_the_password_and_says_so() -> None:
    """Rather than to log in with the mask."""
    with pytest.raises(xi.InvalidValueError, match=r"Password: .* Give the password again"):
        xi.InvokeMonitoringProbe.from_dict(probe(password=PASSWORD).to_dict())


@pytest.mark.parametrize("value", [5, None, "\ud800"])
def test_what_is_no_password_is_refused_unseen(value: object) -> None:
    """Its type is said, and nothing of it."""
    with pytest.raises(xi.InvalidValueError, match="Password: expected a Secret, or a text") as caught:
        probe(password=value)

    assert "\ud800" not in str(caught.value)


@pytest.mark.parametrize("written", [PASSWORD, f"'{PASSWORD}'", "12345", "$true"])
def test_a_password_that_is_read_is_masked_from_then_on(written: str) -> None:
    """Also a number, which a text parameter receives as the word that stood there."""
    cmdlet = xi.parse(f"Invoke-MonitoringProbe a -Server b -Password {written}")

    assert isinstance(cmdlet, xi.InvokeMonitoringProbe)
    assert isinstance(cmdlet.password, xi.Secret)
    assert cmdlet.password.reveal() == {"$true": "True"}.get(written, written.strip("'"))


def test_a_number_that_is_a_password_keeps_its_worth() -> None:
    """A caller's literal may have no text."""
    command = xi.Command("Invoke-MonitoringProbe", (
        xi.Parameter("Identity", String("a")), xi.Parameter("Server", String("b")), xi.Parameter("Password", Number(5)),
    ))  # fmt: skip

    assert xi.InvokeMonitoringProbe.from_command(command).password == xi.Secret("5")


@pytest.mark.parametrize(
    "line",
    [
        f"Invoke-MonitoringProbe a -Password {PASSWORD} -Server b -Bogus c",
        f"Invoke-MonitoringProbe a -Bogus c -Pass '{PASSWORD}' -Server b",
        f"Invoke-MonitoringProbe a -Server b -SecondaryPassword:{PASSWORD} c",
        f"Invoke-MonitoringProbe a -Password {PASSWORD}",
        f"Invoke-MonitoringProbe a -Server b -Password {PASSWORD},x",
    ],
)
def test_an_error_of_a_line_does_not_show_its_password(line: str) -> None:
    """Stars stand there, as many as it is long, so that the caret still points right."""
    with pytest.raises(xi.CommandSyntaxError) as caught:
        xi.parse(line)

    error = caught.value
    assert PASSWORD not in "".join(traceback.format_exception(error)).replace(line, "")
    assert PASSWORD not in str(error) + repr(error) + error.source
    assert len(error.source) == len(line)


def test_a_secret_in_a_command_is_read_as_it_is() -> None:
    """What a transport was given."""
    cmdlet = probe(password=PASSWORD)

    assert xi.InvokeMonitoringProbe.from_command(cmdlet.to_command()) == cmdlet


# -- programs ------------------------------------------------------------------------------------------------------


def test_a_program_is_sent_with_arguments_that_have_no_names() -> None:
    """To the endpoint that has programs."""
    command = xi.NetStop(yes=True).to_command()

    assert command.name == "net"
    assert [(p.name, p.value) for p in command.parameters] == [("", String(w)) for w in ("stop", "w3svc", "/y")]
    assert xi.NetStop.from_command(command) == xi.NetStop(yes=True)
    assert xi.NetStart.endpoint is xi.Endpoint.WINDOWS


@pytest.mark.parametrize("line", ["net start w3svc", "Get-Service a"])
def test_a_program_reads_its_own_line_alone(line: str) -> None:
    with pytest.raises(xi.CommandSyntaxError, match="net stop w3svc /y"):
        xi.NetStop.parse(line)


def test_no_other_service_is_stopped_in_this_way() -> None:
    """Start-Service and Stop-Service have those."""
    with pytest.raises(xi.InvalidValueError, match="World Wide Web Publishing"):
        xi.NetStop(service="MSExchangeIMAP4")
