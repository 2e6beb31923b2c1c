"""Certificates: what their bytes tell when nothing else came, and whom they are for."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Any

import pytest
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

import exchange_imap as xi
from exchange_imap._cmdlets import x509 as module
from exchange_imap._powershell.clixml import read_clixml
from exchange_imap._powershell.record import RecordValue
from support.captures import needs_captures, read_capture

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
CONTOSO = (
    (NameOID.COUNTRY_NAME, "US"),
    (NameOID.STATE_OR_PROVINCE_NAME, "Washington"),
    (NameOID.ORGANIZATION_NAME, "Contoso, Ltd."),
    (NameOID.COMMON_NAME, "mail.contoso.com"),
)
START = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def key() -> Key:
    """Make a key, once."""
    return ec.generate_private_key(ec.SECP256R1())


def certificate(
    subject: Sequence[tuple[x509.ObjectIdentifier, str]] = CONTOSO,
    names: Sequence[str] = (),
    private: Key | None = None,
    issuer: Sequence[tuple[x509.ObjectIdentifier, str]] | None = None,
) -> bytes:
    """Make a certificate for these names."""
    private = private or key()
    holder, authority = (x509.Name([x509.NameAttribute(*part) for part in e]) for e in (subject, issuer or subject))
    made = (
        x509.CertificateBuilder(authority, holder)
        .public_key(private.public_key())
        .serial_number(0x0ABC)
        .not_valid_before(START)
        .not_valid_after(START + timedelta(days=365))
    )
    if names:
        made = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
    hashing = None if isinstance(private, ed25519.Ed25519PrivateKey) else SHA256()
    return made.sign(private, hashing).public_bytes(Encoding.DER)


def read(raw: RecordValue, **others: RecordValue) -> xi.ExchangeCertificate:
    """Read what a remote session carries."""
    return xi.ExchangeCertificate.from_record({"RawData": raw, **others})


@needs_captures
def test_the_certificates_of_a_server_are_read_from_their_bytes() -> None:
    """Thumbprints, names and validity are those that .NET printed beside them."""
    text = read_capture("get-exchangecertificate")
    found = xi.ExchangeCertificate.all_from_clixml(text)

    for record, each in zip(read_clixml(text), found, strict=True):
        for heading, value in {
            "Subject": each.subject,
            "Issuer": each.issuer,
            "Serial Number": each.serial_number,
            "Thumbprint": each.thumbprint,
            "Not Before": american(each.not_before),
        }.items():
            assert f"[{heading}]\n  {value}\n" in (record.text or "").replace("\r", "")
    assert [each.certificate_domains for each in found] == [
        (),
        ("Solo-E16A", "Solo-E16A.Solo.local"),
        ("WMSvc-WIN-9UC94ETVM30",),
    ]
    assert all(each.is_self_signed and each.public_key_size == 2048 for each in found)
    assert all(each.services is None and each.status is None and each.has_private_key is None for each in found)


def american(moment: datetime) -> str:
    """Print a moment as that server did, in its winter time."""
    return f"{moment.astimezone(timezone(timedelta(hours=-6))):%m/%d/%Y %H:%M:%S}"


def test_names_are_printed_as_net_prints_them() -> None:
    """The most particular part first, quotes where a comma is, S for the state."""
    found = read(certificate(names=["mail.contoso.com", "imap.contoso.com"]))

    assert found.subject == 'CN=mail.contoso.com, O="Contoso, Ltd.", S=Washington, C=US'
    assert found.certificate_domains == ("mail.contoso.com", "imap.contoso.com")
    assert (found.serial_number, found.is_self_signed) == ("0ABC", True)
    assert (found.not_before, found.not_after) == (START, START + timedelta(days=365))


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ((NameOID.EMAIL_ADDRESS, "a@b.c"), "E=a@b.c"),
        ((NameOID.DOMAIN_COMPONENT, "contoso"), "DC=contoso"),
        ((NameOID.COMMON_NAME, ' a "b"'), 'CN=" a ""b"""'),
        ((NameOID.COMMON_NAME, "*.contoso.com"), "CN=*.contoso.com"),
        ((NameOID.PSEUDONYM, "x"), "OID.2.5.4.65=x"),
    ],
)
def test_a_part_of_a_name_is_printed(part: tuple[x509.ObjectIdentifier, str], shown: str) -> None:
    """By its abbreviation or its number."""
    assert read(certificate((part,))).subject == shown


def test_a_name_of_several_parts_at_once_is_printed_with_plus() -> None:
    """And bytes in a name as digits."""
    parts: list[Any] = [  # Any: of text and of bytes, which the stubs keep apart
        x509.NameAttribute(NameOID.COMMON_NAME, "a"),
        x509.NameAttribute(NameOID.X500_UNIQUE_IDENTIFIER, b"\x01\xff", x509.name._ASN1Type.BitString),
    ]

    several: Any = x509.RelativeDistinguishedName(parts)  # Any: the stubs know of parts alone
    printed = module.print_name(x509.Name([several]))

    assert sorted(printed.split(" + ")) == ["CN=a", "OID.2.5.4.45=01ff"]


@pytest.mark.parametrize(
    ("private", "bits"),
    [(ec.generate_private_key(ec.SECP384R1()), 384), (ed25519.Ed25519PrivateKey.generate(), None)],
    ids=["elliptic", "edwards"],
)
def test_a_key_has_its_length(private: Key, bits: int | None) -> None:
    """Keys of some kinds have none."""
    assert read(certificate(private=private)).public_key_size == bits


def test_a_key_of_a_kind_that_nobody_knows_has_no_length() -> None:
    """The certificate is read all the same."""

    class Strange:
        def public_key(self) -> object:
            raise UnsupportedAlgorithm("GOST")

    assert module._key_bits(Strange()) is None  # type: ignore[arg-type]  # no certificate of that kind can be made


def test_a_certificate_of_an_authority_is_not_self_signed() -> None:
    """And names both to a connector."""
    found = read(certificate(issuer=((NameOID.COMMON_NAME, "Contoso CA"),)))

    assert not found.is_self_signed
    assert str(found.tls_certificate_name) == f"<I>CN=Contoso CA<S>{found.subject}"


@pytest.mark.parametrize(
    ("name", "host", "expected"),
    [
        ("mail.contoso.com", "mail.contoso.com", True),
        ("mail.contoso.com", "MAIL.Contoso.com.", True),
        ("mail.contoso.com", "imap.contoso.com", False),
        ("*.contoso.com", "mail.contoso.com", True),
        ("*.contoso.com", "contoso.com", False),
        ("*.contoso.com", "a.mail.contoso.com", False),
        ("*.Contoso.COM", "mail.contoso.com", True),
        ("mail*.contoso.com", "mail1.contoso.com", False),
        ("*", "localhost", False),
        ("*.", "localhost.", False),
        ("xn--mller-kva.example", "müller.example", True),
        ("*.xn--mller-kva.example", "mail.müller.example", True),
        ("müller.example", "MÜLLER.example", True),
        ("a..b", "ä..b", False),
        ("MBX01", "mbx01", True),
    ],
)
def test_a_certificate_says_whom_it_is_for(name: str, host: str, expected: bool) -> None:
    """A star stands for one label, and for all of it."""
    found = xi.ExchangeCertificate.from_dict(ANSWERED | {"CertificateDomains": [name]})

    assert found.covers(host) is expected


ANSWERED = read(certificate()).to_dict() | {"RawData": None}


def test_a_certificate_says_when_it_is_valid() -> None:
    """Both ends belong to it."""
    found = xi.ExchangeCertificate.from_dict(ANSWERED)

    assert found.is_valid_at(START)
    assert found.is_valid_at(START + timedelta(days=365))
    assert not found.is_valid_at(START - timedelta(seconds=1))
    assert not found.is_valid_at(START + timedelta(days=365, seconds=1))


def test_what_came_beside_the_bytes_holds() -> None:
    """Services are known only from there; nothing at all is another thing than none."""
    found = read(certificate(), Services="IMAP, POP", Status="Valid", FriendlyName="x", PublicKeySize=None, subject="y")

    assert found.services == (xi.CertificateService.IMAP, xi.CertificateService.POP)
    assert (found.status, found.friendly_name) == (xi.CertificateStatus.Valid, "x")
    assert found.subject == "y"
    assert read(certificate(), Services="None").services == ()
    assert read(certificate()).services is None


@pytest.mark.parametrize(
    "raw",
    [tuple(certificate()), "{" + ", ".join(map(str, certificate())) + "}", xi.Record(items=tuple(certificate()))],
    ids=["numbers", "printed", "list"],
)
def test_bytes_are_read_in_whatever_shape_they_come(raw: RecordValue) -> None:
    """As numbers, and as Format-List prints them whole."""
    assert len(read(raw).thumbprint) == 40


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "an X.509 certificate (DER)"),
        (b"0\x82\x03)", "an X.509 certificate (DER)"),
        (certificate()[:-20], "an X.509 certificate (DER)"),
        (certificate() + b"\x00", "an X.509 certificate (DER)"),
        ((1, 2, 256), "bytes"),
        ((1, "x"), "bytes"),
        ("%", "bytes"),
        ("٣", "bytes"),
        (5, "bytes"),
    ],
    ids=[
        "none",
        "beginning",
        "shortened",
        "lengthened",
        "too large",
        "no number",
        "no base 64",
        "no ASCII",
        "a number",
    ],
)
def test_broken_bytes_are_refused_with_their_path(raw: RecordValue, expected: str) -> None:
    """Never a certificate with less in it."""
    with pytest.raises(xi.UnexpectedReplyError) as caught:
        read(raw)

    assert (caught.value.path, caught.value.expected) == ("ExchangeCertificate.RawData", expected)


@pytest.mark.parametrize(
    "record",
    [
        xi.Record(properties={"RawData": certificate(), "Thumbprint": "0A" * 20}),
        xi.Record(text=f"[Thumbprint]\n  {'0A' * 20}\n", properties={"RawData": certificate()}),
    ],
)
def test_the_bytes_of_another_certificate_are_refused(record: xi.Record) -> None:
    """The thumbprint is what Exchange knows it by."""
    with pytest.raises(xi.UnexpectedReplyError, match=r"^ExchangeCertificate.RawData: expected the certificate 0A0A"):
        xi.ExchangeCertificate.from_record(record)


def test_no_change_of_the_bytes_goes_unseen() -> None:
    """Where the object's text has the thumbprint, as it does in every capture; no other error escapes."""
    good = certificate(names=["mail.contoso.com"])
    text = f"[Thumbprint]\n  {read(good).thumbprint}\n"
    chance = random.Random(7)  # noqa: S311 - no secret

    for _ in range(500):
        place = chance.randrange(len(good))
        broken = good[:place] + bytes([good[place] ^ 1 << chance.randrange(8)]) + good[place + 1 :]
        with pytest.raises(xi.UnexpectedReplyError, match=r"^ExchangeCertificate.RawData"):
            xi.ExchangeCertificate.from_record(xi.Record(text=text, properties={"RawData": broken}))


@pytest.mark.parametrize("raw", [None, "", "{48, 130, 3, 41...}", "{48, 130, 3, 41\u2026}"])
def test_without_bytes_the_properties_must_be_there(raw: RecordValue) -> None:
    """Nobody prints the bytes whole; with everything else they are not missed."""
    answered = {name: value for name, value in ANSWERED.items() if isinstance(value, str | bool | int)}
    names: dict[str, RecordValue] = {"CertificateDomains": ("a",), **answered}

    assert read(raw, **names).raw_data is None
    with pytest.raises(xi.UnexpectedReplyError, match=r"^ExchangeCertificate.Thumbprint: expected this property"):
        read(raw, Subject="CN=a")


@pytest.mark.parametrize("moment", ["11/23/2026 6:32:37 PM", "23.11.2026 18:32:37", "soon"])
def test_a_date_in_a_shells_own_language_is_refused_with_the_cure(moment: str) -> None:
    """Its time zone is stated nowhere, and one day is not to be taken for another."""
    with pytest.raises(xi.InvalidValueError, match=r"NotAfter: .* Export-Clixml"):
        xi.ExchangeCertificate.from_dict(ANSWERED | {"NotAfter": moment})


def test_a_date_without_a_time_zone_is_taken_for_utc() -> None:
    """As .NET has it in bytes."""
    found = xi.ExchangeCertificate.from_dict(ANSWERED | {"NotAfter": "2026-11-23T18:32:37"})

    assert found.not_after == datetime(2026, 11, 23, 18, 32, 37, tzinfo=UTC)


def test_a_certificate_that_is_printed_reads_back() -> None:
    """With its bytes, as Format-List prints numbers."""
    found = read(certificate())

    assert "RawData            : {48, 130, " in str(found)
    assert xi.ExchangeCertificate.parse(str(found)) == found


def test_json_keeps_the_bytes() -> None:
    """In base 64; as JSON of PowerShell has them, in numbers."""
    found = read(certificate())
    data = json.loads(json.dumps(found.to_dict()))

    assert xi.ExchangeCertificate.from_dict(data) == found
    assert xi.ExchangeCertificate.from_json(json.dumps({"RawData": list(certificate_bytes(found))})) == found


def certificate_bytes(found: xi.ExchangeCertificate) -> bytes:
    """Return them."""
    assert found.raw_data is not None
    return found.raw_data
