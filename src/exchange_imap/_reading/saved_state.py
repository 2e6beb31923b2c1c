"""The state of a server out of the files that somebody saved of it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from os import PathLike
from typing import Any, Final

from .._entry import entry
from .._errors import InvalidValueError, UnexpectedReplyError
from .._model.saved import SavedText, load
from .._model.saved_objects import SavedObject, objects_in
from .._model.snapshot import Snapshot
from .._plan.resource import Resource, resources
from .._plan.state import ServerState

__all__ = ["read_state"]

_FIELD: Final = "read_state(path)"
_NO_SETTINGS: Final = "Save Get-ImapSettings -Server <name> with Export-Clixml, too."


@entry
def read_state(path: str | PathLike[str], *others: str | PathLike[str]) -> ServerState:
    r"""Read the state of a server from the files that somebody saved of it: no connection is needed.

    A file holds what Export-Clixml, ConvertTo-Json or Format-List wrote, of objects of one class or of several: the
    settings of ``Get-ImapSettings``, which must be in one of them, the services of ``Get-Service``, and what else a
    state has, such as Receive connectors and certificates. Connectors and components are then known by their names,
    certificates by their thumbprints, mailboxes by their primary addresses; services that no plan changes are left
    out. One file may also be the JSON of :meth:`ServerState.to_dict`. Kind and encoding (UTF-8 or UTF-16, with a byte
    order mark or without) are found out.

    Raises :class:`UnexpectedReplyError` for an object that lacks something or that no state has, and
    :class:`InvalidValueError` for a file that is no text or larger than 64 MiB, for settings of no server or of two,
    and for an object that is there twice. What is wrong in one file begins with its path and what it was taken for.
    Raises :class:`OSError` for a file that cannot be opened.

    >>> from exchange_imap.testing import FakeExchange
    >>> server = ImapServer("MBX01", exchange=(fake := FakeExchange(servers=["MBX01"]).transport()), windows=fake)
    >>> printed = "\n\n".join(map(str, [server.settings(), *server.services()]))
    >>> _ = Path(folder, "state.txt").write_text(printed, encoding="utf-16")
    >>> state = read_state(Path(folder, "state.txt"))
    >>> state.settings.server, [service.name for service in state.services]
    ('MBX01', ['MSExchangeImap4', 'MSExchangeIMAP4BE'])
    """
    files = [load(each, _FIELD) for each in (path, *others)]
    written = _written_state(files[0]) if len(files) == 1 else None
    if written is not None:
        with files[0].named():
            return ServerState.from_dict(written)
    found: dict[str, list[Snapshot]] = defaultdict(list)
    for file in files:
        with file.named():
            for part, read in _objects(objects_in(file)):
                found[part.key].append(read)
    return _made(found)


def _written_state(file: SavedText) -> dict[str, Any] | None:  # Any: JSON
    """Return a state as JSON has it; ``None`` for any other file."""
    try:
        data = json.loads(file.text) if file.kind == "JSON" else None
    except (ValueError, RecursionError):  # read_json says what is wrong
        return None
    return data if isinstance(data, dict) and {"version", "settings"} <= data.keys() else None


def _objects(given: Iterable[SavedObject]) -> Iterator[tuple[Resource, Snapshot]]:
    """Read each object, and say of which part of a state it is."""
    parts = {resource.whole: resource for resource in resources()}
    for each in given:
        cls = each.class_among(parts)
        if cls is None:
            names = ", ".join(sorted(known.__name__ for known in parts))
            received = each.record.type_names[:1] or tuple(each.record.properties)
            raise UnexpectedReplyError(each.place, f"an object of a state: {names}", received)
        yield parts[cls], each.read_as(cls)


def _made(found: dict[str, list[Snapshot]]) -> ServerState:
    """Make a state of the objects of each part."""
    if "settings" not in found:
        raise InvalidValueError(_FIELD, "the IMAP4 settings of a server in one of the files", "none", _NO_SETTINGS)
    gathered: dict[str, Any] = {  # Any: each part has its own type
        part.key: part.gather(found[part.key]) for part in resources(found.keys())
    }
    return ServerState(**{"services": (), **gathered})
