"""How mailboxes may be opened by each kind of client: Get-CASMailbox and Set-CASMailbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import attrs

from .._model.cmdlet import Cmdlet
from .._model.codecs.lists import EditableListCodec, ListCodec
from .._model.codecs.literals import BOOLEAN, CREDENTIAL, Credential
from .._model.codecs.values import TEXT, choice
from .._model.codecs.words import LIMIT
from .._model.declaration import Endpoint, arranged, checked, parameter, property_
from .._values import UNSET, EwsApplicationAccessPolicy, Limit, ListEdit, MimeTextFormat, Unset
from .directory import DirectoryObject
from .settings_codecs import MIME_FORMAT
from .switches import CONFIRM, DOMAIN_CONTROLLER, SWITCH, WHAT_IF

__all__ = ["CASMailbox", "GetCASMailbox", "SetCASMailbox"]

_TEXTS = ListCodec(TEXT)
_LIST = EditableListCodec(_TEXTS)
_EWS_POLICY = choice(EwsApplicationAccessPolicy)

# Source: Microsoft's page of Set-CASMailbox, which marks them "only in the cloud-based service".
_ONLINE = (
    "macoutlookenabled",
    "onewinnativeoutlookenabled",
    "outlookmobileenabled",
    "smtpclientauthenticationdisabled",
    "universaloutlookenabled",
)


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class GetCASMailbox(Cmdlet):
    """Get-CASMailbox: read how one mailbox, or all that are found, may be opened.

    Without ``identity`` it answers every mailbox, 1000 at most. Source: Microsoft's reference page of Get-CASMailbox.

    >>> str(GetCASMailbox(identity="kim@contoso.com", protocol_settings=True))
    'Get-CASMailbox -Identity kim@contoso.com -ProtocolSettings'
    """

    cmdlet: ClassVar[str] = "Get-CASMailbox"
    endpoint: ClassVar[Endpoint] = Endpoint.EXCHANGE
    changes: ClassVar[bool] = False
    default_set: ClassVar[str] = "AnrSet"

    identity: str | Unset = attrs.field(
        default=UNSET, metadata=parameter("Identity", TEXT, position=0, sets=("Identity",))
    )
    """Name, alias, address, GUID, distinguished name, domain\\user, user principal name or legacy DN."""
    anr: str | Unset = attrs.field(default=UNSET, metadata=parameter("Anr", TEXT, sets=("AnrSet",)))
    """The beginning of a name, address or alias, instead of ``identity``."""
    active_sync_debug_logging: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ActiveSyncDebugLogging", SWITCH, switch=True)
    )
    active_sync_suppress_read_receipt: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ActiveSyncSuppressReadReceipt", SWITCH, switch=True)
    )
    credential: Credential | Unset = attrs.field(default=UNSET, metadata=parameter("Credential", CREDENTIAL))
    """Who asks the directory."""
    filter: str | Unset = attrs.field(default=UNSET, metadata=parameter("Filter", TEXT))
    """An OPATH filter, such as ``ImapEnabled -eq 'True'``, in quotes.

    Microsoft's page writes ``-Filter {...}``: in the shell the block arrives as the text in it. It is not read here,
    since an endpoint without language has no blocks.
    """
    ignore_default_scope: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("IgnoreDefaultScope", SWITCH, switch=True)
    )
    monitoring: bool | Unset = attrs.field(default=UNSET, metadata=parameter("Monitoring", SWITCH, switch=True))
    """Answer monitoring's own mailboxes."""
    organizational_unit: str | Unset = attrs.field(default=UNSET, metadata=parameter("OrganizationalUnit", TEXT))
    """Only mailboxes of this unit."""
    protocol_settings: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ProtocolSettings", SWITCH, switch=True)
    )
    """Answer also the names, ports and methods that clients of each protocol are told."""
    read_from_domain_controller: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ReadFromDomainController", SWITCH, switch=True)
    )
    """Ask the domain controller of the user that is logged in."""
    read_is_optimized_for_accessibility: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ReadIsOptimizedForAccessibility", SWITCH, switch=True)
    )
    recalculate_has_active_sync_device_partnership: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("RecalculateHasActiveSyncDevicePartnership", SWITCH, switch=True)
    )
    result_size: Limit | Unset = attrs.field(default=UNSET, metadata=parameter("ResultSize", LIMIT))
    """How many at most; 1000 otherwise."""
    sort_by: str | Unset = attrs.field(default=UNSET, metadata=parameter("SortBy", TEXT))
    """A property to sort by."""
    domain_controller: str | Unset = attrs.field(default=UNSET, metadata=DOMAIN_CONTROLLER)
    """FQDN of the domain controller to read from."""


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class SetCASMailbox(Cmdlet):
    """Set-CASMailbox: change how a mailbox may be opened; also a partial desired state of it.

    What is ``UNSET`` stays as it is. Every parameter that on-premises Exchange documents is here. Behind a pipe
    ``identity`` comes with the objects; the command alone cannot run without it. Source: Microsoft's reference page of
    Set-CASMailbox.

    >>> str(SetCASMailbox(identity="kim", imap_enabled=False))
    'Set-CASMailbox -Identity kim -ImapEnabled $false'
    """

    cmdlet: ClassVar[str] = "Set-CASMailbox"
    endpoint: ClassVar[Endpoint] = Endpoint.EXCHANGE
    changes: ClassVar[bool] = True
    hints: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(_ONLINE, "Of Exchange Online only: Exchange Server has no such parameter."),
        "imapmessageretrievalmimeformat": "Write -ImapMessagesRetrievalMimeFormat.",
        "popmessageretrievalmimeformat": "Write -PopMessagesRetrievalMimeFormat.",
        "imapprotocolloggingenabled": "Of old pages, no longer there: the server logs (Set-ImapSettings).",
        "popprotocolloggingenabled": "Of old pages, no longer there: the server logs (Set-PopSettings).",
    }

    identity: str | Unset = attrs.field(default=UNSET, metadata=parameter("Identity", TEXT, position=0, required=True))
    """Name, alias, address, GUID, distinguished name, domain\\user, user principal name or legacy DN."""
    imap_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("ImapEnabled", BOOLEAN))
    """Whether the mailbox may be opened over IMAP4; true when new. When false the others do not count.

    After a change Microsoft's page asks for a restart of both IMAP4 services.
    """
    imap_use_protocol_defaults: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ImapUseProtocolDefaults", BOOLEAN)
    )
    """Whether the server's settings hold; true when new, and then the next four do not count."""
    imap_enable_exact_rfc822_size: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ImapEnableExactRFC822Size", BOOLEAN)
    )
    """Whether sizes of messages are exact."""
    imap_messages_retrieval_mime_format: MimeTextFormat | Unset = attrs.field(
        default=UNSET, metadata=parameter("ImapMessagesRetrievalMimeFormat", MIME_FORMAT)
    )
    """The format of messages; ``BestBodyFormat`` when new."""
    imap_suppress_read_receipt: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ImapSuppressReadReceipt", BOOLEAN)
    )
    """Whether a read receipt is sent only when the message is opened."""
    imap_force_ical_for_calendar_retrieval_option: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ImapForceICalForCalendarRetrievalOption", BOOLEAN)
    )
    """Whether meeting requests are iCalendar; web links otherwise."""
    pop_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("PopEnabled", BOOLEAN))
    """Whether the mailbox may be opened over POP3; true when new. A change asks for a restart of POP3's services."""
    pop_use_protocol_defaults: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("PopUseProtocolDefaults", BOOLEAN)
    )
    """As ``imap_use_protocol_defaults``, of POP3."""
    pop_enable_exact_rfc822_size: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("PopEnableExactRFC822Size", BOOLEAN)
    )
    pop_messages_retrieval_mime_format: MimeTextFormat | Unset = attrs.field(
        default=UNSET, metadata=parameter("PopMessagesRetrievalMimeFormat", MIME_FORMAT)
    )
    pop_suppress_read_receipt: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("PopSuppressReadReceipt", BOOLEAN)
    )
    pop_force_ical_for_calendar_retrieval_option: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("PopForceICalForCalendarRetrievalOption", BOOLEAN)
    )
    active_sync_allowed_device_ids: tuple[str, ...] | ListEdit[str] | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("ActiveSyncAllowedDeviceIDs", _LIST, nullable=True)
    )
    active_sync_blocked_device_ids: tuple[str, ...] | ListEdit[str] | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("ActiveSyncBlockedDeviceIDs", _LIST, nullable=True)
    )
    active_sync_debug_logging: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ActiveSyncDebugLogging", BOOLEAN)
    )
    active_sync_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("ActiveSyncEnabled", BOOLEAN))
    active_sync_mailbox_policy: str | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("ActiveSyncMailboxPolicy", TEXT, nullable=True)
    )
    active_sync_suppress_read_receipt: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ActiveSyncSuppressReadReceipt", BOOLEAN)
    )
    display_name: str | Unset = attrs.field(default=UNSET, metadata=parameter("DisplayName", TEXT))
    ecp_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("ECPEnabled", BOOLEAN))
    email_addresses: tuple[str, ...] | ListEdit[str] | Unset = attrs.field(
        default=UNSET, metadata=parameter("EmailAddresses", _LIST)
    )
    ews_allow_entourage: bool | Unset = attrs.field(default=UNSET, metadata=parameter("EwsAllowEntourage", BOOLEAN))
    ews_allow_list: tuple[str, ...] | ListEdit[str] | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("EwsAllowList", _LIST, nullable=True)
    )
    ews_allow_mac_outlook: bool | Unset = attrs.field(default=UNSET, metadata=parameter("EwsAllowMacOutlook", BOOLEAN))
    ews_allow_outlook: bool | Unset = attrs.field(default=UNSET, metadata=parameter("EwsAllowOutlook", BOOLEAN))
    ews_application_access_policy: EwsApplicationAccessPolicy | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("EwsApplicationAccessPolicy", _EWS_POLICY, nullable=True)
    )
    """Whether ``ews_allow_list`` or ``ews_block_list`` holds."""
    ews_block_list: tuple[str, ...] | ListEdit[str] | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("EwsBlockList", _LIST, nullable=True)
    )
    ews_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("EwsEnabled", BOOLEAN))
    ignore_default_scope: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("IgnoreDefaultScope", SWITCH, switch=True)
    )
    is_optimized_for_accessibility: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("IsOptimizedForAccessibility", BOOLEAN)
    )
    mapi_block_outlook_non_cached_mode: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("MAPIBlockOutlookNonCachedMode", BOOLEAN)
    )
    mapi_block_outlook_external_connectivity: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("MAPIBlockOutlookExternalConnectivity", BOOLEAN)
    )
    mapi_block_outlook_rpc_http: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("MAPIBlockOutlookRpcHttp", BOOLEAN)
    )
    mapi_block_outlook_versions: str | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("MAPIBlockOutlookVersions", TEXT, nullable=True)
    )
    """Versions of Outlook that may not connect, such as ``-5.9.9;7.0.0-``."""
    mapi_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("MAPIEnabled", BOOLEAN))
    mapi_http_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("MapiHttpEnabled", BOOLEAN))
    name: str | Unset = attrs.field(default=UNSET, metadata=parameter("Name", TEXT))
    owa_enabled: bool | Unset = attrs.field(default=UNSET, metadata=parameter("OWAEnabled", BOOLEAN))
    owa_for_devices_enabled: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("OWAforDevicesEnabled", BOOLEAN)
    )
    owa_mailbox_policy: str | Unset | None = attrs.field(
        default=UNSET, metadata=parameter("OwaMailboxPolicy", TEXT, nullable=True)
    )
    primary_smtp_address: str | Unset = attrs.field(default=UNSET, metadata=parameter("PrimarySmtpAddress", TEXT))
    public_folder_client_access: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("PublicFolderClientAccess", BOOLEAN)
    )
    """Whether Outlook shows public folders; false when new.

    It counts where ``PublicFolderShowClientControl`` of the organization is true.
    """
    reset_auto_blocked_devices: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ResetAutoBlockedDevices", SWITCH, switch=True)
    )
    sam_account_name: str | Unset = attrs.field(default=UNSET, metadata=parameter("SamAccountName", TEXT))
    show_gal_as_default_view: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("ShowGalAsDefaultView", BOOLEAN)
    )
    domain_controller: str | Unset = attrs.field(default=UNSET, metadata=DOMAIN_CONTROLLER)
    """FQDN of the domain controller to write to."""
    what_if: bool | Unset = attrs.field(default=UNSET, metadata=WHAT_IF)
    """Say what would happen, and change nothing."""
    confirm: bool | Unset = attrs.field(default=UNSET, metadata=CONFIRM)
    """Ask before the change, which over remoting nobody can answer."""


@attrs.frozen(kw_only=True, repr=False, field_transformer=arranged(written_by=SetCASMailbox))
class CASMailbox(DirectoryObject):
    r"""How a mailbox may be opened, as Get-CASMailbox answers it.

    What only some versions answer, or only with ``-ProtocolSettings``, is ``None`` otherwise.

    >>> mailbox = CASMailbox.parse(
    ...     "Name                            : Kim Akers\n"
    ...     "ImapEnabled                     : True\n"
    ...     "ImapUseProtocolDefaults         : True\n"
    ...     "ImapMessagesRetrievalMimeFormat : BestBodyFormat\n"
    ... )
    >>> mailbox.imap_enabled, mailbox.external_imap_settings
    (True, None)
    """

    types: ClassVar[tuple[str, ...]] = ("Microsoft.Exchange.Data.Directory.Management.CASMailbox",)

    name: str = attrs.field(metadata=property_("Name", TEXT))
    display_name: str | None = attrs.field(default=None, metadata=property_("DisplayName", TEXT))
    sam_account_name: str | None = attrs.field(default=None, metadata=property_("SamAccountName", TEXT))
    primary_smtp_address: str | None = attrs.field(default=None, metadata=property_("PrimarySmtpAddress", TEXT))
    email_addresses: tuple[str, ...] | None = attrs.field(default=None, metadata=property_("EmailAddresses", _TEXTS))
    legacy_exchange_dn: str | None = attrs.field(default=None, metadata=property_("LegacyExchangeDN", TEXT))
    server_legacy_dn: str | None = attrs.field(default=None, metadata=property_("ServerLegacyDN", TEXT))
    server_name: str | None = attrs.field(default=None, metadata=property_("ServerName", TEXT))
    imap_enabled: bool = attrs.field(metadata=property_("ImapEnabled", BOOLEAN))
    imap_use_protocol_defaults: bool = attrs.field(metadata=property_("ImapUseProtocolDefaults", BOOLEAN))
    imap_enable_exact_rfc822_size: bool | None = attrs.field(
        default=None, metadata=property_("ImapEnableExactRFC822Size", BOOLEAN)
    )
    imap_messages_retrieval_mime_format: MimeTextFormat = attrs.field(
        metadata=property_("ImapMessagesRetrievalMimeFormat", MIME_FORMAT)
    )
    imap_suppress_read_receipt: bool | None = attrs.field(
        default=None, metadata=property_("ImapSuppressReadReceipt", BOOLEAN)
    )
    imap_force_ical_for_calendar_retrieval_option: bool | None = attrs.field(
        default=None, metadata=property_("ImapForceICalForCalendarRetrievalOption", BOOLEAN)
    )
    external_imap_settings: str | None = attrs.field(default=None, metadata=property_("ExternalImapSettings", TEXT))
    internal_imap_settings: str | None = attrs.field(default=None, metadata=property_("InternalImapSettings", TEXT))
    external_pop_settings: str | None = attrs.field(default=None, metadata=property_("ExternalPopSettings", TEXT))
    internal_pop_settings: str | None = attrs.field(default=None, metadata=property_("InternalPopSettings", TEXT))
    external_smtp_settings: str | None = attrs.field(default=None, metadata=property_("ExternalSmtpSettings", TEXT))
    internal_smtp_settings: str | None = attrs.field(default=None, metadata=property_("InternalSmtpSettings", TEXT))
    pop_enabled: bool | None = attrs.field(default=None, metadata=property_("PopEnabled", BOOLEAN))
    pop_use_protocol_defaults: bool | None = attrs.field(
        default=None, metadata=property_("PopUseProtocolDefaults", BOOLEAN)
    )
    pop_enable_exact_rfc822_size: bool | None = attrs.field(
        default=None, metadata=property_("PopEnableExactRFC822Size", BOOLEAN)
    )
    pop_messages_retrieval_mime_format: MimeTextFormat | None = attrs.field(
        default=None, metadata=property_("PopMessagesRetrievalMimeFormat", MIME_FORMAT)
    )
    pop_suppress_read_receipt: bool | None = attrs.field(
        default=None, metadata=property_("PopSuppressReadReceipt", BOOLEAN)
    )
    pop_force_ical_for_calendar_retrieval_option: bool | None = attrs.field(
        default=None, metadata=property_("PopForceICalForCalendarRetrievalOption", BOOLEAN)
    )
    active_sync_allowed_device_ids: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("ActiveSyncAllowedDeviceIDs", _TEXTS)
    )
    active_sync_blocked_device_ids: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("ActiveSyncBlockedDeviceIDs", _TEXTS)
    )
    active_sync_enabled: bool | None = attrs.field(default=None, metadata=property_("ActiveSyncEnabled", BOOLEAN))
    active_sync_mailbox_policy: str | None = attrs.field(
        default=None, metadata=property_("ActiveSyncMailboxPolicy", TEXT)
    )
    ecp_enabled: bool | None = attrs.field(default=None, metadata=property_("ECPEnabled", BOOLEAN))
    ews_allow_entourage: bool | None = attrs.field(default=None, metadata=property_("EwsAllowEntourage", BOOLEAN))
    ews_allow_list: tuple[str, ...] | None = attrs.field(default=None, metadata=property_("EwsAllowList", _TEXTS))
    ews_allow_mac_outlook: bool | None = attrs.field(default=None, metadata=property_("EwsAllowMacOutlook", BOOLEAN))
    ews_allow_outlook: bool | None = attrs.field(default=None, metadata=property_("EwsAllowOutlook", BOOLEAN))
    ews_application_access_policy: EwsApplicationAccessPolicy | None = attrs.field(
        default=None, metadata=property_("EwsApplicationAccessPolicy", _EWS_POLICY)
    )
    ews_block_list: tuple[str, ...] | None = attrs.field(default=None, metadata=property_("EwsBlockList", _TEXTS))
    ews_enabled: bool | None = attrs.field(default=None, metadata=property_("EwsEnabled", BOOLEAN))
    mapi_block_outlook_non_cached_mode: bool | None = attrs.field(
        default=None, metadata=property_("MAPIBlockOutlookNonCachedMode", BOOLEAN)
    )
    mapi_block_outlook_external_connectivity: bool | None = attrs.field(
        default=None, metadata=property_("MAPIBlockOutlookExternalConnectivity", BOOLEAN)
    )
    mapi_block_outlook_rpc_http: bool | None = attrs.field(
        default=None, metadata=property_("MAPIBlockOutlookRpcHttp", BOOLEAN)
    )
    mapi_block_outlook_versions: str | None = attrs.field(
        default=None, metadata=property_("MAPIBlockOutlookVersions", TEXT)
    )
    mapi_enabled: bool | None = attrs.field(default=None, metadata=property_("MAPIEnabled", BOOLEAN))
    mapi_http_enabled: bool | None = attrs.field(default=None, metadata=property_("MapiHttpEnabled", BOOLEAN))
    owa_enabled: bool | None = attrs.field(default=None, metadata=property_("OWAEnabled", BOOLEAN))
    owa_for_devices_enabled: bool | None = attrs.field(
        default=None, metadata=property_("OWAforDevicesEnabled", BOOLEAN)
    )
    owa_mailbox_policy: str | None = attrs.field(default=None, metadata=property_("OwaMailboxPolicy", TEXT))
    show_gal_as_default_view: bool | None = attrs.field(
        default=None, metadata=property_("ShowGalAsDefaultView", BOOLEAN)
    )
