"""What a probe sees of a real IMAP4 server: each certificate, each way to encrypt, each login."""

from __future__ import annotations

from functools import partial

import pytest

import exchange_imap as xi
from exchange_imap import ProbeFailure, Stage
from exchange_imap.testing import FakeExchange, NewCertificate, NewMailbox
from support.dovecot import DOMAIN, DOVECOT, KIM, LOST, PASSWORD, Dovecot, shared_dovecot

pytestmark = DOVECOT.mark

ON_TLS = ["TCP", "TLS", "certificate"]
USED = ["login", "SELECT", "NOOP", "LOGOUT"]


@pytest.fixture
def dovecot() -> Dovecot:
    """Return the server."""
    return shared_dovecot()


def look(server: Dovecot, host: str = "good", method: str = "TLS", **options: object) -> xi.ProbeResult:
    """Probe one of its hosts."""
    port = server.imaps if method == "SSL" else server.imap
    asked: dict[str, object] = {"address": "127.0.0.1", "trust": server.trust, **options}
    setting = f"{host}.{DOMAIN}:{port}" + (f":{method}" if method else "")
    return xi.probe(setting, **asked)  # type: ignore[arg-type]  # a test's own


def credential(user: str = KIM, password: str = PASSWORD) -> xi.PSCredential:
    """Return what a user logs in with."""
    return xi.PSCredential(user, password)


def stages(result: xi.ProbeResult) -> list[str]:
    """Return the names of the stages that were reached."""
    return [stage.name.value for stage in result.stages]


def cause(result: xi.ProbeResult) -> str | None:
    """Return the rule of what stopped the client; it is the first finding, and its reason is the first line."""
    if result.works:
        return None
    first = result.findings[0]
    assert first.severity is xi.Severity.ERROR
    assert str(result).splitlines()[0] == f"{result.setting}: {first.reason}"
    return first.rule


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("SSL", [*ON_TLS, "greeting", "CAPABILITY", *USED]),
        ("TLS", ["TCP", "greeting", "CAPABILITY", "STARTTLS", "TLS", "certificate", "CAPABILITY", *USED]),
    ],
)
def test_each_encryption(dovecot: Dovecot, method: str, expected: list[str]) -> None:
    """From the greeting to INBOX and back; the intermediate authority was sent, too."""
    result = look(dovecot, method=method, credential=credential())

    assert (result.works, stages(result)) == (True, expected)
    assert result.trusted
    assert [each.subject for each in result.certificates] == [f"CN=good.{DOMAIN}", "CN=Test Intermediate"]
    assert "AUTH=PLAIN" in result.capabilities
    assert ("STARTTLS" in result.capabilities_before) == (method == "TLS")
    assert "STARTTLS" not in result.capabilities


@pytest.mark.parametrize("method", ["SSL", "TLS"])
@pytest.mark.parametrize(
    ("host", "failure", "finding"),
    [
        ("good", None, None),
        ("a.wild", None, None),
        ("names", None, None),
        ("wrong", ProbeFailure.WRONG_NAME, "certificate-names"),
        ("a.b.wild", ProbeFailure.WRONG_NAME, "certificate-names"),
        ("expired", ProbeFailure.EXPIRED, "certificate-expired"),
        ("future", ProbeFailure.NOT_YET_VALID, "certificate-not-yet-valid"),
        ("selfish", ProbeFailure.SELF_SIGNED, "self-signed-certificate"),
        ("missing", ProbeFailure.MISSING_INTERMEDIATE, "missing-intermediate"),
        ("unknown", ProbeFailure.UNKNOWN_AUTHORITY, "certificate-not-trusted"),
    ],
)
def test_each_certificate(
    dovecot: Dovecot, host: str, method: str, failure: ProbeFailure | None, finding: str | None
) -> None:
    """One that is refused is shown, and neither protocol nor password goes over it."""
    result = look(dovecot, host, method, credential=credential())

    assert (result.failed.failure if result.failed else None) == failure
    assert cause(result) == finding
    assert result.trusted is (failure is None)
    assert result.certificates
    if failure:
        assert result.stages[-1].name is Stage.CERTIFICATE
        assert result.capabilities == ()


@pytest.mark.parametrize(
    ("host", "names"),
    [
        ("a.wild", ("*.wild.contoso.test",)),
        ("names", ("first.contoso.test", "names.contoso.test")),
        ("wrong", ("other.contoso.test",)),
    ],
)
def test_the_names_that_a_certificate_is_for(dovecot: Dovecot, host: str, names: tuple[str, ...]) -> None:
    """Of one that is refused as well; one needs no subject."""
    certificate = look(dovecot, host).certificates[0]

    assert certificate.names == names
    assert str(certificate).startswith("no subject, issued by CN=Test Intermediate, ") == (host == "names")


def test_a_login_in_clear_that_is_allowed(dovecot: Dovecot) -> None:
    """The password is sent only if the caller says so."""
    kept = look(dovecot, method="", credential=credential())
    sent = look(dovecot, method="", credential=credential(), allow_insecure=True)

    assert kept.failed is not None
    assert (kept.failed.name, kept.failed.failure) == (Stage.LOGIN, ProbeFailure.IN_CLEAR)
    assert cause(kept) == "login-in-clear"
    assert (sent.works, sent.tls, sent.trusted) == (True, None, None)
    assert {each.rule for each in sent.findings} == {"unencrypted-connection", "clear-text-login"}


@pytest.mark.parametrize("allow_insecure", [False, True])
def test_a_login_in_clear_that_is_disabled(dovecot: Dovecot, *, allow_insecure: bool) -> None:
    """The server says so before anything is sent; with STARTTLS it allows it."""
    result = look(dovecot, method="", address="127.0.0.2", credential=credential(), allow_insecure=allow_insecure)
    secure = look(dovecot, method="TLS", address="127.0.0.2", credential=credential())

    assert "LOGINDISABLED" in result.capabilities_before
    assert result.failed is not None
    assert (result.failed.name, result.failed.failure) == (Stage.LOGIN, ProbeFailure.DISABLED)
    assert cause(result) == "login-disabled"
    assert "LOGINDISABLED" in secure.capabilities_before
    assert secure.works


def test_a_wrong_password(dovecot: Dovecot) -> None:
    """The server's own words are kept, and the password is in none of it."""
    result = look(dovecot, credential=credential(password="not the canary 7"))  # noqa: S106 - wrong on purpose

    assert result.failed is not None
    assert (result.failed.name, result.failed.failure) == (Stage.LOGIN, ProbeFailure.REJECTED)
    assert cause(result) == "login-refused"
    assert result.failed.said == "[AUTHENTICATIONFAILED] Authentication failed."
    assert "canary" not in f"{result} {result!r} {result.to_dict()}"


def test_an_account_without_inbox(dovecot: Dovecot) -> None:
    """The login is right, and there is nothing to open."""
    result = look(dovecot, credential=credential(LOST))

    assert result.failed is not None
    assert (result.failed.name, result.failed.failure) == (Stage.SELECT, ProbeFailure.REJECTED)
    assert cause(result) == "no-inbox"
    assert "Mailbox doesn't exist: INBOX" in result.failed.said


def test_reading_changes_nothing(dovecot: Dovecot) -> None:
    """A new message stays new: INBOX is opened for reading only. A file of it says so by its folder and its name."""
    before = sorted(dovecot.mail_of(KIM).rglob("*first.test*"))

    assert look(dovecot, credential=credential()).works

    assert before
    assert sorted(dovecot.mail_of(KIM).rglob("*first.test*")) == before


def test_many_at_once(dovecot: Dovecot) -> None:
    """Forty probes of one server, eight at a time."""
    results = xi.probe_all(
        [f"good.{DOMAIN}:{dovecot.imaps}:SSL"] * 40, at_most=8, address="127.0.0.1", trust=dovecot.trust
    )

    assert [result.works for result in results] == [True] * 40


@pytest.mark.parametrize(
    ("host", "finding"),
    [
        ("good", None),
        ("expired", "certificate-expired"),
        ("wrong", "certificate-names"),
        ("missing", "missing-intermediate"),
        ("selfish", "self-signed-certificate"),
    ],
)
def test_a_server_is_verified_by_what_its_clients_see(dovecot: Dovecot, host: str, finding: str | None) -> None:
    """Exchange's own test succeeds and its settings are right: only the probe meets the certificate that is sent."""
    name = f"{host}.{DOMAIN}"
    fake = FakeExchange(servers=["MBX01"], domain=DOMAIN, mailboxes=[NewMailbox("kim", password=PASSWORD)])
    names = (name, f"mbx01.{DOMAIN}")
    fake.server("MBX01").add_certificate(NewCertificate(names, services=(xi.CertificateService.IMAP,)))
    server = xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport())
    external = [f"{name}:{dovecot.imaps}:SSL", f"{name}:{dovecot.imap}:TLS"]
    bound = xi.SetImapSettings(
        ssl_bindings=(f"0.0.0.0:{dovecot.imaps}", "[::]:993"),
        unencrypted_or_tls_bindings=(f"0.0.0.0:{dovecot.imap}", "[::]:143"),
    )
    server.run(bound)
    server.apply(server.plan(xi.DesiredState.enabled(external=external, certificate=name)))
    probing = partial(xi.probe, address="127.0.0.1", trust=dovecot.trust)

    verification = server.verify(credential=credential(), probe=probing)

    assert [test.succeeded for test in verification.tests] == [True, True]
    assert [each.works for each in verification.probes] == [finding is None] * 2
    assert (verification.works, verification.exit_code) == (finding is None, 0 if finding is None else 1)
    if finding:
        assert verification.findings[0].rule == finding
        assert str(verification).startswith(f"MBX01: clients cannot connect: {verification.findings[0]}")
    assert PASSWORD not in f"{verification} {verification!r} {verification.to_dict()}"
