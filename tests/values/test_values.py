"""The small values: what each reads, writes and refuses."""

from __future__ import annotations

import ipaddress
import pickle
from collections.abc import Callable
from datetime import timedelta

import pytest

import exchange_imap as xi
from exchange_imap._values import is_dns_name, is_host_name
from support.public import NAMES

SSL, TLS = xi.Encryption.SSL, xi.Encryption.TLS


@pytest.mark.parametrize(
    ("text", "host", "port", "encryption", "written"),
    [
        ("mail.contoso.com:993:SSL", "mail.contoso.com", 993, SSL, "mail.contoso.com:993:SSL"),
        ("mail.contoso.com:143:tls", "mail.contoso.com", 143, TLS, "mail.contoso.com:143:TLS"),
        ("mail.contoso.com:143", "mail.contoso.com", 143, None, "mail.contoso.com:143"),
        ("mail.contoso.com:143:", "mail.contoso.com", 143, None, "mail.contoso.com:143"),
        (" mail_1:0993:Ssl ", "mail_1", 993, SSL, "mail_1:993:SSL"),
        ("10.0.0.1:0", "10.0.0.1", 0, None, "10.0.0.1:0"),
        ("posteingang.müller.de.:143:TLS", "posteingang.müller.de.", 143, TLS, "posteingang.müller.de.:143:TLS"),
    ],
)
def test_a_connection_setting_is_read_and_written(
    text: str, host: str, port: int, encryption: xi.Encryption | None, written: str
) -> None:
    """Two or three fields, the method in any case; written without a trailing colon."""
    setting = xi.ConnectionSetting.parse(text)

    assert (setting.host, setting.port, setting.encryption) == (host, port, encryption)
    assert str(setting) == written


def test_the_case_of_a_host_name_does_not_count() -> None:
    """Two settings that differ in the case of the host are one, also in a set."""
    one, other = (
        xi.ConnectionSetting.parse("Mail.Contoso.com:993:SSL"),
        xi.ConnectionSetting("mail.contoso.com", 993, SSL),
    )

    assert one == other
    assert len({one, other}) == 1


@pytest.mark.parametrize(
    ("text", "part", "hint"),
    [
        ("mail.contoso.com::SSL", "port of 0 to 65535", ""),
        ("mail.contoso.com:abc:SSL", "port of 0 to 65535", ""),
        ("mail.contoso.com:65536:SSL", "port of 0 to 65535", ""),
        ("mail.contoso.com:٩٩٣:SSL", "port of 0 to 65535", ""),
        (":993:SSL", "a host name", ""),
        ("mail.contoso.com:993:TLS1.2", "SSL, TLS or nothing", "TLS means STARTTLS"),
        ("mail contoso.com:993:SSL", "a host name", ""),
        ("*.contoso.com:993:SSL", "a host name", "a name that the wildcard certificate covers"),
        ("<ServerName>:993:SSL", "a host name", "Replace the placeholder"),
        ("{mail.contoso.com:993:SSL}", "HostName:Port:SSL", "Braces are from old pages"),
        ("mail.contoso.com", "HostName:Port:SSL", ""),
        ("::1", "a host name", "An IPv6 address cannot be advertised"),
        ("a:1:SSL:x", "HostName:Port:SSL", ""),
        ("a..b:1", "a host name", ""),
        ("-a:1", "a host name", ""),
        ("", "HostName:Port:SSL", ""),
    ],
)
def test_a_wrong_connection_setting_is_refused_with_the_reason(text: str, part: str, hint: str) -> None:
    """The message has what was expected, what was received, and a hint where there is one."""
    with pytest.raises(xi.InvalidValueError) as caught:
        xi.ConnectionSetting.parse(text)

    assert part in caught.value.expected
    assert caught.value.received == text
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: xi.ConnectionSetting("a b", 1), "ConnectionSetting.host"),
        (lambda: xi.ConnectionSetting(7, 1), "ConnectionSetting.host"),  # type: ignore[arg-type]  # the mistake itself
        (lambda: xi.ConnectionSetting("a", 65536), "ConnectionSetting.port"),
        (lambda: xi.ConnectionSetting("a", True), "ConnectionSetting.port"),
        (lambda: xi.ConnectionSetting("a", 1, "SSL"), "ConnectionSetting.encryption"),  # type: ignore[arg-type]  # the same
        (lambda: xi.Binding("::", -1), "Binding.port"),
        (lambda: xi.Binding("mail", 1), "Binding.address"),
        (lambda: xi.ByteQuota(-1), "ByteQuota.bytes"),
        (lambda: xi.ByteQuota(2**64), "ByteQuota.bytes"),
        (lambda: xi.ByteQuota(True), "ByteQuota.bytes"),
        (xi.ListEdit, "ListEdit"),
        (lambda: xi.ListEdit(add="a"), "ListEdit"),
    ],
)
def test_an_invalid_value_cannot_exist(build: Callable[[], object], field: str) -> None:
    """The constructors refuse what parse refuses, and name the field."""
    with pytest.raises(xi.InvalidValueError) as caught:
        build()

    assert caught.value.field == field


@pytest.mark.parametrize(
    ("text", "address", "port", "written"),
    [
        ("[::]:993", "::", 993, "[::]:993"),
        ("0.0.0.0:143", "0.0.0.0", 143, "0.0.0.0:143"),
        (" 10.0.0.12:143: ", "10.0.0.12", 143, "10.0.0.12:143"),
        (":993", "0.0.0.0", 993, "0.0.0.0:993"),
        ("[0:0:0:0:0:0:0:1]:993", "::1", 993, "[::1]:993"),
        ("[FE80::1%8]:1993", "fe80::1%8", 1993, "[fe80::1%8]:1993"),
        # As .NET prints them; the addresses were asked of PowerShell.
        ("[::ffff:1.2.3.4]:993", "::ffff:1.2.3.4", 993, "[::ffff:1.2.3.4]:993"),
        ("[::102:304]:993", "::1.2.3.4", 993, "[::1.2.3.4]:993"),
        ("[::102:0]:993", "::1.2.0.0", 993, "[::1.2.0.0]:993"),
        ("[::ffff:0:102:304]:993", "::ffff:0:102:304", 993, "[::ffff:0:1.2.3.4]:993"),
        ("[::5efe:102:304]:993", "::5efe:102:304", 993, "[::5efe:1.2.3.4]:993"),
        ("[2001:db8::5efe:1.2.3.4]:993", "2001:db8::5efe:102:304", 993, "[2001:db8::5efe:1.2.3.4]:993"),
        ("[1:0:0:2:0:0:0:3]:1", "1:0:0:2::3", 1, "[1:0:0:2::3]:1"),
    ],
)
def test_a_binding_is_read_as_the_server_reads_it_and_written_as_dotnet_prints_it(
    text: str, address: str, port: int, written: str
) -> None:
    """Blanks and one trailing colon are dropped, no address means 0.0.0.0, and IPv6 is in brackets."""
    binding = xi.Binding.parse(text)

    assert (binding.address, binding.port) == (ipaddress.ip_address(address), port)
    assert str(binding) == written


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("MBX01", "Dns"), ("mail_x.contoso.com", "Dns"), ("a-.com", "Dns"), ("mail.contoso.com.", "Dns"),
        ("xn--a", "Dns"), ("m\u00fcller.de", "Dns"), ("1.2.3.4.5", "Dns"), ("a.1", "Dns"), ("a" * 63, "Dns"),
        ("10.0.0.1", "IPv4"), ("1.2.3", "IPv4"), ("123", "IPv4"), ("0x7F.1", "IPv4"),
        ("-a.com", ""), ("a..b", ""), (".", ""), ("a b", ""), ("*.contoso.com", ""), ("a" * 64, ""), ("::1", ""),
        ("_a", "a host's alone"), ("a._b", "a host's alone"),
    ],
)  # fmt: skip
def test_a_host_name_is_what_dotnet_takes_for_one(text: str, kind: str) -> None:
    """Uri.CheckHostName was asked; a certificate's name has to be a DNS name.

    A host that clients are given may begin with an underscore, so that whatever a server holds is read.
    """
    assert (is_host_name(text), is_dns_name(text)) == (kind != "", kind == "Dns")


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("mail.contoso.com:993", "host names belong in ExternalConnectionSettings"),
        ("10.0.0.300:143", ""),
        ("[::]", "brackets"),
        ("::1:993", "Write an IPv6 address in brackets"),
        ("[fe80::1:993", "brackets"),
        ("[fe80::1%\x1b]:993", "the number of an interface"),
        ("[fe80::1%a b]:993", "the number of an interface"),
        ("*:993", "0.0.0.0 (IPv4) and [::] (IPv6)"),
        ("", ""),
        ("993", ""),
        ("0.0.0.0:", ""),
        ("[]:993", ""),
        # .NET was asked: it reads no IPv4 address in brackets, and no address in two pairs.
        ("[10.0.0.1]:993", "and nothing else"),
        ("[[::1]]:993", "and nothing else"),
    ],
)
def test_a_wrong_binding_is_refused_with_the_reason(text: str, hint: str) -> None:
    """The traps get the right form."""
    with pytest.raises(xi.InvalidValueError) as caught:
        xi.Binding.parse(text)

    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("text", "size", "written", "display"),
    [
        ("0", 0, "0", "0 B (0 bytes)"),
        ("2MB", 2 * 1024**2, "2MB", "2 MB (2,097,152 bytes)"),
        ("2 mb", 2 * 1024**2, "2MB", "2 MB (2,097,152 bytes)"),
        ("2000000", 2_000_000, "2000000", "1.907 MB (2,000,000 bytes)"),
        ("37748736B", 36 * 1024**2, "36MB", "36 MB (37,748,736 bytes)"),
        ("36 MB (37,748,736 bytes)", 36 * 1024**2, "36MB", "36 MB (37,748,736 bytes)"),
        ("36 MB (37.748.736 bytes)", 36 * 1024**2, "36MB", "36 MB (37,748,736 bytes)"),
        ("1TB", 1024**4, "1TB", "1 TB (1,099,511,627,776 bytes)"),
        (" unlimited ", None, "unlimited", "Unlimited"),
        ("18446744073709551615", 2**64 - 1, "18446744073709551615", "16777216 TB (18,446,744,073,709,551,615 bytes)"),
    ],
)
def test_a_byte_quota_is_read_and_written(text: str, size: int | None, written: str, display: str) -> None:
    """Units are powers of 1024; of what the server prints the count in brackets holds."""
    quota = xi.ByteQuota.parse(text)

    assert (quota.bytes, str(quota), quota.display) == (size, written, display)


@pytest.mark.parametrize("text", ["2 megabytes", "1.5MB", "MB", "", "-1", "2PB", "1  MB", "18446744073709551616"])
def test_a_wrong_byte_quota_is_refused(text: str) -> None:
    """Other units, fractions and negative sizes are no quotas."""
    with pytest.raises(xi.InvalidValueError):
        xi.ByteQuota.parse(text)


@pytest.mark.parametrize(
    ("text", "span", "written"),
    [
        ("00:30:00", timedelta(minutes=30), "00:30:00"),
        ("1:00:00", timedelta(hours=1), "01:00:00"),
        ("1:30", timedelta(hours=1, minutes=30), "01:30:00"),
        ("30.00:00:00", timedelta(days=30), "30.00:00:00"),
        ("1:2:3:4", timedelta(days=1, hours=2, minutes=3, seconds=4), "1.02:03:04"),
        ("00:00:00.0368441", timedelta(seconds=0.0368441), "00:00:00.0368440"),
        (" -00:00:00.0010000 ", timedelta(milliseconds=-1), "-00:00:00.0010000"),
    ],
)
def test_a_time_span_is_read_and_written(text: str, span: timedelta, written: str) -> None:
    """The text is .NET's; a fraction finer than a microsecond is rounded."""
    assert xi.parse_time_span(text) == span
    assert xi.format_time_span(span) == written


@pytest.mark.parametrize("text", ["1800", "", "24:00:00", "00:60:00", "00:00:60", "1.00", "00:00:00.12345678", "a:b:c"])
def test_a_wrong_time_span_is_refused(text: str) -> None:
    """A number alone would be days or ticks, never seconds."""
    with pytest.raises(xi.InvalidValueError):
        xi.parse_time_span(text)


ENUMS = (
    xi.LoginType,
    xi.CalendarItemRetrievalOption,
    xi.MimeTextFormat,
    xi.LogFileRollOver,
    xi.ExtendedProtectionPolicy,
    xi.ServiceStatus,
    xi.StartupType,
    xi.ConnectionType,
    xi.Encryption,
)


@pytest.mark.parametrize("member", [member for enum in ENUMS for member in enum], ids=repr)
def test_a_word_is_read_by_its_spelling_and_its_number(member: xi.LoginType) -> None:
    """Every member of every set, in any case, and its repr is the member."""
    enum = type(member)

    assert enum.parse(str(member)) is enum.parse(str(member).upper()) is enum.parse(str(member.value)) is member
    assert eval(repr(member), NAMES) is member  # noqa: S307 - a repr can be pasted back


@pytest.mark.parametrize("enum", [xi.ConnectionType, xi.Encryption, xi.CertificateService, xi.ComponentRequester])
def test_a_number_that_is_not_published_is_not_guessed(enum: type[xi.ConnectionType]) -> None:
    """Each member has its word for a value; the message says what to write instead of a number."""
    assert [member.value for member in enum] == [*map(str, enum)]
    hint = r"Its numbers are not published: use the word\.$"
    with pytest.raises(xi.InvalidValueError, match=hint):
        enum.parse("1")
    with pytest.raises(xi.InvalidValueError, match=hint):
        enum.numbered(1)


def test_a_member_is_found_by_its_number() -> None:
    """As an enum is serialised; a number that no member has is refused."""
    assert xi.ServiceStatus.numbered(4) is xi.ServiceStatus.Running
    with pytest.raises(xi.InvalidValueError, match=r"expected one of Stopped, StartPending, .*, received 8"):
        xi.ServiceStatus.numbered(8)


def test_connections_are_listed_as_exchange_declares_them() -> None:
    """Plaintext, Tls, Ssl: the order of the page."""
    assert [*map(str, xi.ConnectionType)] == ["Plaintext", "Tls", "Ssl"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [("PlainText", "PlainTextLogin or PlainTextAuthentication"), ("Basic", ""), ("4", ""), ("0", ""), ("", "")],
)
def test_a_word_that_is_not_of_the_set_is_refused(text: str, hint: str) -> None:
    """An ambiguous beginning says what it could be; every message lists the words."""
    with pytest.raises(
        xi.InvalidValueError, match="one of PlainTextLogin, PlainTextAuthentication, SecureLogin"
    ) as caught:
        xi.LoginType.parse(text)

    assert hint in caught.value.hint


def test_an_unambiguous_beginning_is_enough() -> None:
    """As PowerShell has it."""
    assert xi.LoginType.parse("sec") is xi.LoginType.SecureLogin


@pytest.mark.parametrize(
    "read", [xi.ConnectionSetting.parse, xi.Binding.parse, xi.ByteQuota.parse, xi.parse_time_span, xi.LoginType.parse]
)
def test_what_is_no_text_is_no_value(read: Callable[[str], object]) -> None:
    """A number or nothing at all is refused by our own error."""
    with pytest.raises(xi.InvalidValueError, match="expected text, received 1800"):
        read(1800)  # type: ignore[arg-type]  # the mistake itself


def test_unset_is_neither_none_nor_true() -> None:
    """Three values that mean different things; UNSET stays itself through a pickle."""
    assert not xi.UNSET
    assert xi.UNSET is not None
    assert repr(xi.UNSET) == "UNSET"
    assert pickle.loads(pickle.dumps(xi.UNSET)) is xi.UNSET  # noqa: S301 - made here
