"""CLIXML is read with nothing lost, and what is none is refused with the place."""

from __future__ import annotations

import contextlib
import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psrpcore import PSRemotingCrypto
from psrpcore.types import serialize_clixml

import exchange_imap as xi
from exchange_imap._powershell.clixml import read_clixml, read_object
from exchange_imap._powershell.record import RecordValue
from support.clixml import Objects, file

_ENTRY = "<En><S N='Key'>a</S><Nil N='Value' /></En>"
_SECRET = xi.Record(type_names=("System.Security.SecureString",))


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        ("<S>a_x000A_&lt;b&gt;</S>", "a\n<b>"),
        ("<S />", ""),
        ("<S> kept </S>", " kept "),
        ("<S>_xD83D__xDE00_</S>", "😀"),
        ("<S>_xD83D_</S>", "\ud83d"),
        ("<S>_x005F_x000A_</S>", "_x000A_"),
        ("<C>97</C>", "a"),
        ("<B>true</B>", True),
        ("<B>0</B>", False),
        ("<DT>2021-09-28T17:20:23.4772749Z</DT>", datetime(2021, 9, 28, 17, 20, 23, 477274, UTC)),
        ("<DT>2021-09-28T17:20:23</DT>", datetime(2021, 9, 28, 17, 20, 23)),  # noqa: DTZ001 - it says none
        ("<DT>2021-09-28T17:20:23-05:00</DT>", datetime(2021, 9, 28, 17, 20, 23, 0, timezone(timedelta(hours=-5)))),
        ("<DT>9999-12-31T23:59:59.9999999</DT>", datetime.max),  # noqa: DTZ901 - the same
        ("<TS>PT30M</TS>", timedelta(minutes=30)),
        ("<TS>-P1DT2H3M4.5S</TS>", -timedelta(days=1, hours=2, minutes=3, seconds=4.5)),
        ("<TS>PT0.0000009S</TS>", timedelta(microseconds=1)),
        ("<TS>P10675199DT2H48M5.4775807S</TS>", timedelta(days=10675199, seconds=10085, microseconds=477581)),
        ("<By>255</By>", 255),
        ("<SB>-128</SB>", -128),
        ("<U16>65535</U16>", 65535),
        ("<I16>-32768</I16>", -32768),
        ("<U32>4294967295</U32>", 4294967295),
        ("<I32> +5 </I32>", 5),
        ("<U64>18446744073709551615</U64>", 2**64 - 1),
        ("<I64>-9223372036854775808</I64>", -(2**63)),
        ("<Db>-INF</Db>", float("-inf")),
        ("<Sg>1.5E+16</Sg>", 1.5e16),
        ("<D>1.50</D>", Decimal("1.50")),
        ("<BA>AQ\n ID</BA>", b"\x01\x02\x03"),
        ("<G>{46a1b05b-0ed2-4449-a6bb-64ae4f9c1a94}</G>", UUID("46a1b05b-0ed2-4449-a6bb-64ae4f9c1a94")),
        ("<URI>https://a/b</URI>", "https://a/b"),
        ("<Nil />", None),
        ("<Version>15.2.986</Version>", "15.2.986"),
        ("<XD>&lt;a /&gt;</XD>", "<a />"),
        ("<SBK>Get-Date</SBK>", "Get-Date"),
        ("<SS>0011</SS>", _SECRET),
    ],
)
def test_a_plain_value_is_read(xml: str, value: RecordValue) -> None:
    """As the body of a message, and in a file where it stands alone."""
    record = value if isinstance(value, xi.Record) else xi.Record(value=value)

    assert read_object(xml) == value
    assert type(read_object(xml)) is type(value)
    assert read_clixml(file(xml)) == (record,)


def test_a_moment_tells_its_offset() -> None:
    """Equal moments differ in what they say."""
    here, there = read_object("<DT>2021-09-28T17:20:23+02:00</DT>"), read_object("<DT>2021-09-28T15:20:23Z</DT>")

    assert here == there
    assert [str(here), str(there)] == ["2021-09-28 17:20:23+02:00", "2021-09-28 15:20:23+00:00"]


def test_a_number_that_is_none_is_read() -> None:
    """NaN equals nothing, itself included."""
    value = read_object("<Db>NaN</Db>")

    assert isinstance(value, float)
    assert value != value  # noqa: PLR0124 - that is what it is


@pytest.mark.parametrize(
    ("inner", "record"),
    [
        ("", xi.Record()),
        ("<TN RefId='0' />", xi.Record()),
        ("<TN><T>A</T><T>B</T></TN><ToString>x_x000A_</ToString>", xi.Record(type_names=("A", "B"), text="x\n")),
        ("<ToString></ToString>", xi.Record(text="")),
        ("<ToString>Running</ToString><I32>4</I32>", xi.Record(text="Running", value=4)),
        ("<S>text</S><MS><S N='Path'>C:</S></MS>", xi.Record(value="text", properties={"Path": "C:"})),
        ("<SS>0011</SS>", xi.Record(value=_SECRET)),
        ("<LST />", xi.Record(items=())),
        ("<IE><Nil /><I32>1</I32></IE>", xi.Record(items=(None, 1))),
        ("<QUE><I32>1</I32></QUE>", xi.Record(items=(1,))),
        ("<STK><I32>1</I32></STK><MS><S N='n'>x</S></MS>", xi.Record(items=(1,), properties={"n": "x"})),
        ("<LST><Obj><LST><S>a</S></LST></Obj></LST>", xi.Record(items=(xi.Record(items=("a",)),))),
        ("<LST><I32>1</I32></LST><Props><S N='a'>b</S></Props>", xi.Record(items=(1,), properties={"a": "b"})),
        ("<Props><S N='a_x0020_b'>1</S><Nil N='c' /></Props>", xi.Record(properties={"a b": "1", "c": None})),
        ("<MS><MS N='set'><S N='a'>1</S></MS></MS>", xi.Record(properties={"set": xi.Record(properties={"a": "1"})})),
        ("<DCT />", xi.Record(value={})),
        ("<DCT><En><S N='Key'>a</S><Nil N='Value' /></En></DCT>", xi.Record(value={"a": None})),
    ],
)  # fmt: skip
def test_an_object_is_read(inner: str, record: xi.Record) -> None:
    """Whatever parts it has."""
    assert read_object(f"<Obj RefId='0'>{inner}</Obj>") == record


def test_properties_come_in_the_order_sent_and_notes_behind() -> None:
    """A note hides the property of its name, in whatever case, as PowerShell shows it."""
    props = "<Props><S N='Z'>0</S><S N='P'>1</S><S N='R'>9</S></Props>"
    record = read_object(f"<Obj RefId='0'>{props}<MS><S N='p'>2</S><S N='Q'>3</S></MS></Obj>")

    assert isinstance(record, xi.Record)
    assert list(record.properties.items()) == [("Z", "0"), ("R", "9"), ("p", "2"), ("Q", "3")]


def test_keys_that_only_python_takes_for_equal_are_kept_apart() -> None:
    """Each further one as a record with its type."""
    keys = ["<I32 N='Key'>1</I32>", "<B N='Key'>true</B>", "<I64 N='Key'>1</I64>"]
    entries = "".join(f"<En>{key}<S N='Value'>x</S></En>" for key in keys)
    record = read_object(f"<Obj><DCT>{entries}</DCT></Obj>")

    assert isinstance(record, xi.Record)
    assert isinstance(record.value, dict)
    assert list(record.value) == [
        1,
        xi.Record(type_names=("System.Boolean",), value=True),
        xi.Record(type_names=("System.Int64",), value=1),
    ]


def test_an_object_may_be_a_key() -> None:
    """Such as an enum."""
    key = "<Obj N='Key' RefId='1'><TN><T>E</T></TN><ToString>One</ToString><I32>1</I32></Obj>"
    record = read_object(f"<Obj RefId='0'><DCT><En>{key}<S N='Value'>x</S></En></DCT></Obj>")

    assert isinstance(record, xi.Record)
    assert record.value == {xi.Record(type_names=("E",), text="One", value=1): "x"}


def test_references_reach_across_the_objects_of_a_file() -> None:
    """To types and to whole objects; a number that is given again counts from there on."""
    first = "<Obj RefId='0'><TN RefId='0'><T>A</T></TN><ToString>one</ToString></Obj>"
    second = "<Obj RefId='1'><TNRef RefId='0' /><Props><Ref N='Other' RefId='0' /></Props></Obj>"
    third = "<Obj RefId='0'><ToString>new</ToString></Obj><Ref RefId='0' />"

    one, two, *others = read_clixml(file(first, second, third))

    assert two == xi.Record(type_names=("A",), properties={"Other": one})
    assert others == [xi.Record(text="new")] * 2


def test_an_object_that_holds_itself_is_told_by_its_types_and_text() -> None:
    """No record contains itself."""
    itself = "<Props><Ref N='Self' RefId='0' /></Props>"
    typed = read_object(f"<Obj RefId='0'><TN RefId='0'><T>A</T></TN><ToString>x</ToString>{itself}</Obj>")

    assert typed == xi.Record(type_names=("A",), text="x", properties={"Self": xi.Record(type_names=("A",), text="x")})
    assert read_object(f"<Obj RefId='0'>{itself}</Obj>") == xi.Record(properties={"Self": xi.Record()})


def test_a_progress_record_is_read() -> None:
    """It has a form of its own."""
    xml = "<PR><AV>act</AV><AI>1</AI><S>now</S><PI>-1</PI><PC>50</PC><T>Processing</T><SR>9</SR><SD>state</SD></PR>"

    assert read_object(xml) == xi.Record(
        type_names=("System.Management.Automation.ProgressRecord",),
        properties={
            "Activity": "act",
            "ActivityId": 1,
            "CurrentOperation": "now",
            "ParentActivityId": -1,
            "PercentComplete": 50,
            "RecordType": "Processing",
            "SecondsRemaining": 9,
            "StatusDescription": "state",
        },
    )


def test_progress_without_an_operation_is_read() -> None:
    """As powershell.exe writes it into its error stream while it loads its modules."""
    progress = (
        "<PR N='Record'><AV>Preparing modules for first use.</AV><AI>0</AI><Nil /><PI>-1</PI><PC>-1</PC>"
        "<T>Completed</T><SR>-1</SR><SD> </SD></PR>"
    )
    source = "<I64 N='SourceId'>1</I64>"
    (record,) = read_clixml(file(f"<Obj S='progress' RefId='0'><MS>{source}{progress}</MS></Obj>"))

    said = record.get("Record")
    assert isinstance(said, xi.Record)
    assert (said.get("Activity"), said.get("CurrentOperation"), said.get("StatusDescription")) == (
        "Preparing modules for first use.",
        None,
        " ",
    )


INNER = (
    "<Obj RefId='1'><TN RefId='1'><T>B</T></TN><ToString>inner</ToString>"
    "<Props><S N='P'>v</S></Props><MS><I32 N='q'>1</I32></MS></Obj>"
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (INNER, xi.Record(type_names=("B",), text="inner", properties={"P": "v", "q": 1})),
        (
            f"<TN RefId='2'><T>A</T></TN><ToString>outer</ToString>{INNER}",
            xi.Record(type_names=("A",), text="outer", properties={"P": "v", "q": 1}),
        ),
        (
            f"{INNER}<Props><S N='Z'>z</S></Props>",
            xi.Record(type_names=("B",), text="inner", properties={"Z": "z", "q": 1}),
        ),
        (
            f"{INNER}<MS><S N='Q'>new</S></MS>",
            xi.Record(type_names=("B",), text="inner", properties={"P": "v", "Q": "new"}),
        ),
        (
            f"<Obj RefId='2'>{INNER}<MS><S N='n'>note</S></MS></Obj>",
            xi.Record(type_names=("B",), text="inner", properties={"P": "v", "q": 1, "n": "note"}),
        ),
        ("<Obj RefId='1'><S>x</S></Obj>", xi.Record(value="x")),
        ("<Obj RefId='1'><LST><S>x</S></LST></Obj>", xi.Record(items=("x",))),
    ],
    ids=["alone", "with types and text", "with properties", "with notes", "three deep", "a text", "a list"],
)
def test_an_object_in_an_object_is_one_object(parts: str, expected: xi.Record) -> None:
    """A server that wraps what it answers, as an endpoint for few commands does, sends this form."""
    assert read_object(f"<Obj RefId='0'>{parts}</Obj>") == expected


@pytest.mark.parametrize(
    "parts",
    [f"{INNER}{INNER}", f"<S>x</S>{INNER}", f"{INNER}<S>x</S>", f"<Props><S N='Z'>z</S></Props>{INNER}"],
    ids=["two objects", "a value before it", "a value behind it", "properties before it"],
)
def test_an_object_of_which_powershell_would_drop_a_part_is_refused(parts: str) -> None:
    """PowerShell writes none, and reading one would lose something."""
    with pytest.raises(xi.UnexpectedReplyError, match="one element of an object for its"):
        read_object(f"<Obj RefId='0'>{parts}</Obj>")


@pytest.mark.parametrize("mark", ["", "\ufeff", '<?xml version="1.0" encoding="utf-16"?>\n', "\ufeff<!-- of MBX01 -->"])
def test_what_may_stand_before_a_file_is_passed_over(mark: str) -> None:
    """A byte order mark, an XML declaration of the encoding that the file had, a comment."""
    assert read_clixml(f"{mark}{file('<S>x</S>')}") == (xi.Record(value="x"),)


def test_an_empty_file_and_one_without_namespace_are_read() -> None:
    """No objects, and objects as a message has them."""
    assert read_clixml(file()) == ()
    assert read_clixml("<Objs><S>x</S></Objs>") == (xi.Record(value="x"),)
    assert read_object('<S xmlns="http://schemas.microsoft.com/powershell/2004/04">x</S>') == "x"


@pytest.mark.parametrize(
    ("text", "path", "fragment"),
    [
        ("", "CLIXML (line 1)", "It is empty"),
        ("<Objs><S>x", "CLIXML (line 1)", "is the file whole"),
        ("<Objs>\n<S>x</S>\n<Ob", "CLIXML (line 3)", "is the file whole"),
        ("ï»¿<Objs></Objs>", "CLIXML (line 1)", "utf-8-sig"),
        ("ÿþ<\0O\0b\0j\0s\0", "CLIXML (line 1)", "UTF-16"),
        ("<Objs>\n<S>\ud83d</S></Objs>", "CLIXML (line 2)", "Decode the file"),
        ("<Objs><S>&eacute;</S></Objs>", "CLIXML (line 1)", "undefined entity"),
        ("<Objs><S></Objs>", "CLIXML (line 1)", "mismatched tag"),
        ('<!DOCTYPE a [<!ENTITY b "c">]><Objs><S>&b;</S></Objs>', "CLIXML (line 1)", "no DOCTYPE"),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><Objs />', "CLIXML (line 1)", "no DOCTYPE"),
        ("<html></html>", "CLIXML (line 1)", "one of Objs, received 'html'"),
        ("<Objs xmlns='urn:x' />", "CLIXML (line 1)", "not CLIXML"),
        ("<Objs Version='2.0' />", "CLIXML (line 1)", "version 1"),
        ("<Objs>x</Objs>", "CLIXML (line 1)", "elements only, received 'x'"),
        ("<Objs><Foo /></Objs>", "CLIXML (line 1)", "received 'Foo'"),
        ("<Objs><S>a<S>b</S></S></Objs>", "CLIXML[0] (line 1)", "text only"),
        ("<Objs><I32>1</I32><I32>x</I32></Objs>", "CLIXML[1] (line 1)", "a whole number of -2147483648"),
        ("<Objs><By>256</By></Objs>", "CLIXML[0] (line 1)", "of 0 to 255"),
        ("<Objs><C>65536</C></Objs>", "CLIXML[0] (line 1)", "UTF-16 unit"),
        ("<Objs><B>yes</B></Objs>", "CLIXML[0] (line 1)", "true or false"),
        ("<Objs><BA>A</BA></Objs>", "CLIXML[0] (line 1)", "base64"),
        ("<Objs><TS>P10675200D</TS></Objs>", "CLIXML[0] (line 1)", "a duration"),
        ("<Objs><DT>2021-02-30T00:00:00</DT></Objs>", "CLIXML[0] (line 1)", "a moment"),
        ("<Objs><Ref RefId='5' /></Objs>", "CLIXML[0] (line 1)", "an object before it, received '5'"),
        ("<Objs><Obj /><Ref /></Objs>", "CLIXML[1] (line 1)", "an object before it, received None"),
        ("<Objs><Obj><TNRef RefId='5' /></Obj></Objs>", "CLIXML[0] (line 1)", "a TN before it"),
        ("<Objs><Obj><TNRef /></Obj></Objs>", "CLIXML[0] (line 1)", "a TN before it, received None"),
        ("<Objs><Obj><S>a</S><S>b</S></Obj></Objs>", "CLIXML[0] (line 1)", "for its value, received 'S'"),
        ("<Objs><Obj><LST /><QUE /></Obj></Objs>", "CLIXML[0] (line 1)", "for its items"),
        ("<Objs><Obj><Props><S>a</S></Props></Obj></Objs>", "CLIXML[0] (line 1)", "an attribute N"),
        ("<Objs><Obj><DCT><En><S N='Key'>a</S></En></DCT></Obj></Objs>", "CLIXML[0][0] (line 1)", "a Key"),
        ("<Objs><Obj><DCT>" + _ENTRY * 2 + "</DCT></Obj></Objs>", "CLIXML[0] (line 1)", "each key once"),
        (
            "<Objs><Obj><Props><Obj N='Bindings'><LST><Nil />\n<Obj><MS><I32 N='Port'>x</I32></MS></Obj></LST></Obj>",
            "CLIXML[0].Bindings[1].Port (line 2)",
            "a whole number",
        ),
    ],
)  # fmt: skip
def test_what_is_no_clixml_is_refused_with_its_place(text: str, path: str, fragment: str) -> None:
    """By line and column, and by the way through the objects to it."""
    with pytest.raises(xi.UnexpectedReplyError) as caught:
        read_clixml(text)

    assert re.sub(r", column [0-9]+", "", caught.value.path) == path  # each expat counts columns its own way
    assert fragment in str(caught.value)


@pytest.mark.parametrize("count", [60, 98])
def test_objects_may_lie_deeper_than_powershell_allows(count: int) -> None:
    """It stops at 48."""
    value = read_object("<Obj><LST>" * count + "<S>x</S>" + "</LST></Obj>" * count)

    for _ in range(count):
        assert isinstance(value, xi.Record)
        assert value.items is not None
        (value,) = value.items
    assert value == "x"


def test_objects_that_lie_too_deep_are_refused() -> None:
    """Before anything that walks through them runs out of stack."""
    with pytest.raises(xi.UnexpectedReplyError, match="at most 200 elements within each other"):
        read_object("<Obj><LST>" * 100_000)


@given(st.randoms(use_true_random=False))
def test_law_whatever_is_written_is_read(random: Random) -> None:
    """Values of every kind, to any depth, with references and notes."""
    text, values = Objects(random).values()

    read = read_clixml(text)

    assert read == tuple(value if isinstance(value, xi.Record) else xi.Record(value=value) for value in values)


@given(st.randoms(use_true_random=False), st.data())
def test_law_a_damaged_file_is_read_or_refused_and_nothing_else(random: Random, data: st.DataObject) -> None:
    """Cut short, or with a stretch of it gone or doubled: never another library's error."""
    text, _ = Objects(random).values()
    start = data.draw(st.integers(0, len(text)))
    stop = data.draw(st.integers(start, len(text)))
    damaged = data.draw(st.sampled_from([text[:start], text[:start] + text[stop:], text[:stop] + text[start:]]))

    with contextlib.suppress(xi.UnexpectedReplyError):
        read_clixml(damaged)


# A negative number below 32 bits it writes as one of 32 bits.
_plain = st.none() | st.booleans() | st.text() | st.integers(-(2**31), 2**63 - 1) | st.binary() | st.uuids()


@given(st.lists(_plain | st.lists(_plain, max_size=3)))
def test_law_what_psrpcore_writes_is_read(values: list[RecordValue | list[RecordValue]]) -> None:
    """A writer of other people's making."""
    text = serialize_clixml(values, PSRemotingCrypto())

    read = [record.value if record.items is None else list(record.items) for record in read_clixml(text)]

    assert read == values


# -- what is made to take time or memory ---------------------------------------------------------------------------


def doubling(levels: int) -> str:
    """Refer to each list twice from the next."""
    lists = (
        f'<Obj RefId="{n}"><LST><Ref RefId="{n - 1}"/><Ref RefId="{n - 1}"/></LST></Obj>' for n in range(1, levels)
    )
    return file('<Obj RefId="0"><LST><S>x</S></LST></Obj>', *lists)


def test_references_may_stand_for_as_much_as_a_server_has() -> None:
    """Ten levels are read, and are equal to what they stand for."""
    records = read_clixml(doubling(10))

    assert records[9].items == (records[8], records[8])


@pytest.mark.parametrize(
    "text",
    [
        doubling(30),
        file(f'<Obj RefId="0"><ToString>{"x" * 50_000}</ToString></Obj>', *['<Ref RefId="0"/>'] * 2_000),
        file(
            f'<Obj RefId="0"><TN RefId="0">{"<T>xxxxxxxx</T>" * 3_000}</TN></Obj>',
            *['<Obj RefId="1"><TNRef RefId="0"/></Obj>'] * 500,
        ),
        file(
            f'<Obj RefId="0"><ToString>{"x" * 50_000}</ToString><Props>',
            "<Ref N='a' RefId='0'/>" * 2_000,
            "</Props></Obj>",
        ),
    ],
    ids=["doubling", "a long text", "type names", "an object that is not finished"],
)
def test_references_that_stand_for_too_much_are_refused(text: str) -> None:
    """1.8 kB stood for 625 MB, which an error's text or a recording wrote out."""
    with pytest.raises(xi.UnexpectedReplyError, match=r"expected references that repeat at most \d+ bytes") as caught:
        read_clixml(text)

    assert len(str(caught.value)) < 1_000


@pytest.mark.parametrize(
    "key",
    [
        "<Obj N='Key' RefId='{0}'><Props><I32 N='a'>{0}</I32></Props></Obj>",
        "<Obj N='Key' RefId='{0}'><LST><I32>{0}</I32></LST></Obj>",
        "<Obj N='Key' RefId='{0}'><DCT><En><S N='Key'>a</S><I32 N='Value'>{0}</I32></En></DCT></Obj>",
    ],
    ids=["properties", "items", "a table"],
)
def test_a_table_may_have_many_objects_as_its_keys(key: str) -> None:
    """They differ by what they hold, and so do their hashes."""
    entries = "".join(f"<En>{key.format(number)}<S N='Value'>x</S></En>" for number in range(500))
    (record,) = read_clixml(file(f"<Obj RefId='a'><DCT>{entries}</DCT></Obj>"))

    assert isinstance(record.value, dict)
    assert len({hash(found) for found in record.value}) == len(record.value) == 500


def test_a_table_whose_keys_hash_alike_is_refused() -> None:
    """Python compares each of these with every other."""
    entries = "".join(f"<En><D N='Key'>{n * (2**61 - 1)}</D><S N='Value'>x</S></En>" for n in range(101))

    with pytest.raises(xi.UnexpectedReplyError, match="expected keys that can be told apart"):
        read_clixml(file(f"<Obj RefId='a'><DCT>{entries}</DCT></Obj>"))


def test_an_object_has_each_part_once_however_many_there_are() -> None:
    """It is refused before all of them are read."""
    with pytest.raises(xi.UnexpectedReplyError, match="expected each part of an object once"):
        read_clixml(file(f"<Obj RefId='a'>{'<ToString>x</ToString>' * 9}</Obj>"))
