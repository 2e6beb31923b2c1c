"""POP3 on the fake: its settings and its two services are those of IMAP4 with other ports."""

from __future__ import annotations

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeServer
from support.fakes import ask, failure, read

SERVICES = ("MSExchangePOP3", "MSExchangePOP3BE")


@pytest.fixture
def fake() -> FakeExchange:
    """One server."""
    return FakeExchange(servers=["MBX01"])


@pytest.fixture
def server(fake: FakeExchange) -> FakeServer:
    """Return the server."""
    return fake.server("MBX01")


def test_a_new_server_has_the_documented_defaults(server: FakeServer) -> None:
    """Every default that Microsoft's page gives."""
    text = str(server.pop.stored.to_cmdlet())

    assert text == (
        "Set-PopSettings -Server MBX01 -ExternalConnectionSettings @() "
        '-InternalConnectionSettings "mbx01.contoso.com:995:SSL","mbx01.contoso.com:110:TLS" '
        '-X509CertificateName MBX01 -SSLBindings "[::]:995","0.0.0.0:995" '
        '-UnencryptedOrTLSBindings "[::]:110","0.0.0.0:110" -LoginType SecureLogin -EnableGSSAPIAndNTLMAuth $true '
        "-ExtendedProtectionPolicy None -EnforceCertificateErrors $false "
        '-Banner "The Microsoft Exchange POP3 service is ready." -AuthenticatedConnectionTimeout 00:30:00 '
        "-PreAuthenticatedConnectionTimeout 00:01:00 -MaxConnections 2147483647 "
        "-MaxConnectionFromSingleIP 2147483647 -MaxConnectionsPerUser 16 -MaxCommandSize 512 "
        "-MessageRetrievalMimeFormat BestBodyFormat -MessageRetrievalSortOrder Ascending "
        "-CalendarItemRetrievalOption iCalendar -OwaServerUrl $null "
        "-EnableExactRFC822Size $false -SuppressReadReceipt $false "
        "-ProxyTargetPort 1995 -ProtocolLogEnabled $false "
        '-LogFileLocation "C:\\Program Files\\Microsoft\\Exchange Server\\V15\\Logging\\Pop3" '
        "-LogFileRollOverSettings Hourly -LogPerFileSizeQuota 0"
    )


def test_its_services_are_stopped_and_manual(server: FakeServer) -> None:
    """As those of IMAP4."""
    found = {(str(server.service(name).status), str(server.service(name).startup_type)) for name in SERVICES}

    assert found == {("Stopped", "Manual")}


def test_settings_are_stored_and_read_back(fake: FakeExchange) -> None:
    """With the warnings of POP3."""
    change = xi.SetPopSettings(
        server="MBX01", message_retrieval_sort_order="Descending", external_connection_settings=("mail.x.org:1:SSL",)
    )

    reply = ask(fake, change)

    (settings,) = read(xi.PopSettings, fake, xi.GetPopSettings(server="mbx01"))
    assert settings.message_retrieval_sort_order is xi.SortOrder.Descending
    assert [str(each) for each in settings.external_connection_settings] == ["mail.x.org:1:SSL"]
    assert [text for text in reply.warnings if "POP3" in text] == list(reply.warnings)
    assert len(reply.warnings) == 2
    assert settings.protocol_name == "POP3"
    assert fake.server("MBX01").stored.external_connection_settings == ()


def test_a_custom_calendar_needs_its_address(fake: FakeExchange) -> None:
    """As with IMAP4."""
    change = xi.SetPopSettings(server="MBX01", calendar_item_retrieval_option="Custom")

    assert failure(fake, change) == "Cmdlet-DataValidationException"


def test_a_change_is_pending_until_both_services_have_read_it(fake: FakeExchange, server: FakeServer) -> None:
    """And has nothing to do with IMAP4's."""
    ask(fake, xi.StartService(name=SERVICES))
    ask(fake, xi.SetPopSettings(server="MBX01", max_connections=5))
    before = server.pop.effective
    assert before is not None
    assert (before.max_connections, server.pop.pending, server.pending) == (2**31 - 1, True, False)

    ask(fake, xi.RestartService(name=SERVICES[:1]))
    assert server.pop.pending
    ask(fake, xi.RestartService(name=SERVICES[1:]))

    after = server.loaded(SERVICES[1])
    assert after is not None
    assert (after.max_connections, server.pop.pending, server.effective) == (5, False, None)
    server.set_service(SERVICES[0], status=xi.ServiceStatus.Stopped)
    assert server.pop.effective is None


def test_settings_go_through_a_pipe(fake: FakeExchange) -> None:
    """From one protocol to the other too: both cmdlets take a server."""
    pipe = xi.parse("Get-ImapSettings | Set-PopSettings -Banner Hello")
    assert isinstance(pipe, xi.Pipeline)

    assert fake.transport().run(pipe).errors == ()
    assert fake.server("MBX01").pop.stored.banner == "Hello"
