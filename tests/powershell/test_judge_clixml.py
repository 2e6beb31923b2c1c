"""Our reading of CLIXML held against PowerShell's own, of real captures and of whatever can be written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

import exchange_imap as xi
from exchange_imap._powershell.clixml import read_clixml
from support.captures import PATHS, needs_captures
from support.clixml import Objects, file
from support.comparable import ours, same, theirs
from support.judge import RecordProperty, ask, count, needs_judge, report

pytestmark = needs_judge


@needs_captures
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_a_capture_is_read_as_powershell_reads_it(path: Path, record_property: RecordProperty) -> None:
    """Object by object, property by property, nested ones too."""
    text = path.read_text(encoding="utf-8-sig")
    (answer,) = ask("clixml", [{"clixml": text}])

    records = read_clixml(text)

    wrong = [
        n
        for n, (record, seen) in enumerate(zip(records, answer["objects"], strict=True))
        if not same(ours(record), theirs(seen))
    ]
    record_property("figure", report(f"clixml, {path.name}", len(records), len(wrong)))
    assert not wrong


def test_whatever_can_be_written_is_read_as_powershell_reads_it(record_property: RecordProperty) -> None:
    """Every kind of value, lists of every kind, notes, tables, references."""
    random = Random(7)  # noqa: S311 - no secret
    asked = [Objects(random, secrets=False).values()[0] for _ in range(count(0.1))]
    wrong = []

    for text, answer in zip(asked, ask("clixml", [{"clixml": text} for text in asked]), strict=True):
        read, seen = [ours(record) for record in read_clixml(text)], [theirs(one) for one in answer["objects"]]
        if not same(read, seen):
            wrong.append(f"{text}\n{read}\n{seen}")

    record_property("figure", report("clixml, generated files", len(asked), len(wrong)))
    assert not wrong, wrong[0]


@pytest.mark.parametrize(
    "text", ["_x000a_", "_X000A_", "_x00G0_", "_x000_x000A_", "_x005F_x000A_", "_xD83D__xDE00_", "_x0A_", " a ", "a_"]
)
def test_an_escape_is_read_as_powershell_reads_it(text: str) -> None:
    """In texts, type names and the names of properties."""
    names = f'<TN RefId="0"><T>{text}</T></TN><ToString>{text}</ToString>'
    xml = file(f'<Obj RefId="0">{names}<Props><S N="{text}">{text}</S></Props></Obj>')
    (answer,) = ask("clixml", [{"clixml": xml}])

    assert same(ours(read_clixml(xml)[0]), theirs(answer["objects"][0]))


INNER = (
    "<Obj RefId='1'><TN RefId='1'><T>B</T><T>C</T></TN><ToString>inner</ToString>"
    "<Props><S N='P'>v</S></Props><MS><I32 N='q'>1</I32></MS></Obj>"
)


IN_OBJECTS = [
    INNER,
    f"{INNER}<ToString>outer</ToString>",
    f"<TN RefId='2'><T>A</T></TN>{INNER}",
    f"{INNER}<Props><S N='Z'>z</S></Props>",
    f"{INNER}<Props><S N='q'>z</S></Props>",
    f"{INNER}<MS><S N='P'>z</S></MS>",
    f"{INNER}<MS><S N='Q'>z</S></MS>",
    f"{INNER}<Props><S N='Z'>z</S></Props><MS><S N='q'>z</S></MS>",
    f"<Obj RefId='2'>{INNER}<MS><S N='x'>y</S></MS></Obj>",
    "<TN RefId='2'><T>A</T></TN><Obj RefId='1'><S>x</S></Obj>",
    "<Obj RefId='1'><S>x</S></Obj>",
    "<TN RefId='2'><T>A</T></TN><Obj RefId='1'><LST><S>a</S></LST></Obj>",
    "<TN RefId='2'><T>E</T></TN><ToString>Running</ToString><Obj RefId='1'><I32>4</I32></Obj>",
]


def test_an_object_in_an_object_is_read_as_powershell_reads_it() -> None:
    """Its parts are those of the inner one, but for what the outer one states."""
    asked = [file(f"<Obj RefId='0'>{parts}</Obj>") for parts in IN_OBJECTS]

    for text, answer in zip(asked, ask("clixml", [{"clixml": text} for text in asked]), strict=True):
        assert same(ours(read_clixml(text)[0]), theirs(answer["objects"][0])), text


# Fewer than these are read by PowerShell in other ways too, and none of them is written by it.
@pytest.mark.parametrize(
    "xml",
    [
        "<B>True</B>", "<I32>0x5</I32>", "<I32>1,000</I32>", "<By>256</By>", "<C>a</C>", "<C>65536</C>", "<Db>1_0</Db>",
        "<D>1E5</D>", "<D>NaN</D>", "<BA>A</BA>", "<Version>1.x</Version>", "<TS>00:30:00</TS>", "<TS>PT</TS>",
        "<TS>PT1.5H</TS>", "<TS>P1W</TS>", "<TS>P10675200D</TS>", "<DT>2021-09-28 17:20:23</DT>",
        "<DT>2021-09-28T24:00:00</DT>", "<DT>2021-13-28T20:00:00</DT>", "<G>x</G>", "<Foo/>",
        "<Obj><Foo/></Obj>", "<Ref RefId='5'/>",
        "<Obj RefId='1'><TNRef RefId='5'/></Obj>", "<Obj><Props><S>x</S></Props></Obj>", "<Obj>text</Obj>",
        "<S>a<S>b</S></S>",
        "<Obj RefId='0'><DCT><En><S N='Key'>a</S></En></DCT></Obj>",
        "<Obj RefId='0'><DCT><En><S N='Value'>a</S><S N='Key'>b</S></En></DCT></Obj>",
    ],
)  # fmt: skip
def test_what_powershell_refuses_is_refused(xml: str) -> None:
    """With our own error."""
    text = file(xml)
    (answer,) = ask("clixml", [{"clixml": text}])

    assert "failure" in answer
    with pytest.raises(xi.UnexpectedReplyError, match=r"^CLIXML.* \(line 1, column \d+\): expected "):
        read_clixml(text)


def test_a_time_span_finer_than_ours_is_the_same_as_printed() -> None:
    """Rounded to the microsecond, as ``parse_time_span`` rounds."""
    spans = ["PT0.0000005S", "PT0.0000015S", "-P1DT0.1234567S", "P10675199DT2H48M5.4775807S", "P1Y2M3DT4H5M6.7S"]
    xml = [file(f"<TS>{span}</TS>") for span in spans]

    read = [record.value for text in xml for record in read_clixml(text)]

    assert read == [theirs(answer["objects"][0]) for answer in ask("clixml", [{"clixml": text} for text in xml])]
    assert all(isinstance(value, timedelta) for value in read)
