"""How mailboxes may be opened by each kind of client: Get-CASMailbox and Set-CASMailbox."""

from __future__ import annotations

from .._model.cmdlet import cmdlet
from .._model.codecs.lists import EditableListCodec, ListCodec
from .._model.codecs.literals import BOOLEAN, CREDENTIAL, SWITCH, Credential
from .._model.codecs.values import TEXT, choice
from .._model.codecs.words import LIMIT
from .._model.declaration import parameter, property_, required_property
from .._model.field_types import EditsOr, ItemsOr, Of, Takes
from .._model.snapshots import snapshot
from .._model.specs import Endpoint
from .._values import EwsApplicationAccessPolicy, Limit, MimeTextFormat, Unset
from .directory import DirectoryObject, ReadingCmdlet, WritingCmdlet

__all__ = ["CASMailbox", "GetCASMailbox", "SetCASMailbox"]

_TEXTS = ListCodec(TEXT)
_LIST = EditableListCodec(_TEXTS)
_MIME_FORMAT = choice(MimeTextFormat)
_EWS_POLICY = choice(EwsApplicationAccessPolicy)

# Source: Microsoft's page of Set-CASMailbox, which marks them "only in the cloud-based service".
_ONLINE = (
    "macoutlookenabled",
    "onewinnativeoutlookenabled",
    "outlookmobileenabled",
    "smtpclientauthenticationdisabled",
    "universaloutlookenabled",
)


@cmdlet("Get-CASMailbox", endpoint=Endpoint.EXCHANGE, changes=False, default_set="AnrSet")
class GetCASMailbox(ReadingCmdlet):
    """Get-CASMailbox: read how one mailbox, or all that are found, may be opened.

    Without ``identity`` it answers every mailbox, 1000 at most. Source: Microsoft's reference page of Get-CASMailbox.

    >>> str(GetCASMailbox(identity="kim@contoso.com", protocol_settings=True))
    'Get-CASMailbox -Identity kim@contoso.com -ProtocolSettings'
    """

    identity: str | Unset = parameter("Identity", TEXT, position=0, sets=("Identity",))
    """Name, alias, address, GUID, distinguished name, domain\\user, user principal name or legacy DN."""
    anr: str | Unset = parameter("Anr", TEXT, sets=("AnrSet",))
    """The beginning of a name, address or alias, instead of ``identity``."""
    active_sync_debug_logging: bool | Unset = parameter("ActiveSyncDebugLogging", SWITCH)
    """Read the real value of ActiveSyncDebugLogging, which is shown as ``$false`` otherwise."""
    active_sync_suppress_read_receipt: bool | Unset = parameter("ActiveSyncSuppressReadReceipt", SWITCH)
    """Reserved for Microsoft's own use."""
    credential: Credential | Unset = parameter("Credential", CREDENTIAL)
    """Who asks the directory."""
    filter: str | Unset = parameter("Filter", TEXT)
    """An OPATH filter, such as ``ImapEnabled -eq 'True'``, in quotes.

    Microsoft's page writes ``-Filter {...}``: in the shell the block arrives as the text in it. It is not read here,
    since an endpoint without language has no blocks.
    """
    ignore_default_scope: bool | Unset = parameter("IgnoreDefaultScope", SWITCH)
    """Look in the whole forest, whatever the session's scope is."""
    monitoring: bool | Unset = parameter("Monitoring", SWITCH)
    """Answer monitoring's own mailboxes."""
    organizational_unit: str | Unset = parameter("OrganizationalUnit", TEXT)
    """Only mailboxes of this unit."""
    protocol_settings: bool | Unset = parameter("ProtocolSettings", SWITCH)
    """Answer also the names, ports and methods that clients of each protocol are shown."""
    read_from_domain_controller: bool | Unset = parameter("ReadFromDomainController", SWITCH)
    """Ask the domain controller of the user that is logged in."""
    read_is_optimized_for_accessibility: bool | Unset = parameter("ReadIsOptimizedForAccessibility", SWITCH)
    """Read whether the mailbox uses the light version of Outlook on the web."""
    recalculate_has_active_sync_device_partnership: bool | Unset = parameter(
        "RecalculateHasActiveSyncDevicePartnership", SWITCH
    )
    """Find out again whether a device synchronizes with the mailbox, and correct it."""
    result_size: Takes[Limit | Unset, Limit | int | str | Unset] = parameter("ResultSize", LIMIT)
    """How many at most; 1000 otherwise."""
    sort_by: str | Unset = parameter("SortBy", TEXT)
    """A property to sort by."""


@cmdlet(
    "Set-CASMailbox",
    accepts=("identity", ("CASMailbox",)),
    endpoint=Endpoint.EXCHANGE,
    changes=True,
    hints={
        **dict.fromkeys(_ONLINE, "Of Exchange Online only: Exchange Server has no such parameter."),
        "imapmessageretrievalmimeformat": "Write -ImapMessagesRetrievalMimeFormat.",
        "popmessageretrievalmimeformat": "Write -PopMessagesRetrievalMimeFormat.",
        "imapprotocolloggingenabled": "Of old pages, no longer there: the server logs (Set-ImapSettings).",
        "popprotocolloggingenabled": "Of old pages, no longer there: the server logs (Set-PopSettings).",
    },
)
class SetCASMailbox(WritingCmdlet):
    """Set-CASMailbox: change how a mailbox may be opened; also a partial desired state of it.

    What is ``UNSET`` stays as it is. Every parameter that on-premises Exchange documents is here. Behind a pipe
    ``identity`` comes with the objects; the command alone cannot run without it. Source: Microsoft's reference page of
    Set-CASMailbox.

    >>> str(SetCASMailbox(identity="kim", imap_enabled=False))
    'Set-CASMailbox -Identity kim -ImapEnabled $false'
    """

    identity: str | Unset = parameter("Identity", TEXT, position=0, mandatory=True)
    """Name, alias, address, GUID, distinguished name, domain\\user, user principal name or legacy DN."""
    imap_enabled: bool | Unset = parameter("ImapEnabled", BOOLEAN, new=True)
    """Whether the mailbox may be opened over IMAP4. When false the others have no effect.

    After a change Microsoft's page asks for a restart of both IMAP4 services.
    """
    imap_use_protocol_defaults: bool | Unset = parameter("ImapUseProtocolDefaults", BOOLEAN, new=True)
    """Whether the server's settings apply; the next four are then ignored."""
    imap_enable_exact_rfc822_size: bool | Unset = parameter("ImapEnableExactRFC822Size", BOOLEAN)
    """Whether sizes of messages are exact."""
    imap_messages_retrieval_mime_format: Of[MimeTextFormat | Unset] = parameter(
        "ImapMessagesRetrievalMimeFormat", _MIME_FORMAT, new="BestBodyFormat"
    )
    """The format of messages."""
    imap_suppress_read_receipt: bool | Unset = parameter("ImapSuppressReadReceipt", BOOLEAN)
    """Whether a read receipt is sent only when the message is opened."""
    imap_force_ical_for_calendar_retrieval_option: bool | Unset = parameter(
        "ImapForceICalForCalendarRetrievalOption", BOOLEAN
    )
    """Whether meeting requests are iCalendar; web links otherwise."""
    pop_enabled: bool | Unset = parameter("PopEnabled", BOOLEAN, new=True)
    """Whether the mailbox may be opened over POP3. A change asks for a restart of POP3's services."""
    pop_use_protocol_defaults: bool | Unset = parameter("PopUseProtocolDefaults", BOOLEAN)
    """As ``imap_use_protocol_defaults``, of POP3."""
    pop_enable_exact_rfc822_size: bool | Unset = parameter("PopEnableExactRFC822Size", BOOLEAN)
    """Whether sizes are exact for POP3 clients, which costs time, or estimated."""
    pop_messages_retrieval_mime_format: Of[MimeTextFormat | Unset] = parameter(
        "PopMessagesRetrievalMimeFormat", _MIME_FORMAT
    )
    """The format of messages for POP3 clients."""
    pop_suppress_read_receipt: bool | Unset = parameter("PopSuppressReadReceipt", BOOLEAN)
    """Whether a receipt for POP3 clients is sent only when a message is opened."""
    pop_force_ical_for_calendar_retrieval_option: bool | Unset = parameter(
        "PopForceICalForCalendarRetrievalOption", BOOLEAN
    )
    """Whether POP3 clients get meeting requests as iCalendar, or as links."""
    active_sync_allowed_device_ids: EditsOr[str, Unset | None] = parameter("ActiveSyncAllowedDeviceIDs", _LIST)
    """The ids of devices that may synchronize with the mailbox."""
    active_sync_blocked_device_ids: EditsOr[str, Unset | None] = parameter("ActiveSyncBlockedDeviceIDs", _LIST)
    """The ids of devices that must not."""
    active_sync_debug_logging: bool | Unset = parameter("ActiveSyncDebugLogging", BOOLEAN)
    """Whether Exchange ActiveSync writes a debug log of the mailbox, for 72 hours."""
    active_sync_enabled: bool | Unset = parameter("ActiveSyncEnabled", BOOLEAN)
    """Whether the mailbox may be used by Exchange ActiveSync."""
    active_sync_mailbox_policy: str | Unset | None = parameter("ActiveSyncMailboxPolicy", TEXT)
    """Name, distinguished name or GUID of the mailbox's policy for ActiveSync."""
    active_sync_suppress_read_receipt: bool | Unset = parameter("ActiveSyncSuppressReadReceipt", BOOLEAN)
    """Whether ActiveSync sends no receipt when the user opens a message."""
    display_name: str | Unset = parameter("DisplayName", TEXT)
    """The name in address lists and in the admin center, of at most 256 characters."""
    ecp_enabled: bool | Unset = parameter("ECPEnabled", BOOLEAN)
    """Whether the user may use the Exchange admin center or Control Panel."""
    email_addresses: EditsOr[str, Unset] = parameter("EmailAddresses", _LIST)
    """All addresses of the mailbox, the primary one too."""
    ews_allow_entourage: bool | Unset = parameter("EwsAllowEntourage", BOOLEAN)
    """Whether Entourage may use the mailbox, by Exchange Web Services."""
    ews_allow_list: EditsOr[str, Unset | None] = parameter("EwsAllowList", _LIST)
    """The user agents that may use Exchange Web Services, when ``ews_application_access_policy`` says so."""
    ews_allow_mac_outlook: bool | Unset = parameter("EwsAllowMacOutlook", BOOLEAN)
    """Whether Outlook for Mac may use the mailbox, by Exchange Web Services."""
    ews_allow_outlook: bool | Unset = parameter("EwsAllowOutlook", BOOLEAN)
    """Whether Outlook may use Exchange Web Services, as it does for free/busy times and absences."""
    ews_application_access_policy: Of[EwsApplicationAccessPolicy | Unset | None] = parameter(
        "EwsApplicationAccessPolicy", _EWS_POLICY
    )
    """Whether ``ews_allow_list`` or ``ews_block_list`` holds."""
    ews_block_list: EditsOr[str, Unset | None] = parameter("EwsBlockList", _LIST)
    """The user agents that must not use Exchange Web Services, when the policy says so."""
    ews_enabled: bool | Unset = parameter("EwsEnabled", BOOLEAN)
    """Whether the mailbox may be used by Exchange Web Services."""
    ignore_default_scope: bool | Unset = parameter("IgnoreDefaultScope", SWITCH)
    """Look in the whole forest, whatever the session's scope is."""
    is_optimized_for_accessibility: bool | Unset = parameter("IsOptimizedForAccessibility", BOOLEAN)
    """Whether the mailbox uses the light version of Outlook on the web."""
    mapi_block_outlook_non_cached_mode: bool | Unset = parameter("MAPIBlockOutlookNonCachedMode", BOOLEAN)
    """Whether only Outlook in Cached Exchange Mode may use the mailbox."""
    mapi_block_outlook_external_connectivity: bool | Unset = parameter("MAPIBlockOutlookExternalConnectivity", BOOLEAN)
    """Whether Outlook outside gets no addresses from Autodiscover."""
    mapi_block_outlook_rpc_http: bool | Unset = parameter("MAPIBlockOutlookRpcHttp", BOOLEAN)
    """Whether Outlook Anywhere is refused."""
    mapi_block_outlook_versions: str | Unset | None = parameter("MAPIBlockOutlookVersions", TEXT)
    """Versions of Outlook that may not connect, such as ``-5.9.9;7.0.0-``."""
    mapi_enabled: bool | Unset = parameter("MAPIEnabled", BOOLEAN)
    """Whether the mailbox may be used by MAPI clients such as Outlook."""
    mapi_http_enabled: bool | Unset = parameter("MapiHttpEnabled", BOOLEAN)
    """Whether MAPI over HTTP is used; ``None`` leaves it to the organization's setting."""
    name: str | Unset = parameter("Name", TEXT)
    """The unique name of the mailbox, of at most 64 characters."""
    owa_enabled: bool | Unset = parameter("OWAEnabled", BOOLEAN)
    """Whether the mailbox may be used by Outlook on the web."""
    owa_for_devices_enabled: bool | Unset = parameter("OWAforDevicesEnabled", BOOLEAN)
    """Whether the older app of Outlook on the web for iOS and Android may use the mailbox."""
    owa_mailbox_policy: str | Unset | None = parameter("OwaMailboxPolicy", TEXT)
    """Name, distinguished name or GUID of the mailbox's policy for Outlook on the web."""
    primary_smtp_address: str | Unset = parameter("PrimarySmtpAddress", TEXT)
    """The primary address; not together with ``email_addresses``."""
    public_folder_client_access: bool | Unset = parameter("PublicFolderClientAccess", BOOLEAN, new=False)
    """Whether Outlook shows public folders.

    It counts where ``PublicFolderShowClientControl`` of the organization is true.
    """
    reset_auto_blocked_devices: bool | Unset = parameter("ResetAutoBlockedDevices", SWITCH)
    """Allow again the devices that were blocked for exceeding a threshold."""
    sam_account_name: str | Unset = parameter("SamAccountName", TEXT)
    """The user's account name of before Windows 2000."""
    show_gal_as_default_view: bool | Unset = parameter("ShowGalAsDefaultView", BOOLEAN)
    """Whether the global address list is what recipients are chosen from first."""


@snapshot(
    "Microsoft.Exchange.Data.Directory.Management.CASMailbox",
    read_by=GetCASMailbox,
    written_by=SetCASMailbox,
    named_by="Identity",
)
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

    name: str = required_property("Name", TEXT, first=True)
    display_name: str | None = property_("DisplayName", TEXT)
    sam_account_name: str | None = property_("SamAccountName", TEXT)
    primary_smtp_address: str | None = property_("PrimarySmtpAddress", TEXT, first=True)
    email_addresses: ItemsOr[str, None] = property_("EmailAddresses", _TEXTS)
    legacy_exchange_dn: str | None = property_("LegacyExchangeDN", TEXT)
    server_legacy_dn: str | None = property_("ServerLegacyDN", TEXT)
    server_name: str | None = property_("ServerName", TEXT)
    imap_enabled: bool = required_property("ImapEnabled", BOOLEAN, first=True)
    imap_use_protocol_defaults: bool = required_property("ImapUseProtocolDefaults", BOOLEAN)
    imap_enable_exact_rfc822_size: bool | None = property_("ImapEnableExactRFC822Size", BOOLEAN)
    imap_messages_retrieval_mime_format: Of[MimeTextFormat] = required_property(
        "ImapMessagesRetrievalMimeFormat", _MIME_FORMAT
    )
    imap_suppress_read_receipt: bool | None = property_("ImapSuppressReadReceipt", BOOLEAN)
    imap_force_ical_for_calendar_retrieval_option: bool | None = property_(
        "ImapForceICalForCalendarRetrievalOption", BOOLEAN
    )
    external_imap_settings: str | None = property_("ExternalImapSettings", TEXT)
    internal_imap_settings: str | None = property_("InternalImapSettings", TEXT)
    external_pop_settings: str | None = property_("ExternalPopSettings", TEXT)
    internal_pop_settings: str | None = property_("InternalPopSettings", TEXT)
    external_smtp_settings: str | None = property_("ExternalSmtpSettings", TEXT)
    internal_smtp_settings: str | None = property_("InternalSmtpSettings", TEXT)
    pop_enabled: bool | None = property_("PopEnabled", BOOLEAN)
    pop_use_protocol_defaults: bool | None = property_("PopUseProtocolDefaults", BOOLEAN)
    pop_enable_exact_rfc822_size: bool | None = property_("PopEnableExactRFC822Size", BOOLEAN)
    pop_messages_retrieval_mime_format: Of[MimeTextFormat | None] = property_(
        "PopMessagesRetrievalMimeFormat", _MIME_FORMAT
    )
    pop_suppress_read_receipt: bool | None = property_("PopSuppressReadReceipt", BOOLEAN)
    pop_force_ical_for_calendar_retrieval_option: bool | None = property_(
        "PopForceICalForCalendarRetrievalOption", BOOLEAN
    )
    active_sync_allowed_device_ids: ItemsOr[str, None] = property_("ActiveSyncAllowedDeviceIDs", _TEXTS)
    active_sync_blocked_device_ids: ItemsOr[str, None] = property_("ActiveSyncBlockedDeviceIDs", _TEXTS)
    active_sync_enabled: bool | None = property_("ActiveSyncEnabled", BOOLEAN)
    active_sync_mailbox_policy: str | None = property_("ActiveSyncMailboxPolicy", TEXT)
    ecp_enabled: bool | None = property_("ECPEnabled", BOOLEAN)
    ews_allow_entourage: bool | None = property_("EwsAllowEntourage", BOOLEAN)
    ews_allow_list: ItemsOr[str, None] = property_("EwsAllowList", _TEXTS)
    ews_allow_mac_outlook: bool | None = property_("EwsAllowMacOutlook", BOOLEAN)
    ews_allow_outlook: bool | None = property_("EwsAllowOutlook", BOOLEAN)
    ews_application_access_policy: Of[EwsApplicationAccessPolicy | None] = property_(
        "EwsApplicationAccessPolicy", _EWS_POLICY
    )
    ews_block_list: ItemsOr[str, None] = property_("EwsBlockList", _TEXTS)
    ews_enabled: bool | None = property_("EwsEnabled", BOOLEAN)
    mapi_block_outlook_non_cached_mode: bool | None = property_("MAPIBlockOutlookNonCachedMode", BOOLEAN)
    mapi_block_outlook_external_connectivity: bool | None = property_("MAPIBlockOutlookExternalConnectivity", BOOLEAN)
    mapi_block_outlook_rpc_http: bool | None = property_("MAPIBlockOutlookRpcHttp", BOOLEAN)
    mapi_block_outlook_versions: str | None = property_("MAPIBlockOutlookVersions", TEXT)
    mapi_enabled: bool | None = property_("MAPIEnabled", BOOLEAN)
    mapi_http_enabled: bool | None = property_("MapiHttpEnabled", BOOLEAN)
    owa_enabled: bool | None = property_("OWAEnabled", BOOLEAN)
    owa_for_devices_enabled: bool | None = property_("OWAforDevicesEnabled", BOOLEAN)
    owa_mailbox_policy: str | None = property_("OwaMailboxPolicy", TEXT)
    show_gal_as_default_view: bool | None = property_("ShowGalAsDefaultView", BOOLEAN)
