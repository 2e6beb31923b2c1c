"""What a command's values become on the wire."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypsrp.serializer import Serializer

import exchange_imap as xi
from exchange_imap._powershell.clixml import read_object
from exchange_imap._powershell.syntax import Array, Boolean, Hashtable, Literal, Null, Number, String
from exchange_imap._transports.psrp.encoding import encode_argument, has_secret


def sent(value: Literal | None) -> str:
    """Return the CLIXML that pypsrp makes of a parameter's value."""
    element = Serializer().serialize(encode_argument(xi.Parameter("P", value)))
    assert element is not None
    return ET.tostring(element, encoding="unicode")


VALUES = {
    "switch": (None, "<B>true</B>"),
    "text": (String("a"), "<S>a</S>"),
    "like an escape": (String("_x0041_"), "<S>_x005F_x0041_</S>"),
    "control": (String("a\r\n"), "<S>a_x000D__x000A_</S>"),
    "number": (Number(5), "<I32>5</I32>"),
    "large number": (Number(2**40), "<I64>1099511627776</I64>"),
    "larger number": (Number(2**63), "<D>9223372036854775808</D>"),
    "real": (Number(1.5), "<Db>1.5</Db>"),
    "decimal": (Number(Decimal("1E+3")), "<D>1000</D>"),
    "false": (Boolean(False), "<B>false</B>"),
    "null": (Null(), "<Nil />"),
}


@pytest.mark.parametrize(("value", "expected"), VALUES.values(), ids=list(VALUES))
def test_a_value_is_sent_with_its_own_type(value: Literal | None, expected: str) -> None:
    """As MS-PSRP 2.2.5 writes it."""
    assert sent(value) == expected


def test_lists_and_edits_are_sent_as_such() -> None:
    """A list of texts, and a hashtable of lists."""
    edit = Hashtable(((String("Add"), Array((String("a"), String("b")))), (String("Remove"), String("c"))))

    record = read_object(sent(edit))
    assert isinstance(record, xi.Record)
    assert isinstance(record.value, dict)
    added = record.value["Add"]
    assert isinstance(added, xi.Record)
    assert (record.type_names[0], added.items) == ("System.Collections.Hashtable", ("a", "b"))
    assert record.value["Remove"] == "c"
    assert sent(Array(())).endswith("<LST /></Obj>")


def test_what_cannot_be_sent_is_refused() -> None:
    """Before anything is; a number that is too large is no literal."""
    with pytest.raises(xi.InvalidValueError, match=r"^P: expected"):
        encode_argument(xi.Parameter("P", String("a\uffff")))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (xi.Secret("x"), True),
        (xi.PSCredential("u", "x"), True),
        (Array((xi.Secret("x"),)), True),
        (Array((String("x"),)), False),
        (None, False),
    ],
    ids=["secret", "credential", "in a list", "list", "switch"],
)
def test_a_secret_is_noticed(value: Literal | None, expected: bool) -> None:
    """Keys have to be exchanged for it."""
    command = xi.Command("Get-X", (xi.Parameter("A", value),))

    assert has_secret([xi.Pipeline((command,))]) is expected


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")))
def test_law_any_text_is_read_back_as_it_was(text: str) -> None:
    """Whatever looks like an escape, and whatever XML could not hold."""
    assert read_object(sent(String(text))) == text
