"""The Receive connectors of a server, through which clients send."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..._cmdlets.receive_connectors import GetReceiveConnector, ReceiveConnector, SetReceiveConnector
from ..._errors import InvalidValueError
from ..._model.cmdlet import Cmdlet
from ..._values import Unset
from ..identity import same_server, short_name
from ..own import is_own
from ..written import Named

__all__ = ["RESOURCE"]


class _Connectors(Named):
    """Connectors by name; the name without its server is that of this server's connector."""

    key = "connectors"
    rules = "connectors_rules"
    states = SetReceiveConnector
    whole = ReceiveConnector
    called = "name"
    unplanned = frozenset({"name", "transport_role"})
    hints = {  # noqa: RUF012 - as in the base
        "name": "The connector is found by its name: rename it with server.run(...).",
        "transport_role": "It says which service has the connector: change it with server.run(...).",
    }

    def name_of(self, command: Cmdlet, server: str) -> str:
        r"""Return the name without its server; ``Client Frontend <server>`` if no connector is named."""
        named = getattr(command, "identity")  # noqa: B009 - a cmdlet of any kind
        if isinstance(named, Unset):
            return _default_name(server)
        its_server, behind, name = str(named).partition("\\")
        if not behind:
            return its_server
        if not same_server(its_server, server):
            hint = "Plan it on that server."
            raise InvalidValueError("Set-ReceiveConnector -Identity", f"a connector of {server}", named, hint)
        return name

    def naming(self, server: str, name: str) -> dict[str, str]:
        r"""Name the connector with its server, ``MBX01\Client Frontend MBX01``."""
        return {"identity": f"{short_name(server)}\\{name}"}

    def risk(self, command: Cmdlet) -> str:
        """Say who sees another name."""
        if isinstance(getattr(command, "fqdn"), Unset):  # noqa: B009 - a cmdlet of any kind
            return ""
        return "clients see another name in the banner and may get another certificate; those that check it may refuse"

    def shared_naming(self, server: str, name: str) -> dict[str, str] | None:
        """Name no connector for the one that clients send through, and none for another with the server's name."""
        if name.casefold() == _default_name(server).casefold():
            return {}
        return None if is_own(name, server) else {"identity": name}

    def reads(self, server: str, names: Sequence[str]) -> tuple[Cmdlet, ...]:
        """Return one command for each connector."""
        return tuple(GetReceiveConnector(identity=self.naming(server, name)["identity"]) for name in names)


def _default_name(server: str) -> str:
    """Return the name of the connector through which clients send, as Exchange's setup makes it."""
    return f"Client Frontend {short_name(server)}"


RESOURCE: Final = _Connectors()
