"""What the server refuses on the wire: other paths, strangers, and messages that are none; and it goes on."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from contextlib import closing

import pytest

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, PsrpServer
from support import wire
from support.wire import WINDOWS


@pytest.fixture
def psrp() -> Iterator[PsrpServer]:
    """Serve two freshly installed servers; the first is the one that one is connected to."""
    with PsrpServer(FakeExchange(servers=["MBX01", "MBX02"])) as psrp:
        yield psrp
    assert psrp.errors == []
    assert psrp.open_shells == 0


def test_the_wrong_configuration_is_a_fault(psrp: PsrpServer) -> None:
    """The code is Windows' own; no shell is left."""
    with closing(wire.connect(psrp.port, WINDOWS)) as connection:
        pool = wire.powershell.RunspacePool(connection, configuration_name="Microsoft.Exchange")
        with pytest.raises(wire.Fault) as caught:
            pool.open()

    assert caught.value.code == 2150858811


def ask(psrp: PsrpServer, method: str, path: str, **headers: str) -> http.client.HTTPResponse:
    """Send a request of HTTP alone, and read the answer."""
    connection = http.client.HTTPConnection(psrp.host, psrp.port)
    with closing(connection):
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        answer.read()
        return answer


def test_what_is_no_door_is_a_page(psrp: PsrpServer) -> None:
    """404 of another path, 405 of another method, 401 without a name."""
    assert [ask(psrp, "POST", "/owa").status, ask(psrp, "GET", "/PowerShell").status] == [404, 405]
    assert ask(psrp, "POST", "/owa").getheader("Content-Type") == "text/html"
    answer = ask(psrp, "POST", "/PowerShell")
    assert (answer.status, answer.getheader("WWW-Authenticate")) == (401, 'Basic realm="WSMAN"')
    assert not psrp.requests


def test_a_name_alone_is_accepted(psrp: PsrpServer) -> None:
    """A login before the first message: an empty body gets an empty answer."""
    assert ask(psrp, "POST", "/PowerShell", Authorization="Basic YWRtaW5pc3RyYXRvcjpsb29wYmFjaw==").status == 200


def test_a_length_that_is_none_is_taken_for_nothing(psrp: PsrpServer) -> None:
    """The server does not stumble."""
    connection = http.client.HTTPConnection(psrp.host, psrp.port)
    with closing(connection):
        connection.putrequest("POST", "/PowerShell")
        connection.putheader("Content-Length", "many")
        connection.endheaders()
        assert connection.getresponse().status == 401


def test_a_wrong_password_is_refused(psrp: PsrpServer) -> None:
    """And nothing is opened."""
    with pytest.raises(wire.exceptions.AuthenticationError), wire.pool(psrp.port, password="wrong"):  # noqa: S106
        raise AssertionError
    assert not psrp.requests


def test_messages_that_are_none_take_no_shell_over(psrp: PsrpServer) -> None:
    with wire.pool(psrp.port, WINDOWS) as pool, closing(wire.connect(psrp.port, WINDOWS)) as second:
        pool.disconnect()
        body = wire.powershell.ET.fromstring(f"<Connect xmlns='{wire.SHELL}'/>")
        wire.powershell.ET.SubElement(body, "{http://schemas.microsoft.com/powershell}connectXml").text = "AAAA"
        with pytest.raises(wire.Fault, match="cannot be read"):
            second.connect(pool.shell.resource_uri, body, selector_set=pool.shell._selector_set)
        pool.state = wire.powershell.RunspacePoolState.CLOSED


@pytest.mark.parametrize(
    ("action", "body", "code"),
    [
        ("command", "<CommandLine CommandId='x'><Arguments/></CommandLine>", 2150858819),
        ("command", "<CommandLine><Arguments>AA</Arguments></CommandLine>", 2150858819),
        ("signal", "<Signal><Code>ctrl_c</Code></Signal>", 2150858819),
        ("signal", "<Signal CommandId='00000000-0000-0000-0000-000000000001'><Code/></Signal>", 2150858843),
        ("send", "<Send><Stream>=</Stream></Send>", 2150858819),
        ("pull", "<Pull>no such thing</Pull>", 2150858754),
    ],
)
def test_what_cannot_be_is_a_fault(psrp: PsrpServer, action: str, body: str, code: int) -> None:
    """And the shell goes on."""
    with wire.pool(psrp.port) as pool:
        with pytest.raises(wire.Fault) as caught:
            wire.send(pool, action, body)

        assert caught.value.code == code
        assert wire.run(pool, "Get-ImapSettings").output


def test_messages_that_are_none_end_the_shell(psrp: PsrpServer) -> None:
    """What comes behind them could not be distinguished from them."""
    with wire.pool(psrp.port) as pool:
        with pytest.raises(wire.Fault, match="cannot be read"):
            wire.send(pool, "command", "<CommandLine><Arguments>AAAA</Arguments></CommandLine>")
        assert psrp.open_shells == 0
        with pytest.raises(wire.Fault) as caught:
            wire.command(pool, "Get-ImapSettings").invoke()
        pool.state = wire.powershell.RunspacePoolState.CLOSED

    assert caught.value.code == 2150858843


def test_an_envelope_that_is_none_is_a_fault(psrp: PsrpServer) -> None:
    """XML is asked for."""
    with closing(wire.connect(psrp.port)) as connection, pytest.raises(wire.exceptions.WinRMTransportError) as caught:
        connection.transport.send(b"<s:Envelope>")

    assert 'Code="2150858819"' in caught.value.response_text


def test_an_envelope_without_a_body_or_limits_is_read(psrp: PsrpServer) -> None:
    """The action decides what is said of it."""
    envelope = b"<e:Envelope xmlns:e='http://www.w3.org/2003/05/soap-envelope'/>"
    with closing(wire.connect(psrp.port)) as connection, pytest.raises(wire.exceptions.WinRMTransportError) as caught:
        connection.transport.send(envelope)

    assert 'Code="2150858754"' in caught.value.response_text


def test_a_receive_without_a_name_is_one_of_its_own(psrp: PsrpServer) -> None:
    """Without a MessageID nothing can be a repetition."""
    envelope = (
        "<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope' xmlns:a='http://schemas.xmlsoap.org/ws/2004/08/"
        "addressing' xmlns:w='http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd'><s:Header><a:Action>x/Receive</a:Action>"
        "<w:OperationTimeout>PT0.01S</w:OperationTimeout><w:SelectorSet><w:Selector Name='ShellId'>{}</w:Selector>"
        "</w:SelectorSet></s:Header><s:Body><Receive/></s:Body></s:Envelope>"
    )
    with wire.pool(psrp.port) as pool, pytest.raises(wire.exceptions.WinRMTransportError) as caught:
        pool.connection.transport.send(envelope.format(pool.id).encode())

    assert 'Code="2150858793"' in caught.value.response_text


def test_a_shell_or_command_is_there_once(psrp: PsrpServer) -> None:
    """A second one of the same number is refused; the server makes numbers for those without one."""
    with wire.pool(psrp.port) as pool:
        shell = wire.command(pool, "Get-ImapSettings")
        shell.invoke()
        again = wire.command(pool, "Get-ImapSettings")
        again.id = shell.id
        with pytest.raises(wire.Fault, match="already"):
            again.invoke()
        with closing(wire.connect(psrp.port)) as connection:
            second = wire.powershell.RunspacePool(connection, configuration_name="Microsoft.Exchange")
            second.id = second.shell.id = pool.id
            with pytest.raises(wire.Fault, match="already"):
                second.open()


def test_a_shell_that_cannot_be_opened_is_not_left(psrp: PsrpServer) -> None:
    """Messages that cannot be read open nothing."""
    body = wire.powershell.ET.fromstring(
        f"<Shell xmlns='{wire.SHELL}'><creationXml xmlns='http://schemas.microsoft.com/powershell'>AAAA</creationXml></Shell>"
    )
    with closing(wire.connect(psrp.port)) as connection, pytest.raises(wire.Fault, match="cannot be read"):
        connection.create("http://schemas.microsoft.com/powershell/Microsoft.Exchange", body)


def test_the_shell_of_one_door_is_not_to_be_found_behind_the_other(psrp: PsrpServer) -> None:
    """Numbers are not shared."""
    with wire.pool(psrp.port) as pool, closing(wire.connect(psrp.port, WINDOWS)) as other:
        with pytest.raises(wire.Fault) as caught:
            other.get(wire.SHELL, selector_set=pool.shell._selector_set)

        assert caught.value.code == 2150858843


def test_a_server_that_there_is_not_is_refused() -> None:
    with pytest.raises(xi.InvalidValueError, match="MBX09"):
        PsrpServer(FakeExchange(servers=["MBX01"]), server="MBX09")
