"""The names of commands that exist and are not modelled here: of them nothing is known but that they exist.

Sources: Microsoft's reference of Exchange Server 2016, 2019 and SE, of Windows PowerShell 5.1 and its modules for
Windows and Active Directory. A name that is missing here may be taken for a misspelling.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

__all__ = ["exists"]

# Each noun with the verbs that it has; G, S, N and R stand for Get, Set, New and Remove.
_EXCHANGE: Final = """
AcceptedDomain GSNR; ActiveSyncDevice GR; ActiveSyncDeviceAccessRule GSNR; ActiveSyncDeviceClass GR
ActiveSyncDeviceStatistics G; ActiveSyncMailboxPolicy GSNR; ActiveSyncOrganizationSettings GS
ActiveSyncVirtualDirectory GSNR; ActiveSyncConnectivity Test; ADPermission GR Add; ADServerSettings GS; ADSite GS
ADSiteLink GS; AddressBookPolicy GSNR; AddressList GSNR Move Update; AddressRewriteEntry GSNR; AdminAuditLog Search
AdminAuditLogConfig GS; AdminAuditLogSearch N; AgentLog G; AntispamUpdates GS Enable Disable
ApplicationAccessPolicy GSNR; App GSNR Enable Disable; AssistantHealth Test; AuditLogSearch G; AuthConfig GS
AuthRedirect GSNR; AuthServer GSNR; AutodiscoverVirtualDirectory GSNR; AvailabilityAddressSpace GRN Add
AvailabilityConfig GS; AvailabilityReportOutage GSNR; CalendarDiagnosticAnalysis G; CalendarDiagnosticLog G
CalendarDiagnosticObjects G; CalendarNotification GS; CalendarProcessing GS; CASMailboxPlan GS
CalendarConnectivity Test; ClassificationRuleCollection GSNR; ClientAccessArray GSNR; ClientAccessRule GSNR Test
ClientAccessServer GS; ClientAccessService GS; Clutter GS; CmdletExtensionAgent GS Enable Disable Test
CompliancePolicyFileSyncNotification G; ComplianceSearch GSNR Start Stop; Contact GS; ContentFilterConfig GS
ContentFilterPhrase GR Add; DatabaseAvailabilityGroup GSNR Restore Start Stop
DatabaseAvailabilityGroupConfiguration GSNR; DatabaseAvailabilityGroupNetwork GSNR
DatabaseAvailabilityGroupServer R Add; DataClassification GSNR; DeliveryAgentConnector GSNR
DetailsTemplate GS Restore; DistributionGroup GSNR Enable Disable Upgrade; DistributionGroupMember GR Add Update
DlpPolicy GSNR; DlpPolicyCollection Import Export; DlpPolicyTemplate GR Import; DomainController G
DynamicDistributionGroup GSNR; EcpConnectivity Test; EcpVirtualDirectory GSNR; EdgeSubscription GNR
EdgeSynchronization Start Test; EdgeSyncServiceConfig GSN; EmailAddressPolicy GSNR Update; EventLogLevel GS
EventsFromEmailConfiguration GS; ExchangeAssistanceConfig GS; ExchangeCertificate RN Import Export
ExchangeDiagnosticInfo G; ExchangeFeature GSNR; ExchangeServer S; ExchangeServerAccessLicense G
ExchangeServerAccessLicenseUser G; ExchangeSettings GSNR; ExchangeSearch Test; FailedContentIndexDocuments G
FederatedDomain R Add; FederatedDomainProof G; FederatedOrganizationIdentifier GS; FederationInformation G
FederationTrust GSNR Test; FederationTrustCertificate Test; FocusedInbox GS; ForeignConnector GSNR
FrontendTransportService GS; GlobalAddressList GSNR Update; GlobalMonitoringOverride GR Add; Group GS
GroupMailbox GSNR; HealthReport G; HybridConfiguration GSNR Update; HybridMailflow GS; HybridMailflowDatacenterIPs G
HistoricalSearch G Start Stop; HostedContentFilterPolicy GSNR; HostedConnectionFilterPolicy GSNR
HostedOutboundSpamFilterPolicy GSNR; ImapSubscription GSN; InboundConnector GSNR; InboxRule GSNR Enable Disable
IntraOrganizationConfiguration G; IntraOrganizationConnector GSNR; IPAllowListConfig GS; IPAllowListEntry GR Add
IPAllowListProvider GS Add R Test; IPAllowListProvidersConfig GS; IPBlockListConfig GS; IPBlockListEntry GR Add
IPBlockListProvider GSR Add Test; IPBlockListProvidersConfig GS; IRMConfiguration GS Test
JournalRule GSNR Enable Disable; JournalRuleCollection Import Export; LinkedUser GS; LogonStatistics G
Mailbox GSNR Enable Disable Connect Search; MailboxAuditLog N Search; MailboxAuditLogSearch N G
MailboxAuditBypassAssociation GS; MailboxAutoReplyConfiguration GS; MailboxCalendarConfiguration GS
MailboxCalendarFolder GS; MailboxCalendarSettings GS; MailboxDatabase GSNR Clean; Database Mount Dismount
DatabasePath Move; MailboxDatabaseCopy SR Add Resume Suspend Update; MailboxDatabaseCopyStatus G
MailboxDatabaseRedundancy G; ActiveMailboxDatabase Move; MailboxExportRequest GSNR Resume Suspend
MailboxExportRequestStatistics G; MailboxFolder GSN; MailboxFolderPermission GSR Add; MailboxFolderStatistics G
MailboxImportRequest GSNR Resume Suspend; MailboxImportRequestStatistics G; MailboxIRMAccess GSR
MailboxJunkEmailConfiguration GS; MailboxLocation G; MailboxMessageConfiguration GS; MailboxPermission GR Add
MailboxPlan GS; MailboxRegionalConfiguration GS; MailboxRelocationRequest GNR; MailboxRepairRequest GNR
MailboxRestoreRequest GSNR Resume Suspend; MailboxRestoreRequestStatistics G; MailboxSearch GSNR Start Stop
MailboxSentItemsConfiguration GS; MailboxServer GS; MailboxServerRedundancy G; MailboxSpellingConfiguration GS
MailboxStatistics G; MailboxTransportService GS; MailboxUserConfiguration G; MailContact GSNR Enable Disable
Mailflow Test; MailPublicFolder GS Enable Disable; MailUser GSNR Enable Disable; MailboxQuarantine Enable Disable
MalwareFilteringServer GS; MalwareFilterPolicy GSNR; MalwareFilterRule GSNR Enable Disable
ManagedContentSettings GSNR; ManagedFolder GSNR; ManagedFolderAssistant Start Stop; ManagedFolderMailboxPolicy GSNR
ManagementRole GNR; ManagementRoleAssignment GSNR; ManagementRoleEntry GSR Add; ManagementScope GSNR
MapiConnectivity Test; MapiVirtualDirectory GSNR; Message GR Resume Suspend Redirect Export Test; MessageCategory G
MessageClassification GSNR; MessageTrace G; MessageTraceDetail G; MessageTrackingLog G
MessageTrackingReport G Search; MigrationBatch GSNR Start Stop Complete; MigrationConfig GS; MigrationEndpoint GSNR
MigrationReport Export; MigrationServerAvailability Test; MigrationStatistics G; MigrationUser GSR Start Stop
MigrationUserStatistics G; MobileDevice GR Clear; MobileDeviceMailboxPolicy GSNR; MobileDeviceStatistics G
MonitoringItemHelp G; MonitoringItemIdentity G; MoveRequest GSNR Resume Suspend; MoveRequestStatistics G
MRSHealth Test; MRSRequest G; MyAnalyticsFeatureConfig GS; NetworkConnectionInfo G; Notification GS
OabVirtualDirectory GSNR Move; OfflineAddressBook GSNR Move Update; OMEConfiguration GS; OnlineMeetingConfiguration G
OrganizationConfig GS; OrganizationRelationship GSNR Test; OrganizationSegment G; OrganizationalUnit G
OutboundConnector GSNR; OutlookAnywhere GS Enable Disable; OutlookConnectivity Test
OutlookProtectionRule GSNR Enable Disable; OutlookProvider GSNR; OutlookWebServices Test; OwaConnectivity Test
OwaMailboxPolicy GSNR; OwaVirtualDirectory GSNR; PartnerApplication GSNR Test; PendingDeliveryAgent G
PhysicalAvailabilityReport G; Place GS; PolicyTipConfig GSNR; PopConnectivity Test; PopSubscription GSN
PowerShellVirtualDirectory GSNR; PowerShellConnectivity Test; ProvisioningExtension Update; PublicFolder GSNR Update
PublicFolderClientPermission GR Add; PublicFolderAdministrativePermission GR Add; PublicFolderDatabase GSNR
PublicFolderItemStatistics G; PublicFolderMailbox Update; PublicFolderMailboxDiagnostics G
PublicFolderMailboxMigrationRequest GSNR Resume Suspend; PublicFolderMigrationRequest GSNR Resume Suspend
PublicFolderMoveRequest GSNR Resume Suspend; PublicFolderStatistics G; PushNotificationProxy Enable Disable
Queue G Resume Retry Suspend; QueueDigest G; ReplicationHealth Test; ReceiveConnector NR; Recipient G
RecipientFilterConfig GS; RecipientPermission GR Add; RecipientStatisticsReport G; RecoverableItems G Restore
RemoteDomain GSNR; RemoteMailbox GSNR Enable Disable; ResourceConfig GS; ResubmitRequest GSR Add
RetentionPolicy GSNR; RetentionPolicyTag GSNR; RMSTemplate GS; RMSTrustedPublishingDomain GSR
RoleAssignmentPolicy GSNR; RoleGroup GSNR; RoleGroupMember GR Add Update; RoutingGroupConnector GSNR
RpcClientAccess GSNR; SafetyNetRecoveryRequest GS; SearchDocumentFormat GSNR; SecurityPrincipal G; SendConnector GSNR
SenderFilterConfig GS; SenderId Test; SenderIdConfig GS; SenderReputationConfig GS; ServerComponent G; ServerHealth G
ServerMonitor GS; ServerMonitoringOverride GR Add; ServiceHealth Test; SettingOverride GSNR; SharingPolicy GSNR
SiteMailbox GSN Test Update; SiteMailboxDiagnostics G; SiteMailboxProvisioningPolicy GSNR; SmimeConfig GS
SmtpConnectivity Test; StoreUsageStatistics G; Subscription GSNR; SystemHealth Test; SystemMessage GSNR
TeamMailboxDiagnostics G; TextMessagingAccount GS Clear; ThrottlingPolicy GSNR; ThrottlingPolicyAssociation GS
TransportAgent GS Enable Disable Install Uninstall; TransportConfig GS; TransportPipeline G
TransportRule GSNR Enable Disable; TransportRuleAction G; TransportRuleCollection Import Export
TransportRulePredicate G; TransportServer GS; TransportService GS; Trust G; UMActiveCalls G; UMAutoAttendant GSNR
UMCallRouterSettings GS; UMDialPlan GSNR; UMHuntGroup GNR; UMIPGateway GSNR; UMMailbox GS Enable Disable
UMMailboxPolicy GSNR; UMService GS; UnifiedGroup GSNR; User GS; UserPhoto GSR; UserPrincipalNamesSuffix G
VirtualDirectory G; WebServicesConnectivity Test; WebServicesVirtualDirectory GSNR; X400AuthoritativeDomain GSNR
X400MessageTrackingLog G; OAuthConnectivity Test; ArchiveConnectivity Test; DataEncryptionPolicy GSN
HostedContentFilterRule GSNR; AntiPhishPolicy GSNR; SafeLinksPolicy GSNR; SafeAttachmentPolicy GSNR
QuarantineMessage G Release; ExchangeOnline Connect Disconnect; IPPSSession Connect
ExchangeServer Connect Discover; ExBanner G; ExBlog G; ExCommand G; PSCommand G; Tip G
"""
_WINDOWS: Final = """
Command GN Invoke Measure Trace; Content GS Add Clear; ChildItem G; Location GS Push Pop
Item GSNR Copy Move Rename Clear Invoke; ItemProperty GSNR Copy Move Rename Clear; ItemPropertyValue G
Process G Start Stop Wait Debug; Service NR Suspend Resume; Variable GSNR Clear; Alias GSN Import Export
Object GN Select Sort Where ForEach Group Measure Compare Tee; Member G Add; Host G Out Read Write; Output Write
Error Write; Warning Write; Verbose Write; Debug Write; Information Write; Progress Write
EventLog GNR Write Clear Limit Show; WinEvent GN; Credential G; Date GS; Culture G; UICulture G; Random G; Unique G
History G Add Clear Invoke; Help G Save Update; Module GNR Import; ModuleManifest N Test
PSSession GNR Enter Exit Import Export Connect Disconnect Receive; PSSessionOption N; PSSessionConfiguration GS
PSSnapin GR Add; PSDrive GNR; PSProvider G; PSBreakpoint GSR; PSCallStack G; Acl GS; AuthenticodeSignature GS
ExecutionPolicy GS; Csv Import Export ConvertTo ConvertFrom; Clixml Import Export; Json ConvertTo ConvertFrom
Html ConvertTo; Xml ConvertTo Select; SecureString ConvertTo ConvertFrom; StringData ConvertFrom; String Out Select
File Out; Null Out; GridView Out; Printer Out; Default Out; Table Format; Wide Format; Custom Format; Hex Format
Path Test Join Split Convert Resolve; Connection Test; NetConnection Test; WSMan Test Connect Disconnect
WSManInstance GSNR; WmiObject G; WmiMethod Invoke; WmiEvent Register; CimInstance GSNR; CimMethod Invoke
CimSession GNR; Job GR Start Stop Wait Receive; ScheduledTask GS Register Unregister Start Stop Enable Disable
Sleep Start; Transcript Start Stop; Expression Invoke; WebRequest Invoke; RestMethod Invoke; Type Add
TypeData GR Update; FormatData G Update Export; Event GNR Wait; StrictMode S; PSDebug S; TraceSource GS; Guid N
TimeSpan N; TemporaryFile N; WebServiceProxy N; Computer Restart Stop Rename R Add; ComputerInfo G; HotFix G
Clipboard GS; TimeZone GS; Counter G; ControlPanelItem G Show; MailMessage Send; PSRemoting Enable Disable
LocalUser GSNR; LocalGroup GSNR; LocalGroupMember GR Add; NetIPAddress GSNR; NetAdapter GS
NetFirewallRule GSNR Enable Disable; NetTCPConnection G; NetTCPSetting GS; DnsName Resolve; DnsClientServerAddress GS
WindowsFeature G Install Uninstall; Website GSNR Start Stop; WebBinding GSNR; WebAppPool NR Start Stop Restart
WebConfigurationProperty GS; WebApplication GNR; ADUser GSNR; ADGroup GSNR; ADGroupMember GR Add; ADComputer GSNR
ADObject GSNR; ADDomain GS; ADDomainController G; ADForest GS; ADRootDSE G; ADOrganizationalUnit GSNR
ADReplicationSite GSNR; Certificate GN Import Export Test; SelfSignedCertificate N; PfxCertificate G Import Export
FileHash G; Package G Install; Pester Invoke; Volume GS; Disk GS; SmbShare GSNR; Archive Compress Expand; Language G
TlsCipherSuite G Enable Disable; BitsTransfer G Start R
"""
_OTHERS: Final = """
ac asnp cat cd chdir clc clear clhy cli clp cls clv cnsn compare copy cp cpi cpp curl cvpa dbp del diff dir dnsn ebp
echo epal epcsv epsn erase etsn exsn fc fhx foreach ft fw gal gbp gc gci gcm gcs gdr ghy gi gjb gl gm gmo gp gps gpv
group gsn gsnp gu gv gwmi h history icm iex ihy ii ipal ipcsv ipmo ipsn irm ise iwmi iwr kill lp ls man md measure mi
mount move mp mv nal ndr ni nmo npssc nsn nv ogv oh popd ps pushd pwd r rbp rcjb rcsn rd rdr ren ri rjb rm rmdir rmo
rni rnp rp rsn rsnp rujb rv rvpa rwmi sajb sal saps sbp sc select set shcm si sl sleep sls sort sp spjb spps start
sujb sv swmi tee trcm type wget where wjb write ? % help more mkdir prompt sc.exe netsh netsh.exe ping ping.exe
nslookup nslookup.exe telnet telnet.exe openssl openssl.exe iisreset iisreset.exe ipconfig ipconfig.exe hostname
hostname.exe netstat netstat.exe certutil certutil.exe winrm w32tm taskkill taskkill.exe tasklist tasklist.exe setspn
setspn.exe klist klist.exe eseutil eseutil.exe cmd cmd.exe powershell powershell.exe pwsh notepad notepad.exe
services.msc robocopy shutdown reg reg.exe wevtutil gpupdate gpresult whoami whoami.exe findstr find tracert pathping
dcdiag repadmin nltest quickref
"""
_VERBS: Final = {"G": "get", "S": "set", "N": "new", "R": "remove"}


def _named(table: str) -> Iterator[str]:
    for entry in table.replace("\n", ";").split(";"):
        noun, *verbs = entry.lower().split() or [""]
        for verb in verbs:
            short = verb.strip("gsnr") == ""
            yield from (f"{_VERBS[letter.upper()]}-{noun}" for letter in verb) if short else [f"{verb}-{noun}"]


@cache
def _names() -> frozenset[str]:
    return frozenset([*_named(_EXCHANGE), *_named(_WINDOWS), *_OTHERS.split()])


def exists(name: str) -> bool:
    """Say whether Exchange or Windows PowerShell has a command of that name, or an alias, that is not modelled here."""
    return name.lower() in _names()
