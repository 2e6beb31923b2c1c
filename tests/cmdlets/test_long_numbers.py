"""Numbers of any length: Python refuses to read or print one of more than 4,300 digits, and no caller sees that."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

import pytest

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlets
from exchange_imap._model.codecs.literals import IntegerCodec
from exchange_imap._model.declaration import parameters, properties
from exchange_imap._model.specs import ParameterSpec, PropertySpec
from exchange_imap._powershell.record import Record, RecordValue
from exchange_imap._powershell.syntax import Number, String
from exchange_imap.testing import FakeExchange

CMDLETS = cmdlets()

Given = TypeVar("Given")
LONG = "1" * 5000
TEXTS = [
    LONG,
    f"-{LONG}",
    f"0.{LONG}",
    f"{LONG}MB",
    f"{LONG} MB ({LONG} bytes)",
    f"{LONG}.00:00:00",
    f"mail.contoso.com:{LONG}",
    f"0.0.0.0:{LONG}",
    f"[::{LONG}]:993",
    f"10.0.0.0/{LONG}",
    f"Version 15.2 (Build {LONG}.1)",
    f"2026-01-01T00:00:00.{LONG}Z",
    "1e999999999",
    "\u0663",  # a digit, though not of ASCII
    "\u0663" * 5000,
    "\u00b2",
]
NUMBERS: list[int | float | Decimal] = [2**96 - 1, 1 - 2**96, Decimal(2**96 - 1), 1e308, float("inf"), float("nan")]
VALUES: list[RecordValue] = [*TEXTS, *NUMBERS, 10**5000, -(10**5000), Decimal("1e999999999"), Decimal("NaN")]


def refuse_or_take(read: Callable[[Given], object], given: Given) -> None:
    """Let a reader read, or refuse in the library's own words."""
    with contextlib.suppress(xi.ExchangeImapError):
        read(given)


def snapshots(cls: type[xi.Snapshot] = xi.Snapshot) -> list[type[xi.Snapshot]]:
    """Return every snapshot class."""
    return [each for below in cls.__subclasses__() for each in (below, *snapshots(below))]


TAKEN = {id(spec.codec): (cls, spec) for cls in CMDLETS.values() for spec in parameters(cls).values()}.values()
ANSWERED = {id(spec.codec): (cls, spec) for cls in snapshots() for spec in properties(cls).values()}.values()


@pytest.mark.no_cover
@pytest.mark.parametrize(("cls", "spec"), TAKEN, ids=[f"{cls.cmdlet} -{spec.name}" for cls, spec in TAKEN])
def test_no_kind_of_parameter_lets_pythons_own_error_escape(cls: type[xi.Cmdlet], spec: ParameterSpec) -> None:
    """Whether as text, as a number of a line, or as a Python value; one parameter of each kind stands for all."""
    for text in TEXTS:
        refuse_or_take(spec.codec.read, String(text))
        refuse_or_take(xi.parse, f"{cls.cmdlet} -{spec.name} {text}")
    for number in NUMBERS:
        refuse_or_take(spec.codec.read, Number(number))
    for value in VALUES:
        refuse_or_take(spec.check, value)


@pytest.mark.parametrize(("cls", "spec"), ANSWERED, ids=[f"{cls.__name__}.{spec.name}" for cls, spec in ANSWERED])
def test_no_kind_of_property_lets_pythons_own_error_escape(cls: type[xi.Snapshot], spec: PropertySpec) -> None:
    """Whether as a value, or as what an enum is made of."""
    for value in VALUES:
        made_of = value if isinstance(value, int) else None
        record = Record(type_names=cls.types, text=value if isinstance(value, str) else None, value=made_of)
        refuse_or_take(spec.codec.decode, value)
        refuse_or_take(spec.codec.decode, record)


def test_a_status_of_any_length_is_an_unexpected_reply() -> None:
    """The services are read again in the middle of a plan: nothing but the library's errors may come of it."""
    record = FakeExchange(servers=["MBX01"]).transport().run(xi.Pipeline((xi.GetService(),))).records[0]
    with pytest.raises(xi.UnexpectedReplyError) as caught:
        xi.ServiceState.from_record(dict(record.properties) | {"Status": LONG})
    assert caught.value.path == "ServiceState.Status"


@pytest.mark.parametrize("parse", [xi.ByteQuota.parse, xi.Limit.parse, xi.LoginType.parse, xi.AuthMechanism.parse])
def test_values_refuse_more_digits_than_dotnet_holds(parse: Callable[[str], object]) -> None:
    """Twenty digits are what its largest whole number has."""
    with pytest.raises(xi.InvalidValueError):
        parse("9" * 5000)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (f"Set-ImapSettings -MaxConnections {'0' * 5000}3", xi.SetImapSettings(max_connections=3)),
        (f"Set-ImapSettings -MaxConnections '{'0' * 5000}3'", xi.SetImapSettings(max_connections=3)),
        ("Set-ImapSettings -MaxConnections ' +3 '", xi.SetImapSettings(max_connections=3)),
        (f"Set-ImapSettings -LoginType '{'0' * 5000}3'", xi.SetImapSettings(login_type=xi.LoginType.SecureLogin)),
        ("Set-ImapSettings -LoginType ' +3 '", xi.SetImapSettings(login_type=xi.LoginType.SecureLogin)),
    ],
    ids=["number", "text", "sign", "member", "signed member"],
)
def test_zeros_before_a_number_do_not_count(line: str, expected: xi.SetImapSettings) -> None:
    """PowerShell was asked: it reads all of these."""
    assert xi.parse(line) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1e3", 1000), (" 1kb ", 1024), ("+1.5", 2), ("2.5", 2), ("3.5", 4), ("0x1F", 31), ("0x10kb", 16384), ("5L", 5),
        ("1.5d", 2), (".5", 0), ("1.", 1), ("-2.5", -2), ("-0x10", -16), ("0xFFFFFFFF", -1),
    ],
)  # fmt: skip
def test_a_number_in_quotes_is_a_number(text: str, number: int) -> None:
    """PowerShell was asked of each: it converts the text as it reads the word."""
    assert IntegerCodec().read(String(text)) == number


@pytest.mark.parametrize("text", ["1e", "--5", "- 5", "1e400", "\uff11", "1pb", "1kbd", "many", "", "-"])
def test_a_text_that_is_no_number_is_refused(text: str) -> None:
    """And one that no Int32 holds; PowerShell takes an empty text for 0, which nobody means."""
    with pytest.raises(xi.InvalidValueError):
        IntegerCodec().read(String(text))


@pytest.mark.parametrize("value", [2**96, -(2**96), Decimal(2**96), Decimal("1e999999999"), Decimal("NaN")], ids=str)
def test_a_number_that_powershell_does_not_have_cannot_exist(value: int | Decimal) -> None:
    """Digits beyond its decimal are a real number, so no literal holds such an exact one."""
    with pytest.raises(xi.InvalidValueError) as caught:
        Number(value)
    assert caught.value.field == "number"
