"""What somebody saved in a file is read by its path: the kind and the encoding are found out."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import exchange_imap as xi
from exchange_imap._files import _LARGEST
from support import seeds
from support.clixml import file
from support.seeds import _exported

ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "UTF-8": lambda text: text.encode(),
    "UTF-8 with mark": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 BE": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "UTF-16 LE without mark": lambda text: text.encode("utf-16-le"),
    "UTF-16 BE without mark": lambda text: text.encode("utf-16-be"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
}
SERVICES = [each for each in seeds.snapshots() if isinstance(each, xi.ServiceState)]
SETTINGS = next(each for each in seeds.snapshots() if isinstance(each, xi.ImapSettings))


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=list(ENCODINGS))
@pytest.mark.parametrize("snapshot", [SETTINGS, *SERVICES], ids=lambda each: type(each).__name__)
def test_an_object_is_read_from_a_file(tmp_path: Path, snapshot: xi.Snapshot, encode: Callable[[str], bytes]) -> None:
    """Of each kind, and in each encoding that PowerShell writes."""
    path = tmp_path / "saved"
    for text in (str(snapshot), file(_exported(snapshot)), json.dumps(snapshot.to_dict(), ensure_ascii=False)):
        path.write_bytes(encode(text))

        assert type(snapshot).read(path) == snapshot
        assert type(snapshot).read_all(str(path)) == (snapshot,)


def test_several_objects_are_read_at_once_and_a_part_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "saved"
    path.write_text("\n\n".join(map(str, SERVICES * 2)), encoding="utf-8")

    assert xi.ServiceState.read_all(path) == (*SERVICES, *SERVICES)
    path.write_text("Banner : Ready.", encoding="utf-16")
    assert xi.ImapSettings.Partial.read(path).banner == "Ready."


@pytest.mark.parametrize(
    ("text", "kind", "error", "fragment"),
    [
        ("", "Format-List", xi.InvalidValueError, "ImapSettings: expected one object, received '0 objects'"),
        (
            f"{SETTINGS}\n\n{SETTINGS}",
            "Format-List",
            xi.InvalidValueError,
            "ImapSettings: expected one object, received '2",
        ),
        ("nonsense", "Format-List", xi.CommandSyntaxError, "Format-List text: expected the text that Format-List"),
        ("{}", "JSON", xi.UnexpectedReplyError, "ImapSettings.Server: expected this property"),
        (" [", "JSON", xi.UnexpectedReplyError, "JSON (line 1, column 3): expected what ConvertTo-Json writes"),
        ("\n<Objs", "CLIXML", xi.UnexpectedReplyError, "CLIXML (line "),
    ],
)
def test_an_error_names_the_file_and_what_it_was_taken_for(
    tmp_path: Path, text: str, kind: str, error: type[xi.ExchangeImapError], fragment: str
) -> None:
    """And then what the reader of that kind says."""
    path = tmp_path / "saved"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(error) as caught:
        xi.ImapSettings.read(path)

    assert f"{path}, read as {kind}: {fragment}" in str(caught.value)
    assert type(caught.value) is error


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    """With what to do about it; it is never guessed."""
    path = tmp_path / "saved"
    path.write_bytes("Banner : Grüße".encode("cp1252"))

    with pytest.raises(
        xi.InvalidValueError, match=r"ImapSettings\.read\(path\): expected a file of text in UTF-8 or UTF"
    ):
        xi.ImapSettings.read(path)
    path.write_bytes(b"\xff\xfex")
    with pytest.raises(xi.InvalidValueError, match="Out-File -Encoding utf8"):
        xi.ImapSettings.read_all(path)
    with pytest.raises(xi.InvalidValueError, match="expected a file, received"):
        xi.ImapSettings.read(tmp_path)
    with pytest.raises(FileNotFoundError):
        xi.ImapSettings.read(tmp_path / "nowhere")


def test_a_file_is_read_to_a_limit(tmp_path: Path) -> None:
    """A wrong path may name anything."""
    path = tmp_path / "saved"
    with path.open("wb") as made:
        made.truncate(_LARGEST + 1)

    with pytest.raises(xi.InvalidValueError, match="a file of at most 67108864 bytes"):
        xi.ImapSettings.read(path)
