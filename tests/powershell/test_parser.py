"""The language: what is read, what is refused and where, and the one written form."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange_imap import Command, CommandSyntaxError, InvalidValueError, Parameter
from exchange_imap._powershell.masking import mask_secrets
from exchange_imap._powershell.numbers import read_number
from exchange_imap._powershell.parser import VariableValue, parse_syntax
from exchange_imap._powershell.renderer import Form, render_literal, render_parameter
from exchange_imap._powershell.syntax import (
    Array,
    Boolean,
    CredentialPrompt,
    Element,
    Hashtable,
    Literal,
    Null,
    Number,
    ParameterName,
    Quote,
    String,
)
from support import strategies


def elements(text: str, variables: dict[str, VariableValue] | None = None) -> list[Element]:
    """Read the elements of one command."""
    (pipeline,) = parse_syntax(text, variables).pipelines
    return list(pipeline.commands[0].elements)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X a.b", [String("a.b")]),
        ("X 'it''s' ‘a’ ‚b‛", [String("it's"), String("a"), String("b")]),
        ('X "a""b" “c„ "`"" "`$x" "a`tb`0"', [String('a"b'), String("c"), String('"'), String("$x"), String("a\tb\0")]),
        ("X @'\na'b\"\n'@ @\"\r\n`$x\r\n\"@", [String("a'b\""), String("$x")]),
        ("X @'\n'@", [String("")]),
        ("X 'a’‘b'", [String("a‘b")]),
        ("X ab\"c d\"'e' \"f\"g", [String("abc de"), String("f"), String("g")]),
        ("X a$ $ `$x a`\nb", [String("a$"), String("$"), String("$x"), String("a\nb")]),
        ("X a\u00a0b\u3000c\u200bd\x85e", [String("a"), String("b"), String("c\u200bd"), String("e")]),
        ("X a\0b", [String("a"), String("\0b")]),
        ("X -Name value", [ParameterName("Name"), String("value")]),
        ("X –Name:value —A: b ―C:1,2", [
            ParameterName("Name", String("value")),
            ParameterName("A", String("b")),
            ParameterName("C", Array((Number(1, "1"), Number(2, "2")))),
        ]),
        ("X -5 --x +5 -a'b'", [String("-5"), String("--x"), String("+5"), String("-ab")]),
        ("X 'a'? @{}?b (1)??.5", [
            String("a"),
            String("?"),
            Hashtable(()),
            String("?b"),
            Number(1),
            String("??.5"),
        ]),
        ("X -a.b -c[0]", [ParameterName("a"), String(".b"), ParameterName("c"), String("[0]")]),
        ("X 1MB 0x1F 1.5 1e3 5l 2d", [
            Number(1048576, "1MB"),
            Number(31, "0x1F"),
            Number(1.5, "1.5"),
            Number(1000.0, "1e3"),
            Number(5, "5l"),
            Number(Decimal(2), "2d"),
        ]),
        ("X 1a 1.2.3 1u", [String("1a"), String("1.2.3"), String("1u")]),
        ("X $true $FALSE ${null}", [Boolean(True), Boolean(False), Null()]),
        ("X a,'b' ,\n c", [Array((String("a"), String("b"), String("c")))]),
        ("X @('a'; \"b\",\n1)", [Array((String("a"), String("b"), Number(1)))]),
        ("X @()", [Array(())]),
        ("X ('a') (1MB) (-5) ('a','b')", [
            String("a"),
            Number(1048576),
            Number(-5),
            Array((String("a"), String("b"))),
        ]),
        ("X @{Add='a','b'; \"Remove\" = $null\n}", [
            Hashtable(((String("Add"), Array((String("a"), String("b")))), (String("Remove"), Null())))
        ]),
        ("X (Get-Credential) ( get-credential bob )", [CredentialPrompt(), CredentialPrompt("bob")]),
        ("X (Get-Credential -UserName 'a b')", [CredentialPrompt("a b")]),
        ("X (Get-Credential -Credential:bob)", [CredentialPrompt("bob")]),
        ("X <# note #> a # more", [String("a")]),
        ("X a `\r\n b", [String("a"), String("b")]),
        ("X -b '--%'", [ParameterName("b"), String("--%")]),
        ("X -b:'--%' c", [ParameterName("b", String("--%")), String("c")]),
        ("& X a", [String("a")]),
        ("& 'X' a", [String("a")]),
        ("&“X”a", [String("a")]),
        ("& ('X') a", [String("a")]),
        ("& @'\nX\n'@ a", [String("a")]),
    ],
)  # fmt: skip
def test_elements_are_read_as_powershell_reads_them(text: str, expected: list[Element]) -> None:
    """Every form was asked of PowerShell itself."""
    assert elements(text) == expected


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A; B", [["A"], ["B"]]),
        ("\ufeff;; A\r\n\r\n# note\nB;", [["A"], ["B"]]),
        ("A | B |\n C", [["A", "B", "C"]]),
    ],
)
def test_statements_and_pipes_are_told_apart(text: str, names: list[list[str]]) -> None:
    """Semicolons and line ends separate, a bar joins."""
    assert [[c.name for c in pipeline.commands] for pipeline in parse_syntax(text).pipelines] == names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X $A", [String("mail")]),
        ("X ${a}", [String("mail")]),
        ('X "$a.contoso.com $n"', [String("mail.contoso.com 7")]),
        ("X $a.contoso", None),
        ("X srv-$n", [String("srv-7")]),
        ("X $n $t $z", [Number(7), Boolean(True), Null()]),
        ("X $l", [Array((String("p"), String("q")))]),
        ('X @"\n$a\n"@', [String("mail")]),
    ],
)
def test_variables_stand_for_what_the_caller_says(text: str, expected: list[Element] | None) -> None:
    """Alone or inside a text, in any case; a member of one is still evaluated."""
    variables: dict[str, VariableValue] = {"a": "mail", "n": 7, "t": True, "z": None, "l": ["p", "q"]}
    if expected is None:
        with pytest.raises(CommandSyntaxError):
            elements(text, variables)
    else:
        assert elements(text, variables) == expected


@pytest.mark.parametrize(
    ("text", "pointed_at", "fragment"),
    [
        ("", "", "The text is empty"),
        (" # only a note", " # only a note", "The text is empty"),
        ("X 'abc", "'", "never closed"),
        ('X "abc', '"', "never closed"),
        ("X @'\nabc", "@'", "closing quote"),
        ("X @'abc'@", "@'", "begins on the next line"),
        ('X @"\n`\n"@', '@"\n`\n', "ends before its closing quote"),
        ("X $:", "$", "A $ before a colon"),
        ("X a`\0", "`", "behind the backtick"),
        ("X @' \tabc'@", "@' \t", "begins on the next line"),
        ("X <# abc", "<#", "#>"),
        ("X <ServerName>", "<ServerName>", "Replace the placeholder"),
        ("X > out.txt", ">", "A redirection"),
        ("X 2>&1", "2>", "A redirection"),
        ("X {host:993:SSL}", "{host:993:SSL}", "Braces make a script block"),
        ("X {", "{", "Braces make a script block"),
        ("X $(Get-Date)", "$(", "sub-expression"),
        ('X "a$(1)"', "$(", "sub-expression"),
        ("X $servers", "$servers", "variables={'servers': ...}"),
        ('X "to $x"', "$x", "variables={'x': ...}"),
        ('X "${"', "${", "a variable's name in braces"),
        ('X "a $true"', "$true", "single quotes"),
        ("X 'a'.Length", "'a'.", "Members and indexes"),
        ("X 'a'[0]", "'a'[", "Members and indexes"),
        ("X ('a').b", "('a').", "Members and indexes"),
        ("X 'a'::b", "'a'::", "Members and indexes"),
        ("X 'a'?.5", "'a'?.", "PowerShell 7 evaluates"),
        ('X -a:"b"?[0]', '"b"?[', "PowerShell 7 evaluates"),
        ("X (1)?.5", "(1)?.", "PowerShell 7 evaluates"),
        ("X @('a')?[0]", "@('a')?[", "PowerShell 7 evaluates"),
        ("X @{a=1}?.5", "@{a=1}?.", "PowerShell 7 evaluates"),
        ("X @{a='b'?.5}", "'b'?.", "PowerShell 7 evaluates"),
        ("X b,(Get-Credential)?.5", "(Get-Credential)?.", "PowerShell 7 evaluates"),
        ("X $true?.5", "$true?.", "a value alone"),
        ("X ${true}?.5", "${true}", "no constant inside a text"),
        ("X @args", "@args", "Splatting"),
        ("X @", "@", "Put the text in quotes"),
        ("X ]", "]", "Put the text in quotes"),
        ("X ,a", ",", "a value"),
        ("X a,", ",", "behind the comma"),
        ("X a,,b", ",", "behind the comma"),
        ("X a,@('b')", "@('b')", "no list in a list"),
        ("X @('a',@('b'))", "@('b')", "no list in a list"),
        ("X a,-b:c", "-b:c", "Put the text in quotes"),
        ("X -a:", "-a:", "behind the colon"),
        ("X -a`b c", "-a`", "without a backtick"),
        ("X a` b `", "`", "behind the backtick"),
        ("X a ` \nb", "` ", "Delete the blank behind it"),
        ('X "`e"', "`e", "differently"),
        ('X "`u{41}"', "`u", "differently"),
        ('X "`u41"', "`u", "PowerShell 7 does not accept it"),
        ("X --", "--", "changes how the rest is read"),
        ("X --% a", "--%", "changes how the rest is read"),
        ("X '--%' a", "'--%'", "ends the reading of the line"),
        ("X '--%',a", "'--%'", "ends the reading of the line"),
        ("X '--%'; Y", "'--%'", "ends the reading of the line"),
        ("X @(a)", "a", "text needs quotes"),
        ("X @('a'", "@", "never closed"),
        ("X @('a' 'b')", "'b'", "text needs quotes"),
        ("X ('a'", "(", "never closed"),
        ("X ('a';'b')", ";", "a closing bracket"),
        ("X (Get-Date)", "Get-Date", "nothing is evaluated"),
        ("X (Get-Credential -Message x)", "-Message", "a user name"),
        ("X (Get-Credential a b)", "(Get-Credential a b", "(Get-Credential)"),
        ("X @{a}", "a}", "Key=value"),
        ("X @{=1}", "=1", "a key"),
        ("X @{'a'.b=1}", "'a'.", "Members"),
        ("X @{a='x'", "@", "never closed"),
        ("X @{a=1; A=2}", "A", "each key once"),
        ("X -0xFFFFFFFF (-0xFFFFFFFF)", "-0xFFFFFFFF", "a quoted text"),
        ("X a && Y", "&&", "one command after the other"),
        ("X a || Y", "||", "one command after the other"),
        ("X a &", "&", "one command after the other"),
        ("X a )", ")", "no opening bracket"),
        ("'X' a", "'", "leave out the quotes"),
        ("$x = 5", "$x", "pass variables={'x': ...}"),
        ("$r = Get-ImapSettings", "$r", "Leave out $r =: "),
        ("[string] $r= & 'Get-ImapSettings'", "[string] $r", "Leave out [string] $r=: "),
        ("$script:r += Get-X", "$script:r", "Leave out $script:r +=: "),
        ("$x | Y", "$x", "write what $x would run"),
        ("$x == Get-Y", "$x", "write what $x would run"),
        (". 'X' a", ".", "Leave out the dot"),
        (". X a", ".", "Leave out the dot"),
        (".X a", ".", "a command"),
        ("& { X }", "{", "Write the commands of the script block"),
        ("& ''", "''", "Write its name"),
        ("& 5", "5", "a command"),
        ("& $null X", "$null", "Write its name"),
        ("& 'X'.Trim()", "'X'.", "Members"),
        ("& (Get-X)", "Get-X", "Inside brackets"),
        ("$ = 5", "$", "a command"),
        ("if (1) { X }", "if", "a statement of the language"),
        ("5", "5", "a command"),
        ("X |", "|", "a command"),
        ("a'b' c", "a'b'", "Only a plain name"),
        ("[PS] C:\\Windows\\system32>Set-X a", "[PS] C:\\Windows\\system32>", "Leave out the prompt"),
        ("PS C:\\> Set-X a", "PS C:\\> ", "Leave out the prompt"),
        ("PS> Set-X a", "PS> ", "Leave out the prompt"),
        (">> Set-X a", ">> ", "Leave out the prompt"),
        ("C:\\>Set-X a", "C:\\>", "Leave out the prompt"),
        ("X " + "@(" * 60, "@", "at most 50 brackets"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text: str, pointed_at: str, fragment: str) -> None:
    """With what to write instead."""
    with pytest.raises(CommandSyntaxError) as caught:
        parse_syntax(text)

    error = caught.value
    assert text[error.span.start : error.span.end] == pointed_at
    assert fragment in str(error)
    assert error.source == mask_secrets(text)


def test_what_is_no_text_is_refused() -> None:
    """And names of variables are given as names."""
    with pytest.raises(InvalidValueError, match="the text of a command"):
        parse_syntax(None)  # type: ignore[arg-type]  # the mistake itself
    with pytest.raises(InvalidValueError, match=r"names without the \$"):
        parse_syntax("X", {"$s": "x"})
    with pytest.raises(InvalidValueError, match="a dict of names and values"):
        parse_syntax("X", ["s"])  # type: ignore[arg-type]  # the mistake itself


def test_a_variable_inside_a_text_must_be_text_or_number() -> None:
    """A list or a constant has no one text."""
    with pytest.raises(CommandSyntaxError, match="a text or whole number for"):
        elements('X "$a"', {"a": ["p"]})


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("007", 7),
        ("0xFFFFFFFF", -1),
        ("0xFFFFFFFFl", 4294967295),
        ("0xFFFFFFFFFFFFFFFF", -1),
        ("0x10kb", 16384),
        ("1.5kb", 1536.0),
        ("1.5dkb", Decimal(1536)),
        ("1.5l", 2),
        ("5.", 5.0),
        (".5", 0.5),
        ("99999999999999999999", 99999999999999999999),
        ("7922816251426433759354395033.55d", Decimal(7922816251426433759354395034)),
        ("79228162514264337593543950336d", None),
        ("1e30d", None),
        ("0d", Decimal(0)),
        ("9" * 30, float("9" * 30)),
        ("0x" + "F" * 17, None),
        ("0x", None),
        ("1_000", None),
        ("1u", None),
        ("٣", None),
        ("", None),
    ],
)
def test_numbers_are_worth_what_powershell_says(word: str, value: float | Decimal | None) -> None:
    assert read_number(word) == value


@pytest.mark.parametrize(
    ("literal", "text"),
    [
        (String("mail.contoso.com"), "mail.contoso.com"),
        (String("C:\\Logs\\Imap4"), "C:\\Logs\\Imap4"),
        (String("10.0.0.1"), "10.0.0.1"),
        (String("00:30:00"), "00:30:00"),
        (String("*Bindings"), "*Bindings"),
        (String("mail", Quote.DOUBLE), '"mail"'),
        (String("mail", Quote.SINGLE), '"mail"'),
        (String(""), '""'),
        (String("a b"), '"a b"'),
        (String("it's"), '"it\'s"'),
        (String("1MB"), '"1MB"'),
        (String("-x"), '"-x"'),
        (String("$5"), "'$5'"),
        (String('say "hi"'), "'say \"hi\"'"),
        (String("$5 ’ '"), "'$5 ’’ '''"),
        (String("two\nlines $x `"), '"two`nlines `$x ``"'),
        (String("\0\a\b\f\r\t\v"), '"`0`a`b`f`r`t`v"'),
        (Number(5), "5"),
        (Number(2097152, "2MB"), "2MB"),
        (Boolean(True), "$true"),
        (Boolean(False), "$false"),
        (Null(), "$null"),
        (Array(()), "@()"),
        (Array((String("a", Quote.DOUBLE), String("b"))), '"a",b'),
        (Hashtable(((String("Add"), Array((String("a"),))), (String("x y"), Number(1)))), '@{Add="a"; "x y"=1}'),
        (Hashtable(((String("Add"), Array(())),)), "@{Add=@()}"),
        (CredentialPrompt(), "(Get-Credential)"),
        (CredentialPrompt("contoso\\admin"), "(Get-Credential contoso\\admin)"),
    ],
)
def test_there_is_one_written_form(literal: Literal, text: str) -> None:
    """Always in one line, and always the same."""
    assert render_literal(literal) == text


@pytest.mark.parametrize(
    ("value", "form", "text"),
    [
        (None, Form.NAMED, "-A"),
        (Boolean(False), Form.ATTACHED, "-A:$false"),
        (String("x"), Form.NAMED, "-A x"),
        (String("x"), Form.POSITIONAL, "x"),
        (String("--%"), Form.NAMED, "-A:'--%'"),
        (String("--%"), Form.POSITIONAL, "-A:'--%'"),
        (Array((String("--%"), String("b"))), Form.POSITIONAL, '@("--%","b")'),
        (Array((String("b"), String("--%"))), Form.NAMED, '-A b,"--%"'),
    ],
)
def test_a_parameter_is_written_in_its_form(value: Literal | None, form: Form, text: str) -> None:
    """The word that ends PowerShell's reading is written so that it does not."""
    assert render_parameter("A", value, form) == text


def test_half_a_character_cannot_be_written() -> None:
    """No encoding could carry it."""
    with pytest.raises(InvalidValueError, match="surrogate"):
        render_literal(String("\ud800"))


def test_a_list_in_a_list_cannot_be_written() -> None:
    """PowerShell would make one of them."""
    with pytest.raises(InvalidValueError, match="no lists"):
        render_literal(Array((Array(()),)))


@given(strategies.texts, st.sampled_from(Quote), st.sampled_from(Form))
def test_law_any_text_stays_one_literal_in_any_form(text: str, quote: Quote, form: Form) -> None:
    """First, in the middle, last, and in a list."""
    value = String(text, quote)
    several = Array((value, String("x"), value))
    command = Command("X", (Parameter("A", value, form), Parameter("B", several, form), Parameter("C", value, form)))

    read = [e.argument if isinstance(e, ParameterName) and e.argument else e for e in elements(str(command))]

    assert [e for e in read if not isinstance(e, ParameterName)] == [value, several, value]
    assert not {"\n", "\r"} & set(str(command))


def refusal(text: str) -> CommandSyntaxError | None:
    """Return why a text is refused."""
    try:
        parse_syntax(text)
    except CommandSyntaxError as error:
        return error
    return None


@given(st.one_of(strategies.texts, st.text(), st.text(st.characters(categories=["Cs"]))), st.booleans())
def test_law_no_text_at_all_raises_anything_else(text: str, command: bool) -> None:
    """Only our own error, whose place is inside the text."""
    source = f"Set-X -A {text}" if command else text
    error = refusal(source)

    if error is not None:
        assert 0 <= error.span.start <= error.span.end <= len(source)
        assert str(error)


def test_long_and_deep_texts_are_read_or_refused_quickly() -> None:
    """A hundred kilobytes, ten thousand brackets."""
    assert elements("X '" + "a" * 100_000 + "'") == [String("a" * 100_000)]
    with pytest.raises(CommandSyntaxError, match="at most 50 brackets"):
        parse_syntax("X " + "(" * 10_000)
