"""Read what a status is made of: each endpoint is asked once, and a part that fails leaves the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

import attrs

from .._apply.at_once import together
from .._apply.endpoints import Endpoints
from .._apply.sending import accepted
from .._cmdlets.certificates import ExchangeCertificate, GetExchangeCertificate
from .._cmdlets.components import SERVER_WIDE_OFFLINE
from .._cmdlets.receive_connectors import GetReceiveConnector, ReceiveConnector
from .._cmdlets.services import IMAP4_SERVICES
from .._errors import ExchangeImapError
from .._model.cmdlet import Cmdlet
from .._model.snapshot import Snapshot
from .._model.specs import Endpoint
from .._plan.by_name import ByName
from .._plan.resource import resource
from .._plan.state import ServerState
from .._powershell.record import Record
from .server_status import ServerStatus

__all__ = ["read_status"]

_COMPONENTS: Final = ("ImapProxy", SERVER_WIDE_OFFLINE)
"""Those without which the IMAP4 services stop. Source: Microsoft's page of Set-ServerComponentState."""

_Answers = Sequence[Sequence[Record]]
_Found = tuple[dict[str, Any], dict[str, ExchangeImapError]]  # Any: each part has its own type


@attrs.frozen
class _Part:
    """One part of a status: the commands that read it, and what makes it of the answers."""

    key: str
    commands: tuple[Cmdlet, ...]
    made_of: Callable[[_Answers], object]


def read_status(
    endpoints: Endpoints, seen: Callable[[Mapping[str, Any]], ServerState], moment: datetime
) -> ServerStatus:
    """Read everything that can be read; ``seen`` adds to settings and services what is known to be pending."""
    server = endpoints.name
    one = partial(_read, Endpoint.EXCHANGE, [*_exchange_parts(server)], endpoints)
    other = partial(_read, Endpoint.WINDOWS, [_of_resource("services", server, IMAP4_SERVICES)], endpoints)
    (found, errors), (services, more) = together(one, other) if endpoints.remote else (one(), other())
    found, errors = {**found, **services}, {**errors, **more}
    if {"settings", "services"} <= found.keys():
        known = seen({"settings": found["settings"], "services": found["services"]})
        found |= {"pending": known.pending, "up_to_date": known.up_to_date}
    return ServerStatus(server=server, errors=ByName(errors), read_at=moment, **found)


def _exchange_parts(server: str) -> Iterator[_Part]:
    yield _of_resource("settings", server, (server,))
    yield _of_resource("components", server, _COMPONENTS)
    yield _Part("connectors", (GetReceiveConnector(server=server),), partial(_all, ReceiveConnector))
    yield _Part("certificates", (GetExchangeCertificate(server=server),), partial(_all, ExchangeCertificate))


def _of_resource(key: str, server: str, names: Sequence[str]) -> _Part:
    """Return a part that a plan reads too."""
    return _Part(key, resource(key).reads(server, names), partial(resource(key).part, server, names))


def _all(cls: type[Snapshot], answers: _Answers) -> tuple[Snapshot, ...]:
    return tuple(cls.from_record(record) for records in answers for record in records)


def _read(endpoint: Endpoint, parts: Sequence[_Part], endpoints: Endpoints) -> _Found:
    try:
        replies = iter(endpoints.ask(endpoint, [command for part in parts for command in part.commands]))
    except ExchangeImapError as error:
        return {}, dict.fromkeys((part.key for part in parts), error)
    found, errors = dict[str, Any](), dict[str, ExchangeImapError]()  # Any: as above
    for part in parts:
        answers = [(str(command), next(replies)) for command in part.commands]
        try:
            found[part.key] = part.made_of([accepted(command, reply).records for command, reply in answers])
        except ExchangeImapError as error:
            errors[part.key] = error
    return found, errors
