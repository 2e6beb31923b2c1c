"""Limits, ranges of addresses, versions and names of certificates: text to value and back."""

from __future__ import annotations

import ipaddress
from typing import Protocol, Self

import pytest

import exchange_imap as xi


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Version 8.3 (Build 83.6)", "Exchange Server 2007"),
        ("Version 14.3 (Build 123.4)", "Exchange Server 2010"),
        ("Version 15.0 (Build 1497.2)", "Exchange Server 2013"),
        ("Version 15.1 (Build 2375.7)", "Exchange Server 2016"),
        ("Version 15.2 (Build 2561.9999)", "Exchange Server 2019"),
        ("Version 15.2 (Build 2562.0)", "Exchange Server Subscription Edition"),
        ("Version 15.3 (Build 1.2)", "Exchange Server 15.3"),
        ("15.2.986.5", "Exchange Server 2019"),
    ],
)
def test_a_version_is_of_a_product(text: str, product: str) -> None:
    """2019 and Subscription Edition differ in the build alone."""
    version = xi.ServerVersion.parse(text)

    assert version.product == product
    assert xi.ServerVersion.parse(version.number) == version


def test_versions_compare_as_they_follow() -> None:
    """By number and not by text."""
    assert xi.ServerVersion(15, 2, 986, 5) < xi.ServerVersion(15, 2, 1118, 7) < xi.ServerVersion(15, 10, 0, 0)


@pytest.mark.parametrize("text", ["", "15.2", "Version 15.2", "Version 15.2 (Build 986)", "Version 15.2.986.5 (x)"])
def test_what_is_no_version_is_refused(text: str) -> None:
    """Four numbers, in one of two forms."""
    with pytest.raises(xi.InvalidValueError, match="ServerVersion: expected a version"):
        xi.ServerVersion.parse(text)


@pytest.mark.parametrize("part", [-1, True, "2"])
def test_a_versions_parts_are_numbers(part: int) -> None:
    """The one that is wrong is named."""
    with pytest.raises(xi.InvalidValueError, match=r"ServerVersion\.minor"):
        xi.ServerVersion(15, part, 1, 1)


@pytest.mark.parametrize("text", ["5", " 5 ", "05"])
def test_a_limit_is_read(text: str) -> None:
    """In any decimal form."""
    assert xi.Limit.parse(text) == xi.Limit(5)


@pytest.mark.parametrize("text", ["", "five", "-1", "5.0", "2147483648", "unlimited.", "99999999999"])
def test_what_is_no_limit_is_refused(text: str) -> None:
    """Words, fractions, and what no Int32 holds."""
    with pytest.raises(xi.InvalidValueError, match="Limit"):
        xi.Limit.parse(text)


@pytest.mark.parametrize("count", [-1, True, 2**31, "5", 1.5])
def test_a_limits_count_is_a_number(count: int) -> None:
    with pytest.raises(xi.InvalidValueError, match=r"Limit\.count"):
        xi.Limit(count)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("192.168.1.1", "192.168.1.1", "192.168.1.1"),
        ("192.168.1.1-192.168.1.254", "192.168.1.1", "192.168.1.254"),
        (" 192.168.1.1 - 192.168.1.254 ", "192.168.1.1", "192.168.1.254"),
        ("192.168.1.1/24", "192.168.1.0", "192.168.1.255"),
        ("192.168.1.0(255.255.255.0)", "192.168.1.0", "192.168.1.255"),
        ("2001:0DB8::CD3/60", "2001:db8::", "2001:db8:0:f:ffff:ffff:ffff:ffff"),
        ("::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
        ("fe80::39bd:88f7:6969:d223%11", "fe80::39bd:88f7:6969:d223%11", "fe80::39bd:88f7:6969:d223%11"),
    ],
)
def test_a_range_is_read_in_every_documented_form(text: str, first: str, last: str) -> None:
    """And written as it was, with blanks gone from its ends."""
    found = xi.IPRange.parse(text)

    assert (found.first, found.last) == (ipaddress.ip_address(first), ipaddress.ip_address(last))
    assert found == xi.IPRange(first, last)
    assert str(found) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "everyone",
        "10.0.0.9-10.0.0.1",
        "10.0.0.1-::1",
        "10.0.0.0/33",
        "10.0.0.0/x",
        "10.0.0.0(255.0.255.0)",
        "1-2-3",
        "mail.contoso.com",
    ],
)
def test_what_is_no_range_is_refused(text: str) -> None:
    """Ends of one family, the first one first."""
    with pytest.raises(xi.InvalidValueError, match="IPRange"):
        xi.IPRange.parse(text)


def test_a_range_says_whom_it_holds() -> None:
    """Of its own family alone."""
    office = xi.IPRange.parse("10.0.0.0/8")

    assert "10.255.0.1" in office
    assert ipaddress.ip_address("11.0.0.0") not in office
    assert "::ffff:10.0.0.1" not in office


@pytest.mark.parametrize(
    ("subject", "host"),
    [
        ("CN=mail.contoso.com", "mail.contoso.com"),
        ("CN=*.contoso.com, O=Contoso, C=US", "*.contoso.com"),
        ("OU=IT, cn=a", "a"),
        ('CN="a, ""b"""', 'a, "b"'),
        ("O=Contoso", None),
    ],
)
def test_a_certificates_name_has_its_host(subject: str, host: str | None) -> None:
    """The subject's common name, without .NET's quotes."""
    assert xi.TlsCertificateName("CN=Contoso CA", subject).host == host


@pytest.mark.parametrize("text", ["", "mail.contoso.com", "<I>CN=a", "<S>CN=a", "<I><S>", "<I>CN=a<S>", "0A" * 20])
def test_what_is_no_certificates_name_is_refused(text: str) -> None:
    """With what to write."""
    with pytest.raises(xi.InvalidValueError, match="Get-ExchangeCertificate prints them"):
        xi.TlsCertificateName.parse(text)


@pytest.mark.parametrize("part", ["", "a\nb", "a<S>b", "a<i>b", 5])
def test_a_part_of_a_certificates_name_reads_back(part: str) -> None:
    """What would not is refused, and named."""
    with pytest.raises(xi.InvalidValueError, match=r"TlsCertificateName\.issuer"):
        xi.TlsCertificateName(part, "CN=a")
    with pytest.raises(xi.InvalidValueError, match=r"TlsCertificateName\.subject"):
        xi.TlsCertificateName("CN=a", part)


@pytest.mark.parametrize(
    ("choice", "text", "member"),
    [
        (xi.MessageRateSource, "none", xi.MessageRateSource.NONE),
        (xi.ExtendedProtectionPolicy, "None", xi.ExtendedProtectionPolicy.NONE),
        (xi.RootCAType, "None", xi.RootCAType.NONE),
        (xi.CertificateStatus, "DateInvalid", xi.CertificateStatus.DateInvalid),
        (xi.EwsApplicationAccessPolicy, "enforceblocklist", xi.EwsApplicationAccessPolicy.EnforceBlockList),
    ],
)
def test_a_word_is_read_in_any_case(choice: type[xi.RootCAType], text: str, member: object) -> None:
    """Also the one that Python keeps to itself."""
    assert choice.parse(text) is member
    assert str(member).lower() == text.lower()


def test_a_word_without_a_number_is_read_by_none() -> None:
    """None is documented, and none is made up."""
    with pytest.raises(xi.InvalidValueError, match="one of DateInvalid"):
        xi.CertificateStatus.parse("1")


class Value(Protocol):
    """A value with exact text."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read it."""
        ...


@pytest.mark.parametrize("text", ["9" * 5000, "0" * 5000 + "9", "٣", "²", "-1", "1.0"])
def test_a_number_that_is_of_no_member_is_refused(text: str) -> None:
    """However many digits it has; digits are ASCII's, as for .NET."""
    with pytest.raises(xi.InvalidValueError, match=r"^ServiceStatus: expected one of ") as caught:
        xi.ServiceStatus.parse(text)

    assert len(str(caught.value)) < 500


def test_zeros_before_a_number_do_not_count() -> None:
    """Thousands of them neither."""
    assert xi.ServiceStatus.parse("004") is xi.ServiceStatus.parse("0" * 5000 + "4") is xi.ServiceStatus.Running


@pytest.mark.parametrize("text", [f"1 B ({'9' * 5000} bytes)", "9" * 5000, f"{'9' * 21} bytes", "٣"])
def test_a_size_of_more_digits_than_any_has_is_refused(text: str) -> None:
    """With the form that would do."""
    with pytest.raises(xi.InvalidValueError, match=r"^ByteQuota: expected a number with B, KB"):
        xi.ByteQuota.parse(text)


def test_a_number_that_no_member_has_is_refused_with_the_words() -> None:
    """Where Python's own enum would raise ValueError."""
    with pytest.raises(
        xi.InvalidValueError, match=r"^LoginType: expected the value of a member, received 99\. LoginType"
    ):
        xi.LoginType(99)
