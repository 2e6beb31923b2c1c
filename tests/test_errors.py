"""The errors: what they say, and that they are of one family."""

from __future__ import annotations

import pickle

import pytest

import exchange_imap as xi

RECORD = xi.ErrorRecord(message="Nein", category="InvalidData", fully_qualified_error_id="X,Set-Y")
ERRORS = [
    xi.InvalidValueError("Port", "a port", "x", "Write 993"),
    xi.CommandSyntaxError("Port", "a port", "x", "", "Set-X x", xi.Span(6, 7)),
    xi.UnexpectedReplyError("ImapSettings.Banner", "text", None),
    xi.TransportError("gone", "Get-X", sent=True),
    xi.AuthenticationError("401"),
    xi.TransportTimeoutError("slow", "Get-X"),
    xi.EndpointError("404", "Get-X", sent=False, url="http://mbx01/PowerShell", port=80),
    xi.CommandError("Set-Y", (RECORD, RECORD)),
    xi.UnknownOutcomeError("Restart-Service x", "lost"),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_every_error_is_of_one_family_and_survives_a_pickle(error: xi.ExchangeImapError) -> None:
    """One except clause catches all."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - made here

    assert isinstance(error, xi.ExchangeImapError)
    assert (type(again), str(again)) == (type(error), str(error))
    assert isinstance(error, ValueError) == isinstance(error, xi.InvalidValueError)


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (ERRORS[0], "Port: expected a port, received 'x'. Write 993."),
        (ERRORS[1], "line 1, column 7: Port: expected a port, received 'x'.\n    Set-X x\n          ^"),
        (ERRORS[2], "ImapSettings.Banner: expected text, received None."),
        (ERRORS[3], "gone. The command was: Get-X (it had been sent)."),
        (ERRORS[4], "401."),
        (ERRORS[5], "slow. The command was: Get-X (it may have been sent)."),
        (ERRORS[6], "404. The command was: Get-X (it was not sent). Tried http://mbx01/PowerShell."),
        (ERRORS[7], "Set-Y: Nein. [InvalidData: X,Set-Y]. 1 more error(s) followed."),
        (ERRORS[8], "Restart-Service x: whether it took effect is unknown: lost."),
        (xi.CommandError("Set-Y", (RECORD,)), "Set-Y: Nein. [InvalidData: X,Set-Y]."),
        (xi.EndpointError("404"), "404."),
    ],
)
def test_a_message_is_derived_from_the_attributes(error: xi.ExchangeImapError, text: str) -> None:
    """What was expected, what was received, what to do next."""
    assert str(error) == text


def test_the_caret_stands_under_the_stretch_whatever_is_before_it() -> None:
    """Wide characters take two columns, combining ones none, a tab stays a tab, other control characters are dots."""
    source = "X\r\nSet-X\t漢e\u0301\x1b bad\nY"
    start = source.index("bad")

    error = xi.CommandSyntaxError("x", "y", "bad", "", source, xi.Span(start, start + 3))

    assert (error.line, error.column) == (2, 12)
    assert error.caret == "Set-X\t漢e\u0301· bad\n     \t     ^^^"


def test_a_stretch_over_several_lines_is_underlined_to_the_end_of_the_first() -> None:
    """And one behind the end of the text still has a caret."""
    assert xi.CommandSyntaxError("x", "y", "z", "", "ab\ncd", xi.Span(1, 5)).caret == "ab\n ^"
    assert xi.CommandSyntaxError("x", "y", "z", "", "ab", xi.Span(2, 2)).caret == "ab\n  ^"


def test_a_long_value_is_shown_by_its_beginning() -> None:
    """A message stays readable."""
    text = str(xi.InvalidValueError("Banner", "less", "x" * 5000))

    assert "(5002 characters)" in text
    assert len(text) < 300


def test_many_errors_of_one_long_text_are_shown_in_the_time_of_one() -> None:
    """Where lines start is found once for a text; a search for each error would hang here."""
    source = "$x\r\n" * 50_000
    errors = [xi.CommandSyntaxError("f", "a", "b", "", source, xi.Span(4 * n, 4 * n + 2)) for n in range(50_000)]

    assert [error.line for error in errors] == list(range(1, 50_001))
    assert {error.caret for error in errors} == {"$x\n^^"}


def test_a_line_end_is_no_part_of_the_line_that_is_drawn() -> None:
    """Whichever of the three it is, and at the end of the text."""
    for line_end in ("\r\n", "\n", "\r"):
        source = f"ab{line_end}cd{line_end}"
        error = xi.CommandSyntaxError("f", "a", "b", "", source, xi.Span(3 + len(line_end), 4 + len(line_end)))
        assert (error.line, error.column, error.caret) == (2, 2, "cd\n ^")
        behind = xi.CommandSyntaxError("f", "a", "b", "", source, xi.Span(len(source), len(source)))
        assert (behind.line, behind.column, behind.caret) == (3, 1, "\n^")
