"""What every transport to an Exchange server does, asked of each of them with the same questions."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._transports.reads import run_reads
from support.endpoints import WAYS, Pair

MISSING = "MBX99"


@pytest.fixture(params=WAYS)
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Open both endpoints of one server in one of the ways."""
    with ExitStack() as stack:
        yield request.param(stack)


@pytest.fixture
def server(pair: Pair) -> xi.ImapServer:
    """Return what a tool holds for the server."""
    return xi.ImapServer(pair.name, exchange=pair.exchange, windows=pair.windows)


def test_settings_come_back_typed(server: xi.ImapServer) -> None:
    """Every property is there."""
    settings = server.settings()

    assert settings.protocol_name == "IMAP4"
    assert all(isinstance(binding, xi.Binding) for binding in settings.ssl_bindings)


def test_both_services_come_back_typed(server: xi.ImapServer) -> None:
    """The front end first."""
    names = [service.name.lower() for service in server.services()]

    assert names == [name.lower() for name in xi.IMAP4_SERVICES]


CHANGES = {
    "text": xi.SetImapSettings(banner="It's “so” – “fine” `$x _x0041_ \U0001f600"),
    "number": xi.SetImapSettings(max_connections=4711),
    "flag": xi.SetImapSettings(suppress_read_receipt=True),
    "choice": xi.SetImapSettings(login_type=xi.LoginType.PlainTextLogin),
    "time span": xi.SetImapSettings(authenticated_connection_timeout="00:10:00"),
    "size": xi.SetImapSettings(log_per_file_size_quota="5MB"),
    "list": xi.SetImapSettings(external_connection_settings=("mail.contoso.com:993:SSL",)),
    "empty list": xi.SetImapSettings(external_connection_settings=()),
    "null": xi.SetImapSettings(external_connection_settings=None),
    "bindings": xi.SetImapSettings(ssl_bindings=("[::]:993", "127.0.0.1:1993")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_of_every_kind_is_read_back(server: xi.ImapServer, change: xi.SetImapSettings) -> None:
    """What was written is what is stored, in whatever form it travels."""
    reply = server.run(attrs.evolve(change, server=server.name))

    assert xi.diff(server.settings(), change) is None
    assert any(server.name in warning for warning in reply.warnings)


def test_errors_are_shown_or_not_as_the_command_says(server: xi.ImapServer) -> None:
    """A server that is not there is an error by itself, and nothing with -ErrorAction SilentlyContinue."""
    with pytest.raises(xi.CommandError):
        server.run(xi.GetImapSettings(server=MISSING, error_action=xi.ActionPreference.Stop))

    reply = server.run(xi.GetImapSettings(server=MISSING, error_action=xi.ActionPreference.SilentlyContinue))

    assert reply.records == ()
    assert reply.errors == ()


def test_warnings_are_shown_or_not_as_the_command_says(server: xi.ImapServer) -> None:
    """That services are to be restarted is a warning."""
    change = xi.SetImapSettings(server=server.name, max_connections=17)

    assert server.run(change).warnings
    assert not server.run(attrs.evolve(change, warning_action=xi.ActionPreference.SilentlyContinue)).warnings


def test_no_variable_is_named_where_there_are_none(server: xi.ImapServer) -> None:
    """The Exchange endpoint has no language, and so no variables; the Windows endpoint has."""
    with pytest.raises(xi.CommandError) as caught:
        server.run(xi.GetImapSettings(server=server.name, out_variable="x"))

    assert caught.value.id == "VariableReferenceNotSupportedInDataSection"
    assert server.run(xi.GetService(name=xi.IMAP4_SERVICES, out_variable="x", verbose=True)).records


def test_a_list_is_edited(server: xi.ImapServer) -> None:
    """One is added and one removed; the others stay."""
    before = server.settings().ssl_bindings
    extra = xi.Binding.parse("127.0.0.1:1993")

    server.run(xi.SetImapSettings(server=server.name, ssl_bindings=xi.ListEdit(add=(extra,), remove=before[:1])))

    assert set(server.settings().ssl_bindings) == {*before[1:], extra}


def refused(server: xi.ImapServer, command: xi.Cmdlet) -> xi.CommandError:
    """Return what the server says."""
    with pytest.raises(xi.CommandError) as caught:
        server.run(command)
    return caught.value


def test_a_server_that_is_not_there_is_refused_with_its_category(server: xi.ImapServer) -> None:
    """Texts are localized; ids are not."""
    error = refused(server, xi.GetImapSettings(server=MISSING))

    assert error.records[0].failure_category == "Cmdlet-ManagementObjectNotFoundException"


def test_a_disabled_service_does_not_start(server: xi.ImapServer) -> None:
    server.run(xi.SetService(name=xi.IMAP4_SERVICE, startup_type=xi.StartupType.Disabled))

    error = refused(server, xi.StartService(name=(xi.IMAP4_SERVICE,)))

    assert error.id.startswith("CouldNotStartService")


def test_a_service_that_is_not_there_is_refused(server: xi.ImapServer) -> None:
    """With the category that PowerShell gives it."""
    error = refused(server, xi.GetService(name=("Nothing",)))

    assert (error.category, error.id.partition(",")[0]) == ("ObjectNotFound", "NoServiceFoundForGivenName")


def reply_of(transport: xi.Transport | None, command: xi.Command) -> xi.Reply:
    """Run something that has no class."""
    assert transport is not None
    return transport.run(xi.Pipeline((command,)))


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (xi.Command("Get-Nothing"), "CommandNotFoundException"),
        (xi.GetService().to_command(), "CommandNotFoundException"),
        (xi.Command("Get-ImapSettings", (xi.Parameter("Identity"),)), "NamedParameterNotFound"),
    ],
    ids=["no cmdlet", "other endpoint", "no parameter"],
)
def test_what_the_exchange_endpoint_does_not_have_is_refused(pair: Pair, command: xi.Command, expected: str) -> None:
    """With PowerShell's own id."""
    reply = reply_of(pair.exchange, command)

    assert reply.errors[0].fully_qualified_error_id.partition(",")[0] == expected
    assert not reply.records


def test_several_reads_answer_as_each_alone(pair: Pair) -> None:
    """In whatever requests: objects of three types, two of one type, and an error between them."""
    reads = [
        xi.GetImapSettings(server=pair.name),
        xi.GetServerComponentState(identity=pair.name, component="ImapProxy"),
        xi.GetServerComponentState(identity=pair.name, component="PopProxy"),
        xi.GetExchangeCertificate(server=pair.name),
    ]
    for asked in (reads, [*reads, xi.GetImapSettings(server=MISSING)]):
        pipelines = [xi.Pipeline((read,)) for read in asked]

        replies = run_reads(pair.exchange, pipelines)

        assert [reply.records for reply in replies] == [pair.exchange.run(each).records for each in pipelines]
        assert [len(reply.errors) for reply in replies[4:]] == [1] * (len(asked) - 4)


def test_the_whole_procedure(pair: Pair, server: xi.ImapServer) -> None:
    """From fresh to enabled and back; the second time there is nothing to do."""
    external = ("mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS")
    before = server.state()

    outcome = server.enable(external=external, certificate="mail.contoso.com")

    assert {str(service.status) for service in server.services()} == {"Running"}
    assert not server.plan(xi.DesiredState.enabled(external=external, certificate="mail.contoso.com"))
    assert len(outcome.applied) == 5
    server.apply(outcome.plan.reverse())
    assert server.state().same(attrs.evolve(before, pending=server.state().pending))
    pair.settled()


def test_a_closed_session_refuses(pair: Pair) -> None:
    """And says that nothing was sent."""
    pair.exchange.close()

    with pytest.raises(xi.TransportError) as caught:
        pair.exchange.run(xi.Pipeline((xi.GetImapSettings(),)))

    assert caught.value.sent is False


def test_closing_twice_is_closing(pair: Pair) -> None:
    """It may be called again."""
    pair.exchange.close()
    pair.exchange.close()


# -- pipes -----------------------------------------------------------------------------------------------------------


def test_format_list_behind_a_pipe_chooses_properties(server: xi.ImapServer) -> None:
    """In the order in which they are named, whatever the endpoint knows of Format-List."""
    reply = server.run(xi.parse(f"Get-ImapSettings -Server {server.name} | Format-List X509*,LoginType,*Bindings"))

    (record,) = reply.records
    assert list(record.properties)[:2] == ["X509CertificateName", "LoginType"]
    assert set(record.properties) == {
        *("X509CertificateName", "LoginType", "SSLBindings", "UnencryptedOrTLSBindings"),
    }


def test_a_pipe_into_a_change_is_one_change(server: xi.ImapServer) -> None:
    """Command by command, each object by its name."""
    reply = server.run(xi.parse(f"Get-ImapSettings -Server {server.name} | Set-ImapSettings -Banner 'By a pipe'"))

    assert reply.records == ()
    assert server.settings().banner == "By a pipe"


def test_a_pipe_can_be_sent_whole(pair: Pair, server: xi.ImapServer) -> None:
    """As one pipeline of two commands, which an endpoint without language takes as well."""
    pipe = (xi.GetImapSettings(server=server.name), xi.SetImapSettings(banner="By one pipe"))

    reply = pair.exchange.run(xi.Pipeline(pipe))

    assert reply.errors == ()
    assert server.settings().banner == "By one pipe"


def test_services_go_through_a_pipe(server: xi.ImapServer) -> None:
    """Both, whichever wildcard found them."""
    server.run(xi.parse("Get-Service MSExchangeIMAP4* | Set-Service -StartupType Manual"))
    server.run(xi.parse("Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE | Set-Service -StartupType Automatic"))

    assert {service.startup_type for service in server.services()} == {xi.StartupType.Automatic}
