"""A user's program: it gives text and lists where the documentation does, and the type checkers know every type.

mypy and pyright check it in their strict modes, and a test runs it against the fake server. A line that says
``type: ignore`` is a mistake that both have to find.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import assert_type

import exchange_imap as xi
from exchange_imap.testing import FakeExchange

EXTERNAL = ["mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS"]


def connect(fake: FakeExchange, name: str) -> xi.ImapServer:
    """Open the two endpoints of a server."""
    return xi.ImapServer(name, exchange=fake.transport(), windows=fake.transport())


def settings_as_text(server: str) -> xi.SetImapSettings:
    """State settings as the cmdlet takes them: each value as its text, each list as a list."""
    return xi.SetImapSettings(
        server=server,
        external_connection_settings=EXTERNAL,
        internal_connection_settings=("mbx01.contoso.com:993:SSL",),
        x509_certificate_name="mail.contoso.com",
        ssl_bindings=["[::]:993", "0.0.0.0:993"],
        unencrypted_or_tls_bindings={"Add": ["127.0.0.1:143"]},
        login_type="SecureLogin",
        enable_gssapi_and_ntlm_auth=True,
        extended_protection_policy="None",
        banner=None,
        authenticated_connection_timeout="00:30:00",
        pre_authenticated_connection_timeout=timedelta(minutes=1),
        max_connections=2000,
        max_connections_per_user="16",
        message_retrieval_mime_format="BestBodyFormat",
        calendar_item_retrieval_option=xi.CalendarItemRetrievalOption.iCalendar,
        log_per_file_size_quota="2MB",
        error_action="Stop",
    )


def settings_as_values() -> xi.SetImapSettings:
    """State the same by the library's own values."""
    return xi.SetImapSettings(
        external_connection_settings=tuple(map(xi.ConnectionSetting.parse, EXTERNAL)),
        ssl_bindings=xi.Binding("0.0.0.0", 993),
        unencrypted_or_tls_bindings=xi.ListEdit(add=(xi.Binding("127.0.0.1", 143),)),
        login_type=xi.LoginType.SecureLogin,
        log_per_file_size_quota=xi.ByteQuota(2 * 1024 * 1024),
    )


def edits() -> list[xi.SetImapSettings]:
    """Change some entries of a list, and leave the others."""
    return [
        xi.SetImapSettings(ssl_bindings=xi.ListEdit(add=["10.0.0.1:993"])),
        xi.SetImapSettings(external_connection_settings=xi.ListEdit(remove=("old.contoso.com:993:SSL",))),
        xi.SetImapSettings(internal_connection_settings=()),
        xi.SetImapSettings(internal_connection_settings=None),
    ]


def others() -> list[xi.Cmdlet]:
    """State the other cmdlets of the procedure."""
    return [
        xi.GetService(name=xi.IMAP4_SERVICES),
        xi.StartService(name="MSExchangeIMAP4"),
        xi.RestartService(name=["MSExchangeIMAP4", "MSExchangeIMAP4BE"], force=True),
        xi.SetService(name="MSExchangeIMAP4", startup_type="Automatic"),
        xi.SetReceiveConnector(
            identity="MBX01\\Client Frontend MBX01",
            fqdn="mail.contoso.com",
            auth_mechanism=["Tls", xi.AuthMechanism.BasicAuth],
            remote_ip_ranges=["0.0.0.0-255.255.255.255"],
            max_inbound_connection="unlimited",
            max_inbound_connection_per_source=20,
            tls_certificate_name="<I>CN=CA<S>CN=mail.contoso.com",
        ),
        xi.EnableExchangeCertificate(thumbprint="A" * 40, services=["IMAP", "SMTP"]),
        xi.SetServerComponentState(identity="MBX01", component="ImapProxy", state="Active", requester="HealthAPI"),
        xi.SetCASMailbox(identity="kim@contoso.com", imap_enabled=False),
        xi.GetCASMailbox(result_size=100),
    ]


def held(command: xi.SetImapSettings) -> None:
    """Show that what is read is precise, whatever was given."""
    assert_type(command.server, str | xi.Unset)
    assert_type(command.banner, str | xi.Unset | None)
    assert_type(command.login_type, xi.LoginType | xi.Unset)
    assert_type(command.max_connections, int | xi.Unset)
    assert_type(command.authenticated_connection_timeout, timedelta | xi.Unset)
    assert_type(command.log_per_file_size_quota, xi.ByteQuota | xi.Unset)
    assert_type(command.error_action, xi.ActionPreference | xi.Unset)
    bindings = command.ssl_bindings
    assert_type(bindings, tuple[xi.Binding, ...] | xi.ListEdit[xi.Binding] | xi.Unset | None)
    if isinstance(bindings, tuple):
        assert_type(bindings, tuple[xi.Binding, ...])


def ports(settings: xi.ImapSettings) -> dict[str, list[int]]:
    """Read a snapshot, whose properties are all there."""
    assert_type(settings.external_connection_settings, tuple[xi.ConnectionSetting, ...])
    assert_type(settings.login_type, xi.LoginType)
    assert_type(settings.x509_certificate_name, str | None)
    return {
        "SSL": [binding.port for binding in settings.ssl_bindings],
        "TLS": [binding.port for binding in settings.unencrypted_or_tls_bindings],
    }


def advertised(settings: Iterable[xi.ConnectionSetting]) -> list[str]:
    """Say what clients are told."""
    return [f"{setting.host} {setting.port} {setting.encryption or 'in clear'}" for setting in settings]


def read(line: str) -> str:
    """Read a line, and say what is wrong with it."""
    try:
        command = xi.parse(line)
    except xi.CommandSyntaxError as error:
        assert_type(error.span, xi.Span)
        return error.hint
    assert_type(command, xi.Cmdlet | xi.Pipeline)
    if isinstance(command, xi.SetImapSettings):
        held(command)
    return str(command)


def narrow(line: str) -> xi.LoginType | None:
    """Read a line of which the cmdlet is known: its class reads it, and the type is its own."""
    command = xi.SetImapSettings.parse(line, {"TargetServer": "MBX01"})
    assert_type(command, xi.SetImapSettings)
    return command.login_type or None


def enable(fake: FakeExchange, name: str) -> tuple[xi.Plan, xi.Outcome]:
    """Plan what is missing, look at it, and carry it out."""
    with connect(fake, name) as server:
        plan = server.plan(
            xi.DesiredState(
                settings=settings_as_text(name),
                services=[xi.SetService(name=each, startup_type="Automatic") for each in xi.IMAP4_SERVICES],
            )
        )
        for step in plan.steps:
            assert_type(step.command, xi.Cmdlet)
        outcome = server.apply(plan)
        assert_type(outcome.applied, tuple[xi.Step, ...])
        return plan, outcome


def services(server: xi.ImapServer) -> dict[str, xi.ServiceStatus]:
    """Read objects of the class that the cmdlet answers."""
    return {state.name: state.status for state in server.services()}


def mistakes() -> None:
    """Make mistakes that neither checker lets through."""
    xi.SetImapSettings(bannner="x")  # type: ignore[call-arg]  # misspelt
    xi.SetImapSettings(banner=3)  # type: ignore[arg-type]  # no text
    xi.SetImapSettings(ssl_bindings=[993])  # type: ignore[list-item]  # a port is no binding
    xi.SetImapSettings(login_type=3)  # type: ignore[arg-type]  # Exchange's number has no meaning here
    xi.SetImapSettings(enable_exact_rfc822_size="true")  # type: ignore[arg-type]  # a text is no Boolean
    xi.SetImapSettings("MBX01")  # type: ignore[call-arg, arg-type]  # each by its name
    xi.SetServerComponentState(identity="MBX01", component="ImapProxy")  # type: ignore[call-arg]  # two are missing
    xi.ConnectionSetting("mail.contoso.com", "993")  # type: ignore[arg-type]  # a port is a number
    xi.parse(b"Get-ImapSettings")  # type: ignore[arg-type]  # bytes are no text


def main() -> None:
    """Run what can be run."""
    fake = FakeExchange(servers=["MBX01"])
    print(settings_as_values(), *edits(), *others(), sep="\n")
    print(read("Set-ImapSettings -Bannner x"), narrow("Set-ImapSettings -Server $TargetServer -LoginType SecureLogin"))
    plan, outcome = enable(fake, "MBX01")
    print(plan, outcome, sep="\n")
    with connect(fake, "MBX01") as server:
        settings = server.settings()
        print(services(server), ports(settings), advertised(settings.external_connection_settings))


if __name__ == "__main__":
    main()
