"""The written form where it is tempted: numbers, lists, tables and names that would be read as something else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from exchange_imap import InvalidValueError
from exchange_imap._powershell.renderer import Form, render_literal, render_parameter
from exchange_imap._powershell.syntax import (
    Array,
    Boolean,
    CredentialPrompt,
    Hashtable,
    Literal,
    Null,
    Number,
    Quote,
    String,
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number(5, "005"), "005"),
        (Number(-1, "0xFFFFFFFF"), "0xFFFFFFFF"),
        (Number(-5), "(-5)"),
        (Number(-1.5), "(-1.5)"),
        (Number(1e22), "1e+22"),
        (Number(Decimal("1.50")), "1.50d"),
        (Number(Decimal("1E+5")), "100000d"),
        (Number(2**64), "18446744073709551616"),
        (Number(5, "6"), "5"),
        (Number(5, "5; Stop-Service MSExchangeIMAP4"), "5"),
    ],
    ids=str,
)
def test_a_number_is_written_by_its_word_or_its_worth(number: Number, text: str) -> None:
    """Never by a word that is worth something else, and a negative one in brackets: a bare ``-5`` is a text."""
    assert render_literal(number) == text


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 10**35 + 1, Decimal("1e40")], ids=str)
def test_a_number_that_powershell_has_no_word_for_is_refused(value: float | Decimal) -> None:
    """It would arrive as a text, or as a rounded number."""
    with pytest.raises(InvalidValueError, match="number: expected one that PowerShell can write"):
        render_literal(Number(value))


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (Array((String("a"),)), "a"),
        (Array((String("--%"),)), '@("--%")'),
        (Array((String("--%"), Number(1, "1MB"), Null())), '@("--%",1,$null)'),
        (Array((Null(),)), "@($null)"),
        (Array((Null(), Boolean(value=True))), "$null,$true"),
        (Array((Hashtable(()),)), "@(@{})"),
        (Array((Number(-5), Number(5))), "(-5),5"),
        (Hashtable(((String("a"), Array((String("--%"), String("b")))),)), '@{a=@("--%","b")}'),
        (Hashtable(((String("a"), Array((Null(),))), (String("b c"), Hashtable(())))), '@{a=@($null); "b c"=@{}}'),
        (Hashtable(((String("$a"), String("$b", Quote.DOUBLE)),)), "@{'$a'='$b'}"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_list_reads_back_as_the_list_that_it_is(literal: Literal, text: str) -> None:
    """Brackets where a first ``--%`` would end the line, or a lone item would be taken for something else."""
    assert render_literal(literal) == text


@pytest.mark.parametrize(
    ("literal", "message"),
    [
        (Array((String("a"), Array(()))), "list: expected items that are no lists"),
        (Hashtable(((String("a"), Array((Array(()),))),)), "list: expected items that are no lists"),
        (Hashtable(((String("Add"), Null()), (String("ADD"), Null()))), "hashtable: expected each key once"),
        (CredentialPrompt("\udc80"), "Half of a surrogate pair"),
    ],
    ids=["list in a list", "list in a table's list", "key twice", "half a character"],
)
def test_what_no_text_means_is_refused(literal: Literal, message: str) -> None:
    """Rather than written as something that PowerShell reads differently."""
    with pytest.raises(InvalidValueError, match=message):
        render_literal(literal)


@pytest.mark.parametrize(
    ("user", "text"),
    [
        (None, "(Get-Credential)"),
        ("", '(Get-Credential "")'),
        ("5", '(Get-Credential "5")'),
        ("-Message", '(Get-Credential "-Message")'),
        ("a) ; X", '(Get-Credential "a) ; X")'),
        ("--%", "(Get-Credential -UserName:'--%')"),
    ],
)
def test_a_user_name_is_one_text_inside_the_brackets(user: str | None, text: str) -> None:
    """Whatever it looks like; no name is not an empty one."""
    assert render_literal(CredentialPrompt(user)) == text


@pytest.mark.parametrize(
    "name", ["", "a b", "a\u3000b", "a:b", "a.b", "a;b", "a|b", "1", "-a", "a\n", "a`b", "a'b", "a)"]
)
def test_a_name_that_is_none_is_refused(name: str) -> None:
    """So that no caller's name can begin a second command."""
    with pytest.raises(InvalidValueError, match="parameter: expected a parameter's name"):
        render_parameter(name, None, Form.NAMED)
