"""Get-ExchangeServer as the server carries it out.

Source of the properties: a capture of a 2016 server (CSS-Exchange), and CSS-Exchange's table of builds.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, Final

from ..._cmdlets.servers import ExchangeServer, GetExchangeServer
from ..directory import directory_facts
from ..execution import Execution
from ..fake_server import FakeServer
from ..handlers import carries_out
from ..new_server import NewServer
from ..wire import object_record

__all__: list[str] = []

_BUILDS: Final = {
    "2016": "Version 15.1 (Build 2507.6)",
    "2019": "Version 15.2 (Build 1544.4)",
    "SE": "Version 15.2 (Build 2562.17)",
}
_ADDRESSES: Final = ("ncacn_vns_spp:", "netbios:", "ncacn_np:", "ncacn_spx:", "ncacn_ip_tcp:", "ncalrpc:")
_YES: Final = (
    *("customer_feedback_enabled", "is_hub_transport_server", "is_client_access_server", "is_exchange2007_or_later"),
    *("is_mailbox_server", "is_e14_or_later", "is_e15_or_later", "is_frontend_transport_server"),
    *("error_reporting_enabled", "mitigations_enabled"),
)
_NO: Final = (
    *("is_edge_server", "is_provisioned_server", "is_exchange_trial_edition", "is_expired_exchange_trial_edition"),
    "data_collection_enabled",
)
_CHOSEN: Final = ("static_domain_controllers", "static_global_catalogs", "static_excluded_domain_controllers")
"""Domain controllers that an administrator has chosen; none on a new server."""


@carries_out(GetExchangeServer)
def _get(cmdlet: GetExchangeServer, run: Execution) -> None:
    """Return one server, those of a domain, or all."""
    found = _find(cmdlet, run)
    if len(found) == 1:
        run.server = found[0]
    status = cmdlet.status is True
    run.records += [object_record(_described(server.installed, status=status)) for server in found]


def _find(cmdlet: GetExchangeServer, run: Execution) -> list[FakeServer]:
    if isinstance(cmdlet.domain, str):
        domain = cmdlet.domain.casefold()
        return [server for server in run.servers if server.installed.domain.casefold() == domain]
    if not isinstance(cmdlet.identity, str):
        return list(run.servers)
    if "*" not in cmdlet.identity and "?" not in cmdlet.identity:
        return [run.find_server(cmdlet.identity, GetExchangeServer)]
    pattern = cmdlet.identity.casefold().replace("[", "[[]")
    return [server for server in run.servers if any(fnmatchcase(name, pattern) for name in server.installed.names)]


def _described(server: NewServer, *, status: bool) -> ExchangeServer:
    """Return what the directory says of a server, and with ``status`` what it says itself."""
    controllers = (f"DC01.{server.domain}",) if status else ()
    fqdn = f"{server.name}.{server.domain}"
    facts: dict[str, Any] = {  # Any: properties of several types
        **dict.fromkeys(_YES, True),
        **dict.fromkeys(_NO, False),
        **dict.fromkeys(_CHOSEN, ()),
        **directory_facts(
            server.name,
            server.distinguished_name,
            domain=server.domain,
            category="ms-Exch-Exchange-Server",
            classes=("top", "server", "msExchExchangeServer"),
        ),
    }
    return ExchangeServer(
        name=server.name,
        fqdn=server.fqdn,
        admin_display_version=_BUILDS[server.version],
        server_role="Mailbox",
        edition="Standard",
        site=f"{server.domain}/Configuration/Sites/Default-First-Site-Name",
        domain=server.domain,
        data_path=r"C:\Program Files\Microsoft\Exchange Server\V15\Mailbox",
        exchange_legacy_dn=server.legacy_dn,
        exchange_legacy_server_role=0,
        is_unified_messaging_server=server.version == "2016",
        network_address=tuple(each + (fqdn if each == "ncacn_ip_tcp:" else server.name) for each in _ADDRESSES),
        organizational_unit=f"{server.domain}/{server.name}",
        current_domain_controllers=controllers,
        current_global_catalogs=controllers,
        current_config_domain_controller=controllers[0] if controllers else None,
        remaining_trial_period="00:00:00",
        **facts,
    )
