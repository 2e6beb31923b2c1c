"""Laws: what is written as CSV is read again, and nothing of any text is lost or holds a password."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

import exchange_imap as xi
from support.examples import share

names = st.text(st.characters(codec="ascii", exclude_characters=',"\r\n#', exclude_categories=["Cc", "Zs"]), min_size=1)
values = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=20)


def written(row: list[str]) -> str:
    """Write one line as CSV, as Exchange does."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(row)
    return text.getvalue()


@share(4)
@given(st.data())
def test_law_what_is_written_is_read(data: st.DataObject) -> None:
    """Whatever the fields are called, and whatever stands in them."""
    header = [f"n{name}" for name in data.draw(st.lists(names, min_size=1, max_size=8, unique=True))]
    row = st.lists(values, min_size=len(header), max_size=len(header))
    rows = [[f"v{first}", *rest] for first, *rest in data.draw(st.lists(row, max_size=4))]
    lines = [f"#Fields: {','.join(header)}", *map(written, rows)]

    assert [[*entry.fields.values()] for entry in xi.read_protocol_log(lines)] == rows


@share(4)
@given(st.lists(st.text(st.characters()), max_size=5))
def test_law_any_line_is_an_entry(lines: list[str]) -> None:
    """None is left out but what is empty or has a #, and what is shown is one line."""
    entries = [*xi.read_protocol_log(lines, fields=["user", "cIp", "command", "context", "dateTime"])]

    told = [line.strip("\r\n").lstrip("\ufeff") for line in lines]
    assert len(entries) >= len([line for line in told if line and line[0] != "#" and "," not in line])
    assert not [entry for entry in entries if "\n" in str(entry)]
    assert all(entry.problems or len(entry.fields) == 5 for entry in entries)
    assert xi.ProtocolLogSummary.of(entries).entries == len(entries)
