"""What ConvertTo-Json wrote is read, of both PowerShells."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from exchange_imap._powershell.json_reader import is_cut, read_json
from exchange_imap._powershell.record import RecordValue

_SPAN = '{"Ticks": 18000000000, "Days": 0, "TotalMilliseconds": 1800000, "TotalSeconds": 1800}'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("null", None),
        ("true", True),
        ("4", 4),
        ("1.50", Decimal("1.50")),
        ('"\\u0027a\\u0027"', "'a'"),
        ("[]", ()),
        ('["a", [1]]', ("a", (1,))),
        ("{}", xi.Record()),
        ('{"a": {"b": null}}', xi.Record(properties={"a": xi.Record(properties={"b": None})})),
        (_SPAN, timedelta(minutes=30)),
        ('{"Ticks": -5, "TotalMilliseconds": -0.0005}', timedelta(0)),
        ('{"Ticks": 5}', xi.Record(properties={"Ticks": 5})),
        (
            '{"Ticks": 99999999999999999999, "TotalMilliseconds": 1}',
            xi.Record(properties={"Ticks": 99999999999999999999, "TotalMilliseconds": 1}),
        ),
        ('"\\/Date(1632849623477)\\/"', datetime(2021, 9, 28, 17, 20, 23, 477000, UTC)),
        ('"/Date(-1000+0200)/"', datetime(1969, 12, 31, 23, 59, 59, 0, UTC)),
        ('"/Date(999999999999999)/"', "/Date(999999999999999)/"),
        ('"2021-09-28T17:20:23.4772745Z"', "2021-09-28T17:20:23.4772745Z"),
        ('{"value": 4, "Value": "Running"}', xi.Record(text="Running", value=4)),
        ('{"value": ["a"], "Count": 1}', xi.Record(items=("a",), properties={"Count": 1})),
        ('{"value": "a", "Value": 2, "Path": "C:"}', xi.Record(value="a", properties={"Value": 2, "Path": "C:"})),
        ('{"value": {"a": 1}}', xi.Record(properties={"value": xi.Record(properties={"a": 1})})),
    ],
)
def test_a_value_is_read(text: str, value: RecordValue) -> None:
    """As a property; a number of ticks that no time span has stays with its object."""
    (record,) = read_json(f'{{"It": {text}}}')

    assert record == xi.Record(properties={"It": value})


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ('{"a": 1}', (xi.Record(properties={"a": 1}),)),
        ('\ufeff[{"a": 1}, "x", null]', (xi.Record(properties={"a": 1}), xi.Record(value="x"), xi.Record())),
        ('{"value": [{"a": 1}], "Count": 1}', (xi.Record(properties={"a": 1}),)),
        ("[]", ()),
        ("5", (xi.Record(value=5),)),
    ],
)
def test_the_objects_of_a_text_are_read(text: str, records: tuple[xi.Record, ...]) -> None:
    """One, those of an array, and those of an array that 5.1 wrote with its Count."""
    assert read_json(text) == records


@pytest.mark.parametrize(
    ("text", "path", "fragment"),
    [
        ("", "JSON (line 1, column 1)", "Expecting value"),
        ('{"a":\n1', "JSON (line 2, column 2)", "all of it and nothing else"),
        ("PS> x", "JSON (line 1, column 1)", "what ConvertTo-Json writes"),
        ("[NaN]", "JSON", "received 'NaN'"),
        ('{"a": 1, "b": 2, "a": 3}', "JSON: a", "each property once"),
        ("[" * 100_000, "JSON", "as deep as -Depth allows"),
        ("[" * 150 + "]" * 150, "JSON", "as deep as -Depth allows"),
        ("1" * 5000, "JSON", "thousands of digits"),
        ('{"a": 1e1000000000000000000}', "JSON", "expected a number of .NET, received '1e1000000000000000000'"),
        ('{"a": 1.5e-1000000000000}', "JSON", "a number of .NET"),
        ('{"a": 1e401}', "JSON", "a number of .NET"),
    ],
)
def test_what_is_no_json_is_refused_with_its_place(text: str, path: str, fragment: str) -> None:
    """With our own error."""
    with pytest.raises(xi.UnexpectedReplyError) as caught:
        read_json(text)

    assert caught.value.path == path
    assert fragment in str(caught.value)


@pytest.mark.parametrize(
    ("value", "cut"),
    [
        ("System.Object[]", True),
        ("System.Collections.Hashtable", True),
        ("Microsoft.Exchange.Data.MultiValuedProperty`1[Microsoft.Exchange.Data.IPBinding]", True),
        ("Deserialized.System.Net.IPAddress", True),
        ("@{Port=993; Address=::}", True),
        ("@{}", False),
        ("System.Object" + "[]" * 5_000, True),
        ("System.Object" + "[]" * 5_000 + "x", False),
        ("Microsoft Exchange IMAP4", False),
        ("MAIL.CONTOSO.COM", False),
        ("System", False),
        (("a", "System.Object[]"), True),
        (("a",), False),
        (5, False),
        (None, False),
    ],
)
def test_what_depth_cut_away_is_recognised(value: RecordValue, cut: bool) -> None:
    """By what .NET prints of an object, and a list by any of it."""
    assert is_cut(value) is cut


_plain = st.none() | st.booleans() | st.integers() | st.text().filter(lambda text: not text.startswith("/Date("))


@given(st.dictionaries(st.text().filter(lambda name: name != "value"), _plain))
def test_law_what_json_holds_is_read(named: dict[str, RecordValue]) -> None:
    assert read_json(json.dumps(named)) == (xi.Record(properties=named),)
