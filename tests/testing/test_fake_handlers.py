"""Which cmdlets the fake knows: each function registers itself, and nothing lists them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

import exchange_imap as xi
from exchange_imap._model.cmdlet import REGISTERED, Cmdlet, cmdlet
from exchange_imap._model.codecs.values import TEXT
from exchange_imap._model.declaration import parameter
from exchange_imap._values import UNSET, Unset
from exchange_imap.testing import FakeExchange, handlers
from exchange_imap.testing.execution import Execution
from support.fakes import ask


@pytest.fixture
def get_basket() -> Iterator[type[Cmdlet]]:
    """Declare a cmdlet that the library does not have, and forget it afterwards."""

    @cmdlet("Get-Basket", endpoint=xi.Endpoint.EXCHANGE, changes=False)
    class GetBasket(Cmdlet):
        """Get-Basket: read a basket."""

        server: str | Unset = parameter("Server", TEXT)
        """The server."""

    yield GetBasket
    del REGISTERED["get-basket"]
    handlers._HANDLERS.pop(GetBasket, None)


def test_a_function_with_the_decorator_is_enough(get_basket: type[Cmdlet]) -> None:
    """The fake and its roles know the cmdlet from then on."""
    assert ask(FakeExchange(servers=["MBX01"]), get_basket()).errors[0].category == "ObjectNotFound"

    @handlers.carries_out(get_basket)
    def get(command: Cmdlet, run: Execution) -> None:
        run.find_server(getattr(command, "server", UNSET), type(command))
        run.records.append(xi.Record(properties={"Name": "Basket"}))

    (record,) = ask(FakeExchange(servers=["MBX01"]), get_basket()).records
    assert record.get("Name") == "Basket"
    hidden = FakeExchange(servers=["MBX01"], hidden=["Get-Basket"])
    assert ask(hidden, get_basket()).errors[0].category == "ObjectNotFound"


def test_what_a_function_needs_and_does_not_find_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is broken is not taken for one that is not there."""

    def broken(name: str) -> None:
        raise ModuleNotFoundError(name, name="cryptography")

    monkeypatch.setattr(handlers, "import_module", broken)

    with pytest.raises(ModuleNotFoundError, match="monitoring"):
        handlers._load("_cmdlets.monitoring")


def test_a_program_loads_only_what_it_uses() -> None:
    """Reading settings loads nothing of certificates, connectors or mailboxes."""
    code = (
        "import sys, exchange_imap as xi\n"
        "transport = xi.testing.FakeExchange(servers=['MBX01']).transport()\n"
        "transport.run(xi.Pipeline((xi.GetImapSettings(),)))\n"
        "print(*(name for name in sys.modules if name.startswith('exchange_imap.testing.commands.')))"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    assert {name.rpartition(".")[2] for name in found} == {"imap_settings", "protocol_settings"}
