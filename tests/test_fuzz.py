"""No input, however changed, makes a public reader raise an error that is not this library's."""

from __future__ import annotations

import json
import os
import traceback
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest

import exchange_imap as xi
from exchange_imap._shown import shown
from support import seeds
from support.fuzz import Reader, change_data, change_record, change_text, dumps, readers
from support.judge import RecordProperty

COUNT = int(os.environ.get("EXCHANGE_IMAP_FUZZ_COUNT", "20000"))
"""How many inputs there are; `make fuzz` asks for a million."""
READERS = readers()
SHARES = max(2, COUNT // 50_000)
"""How many tests share the readers."""
Input = Any  # what is read may be anything, which is the point


def test_every_kind_of_reader_is_found() -> None:
    """Those that the documentation names first, and none of them by a list kept here."""
    found = {reader.name for reader in READERS}

    assert {"parse", "check_script", "read_clixml", "read_json", "ReplayTransport.load", "read_protocol_log"} <= found
    assert {"ByteQuota.parse", "SetImapSettings.from_dict", "ServiceState.from_record"} <= found
    assert len(found) > 100


@cache
def good(reader: Reader) -> tuple[Input, ...]:
    """Return the examples that the reader reads."""
    made = {"text": seeds.texts, "data": seeds.data, "record": seeds.records, "path": seeds.files}[reader.kind]()
    with TemporaryDirectory() as folder:
        return tuple(seed for seed in made if not attempt(reader, seed, Path(folder)))


def change(random: Random, reader: Reader) -> Input:
    """Change one of the reader's examples, or now and then another's."""
    own = good(reader)
    if reader.kind == "record":
        return change_record(random, random.choice(own or seeds.records()))
    if reader.kind == "data":
        return change_data(random, random.choice(own or seeds.data()))
    other = random.choice(seeds.texts())
    chosen: str = random.choice(own) if own and random.random() < 0.9 else other
    if chosen in seeds.documents() and random.random() < 0.5:
        return dumps(random, change_data(random, json.loads(chosen)))
    return change_text(random, chosen, other)


def attempt(reader: Reader, given: Input, folder: Path) -> bool:
    """Read, and show what came of it; say whether it was refused."""
    if reader.kind == "path":
        path, text = folder / "given", given
        path.write_bytes(text.encode("utf-8", "surrogatepass"))
        given = path
    try:
        found = reader.read(given)
        str(found), repr(found)
    except xi.ExchangeImapError as error:
        str(error), repr(error)
        return True
    return False


@pytest.mark.no_cover
@pytest.mark.parametrize("share", range(SHARES))
def test_whatever_is_changed_is_read_or_refused(share: int, tmp_path: Path, record_property: RecordProperty) -> None:
    """With an error of this library's own; from examples of which each reader reads one, or all would be refusals."""
    own = READERS[share::SHARES]
    assert [reader.name for reader in own if not good(reader)] == []
    each, refused, found = COUNT // len(READERS) + 1, 0, list[str]()
    for reader in own:
        random = Random(reader.name)  # noqa: S311 - no secret
        for _ in range(each):
            given = change(random, reader)
            try:
                refused += attempt(reader, given, tmp_path)
            except Exception:  # noqa: BLE001 - which one it is shall be shown
                found.append(f"{reader.name}: {shown(given, 300)}\n{traceback.format_exc(limit=-3)}")

    asked = each * len(own)
    record_property("figure", f"fuzz {share + 1} of {SHARES}: {asked} inputs, {refused} refused, {len(found)} foreign")
    assert not found, f"{len(found)} errors that are not ours\n" + "\n".join(sorted(found)[:: max(1, len(found) // 20)])
