"""Options of a connection: which are accepted, and which are refused before anything is sent."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap._transports.psrp.deadline import Deadline
from exchange_imap._transports.psrp.options import ConnectionOptions


def test_exchange_is_behind_iis_with_kerberos() -> None:
    """Unless something else is asked for."""
    options = ConnectionOptions.exchange("mbx01.contoso.com", {})

    assert (options.url, options.auth, options.configuration) == (
        "http://mbx01.contoso.com:80/PowerShell",
        "kerberos",
        "Microsoft.Exchange",
    )
    assert (options.negotiate_service, options.no_proxy, options.cert_validation) == ("HTTP", True, True)


def test_windows_is_behind_winrm_with_negotiate() -> None:
    options = ConnectionOptions.windows("fe80::1", {})

    assert (options.url, options.auth, options.configuration) == (
        "http://[fe80::1]:5985/wsman",
        "negotiate",
        "Microsoft.PowerShell",
    )


def test_tls_has_its_own_ports() -> None:
    """443 and 5986, unless a port is given."""
    assert ConnectionOptions.exchange("h", {"ssl": True}).url == "https://h:443/PowerShell"
    assert ConnectionOptions.windows("h", {"ssl": True}).url == "https://h:5986/wsman"
    assert ConnectionOptions.windows("h", {"ssl": True, "port": 1}).url == "https://h:1/wsman"


BASIC: dict[str, Any] = {"auth": "basic", "username": "u", "password": xi.Secret("p")}
REFUSED = {
    "unknown": ({"usernam": "x"}, "Did you mean username?"),
    "pypsrp's other class": ({"configuration_name": "x"}, "They are port, ssl"),
    "auth": ({"auth": "digest"}, "one of kerberos"),
    "encryption": ({"encryption": "maybe"}, "one of auto"),
    "port": ({"port": 70000}, "a port of 1 to 65535"),
    "port's type": ({"port": "80"}, "a port of 1 to 65535"),
    "timeout": ({"read_timeout": 0}, "a whole number of seconds"),
    "a fraction": ({"read_timeout": 30.5}, "a whole number of seconds, 1 to 86400"),
    "more than a day": ({"read_timeout": 10**12}, "a whole number of seconds, 1 to 86400"),
    "true seconds": ({"connection_timeout": True}, "a whole number of seconds"),
    "no size": ({"max_answer_size": 0}, "a whole number of bytes"),
    "a limit in seconds": ({"timeout": 30}, r"Write timedelta\(seconds=30\)"),
    "a limit of nothing": ({"timeout": timedelta(0)}, "a time longer than none"),
    "path with a blank": ({"path": "a b"}, "a path such as PowerShell"),
    "path that begins with a stroke": ({"path": "/PowerShell"}, "a path such as PowerShell"),
    "path of another type": ({"path": 5}, "a path such as PowerShell"),
    "no user": ({"username": ""}, "a user's name"),
    "two lines of user": ({"username": "a\nb"}, "a user's name"),
    "user of another type": ({"username": b"a"}, "a user's name"),
    "service": ({"negotiate_service": None}, "a service such as HTTP"),
    "override": ({"negotiate_hostname_override": "a/b"}, "a host name"),
    "locale": ({"locale": "en US"}, "a language such as en-US"),
    "certificate of another type": ({"certificate_pem": 5}, "the path of a PEM file"),
    "certificate without a path": ({"certificate_key_pem": ""}, "the path of a PEM file"),
    "timeouts": ({"operation_timeout": 30}, "less than read_timeout, 30"),
    "basic in clear": (BASIC, "allow_insecure=True sends everything in clear"),
    "basic that encrypts": ({**BASIC, "ssl": True, "encryption": "always"}, "auto or never with auth=basic"),
    "no encryption": ({"encryption": "never"}, "TLS or message encryption"),
    "basic without a name": ({"auth": "basic", "ssl": True}, "username= and password="),
    "certificate without one": ({"auth": "certificate", "ssl": True}, "certificate_pem="),
}


@pytest.mark.parametrize(("options", "text"), REFUSED.values(), ids=list(REFUSED))
def test_what_cannot_be_is_refused(options: dict[str, Any], text: str) -> None:
    """With what would do."""
    with pytest.raises(xi.InvalidValueError, match=text.replace("?", r"\?")):
        xi.PsrpTransport.exchange("mbx01", **options)


HOSTS = [
    "",
    "http://x",
    "u@x",
    "a b",
    5,
    "h?x",
    "h#x",
    "h\\x",
    "h\r\nX: y",
    "h\0",
    "h;x",
    "*",
    "h%0d",
    "h\u202e",
    "[::1]",
]
HOSTS += ["-h", "h-", "a..b", ".", "a" * 256, "fe80::1%\x1b", "fe80::1%e h", "::g"]


@pytest.mark.parametrize(
    "host", ["mbx01", "mbx01.contoso.com.", "mbx_01", "zürich.example", "10.0.0.1", "::1", "fe80::1%eth0"]
)
def test_a_host_is_a_name_or_an_address(host: str) -> None:
    """Of either family, and of any script."""
    assert f"at http://{f'[{host}]' if ':' in host else host}:80/" in repr(xi.PsrpTransport.exchange(host))


@pytest.mark.parametrize("host", ["mbx01:5985", "10.0.0.1:5985", "[::1]:5985"])
def test_a_port_behind_the_host_is_refused_with_its_keyword(host: str) -> None:
    """It was taken for an address of IPv6."""
    with pytest.raises(xi.InvalidValueError, match="Give the port as port=5985"):
        xi.PsrpTransport.exchange(host)


@pytest.mark.parametrize("value", ["", " ", None, 0, 1, b"x", (), "no"])
@pytest.mark.parametrize("name", ["ssl", "allow_insecure", "no_proxy", "negotiate_delegate", "negotiate_send_cbt"])
def test_a_switch_is_true_or_false(name: str, value: Any) -> None:
    """What only counts as one would permit a password in clear: the text "no" is true."""
    with pytest.raises(xi.InvalidValueError, match=f"{name}: expected True or False"):
        xi.PsrpTransport.exchange("h", **{name: value})


@pytest.mark.parametrize("value", ["", " ", None, 0, 1, b"x", ()])
def test_verification_is_not_switched_off_by_accident(value: Any) -> None:
    """With each of these the library below verifies nothing, or something else."""
    with pytest.raises(xi.InvalidValueError, match="cert_validation: expected True, or the path"):
        xi.PsrpTransport.exchange("h", ssl=True, allow_insecure=True, cert_validation=value)


def test_verification_is_switched_off_on_purpose_alone() -> None:
    """By saying so twice."""
    with pytest.raises(xi.InvalidValueError, match="cert_validation: expected verification"):
        xi.PsrpTransport.exchange("h", ssl=True, cert_validation=False)

    assert (
        ConnectionOptions.exchange("h", {"ssl": True, "cert_validation": False, "allow_insecure": True}).cert_validation
        is False
    )
    for path in ("/etc/ssl/ca.pem", Path("/etc/ssl/ca.pem")):
        assert (
            ConnectionOptions.exchange("h", {"ssl": True, "cert_validation": path}).cert_validation == "/etc/ssl/ca.pem"
        )


def test_a_colon_in_the_user_of_basic_is_refused() -> None:
    """The server would take what is behind it for the password (RFC 7617)."""
    with pytest.raises(xi.InvalidValueError, match="username: expected no colon"):
        xi.PsrpTransport.exchange("h", ssl=True, auth="basic", username="a:b", password="c")  # noqa: S106 - none


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_that_is_none_is_refused(host: Any) -> None:
    """A URL is not one."""
    with pytest.raises(xi.InvalidValueError, match="a host name or IP address"):
        xi.PsrpTransport.windows(host)


def test_basic_in_clear_is_sent_when_the_caller_insists() -> None:
    """Then nothing is encrypted; over TLS that is TLS's business."""
    assert not ConnectionOptions.exchange("h", {**BASIC, "allow_insecure": True}).encrypts  # type: ignore[typeddict-item]
    assert not ConnectionOptions.exchange("h", {**BASIC, "ssl": True}).encrypts  # type: ignore[typeddict-item]


def test_messages_are_encrypted_where_there_is_no_tls_or_the_caller_insists() -> None:
    """With what the login agreed on."""
    assert ConnectionOptions.exchange("h", {}).encrypts
    assert not ConnectionOptions.exchange("h", {"ssl": True}).encrypts
    assert ConnectionOptions.exchange("h", {"ssl": True, "encryption": "always"}).encrypts
    assert not ConnectionOptions.exchange("h", {"encryption": "never", "allow_insecure": True}).encrypts


def test_a_certificate_over_tls_is_taken() -> None:
    options = ConnectionOptions.exchange(
        "h", {"auth": "certificate", "ssl": True, "certificate_pem": "a", "certificate_key_pem": "b"}
    )

    assert options.certificate_pem == "a"


def test_a_server_is_connected_with_options_for_both_endpoints_and_for_each() -> None:
    """Nothing is sent yet."""
    server = xi.ImapServer.connect("h", name="MBX01", username="u", exchange={"ssl": True}, windows={"port": 1})

    assert server.name == "MBX01"
    assert "https://h:443/PowerShell" in repr(server.exchange)
    assert "http://h:1/wsman" in repr(server.windows)
    server.close()


def test_without_a_limit_a_request_has_its_own() -> None:
    never = Deadline.after(None)

    assert (never.within(5), never.within(None), never.passed, never.remaining) == (5, None, False, None)


def test_a_limit_shortens_a_request_to_whole_seconds() -> None:
    soon = Deadline.after(timedelta(seconds=2.5))

    assert (soon.within(30), soon.within(1), soon.within(None)) == (3, 1, 3)
    assert not soon.passed


def test_a_moment_that_has_passed_leaves_one_second() -> None:
    """Less than that WSMan does not know."""
    past = Deadline(0.0)

    assert (past.passed, past.remaining, past.within(None)) == (True, 0.0, 1)
