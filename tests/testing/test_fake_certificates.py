"""The fake's certificates: real X.509 data, how they are found, and what enabling one does beside its services."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.x509 import load_der_x509_certificate

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, FakeServer, NewCertificate
from support.captures import needs_captures, read_capture
from support.fakes import ask, failure, read

MAIL = NewCertificate(("mail.contoso.com", "imap.contoso.com"))
WILDCARD = NewCertificate(("*.contoso.com",))
EXPIRED = NewCertificate(
    ("mail.contoso.com",), not_before=datetime(2023, 1, 1, tzinfo=UTC), not_after=datetime(2024, 1, 1, tzinfo=UTC)
)


@pytest.fixture
def fake() -> FakeExchange:
    """One server."""
    return FakeExchange(servers=["MBX01"])


@pytest.fixture
def server(fake: FakeExchange) -> FakeServer:
    """Return the server."""
    return fake.server("MBX01")


def enable(fake: FakeExchange, thumbprint: str, *services: str, force: bool = False) -> xi.Reply:
    """Enable a certificate for services."""
    command = xi.EnableExchangeCertificate(thumbprint=thumbprint, services=services, server="MBX01")
    return ask(fake, xi.EnableExchangeCertificate.build({**stated(command), "force": True}) if force else command)


def stated(command: xi.EnableExchangeCertificate) -> dict[str, object]:
    """Return what a command states."""
    return {"thumbprint": command.thumbprint, "services": command.services, "server": command.server}


def words(certificate: xi.ExchangeCertificate) -> str:
    """Return the services of a certificate."""
    return " ".join(map(str, certificate.services or ()))


class TestNewCertificates:
    """What they say of themselves."""

    def test_a_new_server_has_three(self, server: FakeServer) -> None:
        """The first is what every service uses."""
        found = {each.subject: words(each) for each in server.certificates.values()}

        assert found == {
            "CN=MBX01": "IMAP POP IIS SMTP",
            "CN=Microsoft Exchange Server Auth Certificate": "SMTP",
            "CN=WMSvc-MBX01": "",
        }
        default = next(iter(server.certificates.values()))
        assert default.certificate_domains == ("MBX01", "mbx01.contoso.com")
        assert default.is_self_signed
        assert server.transport_certificate == default.thumbprint

    @needs_captures
    def test_a_new_server_has_those_of_a_real_one(self, server: FakeServer) -> None:
        """But for the names."""
        real = xi.ExchangeCertificate.all_from_clixml(read_capture("get-exchangecertificate"))
        mine = server.certificates.values()

        def facts(certificates: object) -> set[tuple[object, ...]]:
            assert isinstance(certificates, tuple)
            return {(each.is_self_signed, each.public_key_size, len(each.certificate_domains)) for each in certificates}

        assert facts(tuple(mine)) == facts(real)
        assert len(mine) == len(real)

    def test_is_the_same_in_every_run(self) -> None:
        """And on every server."""
        assert MAIL.make() == MAIL.make()
        assert MAIL.make().thumbprint == "28C5DCDF4DE44714E80D4FAB05B514887E6C2CAA"

    def test_is_a_certificate_for_anybody(self) -> None:
        """Whoever reads X.509 reads it."""
        made = MAIL.make()

        assert made.raw_data is not None
        read_again = load_der_x509_certificate(made.raw_data)
        assert read_again.not_valid_after_utc == made.not_after
        assert (made.issuer, made.public_key_size, made.is_self_signed) == ("CN=Contoso CA", 2048, False)

    def test_may_be_weak_or_without_a_key(self) -> None:
        """For programs that warn of it."""
        made = NewCertificate(("mail.contoso.com",), key_bits=1024, has_private_key=False).make()

        assert (made.public_key_size, made.has_private_key, made.access_rules) == (1024, False, ())

    @pytest.mark.parametrize(
        ("names", "options"),
        [((), {}), (("",), {}), (("ä.contoso.com",), {}), (("a",), {"key_bits": 511}), (("a",), {"key_bits": 2047})],
    )
    def test_cannot_be_what_none_is(self, names: tuple[str, ...], options: dict[str, int]) -> None:
        """A mistake in the arrangement of a test is an error at once."""
        with pytest.raises(xi.InvalidValueError, match=r"NewCertificate\."):
            NewCertificate(names, **options)  # type: ignore[arg-type]  # only numbers are in the table


class TestReadingCertificates:
    """Get-ExchangeCertificate."""

    def test_reads_all_of_a_server(self, fake: FakeExchange, server: FakeServer) -> None:
        """With the verdict of the moment."""
        server.add_certificate(EXPIRED)

        found = read(xi.ExchangeCertificate, fake, xi.GetExchangeCertificate(server="MBX01"))

        assert [str(each.status) for each in found] == ["Valid", "Valid", "Valid", "DateInvalid"]
        assert [each.thumbprint for each in found] == list(server.certificates)
        assert found[0].identity == rf"mbx01.contoso.com\{found[0].thumbprint}"

    @pytest.mark.parametrize(
        "form",
        ["-Thumbprint {}", "-Server mbx01 -Thumbprint {}", r"-Identity MBX01\{}", "-Identity {}", "{} -Server MBX01"],
    )
    def test_finds_one_in_every_way(self, fake: FakeExchange, server: FakeServer, form: str) -> None:
        """By thumbprint in any case, with the server before it or beside it."""
        thumbprint = next(iter(server.certificates))

        command = xi.GetExchangeCertificate.parse(f"Get-ExchangeCertificate {form.format(thumbprint.lower())}")

        assert [each.thumbprint for each in read(xi.ExchangeCertificate, fake, command)] == [thumbprint]

    @pytest.mark.parametrize(
        ("command", "expected"),
        [
            (xi.GetExchangeCertificate(thumbprint="0" * 40), "Cmdlet-InvalidOperationException"),
            (xi.GetExchangeCertificate(identity=rf"MBX01\{'0' * 40}"), "Cmdlet-InvalidOperationException"),
            (xi.GetExchangeCertificate(identity=rf"MBX02\{'0' * 40}"), "Cmdlet-ManagementObjectNotFoundException"),
            (xi.GetExchangeCertificate(server="MBX02"), "Cmdlet-ManagementObjectNotFoundException"),
            (
                xi.EnableExchangeCertificate(thumbprint="0" * 40, services="IMAP"),
                "Cmdlet-InvalidOperationException",
            ),
        ],
        ids=str,
    )
    def test_what_is_not_there_is_refused(self, fake: FakeExchange, command: xi.Cmdlet, expected: str) -> None:
        """As Exchange refuses it."""
        assert failure(fake, command) == expected

    def test_for_a_host_the_first_is_what_smtp_would_choose(self, fake: FakeExchange, server: FakeServer) -> None:
        """Valid ones first, then those of an authority, then the one that lasts the longest."""
        names = ("mbx01.contoso.com",)
        own = next(iter(server.certificates))
        short = server.add_certificate(NewCertificate(names, not_after=datetime(2025, 6, 1, tzinfo=UTC)))
        old = server.add_certificate(NewCertificate(names, not_after=datetime(2025, 1, 1, 9, 0, 0, 1, tzinfo=UTC)))
        long = server.add_certificate(WILDCARD)

        found = read(xi.ExchangeCertificate, fake, xi.GetExchangeCertificate(domain_name=names))

        assert [each.thumbprint for each in found] == [long.thumbprint, short.thumbprint, own, old.thumbprint]

    def test_a_bare_one_has_the_bytes_and_no_services(self) -> None:
        """As in some remote sessions: what the bytes do not tell is unknown, and never none."""
        fake = FakeExchange(servers=["MBX01"], bare_certificates=True)
        (whole, *_) = fake.server("MBX01").certificates.values()

        (record, *_) = ask(fake, xi.GetExchangeCertificate()).records
        (found, *_) = read(xi.ExchangeCertificate, fake, xi.GetExchangeCertificate())

        assert {name: value is None for name, value in record.properties.items()} == {
            "Services": True,
            "Thumbprint": False,
            "RawData": False,
        }
        assert (found.thumbprint, found.subject, found.raw_data) == (whole.thumbprint, whole.subject, whole.raw_data)
        assert (found.services, found.status) == (None, None)

    @needs_captures
    def test_the_record_is_that_of_a_real_server(self, fake: FakeExchange) -> None:
        """Its types, its text, and the bytes, which are all that came."""
        (real, *_) = xi.read_clixml(read_capture("get-exchangecertificate"))
        (mine, *_) = ask(fake, xi.GetExchangeCertificate()).records

        assert mine.type_names == real.type_names
        assert [line for line in (mine.text or "").split("\r\n") if line.startswith("[")] == [
            line for line in (real.text or "").split("\r\n") if line.startswith("[")
        ]
        assert isinstance(mine.properties["RawData"], bytes)
        assert isinstance(real.properties["RawData"], bytes)


class TestEnablingACertificate:
    """Enable-ExchangeCertificate."""

    def test_adds_services_and_names_it_in_both_settings(self, fake: FakeExchange, server: FakeServer) -> None:
        """The services have to be restarted to read it."""
        server.set_service("MSExchangeIMAP4", status=xi.ServiceStatus.Running)
        thumbprint = server.add_certificate(MAIL).thumbprint

        assert enable(fake, thumbprint, "IMAP") == xi.Reply()
        assert (server.stored.x509_certificate_name, server.pop.stored.x509_certificate_name) == (
            "mail.contoso.com",
            "MBX01",
        )
        assert server.pending
        enable(fake, thumbprint, "IIS", "POP")
        assert words(server.certificates[thumbprint]) == "IMAP POP IIS"
        assert server.pop.stored.x509_certificate_name == "mail.contoso.com"
        assert [entry.effect for entry in fake.log] == [True, True]
        assert words(next(iter(server.certificates.values()))) == "IMAP POP IIS SMTP"

    def test_a_second_time_does_nothing(self, fake: FakeExchange, server: FakeServer) -> None:
        """Nothing can be taken back either."""
        thumbprint = server.add_certificate(MAIL).thumbprint
        enable(fake, thumbprint, "IMAP")

        enable(fake, thumbprint, "IMAP")
        enable(fake, thumbprint, "None")

        assert [entry.effect for entry in fake.log] == [True, False, False]
        assert words(server.certificates[thumbprint]) == "IMAP"

    def test_a_wildcard_is_left_out_of_imap_and_pop(self, fake: FakeExchange, server: FakeServer) -> None:
        """With a warning each; the name has to be written with Set-ImapSettings."""
        thumbprint = server.add_certificate(WILDCARD).thumbprint

        reply = enable(fake, thumbprint, "IMAP", "POP", "IIS")

        assert reply.errors == ()
        assert ["Set-ImapSettings" in text for text in reply.warnings] == [True, False]
        assert all('"*.contoso.com"' in text and thumbprint in text for text in reply.warnings)
        assert words(server.certificates[thumbprint]) == "IIS"
        assert server.stored.x509_certificate_name == "MBX01"

    def test_smtp_asks_unless_forced(self, fake: FakeExchange, server: FakeServer) -> None:
        """Nobody is there to answer, and nothing happens."""
        thumbprint = server.add_certificate(MAIL).thumbprint

        reply = enable(fake, thumbprint, "IMAP", "SMTP")

        assert reply.errors[0].fully_qualified_error_id == "HostException,Enable-ExchangeCertificate"
        assert words(server.certificates[thumbprint]) == ""
        assert not fake.log[-1].effect
        assert enable(fake, thumbprint, "IMAP", "SMTP", force=True).errors == ()
        assert words(server.certificates[thumbprint]) == "IMAP SMTP"
        assert server.transport_certificate == thumbprint
        assert enable(fake, thumbprint, "SMTP").errors == ()

    def test_what_if_and_confirm_change_nothing(self, fake: FakeExchange, server: FakeServer) -> None:
        """The one says nothing here, the other asks nobody."""
        thumbprint = server.add_certificate(MAIL).thumbprint

        ask(fake, xi.EnableExchangeCertificate(thumbprint=thumbprint, services="IMAP", what_if=True))
        ask(fake, xi.EnableExchangeCertificate(thumbprint=thumbprint, services="IMAP", confirm=True))

        assert [entry.refused for entry in fake.log] == [None, "HostException,Enable-ExchangeCertificate"]
        assert words(server.certificates[thumbprint]) == ""

    @pytest.mark.parametrize(
        ("certificate", "service", "reason"),
        [
            (NewCertificate(("mail.contoso.com",), has_private_key=False), "IMAP", "PrivateKeyMissing"),
            (NewCertificate(("mail.contoso.com",), key_bits=512), "IIS", "PublicKeyUnsupportedSize"),
            (EXPIRED, "POP", "DateInvalid"),
            (MAIL, "UM", "UM startup mode"),
        ],
        ids=["no key", "short key", "expired", "unified messaging"],
    )
    def test_refuses_what_exchange_cannot_use(
        self, fake: FakeExchange, server: FakeServer, certificate: NewCertificate, service: str, reason: str
    ) -> None:
        """With the reason."""
        thumbprint = server.add_certificate(certificate).thumbprint

        (error,) = enable(fake, thumbprint, service).errors

        assert error.failure_category == "Cmdlet-InvalidOperationException"
        assert reason in error.message
        assert words(server.certificates[thumbprint]) == ""

    def test_a_server_is_named_once(self, fake: FakeExchange, server: FakeServer) -> None:
        """-Identity has it already."""
        thumbprint = server.add_certificate(MAIL).thumbprint
        line = rf"Enable-ExchangeCertificate -Identity MBX01\{thumbprint} -Services IMAP"

        assert ask(fake, xi.EnableExchangeCertificate.parse(line)).errors == ()
        both = xi.EnableExchangeCertificate.parse(line).to_command()
        more = xi.GetImapSettings(server="MBX01").to_command()
        command = xi.Command(both.name, (*both.parameters, *more.parameters))
        reply = fake.transport().run(xi.Pipeline((command,)))

        assert reply.errors[0].fully_qualified_error_id == "AmbiguousParameterSet,Enable-ExchangeCertificate"


def test_valid_for(server: FakeServer) -> None:
    """Ten years, for five the server's own."""
    own = next(iter(server.certificates.values()))
    mail = server.add_certificate(MAIL)

    assert (own.not_after - own.not_before, mail.not_after - mail.not_before) == (
        timedelta(days=5 * 365),
        timedelta(days=10 * 365),
    )
