"""The Exchange servers of an organization: Get-ExchangeServer and what it answers."""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

import attrs

from .._model.cmdlet import Cmdlet
from .._model.codecs.lists import ListCodec
from .._model.codecs.literals import BOOLEAN, IntegerCodec
from .._model.codecs.values import TEXT, TIME_SPAN, ValueCodec
from .._model.declaration import Endpoint, arranged, checked, parameter, property_
from .._values import UNSET, ServerRole, ServerVersion, Unset
from .connector_codecs import ROLES
from .directory import DirectoryObject
from .switches import DOMAIN_CONTROLLER, SWITCH

__all__ = ["ExchangeServer", "GetExchangeServer"]

_TEXTS = ListCodec(TEXT)
_VERSION: ValueCodec[ServerVersion] = ValueCodec(
    "a version such as Version 15.2 (Build 986.5)", ServerVersion, parse=ServerVersion.parse
)


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class GetExchangeServer(Cmdlet):
    """Get-ExchangeServer: read one server, or all of the organization.

    Source: Microsoft's reference page of Get-ExchangeServer.

    >>> str(parse("get-exchangeserver MBX01 | fl Name,AdminDisplayVersion"))
    'Get-ExchangeServer -Identity MBX01 | Format-List Name,AdminDisplayVersion'
    """

    cmdlet: ClassVar[str] = "Get-ExchangeServer"
    endpoint: ClassVar[Endpoint] = Endpoint.EXCHANGE
    changes: ClassVar[bool] = False
    default_set: ClassVar[str] = "Domain"

    identity: str | Unset = attrs.field(
        default=UNSET, metadata=parameter("Identity", TEXT, position=0, sets=("Identity",))
    )
    """Name, FQDN, GUID, distinguished name or legacy DN; ``*`` and ``?`` stand for any text."""
    domain: str | Unset = attrs.field(default=UNSET, metadata=parameter("Domain", TEXT, sets=("Domain",)))
    """All servers of this domain, instead of ``identity``."""
    status: bool | Unset = attrs.field(default=UNSET, metadata=parameter("Status", SWITCH, switch=True))
    """Ask the server itself too, for the properties that begin with ``current_`` and ``static_``."""
    domain_controller: str | Unset = attrs.field(default=UNSET, metadata=DOMAIN_CONTROLLER)
    """FQDN of the domain controller to read from."""


@attrs.frozen(kw_only=True, repr=False, field_transformer=arranged())
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

    types: ClassVar[tuple[str, ...]] = ("Microsoft.Exchange.Data.Directory.Management.ExchangeServer",)

    name: str = attrs.field(metadata=property_("Name", TEXT))
    fqdn: str = attrs.field(metadata=property_("Fqdn", TEXT))
    admin_display_version: ServerVersion = attrs.field(metadata=property_("AdminDisplayVersion", _VERSION))
    server_role: tuple[ServerRole, ...] = attrs.field(metadata=property_("ServerRole", ROLES))
    edition: str | None = attrs.field(default=None, metadata=property_("Edition", TEXT))
    site: str | None = attrs.field(default=None, metadata=property_("Site", TEXT))
    domain: str | None = attrs.field(default=None, metadata=property_("Domain", TEXT))
    data_path: str | None = attrs.field(default=None, metadata=property_("DataPath", TEXT))
    exchange_legacy_dn: str | None = attrs.field(default=None, metadata=property_("ExchangeLegacyDN", TEXT))
    exchange_legacy_server_role: int | None = attrs.field(
        default=None, metadata=property_("ExchangeLegacyServerRole", IntegerCodec())
    )
    customer_feedback_enabled: bool | None = attrs.field(
        default=None, metadata=property_("CustomerFeedbackEnabled", BOOLEAN)
    )
    internet_web_proxy: str | None = attrs.field(default=None, metadata=property_("InternetWebProxy", TEXT))
    internet_web_proxy_bypass_list: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("InternetWebProxyBypassList", _TEXTS)
    )
    is_hub_transport_server: bool | None = attrs.field(
        default=None, metadata=property_("IsHubTransportServer", BOOLEAN)
    )
    is_client_access_server: bool | None = attrs.field(
        default=None, metadata=property_("IsClientAccessServer", BOOLEAN)
    )
    is_exchange2007_or_later: bool | None = attrs.field(
        default=None, metadata=property_("IsExchange2007OrLater", BOOLEAN)
    )
    is_edge_server: bool | None = attrs.field(default=None, metadata=property_("IsEdgeServer", BOOLEAN))
    is_mailbox_server: bool | None = attrs.field(default=None, metadata=property_("IsMailboxServer", BOOLEAN))
    is_e14_or_later: bool | None = attrs.field(default=None, metadata=property_("IsE14OrLater", BOOLEAN))
    is_e15_or_later: bool | None = attrs.field(default=None, metadata=property_("IsE15OrLater", BOOLEAN))
    is_provisioned_server: bool | None = attrs.field(default=None, metadata=property_("IsProvisionedServer", BOOLEAN))
    is_unified_messaging_server: bool | None = attrs.field(
        default=None, metadata=property_("IsUnifiedMessagingServer", BOOLEAN)
    )
    is_frontend_transport_server: bool | None = attrs.field(
        default=None, metadata=property_("IsFrontendTransportServer", BOOLEAN)
    )
    network_address: tuple[str, ...] | None = attrs.field(default=None, metadata=property_("NetworkAddress", _TEXTS))
    organizational_unit: str | None = attrs.field(default=None, metadata=property_("OrganizationalUnit", TEXT))
    error_reporting_enabled: bool | None = attrs.field(
        default=None, metadata=property_("ErrorReportingEnabled", BOOLEAN)
    )
    mitigations_enabled: bool | None = attrs.field(default=None, metadata=property_("MitigationsEnabled", BOOLEAN))
    static_domain_controllers: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("StaticDomainControllers", _TEXTS)
    )
    static_global_catalogs: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("StaticGlobalCatalogs", _TEXTS)
    )
    static_config_domain_controller: str | None = attrs.field(
        default=None, metadata=property_("StaticConfigDomainController", TEXT)
    )
    static_excluded_domain_controllers: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("StaticExcludedDomainControllers", _TEXTS)
    )
    monitoring_group: str | None = attrs.field(default=None, metadata=property_("MonitoringGroup", TEXT))
    current_domain_controllers: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("CurrentDomainControllers", _TEXTS)
    )
    current_global_catalogs: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("CurrentGlobalCatalogs", _TEXTS)
    )
    current_config_domain_controller: str | None = attrs.field(
        default=None, metadata=property_("CurrentConfigDomainController", TEXT)
    )
    product_id: str | None = attrs.field(default=None, metadata=property_("ProductID", TEXT))
    is_exchange_trial_edition: bool | None = attrs.field(
        default=None, metadata=property_("IsExchangeTrialEdition", BOOLEAN)
    )
    is_expired_exchange_trial_edition: bool | None = attrs.field(
        default=None, metadata=property_("IsExpiredExchangeTrialEdition", BOOLEAN)
    )
    mailbox_provisioning_attributes: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("MailboxProvisioningAttributes", _TEXTS)
    )
    remaining_trial_period: timedelta | None = attrs.field(
        default=None, metadata=property_("RemainingTrialPeriod", TIME_SPAN)
    )
    mitigations_applied: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("MitigationsApplied", _TEXTS)
    )
    mitigations_blocked: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("MitigationsBlocked", _TEXTS)
    )
    data_collection_enabled: bool | None = attrs.field(
        default=None, metadata=property_("DataCollectionEnabled", BOOLEAN)
    )
