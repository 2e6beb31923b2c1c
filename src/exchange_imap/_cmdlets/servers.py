"""The Exchange servers of an organization: Get-ExchangeServer and what it answers."""

from __future__ import annotations

from datetime import timedelta

from .._model.cmdlet import cmdlet
from .._model.codecs.lists import ListCodec
from .._model.codecs.literals import BOOLEAN, SWITCH, IntegerCodec
from .._model.codecs.values import TEXT, TIME_SPAN, ValueCodec
from .._model.codecs.words import WordsCodec
from .._model.declaration import parameter, property_, required_property
from .._model.field_types import Items, ItemsOr, Of
from .._model.snapshots import snapshot
from .._model.specs import Endpoint
from .._values import ServerRole, ServerVersion, Unset
from .directory import DirectoryObject, ReadingCmdlet

__all__ = ["ExchangeServer", "GetExchangeServer"]

_TEXTS = ListCodec(TEXT)
_VERSION = ValueCodec("a version such as Version 15.2 (Build 986.5)", ServerVersion, parse=ServerVersion.parse)


@cmdlet("Get-ExchangeServer", endpoint=Endpoint.EXCHANGE, changes=False, default_set="Domain")
class GetExchangeServer(ReadingCmdlet):
    """Get-ExchangeServer: read one server, or all of the organization.

    Source: Microsoft's reference page of Get-ExchangeServer.

    >>> str(parse("get-exchangeserver MBX01 | fl Name,AdminDisplayVersion"))
    'Get-ExchangeServer -Identity MBX01 | Format-List Name,AdminDisplayVersion'
    """

    identity: str | Unset = parameter("Identity", TEXT, position=0, sets=("Identity",))
    """Name, FQDN, GUID, distinguished name or legacy DN; ``*`` and ``?`` stand for any text."""
    domain: str | Unset = parameter("Domain", TEXT, sets=("Domain",))
    """All servers of this domain, instead of ``identity``."""
    status: bool | Unset = parameter("Status", SWITCH)
    """Ask the server itself too, for the properties that begin with ``current_`` and ``static_``."""


@snapshot("Microsoft.Exchange.Data.Directory.Management.ExchangeServer", read_by=GetExchangeServer, named_by="Fqdn")
class ExchangeServer(DirectoryObject):
    r"""A server as Get-ExchangeServer answers it; what it is not asked for, or its version lacks, is ``None``.

    >>> server = ExchangeServer.parse(
    ...     "Name                : MBX01\n"
    ...     "Fqdn                : mbx01.contoso.com\n"
    ...     "AdminDisplayVersion : Version 15.2 (Build 986.5)\n"
    ...     "ServerRole          : Mailbox\n"
    ... )
    >>> server.admin_display_version.product, server.server_role
    ('Exchange Server 2019', (ServerRole.Mailbox,))
    """

    name: str = required_property("Name", TEXT, first=True)
    fqdn: str = required_property("Fqdn", TEXT, first=True)
    admin_display_version: Of[ServerVersion] = required_property("AdminDisplayVersion", _VERSION, first=True)
    server_role: Items[ServerRole] = required_property("ServerRole", WordsCodec(ServerRole), first=True)
    edition: str | None = property_("Edition", TEXT)
    site: str | None = property_("Site", TEXT)
    domain: str | None = property_("Domain", TEXT)
    data_path: str | None = property_("DataPath", TEXT)
    exchange_legacy_dn: str | None = property_("ExchangeLegacyDN", TEXT)
    exchange_legacy_server_role: Of[int | None] = property_("ExchangeLegacyServerRole", IntegerCodec())
    customer_feedback_enabled: bool | None = property_("CustomerFeedbackEnabled", BOOLEAN)
    internet_web_proxy: str | None = property_("InternetWebProxy", TEXT)
    internet_web_proxy_bypass_list: ItemsOr[str, None] = property_("InternetWebProxyBypassList", _TEXTS)
    is_hub_transport_server: bool | None = property_("IsHubTransportServer", BOOLEAN)
    is_client_access_server: bool | None = property_("IsClientAccessServer", BOOLEAN)
    is_exchange2007_or_later: bool | None = property_("IsExchange2007OrLater", BOOLEAN)
    is_edge_server: bool | None = property_("IsEdgeServer", BOOLEAN)
    is_mailbox_server: bool | None = property_("IsMailboxServer", BOOLEAN)
    is_e14_or_later: bool | None = property_("IsE14OrLater", BOOLEAN)
    is_e15_or_later: bool | None = property_("IsE15OrLater", BOOLEAN)
    is_provisioned_server: bool | None = property_("IsProvisionedServer", BOOLEAN)
    is_unified_messaging_server: bool | None = property_("IsUnifiedMessagingServer", BOOLEAN)
    is_frontend_transport_server: bool | None = property_("IsFrontendTransportServer", BOOLEAN)
    network_address: ItemsOr[str, None] = property_("NetworkAddress", _TEXTS)
    organizational_unit: str | None = property_("OrganizationalUnit", TEXT)
    error_reporting_enabled: bool | None = property_("ErrorReportingEnabled", BOOLEAN)
    mitigations_enabled: bool | None = property_("MitigationsEnabled", BOOLEAN)
    static_domain_controllers: ItemsOr[str, None] = property_("StaticDomainControllers", _TEXTS)
    static_global_catalogs: ItemsOr[str, None] = property_("StaticGlobalCatalogs", _TEXTS)
    static_config_domain_controller: str | None = property_("StaticConfigDomainController", TEXT)
    static_excluded_domain_controllers: ItemsOr[str, None] = property_("StaticExcludedDomainControllers", _TEXTS)
    monitoring_group: str | None = property_("MonitoringGroup", TEXT)
    current_domain_controllers: ItemsOr[str, None] = property_("CurrentDomainControllers", _TEXTS)
    current_global_catalogs: ItemsOr[str, None] = property_("CurrentGlobalCatalogs", _TEXTS)
    current_config_domain_controller: str | None = property_("CurrentConfigDomainController", TEXT)
    product_id: str | None = property_("ProductID", TEXT)
    is_exchange_trial_edition: bool | None = property_("IsExchangeTrialEdition", BOOLEAN)
    is_expired_exchange_trial_edition: bool | None = property_("IsExpiredExchangeTrialEdition", BOOLEAN)
    mailbox_provisioning_attributes: ItemsOr[str, None] = property_("MailboxProvisioningAttributes", _TEXTS)
    remaining_trial_period: Of[timedelta | None] = property_("RemainingTrialPeriod", TIME_SPAN)
    mitigations_applied: ItemsOr[str, None] = property_("MitigationsApplied", _TEXTS)
    mitigations_blocked: ItemsOr[str, None] = property_("MitigationsBlocked", _TEXTS)
    data_collection_enabled: bool | None = property_("DataCollectionEnabled", BOOLEAN)
