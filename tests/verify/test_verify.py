"""Verification: whether clients can connect, the cause in the first line, and what was left when a part failed."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any, Final

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._rules.every import RULES
from exchange_imap._verify import causes
from exchange_imap.testing import FakeExchange, Fault, NewCertificate, NewMailbox
from support.examined import CLIENTS, COMPONENT, NOW, at

_BOTH: Final = (xi.CertificateService.IMAP, xi.CertificateService.SMTP)
GOOD: Final = NewCertificate(("mail.contoso.com", "mbx01.contoso.com"), services=_BOTH)
EXTERNAL: Final = "mail.contoso.com:993:SSL"
KIM: Final = xi.PSCredential("kim@contoso.com", "correct horse")
SET: Final = "Set-ImapSettings -Server MBX01"
RESTART: Final = "Restart-Service MSExchangeIMAP4,MSExchangeIMAP4BE"
MANUAL: Final = xi.DesiredState(services=[xi.SetService(name="MSExchangeIMAP4", startup_type="Manual")])
IMAP4, SMTP = xi.Protocol.IMAP4, xi.Protocol.SMTP


def serve(certificate: NewCertificate = GOOD) -> FakeExchange:
    """Return a server on which IMAP4 is enabled as the documentation says, with a certificate that clients accept."""
    fake = FakeExchange(servers=["MBX01"], mailboxes=[NewMailbox("kim"), NewMailbox("administrator")])
    fake.server("MBX01").add_certificate(certificate)
    at(fake).enable(external=[EXTERNAL], certificate="mail.contoso.com", smtp="mail.contoso.com")
    return fake


def run(fake: FakeExchange, *lines: str) -> xi.ImapServer:
    """Run lines on a server, and connect anew: nothing is known of what was pending."""
    server = at(fake)
    for line in lines:
        server.run(xi.parse(line))
    return at(fake)


def seen(
    setting: xi.ConnectionSetting | str, protocol: xi.Protocol = IMAP4, failed: xi.Stage | None = None
) -> xi.ProbeResult:
    """Return what a probe saw: everything in order, or a stage that failed, with the finding of it."""
    setting = xi.ConnectionSetting.parse(setting) if isinstance(setting, str) else setting
    failure = xi.ProbeFailure.REJECTED if failed else None
    stage = xi.ProbeStage(name=failed or xi.Stage.TLS, elapsed=timedelta(seconds=1), failure=failure)
    found = xi.Finding(rule="probe-failed", severity=xi.Severity.ERROR, reason=f"{setting}: no", right="Look")
    return xi.ProbeResult(
        setting=setting,
        protocol=protocol,
        stages=(stage,),
        began=NOW,
        elapsed=timedelta(seconds=1),
        findings=(found,) if failed else (),
    )


class Probed:
    """Answers instead of the network, and notes what it was asked."""

    def __init__(self, failed: dict[xi.Protocol, xi.Stage] | None = None) -> None:
        self.failed = failed or {}
        self.asked: list[tuple[str, xi.Protocol, bool, str | None]] = []

    def __call__(
        self,
        setting: xi.ConnectionSetting,
        /,
        *,
        protocol: xi.Protocol,
        credential: xi.PSCredential | None,
        certificate_name: str | None,
    ) -> xi.ProbeResult:
        """Take part in place of :func:`exchange_imap.probe`."""
        self.asked.append((str(setting), protocol, credential is not None, certificate_name))
        return seen(setting, protocol, self.failed.get(protocol))


def first_line(verification: xi.Verification) -> str:
    """Return what somebody reads first."""
    return str(verification).partition("\n")[0]


# -- a server that works -------------------------------------------------------------------------------------------


def test_works_only_where_a_client_has_connected() -> None:
    """Each probe and each test succeeded, and nothing else is wrong but for notes."""
    probed = Probed()
    verification = at(serve()).verify(credential=KIM, probe=probed)

    assert (verification.works, verification.exit_code, verification.cause) == (True, 0, None)
    assert first_line(verification) == "MBX01: clients can connect"
    assert {found.severity for found in verification.findings} == {xi.Severity.NOTE}
    assert [(test.connection_type, test.port, test.succeeded) for test in verification.tests] == [
        (xi.ConnectionType.Ssl, 993, True),
        (xi.ConnectionType.Tls, 143, True),
    ]
    assert probed.asked == [
        (EXTERNAL, IMAP4, True, "mail.contoso.com"),
        ("mail.contoso.com:587:TLS", SMTP, True, None),
    ]
    assert verification.to_run == ()


def test_is_not_known_to_work_where_nobody_has_tried() -> None:
    """Without a credential there is no test user, and without probes no client."""
    verification = at(serve()).verify(probe=None)

    assert (verification.works, verification.exit_code) == (None, 2)
    assert first_line(verification) == "MBX01: it is not known whether clients can connect"
    assert "connectivity-not-tested" in [found.rule for found in verification.findings]


def test_names_what_is_wrong_although_clients_can_connect() -> None:
    """A warning is named in the first line too."""
    fake = serve()
    server = run(fake, f"{SET} -LoginType PlainTextLogin", RESTART)
    verification = server.verify(credential=KIM, probe=None)

    assert verification.works
    assert first_line(verification).startswith("MBX01: clients can connect; but LoginType: PlainTextLogin allows")
    assert str(verification.to_run[0]).endswith("-LoginType SecureLogin")


# -- each misconfiguration, with the cause in the first line --------------------------------------------------------

_MISCONFIGURED: Final = {
    "the front end is stopped": (["Stop-Service MSExchangeIMAP4"], "service-not-running"),
    "the backend is stopped": (["Stop-Service MSExchangeIMAP4BE"], "service-not-running"),
    "a service is disabled": (
        ["Stop-Service MSExchangeIMAP4", "Set-Service MSExchangeIMAP4 -StartupType Disabled"],
        "service-disabled",
    ),
    "maintenance": ([f"{COMPONENT} ImapProxy -State Inactive -Requester Maintenance"], "component-inactive"),
    "the whole server is offline": (
        [f"{COMPONENT} ServerWideOffline -State Inactive -Requester Maintenance"],
        "server-wide-offline",
    ),
    "taken offline by Exchange, for want of 127.0.0.1": (
        [
            f'{SET} -SSLBindings "10.0.0.12:993" -UnencryptedOrTLSBindings "10.0.0.12:143"',
            RESTART,
            f"{COMPONENT} ImapProxy -State Inactive -Requester HealthApi",
        ],
        "no-loopback",
    ),
    "bindings without 127.0.0.1": ([f'{SET} -SSLBindings "10.0.0.12:993"', RESTART], "no-loopback"),
    "nothing is bound": ([f"{SET} -SSLBindings $null -UnencryptedOrTLSBindings $null", RESTART], "no-bindings"),
    "a certificate that is not there": (
        [f"{SET} -ExternalConnectionSettings imap.contoso.com:993:SSL -X509CertificateName imap.contoso.com", RESTART],
        "certificate-missing",
    ),
    "an internal name of another server": (
        [f"{SET} -InternalConnectionSettings mbx02.contoso.com:993:SSL", RESTART],
        "internal-names",
    ),
    "no internal name": ([f"{SET} -InternalConnectionSettings $null", RESTART], "nothing-advertised-inside"),
    "nothing for Outlook on the web": ([f"{SET} -ExternalConnectionSettings $null", RESTART], "nothing-advertised"),
    "the method of another port": (
        [f"{SET} -ExternalConnectionSettings mail.contoso.com:993:TLS", RESTART],
        "port-and-method",
    ),
    "a connection in clear": (
        [f"{SET} -ExternalConnectionSettings mail.contoso.com:143", RESTART],
        "unencrypted-connection",
    ),
    "passwords in clear": ([f"{SET} -LoginType PlainTextLogin", RESTART], "clear-text-login"),
    "a service that does not start with Windows": (
        ["Set-Service MSExchangeIMAP4BE -StartupType Manual"],
        "service-not-automatic",
    ),
    "a log without a bound": (
        [f"{SET} -ProtocolLogEnabled $true -LogPerFileSizeQuota unlimited", RESTART],
        "log-without-bound",
    ),
    "a connector without TLS": ([f"{CLIENTS} -AuthMechanism Integrated"], "connector-without-tls"),
    "a connector that is off": ([f"{CLIENTS} -Enabled $false"], "connector-disabled"),
}


@pytest.mark.parametrize(("lines", "rule"), _MISCONFIGURED.values(), ids=list(_MISCONFIGURED))
@pytest.mark.parametrize("credential", [None, KIM], ids=["without a login", "with a login"])
def test_names_the_cause_in_the_first_line(lines: list[str], rule: str, credential: xi.PSCredential | None) -> None:
    """Whether the server only says it, or its own test fails as well."""
    verification = run(serve(), *lines).verify(credential=credential, probe=None)

    assert verification.cause is not None
    assert verification.cause.rule == rule
    assert first_line(verification).endswith(f"[{rule}]")
    assert verification.findings[0] is verification.cause


_CERTIFICATES: Final[dict[str, dict[str, Any]]] = {  # Any: the values of several arguments
    "certificate-expired": {"not_after": NOW - timedelta(days=1)},
    "certificate-expires-soon": {"not_after": NOW + timedelta(days=5)},
    "certificate-names": {"names": ("mail.contoso.com",)},
    "certificate-not-enabled": {"services": (xi.CertificateService.SMTP,)},
    "self-signed-certificate": {"issuer": ""},
    "weak-key": {"key_bits": 1024},
}


@pytest.mark.parametrize(("rule", "wrong"), _CERTIFICATES.items(), ids=list(_CERTIFICATES))
def test_names_what_is_wrong_with_the_certificate(rule: str, wrong: dict[str, Any]) -> None:
    """By which IMAP4 is reached."""
    fake = FakeExchange(servers=["MBX01"], mailboxes=[NewMailbox("kim")])
    fake.server("MBX01").add_certificate(attrs.evolve(GOOD, **wrong))
    lines = [f"{SET} -ExternalConnectionSettings {EXTERNAL} -X509CertificateName mail.contoso.com"]
    started = [f"Set-Service {name} -StartupType Automatic -Status Running" for name in xi.IMAP4_SERVICES]
    verification = run(fake, *lines, *started).verify(credential=KIM, probe=None)

    assert verification.cause is not None
    assert verification.cause.rule == rule


def test_names_the_mailbox_that_may_not_log_in() -> None:
    """The mailbox of the credential is read as well."""
    fake = serve()
    server = run(fake, "Set-CASMailbox kim@contoso.com -ImapEnabled $false", RESTART)
    verification = server.verify(credential=KIM, probe=Probed({IMAP4: xi.Stage.LOGIN}))

    assert first_line(verification).startswith("MBX01: clients cannot connect: ImapEnabled: kim@contoso.com may not")
    assert {"connectivity-failed", "probe-failed"} <= {found.rule for found in verification.findings}
    assert str(verification.to_run[0]) == "Set-CASMailbox -Identity kim@contoso.com -ImapEnabled $true"


def test_names_that_mailbox_where_the_services_cannot_be_read() -> None:
    """It needs the other endpoint alone, and one command."""
    fake = serve()
    run(fake, "Set-CASMailbox kim@contoso.com -ImapEnabled $false", RESTART)
    server = xi.ImapServer("MBX01", exchange=fake.transport(), clock=xi.Clock(now=lambda: NOW))
    verification = server.verify(credential=KIM, probe=Probed({IMAP4: xi.Stage.LOGIN}))

    assert first_line(verification).startswith("MBX01: clients cannot connect: ImapEnabled: kim@contoso.com may not")
    assert set(verification.errors) == {"services"}
    assert [entry.text for entry in fake.log if "CASMailbox" in entry.text][1:] == [
        "Get-CASMailbox -Identity kim@contoso.com"
    ]


def test_names_the_mailbox_of_administrator() -> None:
    """Which no client opens over IMAP4."""
    administrator = xi.PSCredential("administrator@contoso.com", "correct horse")
    verification = at(serve()).verify(credential=administrator, probe=None)

    assert verification.cause is not None
    assert verification.cause.rule == "administrator-mailbox"


def test_names_the_user_who_has_no_mailbox() -> None:
    """Of whom the server's own test only says that the login failed."""
    verification = at(serve()).verify(credential=xi.PSCredential("nobody@contoso.com", "x"), probe=None)

    assert first_line(verification).startswith("MBX01: clients cannot connect: the mailbox of the credential could not")
    assert verification.findings[0].rule == "mailbox-not-read"


def test_a_client_that_has_logged_in_counts_more_than_the_server_s_own_test() -> None:
    """Which connects to the server's own name: a certificate for clients outside need not have it."""
    fake = serve(NewCertificate(("mail.contoso.com",), services=_BOTH))
    with_login = at(fake).verify(credential=KIM, probe=Probed())
    without = at(fake).verify(credential=KIM, probe=None)

    assert [test.succeeded for test in with_login.tests] == [False, False]
    assert (with_login.works, without.works) == (True, False)
    assert "connectivity-failed-inside" in [found.rule for found in with_login.findings]
    assert "connectivity-failed" in [found.rule for found in without.findings]


def test_is_not_known_to_work_where_only_sending_was_probed() -> None:
    """Nothing is advertised to read mail at, and nobody has logged in."""
    server = run(serve(), f"{SET} -ExternalConnectionSettings $null", RESTART)
    verification = server.verify(probe=Probed())

    assert [probe.protocol for probe in verification.probes] == [SMTP]
    assert verification.works is None


def test_names_the_settings_that_no_service_has_read() -> None:
    """As far as this program wrote them."""
    server = at(serve())
    server.run(xi.parse(f'{SET} -SSLBindings "0.0.0.0:993","0.0.0.0:1993"'))
    verification = server.verify(credential=KIM, probe=Probed({IMAP4: xi.Stage.TCP}))

    assert first_line(verification).startswith(
        "MBX01: clients cannot connect: MSExchangeImap4 and MSExchangeIMAP4BE run"
    )
    assert str(verification.to_run[0]) == "Restart-Service MSExchangeImap4,MSExchangeIMAP4BE"


def test_names_the_connector_that_a_client_meets() -> None:
    """A finding about IMAP4 explains nothing of what a client sees that sends."""
    lines = [
        f"{SET} -ExternalConnectionSettings {EXTERNAL},mail.contoso.com:143",
        RESTART,
        f"{CLIENTS} -Fqdn smtp.contoso.com",
    ]
    server = run(serve(), *lines, f"{CLIENTS} -TlsCertificateName '{GOOD.make().tls_certificate_name}'")
    probed = Probed({SMTP: xi.Stage.CERTIFICATE})
    verification = server.verify(probe=probed)

    assert verification.cause is not None
    assert verification.cause.rule == "connector-name"
    assert "unencrypted-connection" in [found.rule for found in verification.findings]


@pytest.mark.parametrize("stage", [xi.Stage.DNS, xi.Stage.TCP, xi.Stage.LOGIN])
def test_names_what_a_client_saw_where_nothing_explains_it(stage: xi.Stage) -> None:
    """A firewall, a name, a wrong password: the server is as it should be."""
    verification = at(serve()).verify(probe=Probed({IMAP4: stage}))

    assert (verification.works, verification.exit_code) == (False, 1)
    assert first_line(verification) == f"MBX01: clients cannot connect: {EXTERNAL}: no; look. [probe-failed]"


def test_every_rule_that_explains_is_a_rule() -> None:
    """One that was renamed would explain nothing any more."""
    assert causes._EXPLAINS.keys() <= RULES.keys()


# -- nothing is harmed -----------------------------------------------------------------------------------------------


def test_connects_to_nothing_while_the_services_would_stop() -> None:
    """They stop as soon as a client connects to an inactive component."""
    fake, probed = serve(), Probed()
    server = run(fake, f"{COMPONENT} ImapProxy -State Inactive -Requester Maintenance")
    verification = server.verify(credential=KIM, probe=probed)

    assert (probed.asked, verification.probes, verification.tests) == ([], (), ())
    assert "kept-away" in [found.rule for found in verification.findings]
    assert [service.status for service in server.services()] == [xi.ServiceStatus.Running] * 2


def test_writes_nothing() -> None:
    """It reads, and logs in."""
    fake = serve()
    before = len(fake.log)
    at(fake).verify(xi.DesiredState.enabled(external=[EXTERNAL]), KIM, probe=Probed())

    assert not any(entry.effect for entry in fake.log[before:])


def test_shows_no_secret() -> None:
    """Not in the report, the dict, the repr or an error."""
    canary = "c4n4ry-p4ssw0rd"
    verification = at(serve()).verify(credential=xi.PSCredential("kim@contoso.com", canary), probe=None)

    assert verification.works is False
    for text in (str(verification), repr(verification), json.dumps(verification.to_dict())):
        assert canary not in text


def test_refuses_a_prompt() -> None:
    """Nobody is there to answer it."""
    server = at(serve())
    with pytest.raises(xi.InvalidValueError, match=r"ImapServer\.verify\(credential\)"):
        server.verify(credential=xi.CredentialPrompt(), probe=None)  # type: ignore[arg-type]  # what is refused


# -- what was desired ------------------------------------------------------------------------------------------------


def test_says_what_differs_from_what_is_desired() -> None:
    """With the commands that change it."""
    verification = at(serve()).verify(MANUAL, KIM, probe=None)

    assert verification.plan is not None
    assert verification.works
    assert first_line(verification).endswith(
        "the server is not as desired: one command would change it (Set-Service); apply a plan of the desired "
        "state. [not-as-desired]"
    )
    assert "  differs  MSExchangeImap4: StartupType: Automatic -> Manual" in str(verification)
    assert [str(command) for command in verification.to_run] == ["Set-Service MSExchangeImap4 -StartupType Manual"]


def test_says_once_what_is_wrong_with_a_connector() -> None:
    """The desired state names it by its name, and the server by its identity."""
    server = run(serve(), f"{CLIENTS} -Enabled $false")
    wanted = xi.DesiredState(
        connectors=[xi.SetReceiveConnector(identity="Client Frontend MBX01", enabled=False)],
        mailboxes=[xi.SetCASMailbox(identity="administrator@contoso.com", imap_enabled=True)],
    )
    rules = [found.rule for found in server.verify(wanted, probe=None).findings]

    assert (rules.count("connector-disabled"), rules.count("administrator-mailbox")) == (1, 1)


def test_a_component_of_pop3_keeps_no_client_of_imap4_away() -> None:
    """Also where it is desired to be inactive, and so was read."""
    inactive = xi.SetServerComponentState(
        identity="MBX01", component="PopProxy", state="Inactive", requester="Maintenance"
    )
    server = run(serve(), "Start-Service MSExchangePOP3,MSExchangePOP3BE", str(inactive))
    pop3 = [xi.SetService(name="MSExchangePOP3", status="Running")]
    verification = server.verify(xi.DesiredState(services=pop3, components=[inactive]), KIM, probe=Probed())

    assert (verification.works, verification.cause, verification.to_run) == (True, None, ())


def test_says_nothing_of_what_is_as_desired() -> None:
    """The plan is empty."""
    verification = at(serve()).verify(
        xi.DesiredState(settings=xi.SetImapSettings(max_connections_per_user=16)), KIM, probe=None
    )

    assert verification.plan is not None
    assert not verification.plan
    assert verification.cause is None


# -- what cannot be done ---------------------------------------------------------------------------------------------


def test_goes_on_where_an_endpoint_is_missing() -> None:
    """The rest is done, and the first line says that it is not known."""
    server = xi.ImapServer("MBX01", exchange=serve().transport(), clock=xi.Clock(now=lambda: NOW))
    verification = server.verify(xi.DesiredState.enabled(external=[EXTERNAL]), KIM, probe=Probed())

    assert set(verification.errors) == {"services", "desired"}
    assert verification.plan is None
    assert first_line(verification).startswith("MBX01: clients can connect; but services could not be done or read")
    assert "  not done services: " in str(verification)


def test_says_that_nothing_is_known_of_a_server_that_does_not_answer() -> None:
    """Not even what to probe."""
    fake, probed = serve(), Probed()
    for _ in range(20):
        fake.fail(Fault(sent=False))
    verification = at(fake).verify(credential=KIM, probe=probed)

    assert (verification.works, verification.exit_code, probed.asked) == (None, 2, [])
    assert first_line(verification).startswith("MBX01: it is not known whether clients can connect; but settings")


def test_says_that_the_test_could_not_be_run() -> None:
    """The account may not run it, for example."""
    fake = FakeExchange(servers=["MBX01"], hidden=["Test-ImapConnectivity"])
    verification = at(fake).verify(probe=None)

    assert {"Test-ImapConnectivity (Ssl)", "Test-ImapConnectivity (Tls)"} == set(verification.errors)


# -- the report ------------------------------------------------------------------------------------------------------


def test_is_json_with_all_parts() -> None:
    """Whoever reads it elsewhere finds each part, and what follows from them."""
    verification = at(serve()).verify(MANUAL, KIM, probe=Probed({SMTP: xi.Stage.AUTH}))
    told = json.loads(json.dumps(verification.to_dict()))

    assert (told["server"], told["works"], told["exit_code"]) == ("MBX01", False, 1)
    assert told["cause"] == told["findings"][0]
    assert told["cause"]["rule"] == "probe-failed"
    assert [probe["works"] for probe in told["probes"]] == [True, False]
    assert len(told["tests"]) == 2
    assert told["to_run"] == ["Set-Service MSExchangeImap4 -StartupType Manual"]
    assert told["plan"]["server"] == "MBX01"
    assert told["status"]["server"] == "MBX01"
    assert told["errors"] == {}


def test_is_a_report_of_lines_that_a_terminal_can_print() -> None:
    """A server decides on its texts; each finding stays one line."""
    fake = serve()
    server = run(fake, f"{SET} -X509CertificateName imap.contoso.com", RESTART)
    probed = Probed({IMAP4: xi.Stage.TLS})
    verification = attrs.evolve(server.verify(credential=KIM, probe=probed), server="MBX01\x1b[2J\nMBX02")
    lines = str(verification).split("\n")

    assert lines[0].startswith(r"MBX01\x1b[2J\nMBX02: clients cannot connect: ")
    assert [line[2:9].strip() for line in lines[1:] if line[2:9].strip()] == ["found", "probed", "tested"]


def test_probes_on_the_executor_of_the_caller() -> None:
    """Which stays open."""
    with ThreadPoolExecutor(1) as executor:
        assert at(serve()).verify(credential=KIM, probe=Probed(), executor=executor).works
        assert executor.submit(int).result() == 0


def test_other_processes_are_not_given_a_credential() -> None:
    """It is refused before anything is read: secrets are not pickled."""
    fake = serve()
    with ProcessPoolExecutor(1) as executor:
        before = len(fake.log)
        with pytest.raises(xi.InvalidValueError, match=r"ImapServer\.verify\(credential\)") as refused:
            at(fake).verify(credential=KIM, executor=executor)

    assert len(fake.log) == before
    assert "correct horse" not in str(refused.value)


def test_probes_by_itself_unless_it_is_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """By the function that is public."""
    probed = Probed()
    monkeypatch.setattr("exchange_imap._verify.verifying.probe", probed)
    at(serve()).verify()

    assert [setting for setting, *_ in probed.asked] == [EXTERNAL, "mail.contoso.com:587:TLS"]


def test_takes_a_function_with_options() -> None:
    """A partial of the public one, here of ours."""

    def probing(setting: xi.ConnectionSetting, *, trust: str, **_options: object) -> xi.ProbeResult:
        assert trust == "ca.pem"
        return seen(setting)

    probe: Callable[..., xi.ProbeResult] = partial(probing, trust="ca.pem")
    assert at(serve()).verify(credential=KIM, probe=probe).works
