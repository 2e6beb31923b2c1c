"""Protocol logs as Exchange writes them, as others change them, and as nobody should: each line becomes an entry."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap._protocol_log.lines import LONGEST_LINE

NAMES = "dateTime,sessionId,seqNumber,sIp,cIp,user,duration,rqsize,rpsize,command,parameters,context"
HEADER = f"#Software: Microsoft Exchange Server\n#Version: 15.02.1544.004\n#Log-type: IMAP4 Log\n#Fields: {NAMES}\n"
START = "2026-10-01T08:20:00.000Z,000000000000000A,"
# In the form of those that were published: Microsoft Q&A 1156767 and 112837.
OPEN = f"{START}0,10.0.0.1:993,10.1.1.70:50001,,3,0,53,OpenSession,,\n"
REFUSED = (
    f'{START}2,10.0.0.1:993,10.1.1.70:50001,frank,122,41,23,login,frank *****,"R=""aXSV NO LOGIN failed."";'
    'Msg=Proxy:mbx01.contoso.com:1993:SSL;ErrMsg=ProxyNotAuthenticated"\n'
)
CLOSE = f"{START}3,10.0.0.1:993,10.1.1.70:50001,frank,0,0,0,CloseSession,,\n"
LOG = HEADER + OPEN + REFUSED + CLOSE


def read(text: str) -> list[xi.ProtocolLogEntry]:
    """Read lines."""
    return [*xi.read_protocol_log(text.splitlines())]


def one(text: str) -> xi.ProtocolLogEntry:
    """Read the only entry below the usual header."""
    (entry,) = read(HEADER + text)
    return entry


def test_every_field_of_a_line_has_its_type() -> None:
    """The header says what stands where."""
    entry = one(REFUSED)

    assert entry == xi.ProtocolLogEntry(
        line=5,
        time=datetime(2026, 10, 1, 8, 20, tzinfo=UTC),
        session="000000000000000A",
        sequence=2,
        server_address=IPv4Address("10.0.0.1"),
        server_port=993,
        client_address=IPv4Address("10.1.1.70"),
        client_port=50001,
        user="frank",
        duration=timedelta(milliseconds=122),
        request_size=41,
        response_size=23,
        command="login",
        parameters="frank *****",
        context='R="aXSV NO LOGIN failed.";Msg=Proxy:mbx01.contoso.com:1993:SSL;ErrMsg=ProxyNotAuthenticated',
        fields=entry.fields,
    )
    assert [*entry.fields] == NAMES.split(",")
    assert entry.fields["rqsize"] == "41"
    assert hash(entry) == hash(one(REFUSED))


def test_a_response_has_the_bytes_that_the_log_says() -> None:
    """Which is where the units come from: the tagged response and its line end."""
    entry = one(REFUSED)

    assert entry.response_size == len(entry.details["R"] + "\r\n")


def test_fields_that_are_not_known_are_kept() -> None:
    """Whatever later versions add."""
    (entry,) = xi.read_protocol_log([f"#fields: {NAMES},puid,Next", OPEN.rstrip() + ",1003,x"])

    assert (entry.fields["puid"], entry.fields["Next"], entry.problems) == ("1003", "x", ())


def test_the_log_of_exchange_2010_is_read_by_its_own_header() -> None:
    """Source: technet dd335141."""
    (entry,) = xi.read_protocol_log(
        [
            "#Fields: date-time,session-id,sequence-number,local-endpoint,remote-endpoint,event,data,context",
            "2010-05-01T10:00:00.000Z,08CD,3,10.0.0.1:143,10.1.1.70:50001,>,a2 NO LOGIN failed.,",
        ]
    )

    assert (entry.session, entry.sequence, entry.event, entry.failure) == ("08CD", 3, ">", "NO LOGIN failed.")
    assert (entry.client_port, entry.server_port) == (50001, 143)


def test_a_header_in_the_middle_counts_from_there() -> None:
    """As where files were joined, each with its byte order mark, or a service was updated."""
    entries = read(LOG + "\ufeff#Software: x\n#Fields: user,cIp\nkim,10.9.9.9:1\n" + LOG)

    assert [entry.user for entry in entries] == ["", "frank", "frank", "kim", "", "frank", "frank"]
    assert entries[3].client_address == IPv4Address("10.9.9.9")


def test_names_that_stand_there_again_are_no_entry() -> None:
    """Other logs of Exchange have them in a line of their own, and so has what Export-Csv wrote."""
    assert len(read(HEADER + NAMES + "\n" + OPEN)) == 1


def test_lines_from_the_middle_need_the_names() -> None:
    """Nothing is guessed."""
    with pytest.raises(xi.InvalidValueError, match=r"^:1: expected a line with #Fields: before, .* fields=\["):
        read(OPEN)

    (entry,) = xi.read_protocol_log([OPEN], fields=NAMES.split(","))
    assert entry.command == "OpenSession"


@pytest.mark.parametrize("header", ["#Fields: a,b,a", "#Fields: a,,b", "#Fields:"])
def test_names_by_which_a_value_could_get_lost_are_refused(header: str) -> None:
    with pytest.raises(xi.InvalidValueError, match=r"^:1: expected names of fields, each once"):
        read(header)
    with pytest.raises(xi.InvalidValueError, match=r"^read_protocol_log\(path\): expected names of fields"):
        next(xi.read_protocol_log([], fields=["a", "a"]))


@pytest.mark.parametrize(
    ("text", "address", "port"),
    [
        ("[::1]:993", IPv6Address("::1"), 993),
        ("[fe80::1%4]:50001", IPv6Address("fe80::1%4"), 50001),
        ("[::ffff:10.1.1.70]:1", IPv6Address("::ffff:10.1.1.70"), 1),
        ("fd00::7", IPv6Address("fd00::7"), None),
        ("10.1.1.70", IPv4Address("10.1.1.70"), None),
        ("10.1.1.70:0", IPv4Address("10.1.1.70"), 0),
    ],
)
def test_an_endpoint_is_an_address_and_a_port(text: str, address: object, port: int | None) -> None:
    entry = one(OPEN.replace("10.1.1.70:50001", text))

    assert (entry.client_address, entry.client_port, entry.problems) == (address, port, ())


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("2026-10-01T08:20:00.000Z", "2026-10-01T08:20:00.000", "dateTime: expected a time with its zone"),
        ("2026-10-01T08:20:00.000Z", "yesterday", "dateTime: expected a time with its zone"),
        (",0,10.0.0.1", ",\u0663,10.0.0.1", "seqNumber: expected a whole number"),
        ("10.0.0.1:993", "mbx01:993", "sIp: expected an address and a port"),
        ("10.0.0.1:993", "[::1]:99999", "sIp: expected an address and a port"),
        ("10.1.1.70:50001", "[]:1", "cIp: expected an address and a port"),
        (",3,0,53,", ",-3,0,53,", "duration: expected whole milliseconds"),
        (",3,0,53,", f",3,{'9' * 5000},53,", "rqsize: expected a whole number of bytes"),
        (",3,0,53,", ",3,0,x,", "rpsize: expected a whole number of bytes"),
        ("OpenSession,,", "OpenSession,", "11 values for 12 fields"),
        ("OpenSession,,", "OpenSession,,,\0", "13 values for 12 fields"),
        ("OpenSession,,", 'OpenSession,"', "no CSV (unexpected end of data)"),
        ("OpenSession,,", "Open\rSession,,", "no CSV (new-line character seen in unquoted field"),
    ],
)
def test_what_cannot_be_read_is_named_and_kept(old: str, new: str, problem: str) -> None:
    """In the entry of its line; the others are read."""
    (entry,) = xi.read_protocol_log([*HEADER.splitlines(), OPEN.replace(old, new).removesuffix("\n")])

    assert entry.problems[0].startswith(problem)
    assert new.strip(",") in str(dict(entry.fields)) or new.strip(",") in ",".join(entry.fields.values())
    assert entry.client_port == 50001 or old.startswith("10.1.1")


def test_another_zone_stays_what_it_is() -> None:
    moment = one(OPEN.replace("00.000Z", "00.000+02:00")).time

    assert moment is not None
    assert moment.tzinfo == timezone(timedelta(hours=2))


def test_empty_values_are_nothing_and_no_problem() -> None:
    entry = one("," * (len(NAMES.split(",")) - 1))

    assert entry == xi.ProtocolLogEntry(line=5, fields=dict.fromkeys(NAMES.split(","), ""))


# -- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.encode(),
        lambda text: text.encode("utf-8-sig"),
        lambda text: text.encode("utf-16"),
        lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
        lambda text: text.encode("utf-16-le"),
        lambda text: text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
    ],
    ids=["UTF-8", "UTF-8 with mark", "UTF-16", "UTF-16 BE with mark", "UTF-16 LE", "UTF-16 BE", "CRLF"],
)
def test_a_file_is_read_in_the_encoding_that_it_has(tmp_path: Path, written: Callable[[str], bytes]) -> None:
    """Also what was copied with Out-File of Windows PowerShell."""
    path = tmp_path / "IMAP42026100108-1.LOG"
    path.write_bytes(written(LOG.replace("frank", "Jürgen")))

    entries = [*xi.read_protocol_log(path)]

    assert [entry.user for entry in entries] == ["", "Jürgen", "Jürgen"]
    assert [entry.line for entry in entries] == [5, 6, 7]
    assert {entry.file for entry in entries} == {str(path)}
    assert not [entry.problems for entry in entries if entry.problems]
    assert [*xi.read_protocol_log(str(path))] == entries


def test_the_last_line_of_a_file_that_is_written_is_an_entry_that_says_so(tmp_path: Path) -> None:
    """A quote may be open in it, and a field half there."""
    path = tmp_path / "x.LOG"
    path.write_text(LOG + REFUSED[:-20], encoding="utf-8")

    *_, last = xi.read_protocol_log(path)

    assert (last.line, last.user) == (8, "frank")
    assert last.problems[0] == "the last line has no end: it is still being written, or was cut"
    assert last.problems[1].startswith("no CSV")


def test_bytes_that_are_no_text_are_shown_as_such(tmp_path: Path) -> None:
    path = tmp_path / "x.LOG"
    path.write_bytes(LOG.replace("frank", "fr\xff").encode("latin-1") + b"\0" * 100)

    *entries, zeros = xi.read_protocol_log(path)

    assert entries[1].user == "fr\\xff"
    assert zeros.fields == {"dateTime": "\0" * 100}
    assert "\0" not in str(zeros)


def test_a_line_without_end_is_read_to_a_limit(tmp_path: Path) -> None:
    """And the one behind it from its beginning."""
    path = tmp_path / "x.LOG"
    path.write_text(f"{HEADER}{'x' * (3 * LONGEST_LINE)}\n{OPEN}{'y' * (2 * LONGEST_LINE)}", encoding="utf-8")

    long, whole, last = xi.read_protocol_log(path)

    assert [len(each.fields["dateTime"]) for each in (long, last)] == [LONGEST_LINE, LONGEST_LINE]
    assert {each.problems[0] for each in (long, last)} == {"only the first 65536 characters are read"}
    assert (whole.line, whole.problems) == (6, ())


def test_a_long_line_that_is_given_is_read_to_the_same_limit() -> None:
    (entry,) = xi.read_protocol_log(["x" * (LONGEST_LINE + 1)], fields=["a"])

    assert (len(entry.fields["a"]), entry.problems) == (LONGEST_LINE, ("only the first 65536 characters are read",))


def test_a_line_of_just_the_limit_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "x.LOG"
    path.write_text(f"#Fields: a\n{'x' * LONGEST_LINE}\n{'y' * LONGEST_LINE}", encoding="utf-8")

    whole, last = xi.read_protocol_log(path)

    assert whole.problems == ()
    assert last.problems == ("the last line has no end: it is still being written, or was cut",)


def test_an_open_file_is_lines_too(tmp_path: Path) -> None:
    path = tmp_path / "x.LOG"
    path.write_text(LOG, encoding="utf-8")

    with path.open(encoding="utf-8-sig") as file:
        assert [entry.command for entry in xi.read_protocol_log(file)] == ["OpenSession", "login", "CloseSession"]


def test_bytes_are_no_lines(tmp_path: Path) -> None:
    """A file that was opened as binary yields them."""
    path = tmp_path / "x.LOG"
    path.write_text(LOG, encoding="utf-8")

    with path.open("rb") as file:
        lines: Any = file  # Any: the mistake itself
        with pytest.raises(
            xi.InvalidValueError, match=r"expected lines of text, received b'#Software.* Open the file as"
        ):
            next(xi.read_protocol_log(lines))
    with pytest.raises(xi.InvalidValueError, match=r"expected entries of read_protocol_log, received '#Software"):
        xi.ProtocolLogSummary.of(iter(LOG.splitlines()))  # type: ignore[arg-type]  # the mistake itself


def test_a_file_is_closed_when_nobody_reads_on(tmp_path: Path) -> None:
    """Warnings are errors here: a file that is left open would be one."""
    path = tmp_path / "x.LOG"
    path.write_text(LOG, encoding="utf-8")

    assert next(xi.read_protocol_log(path)).command == "OpenSession"


@pytest.mark.parametrize("path", ["nowhere.LOG", Path("nowhere.LOG")])
def test_a_file_that_is_not_there_is_pythons_own_error(path: str | Path) -> None:
    entries = xi.read_protocol_log(path)

    with pytest.raises(FileNotFoundError):
        next(entries)


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    """A folder, a pipe, a path that cannot be one, and the text itself."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, "a\0b"):
        with pytest.raises(xi.InvalidValueError, match=r"^read_protocol_log\(path\): expected (a|the path of a) file"):
            next(xi.read_protocol_log(path))
    with pytest.raises(xi.InvalidValueError, match=r"Pass text\.splitlines\(\)"):
        xi.read_protocol_log(LOG)


def test_an_empty_file_has_no_entries(tmp_path: Path) -> None:
    (tmp_path / "x.LOG").touch()

    assert [*xi.read_protocol_log(tmp_path / "x.LOG")] == []
