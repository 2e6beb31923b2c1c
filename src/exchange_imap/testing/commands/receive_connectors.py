"""Get-ReceiveConnector and Set-ReceiveConnector as the server carries them out.

The rules between parameters are those of Microsoft's page of Set-ReceiveConnector. Texts are made up but for the one
about bindings.
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

import attrs

from ..._cmdlets.receive_connectors import GetReceiveConnector, ReceiveConnector, SetReceiveConnector
from ..._values import UNSET, AuthMechanism, PermissionGroup, ServerRole
from ..changes import changed, invalid, to_store
from ..execution import Execution
from ..fake_server import FakeServer
from ..handlers import carries_out
from ..wire import object_record

__all__: list[str] = []


@carries_out(GetReceiveConnector)
def _get(cmdlet: GetReceiveConnector, run: Execution) -> None:
    """Return one connector, those of a server, or those of all servers whose names fit."""
    if isinstance(cmdlet.identity, str):
        found = _find(cmdlet.identity, run)
        if not found and not _is_pattern(cmdlet.identity):
            raise run.not_found(cmdlet.identity, GetReceiveConnector)
    else:
        servers = run.servers if cmdlet.server is UNSET else (run.find_server(cmdlet.server, GetReceiveConnector),)
        found = [(server, connector) for server in servers for connector in server.connectors.values()]
    run.records += [object_record(connector) for _, connector in found]


def _find(identity: str, run: Execution) -> list[tuple[FakeServer, ReceiveConnector]]:
    """Find connectors on all servers; where the identity is of one server, note that the command is about it."""
    found = [
        (server, connector)
        for server in run.servers
        for connector in server.connectors.values()
        if any(fnmatchcase(name, identity.casefold().replace("[", "[[]")) for name in _names(connector))
    ]
    if len({server.name for server, _ in found}) == 1:
        run.server = found[0][0]
    return found


def _names(connector: ReceiveConnector) -> Iterator[str]:
    for name in (connector.name, connector.identity, connector.distinguished_name, connector.guid):
        yield str(name).casefold()


def _is_pattern(identity: str) -> bool:
    return "*" in identity or "?" in identity


@carries_out(SetReceiveConnector)
def _set(cmdlet: SetReceiveConnector, run: Execution) -> None:
    """Change one connector: validate, then ask for confirmation, then write."""
    server, before = _only(str(cmdlet.identity), run)
    after = _named(changed(before, cmdlet, run))
    for problem in _problems(after, before, server):
        raise invalid(problem, SetReceiveConnector, run)
    if (stored := to_store(before, after, cmdlet, run)) is not None:
        server.connectors.pop(before.name)
        server.connectors[stored.name] = stored


def _only(identity: str, run: Execution) -> tuple[FakeServer, ReceiveConnector]:
    """Return the one connector of that identity, in which no character stands for others."""
    found = [] if _is_pattern(identity) else _find(identity, run)
    if not found:
        raise run.not_found(identity, SetReceiveConnector)
    if len(found) > 1:
        raise run.ambiguous(identity, SetReceiveConnector)
    return found[0]


def _named(connector: ReceiveConnector) -> ReceiveConnector:
    """Let the identity follow a new name."""
    _, _, container = str(connector.distinguished_name).partition(",CN=SMTP Receive Connectors,")
    identity = rf"{connector.server}\{connector.name}"
    place = f"CN={connector.name},CN=SMTP Receive Connectors,{container}"
    return attrs.evolve(connector, identity=identity, id=identity, distinguished_name=place)


def _problems(after: ReceiveConnector, before: ReceiveConnector, server: FakeServer) -> Iterator[str]:
    """Say what the page rules out."""
    yield from _authentication(after)
    if after.connection_inactivity_timeout >= after.connection_timeout:
        yield "ConnectionInactivityTimeout must be less than ConnectionTimeout."
    if after.binary_mime_enabled and not after.chunking_enabled:
        yield "BinaryMimeEnabled requires ChunkingEnabled."
    if after.banner and not after.banner.startswith("220"):
        yield "The banner must start with 220."
    if after.long_addresses_enabled and after.transport_role != (ServerRole.HubTransport,):
        yield "LongAddressesEnabled can be set only on connectors of the Transport service."
    if not after.bindings or not after.remote_ip_ranges:
        yield "A Receive connector must have at least one value of Bindings and of RemoteIPRanges."
    others = [each for each in server.connectors.values() if each.name != before.name]
    if any(each.name.casefold() == after.name.casefold() for each in others):
        yield f"A Receive connector '{after.identity}' exists already."
    for other in others:
        if set(other.bindings) & set(after.bindings) and set(other.remote_ip_ranges) & set(after.remote_ip_ranges):
            yield (
                "The values that you specified for the Bindings and RemoteIPRanges parameters conflict with the "
                f'settings on Receive connector "{other.identity}".'
            )


def _authentication(after: ReceiveConnector) -> Iterator[str]:
    mechanisms = set(after.auth_mechanism)
    tls, external = AuthMechanism.Tls in mechanisms, AuthMechanism.ExternalAuthoritative in mechanisms
    if after.require_tls and not tls:
        yield "RequireTLS requires the value Tls of AuthMechanism."
    if AuthMechanism.BasicAuthRequireTLS in mechanisms and not (tls and AuthMechanism.BasicAuth in mechanisms):
        yield "The value BasicAuthRequireTLS of AuthMechanism requires BasicAuth and Tls."
    if external and mechanisms - {AuthMechanism.ExternalAuthoritative, AuthMechanism.Tls}:
        yield "The value ExternalAuthoritative of AuthMechanism can be used only with Tls."
    if external and PermissionGroup.ExchangeServers not in after.permission_groups:
        yield "The value ExternalAuthoritative of AuthMechanism requires PermissionGroups ExchangeServers."
    if after.domain_secure_enabled and (external or not tls):
        yield "DomainSecureEnabled requires the value Tls of AuthMechanism, without ExternalAuthoritative."
