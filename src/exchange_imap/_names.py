"""Which module defines each public name; ``exchange_imap`` itself is made of this table.

It contains only data: any module can find where a name is defined without loading what it does not need.
``docs/front_door.py`` writes the imports of ``exchange_imap`` for type checkers from it.
"""

__all__ = ["MODULES", "TESTING_MODULES", "VALUES_MODULES"]


def _by_name(names: dict[str, str]) -> dict[str, str]:
    return {name: module for module, each in names.items() for name in each.split()}


MODULES = _by_name(
    {
        "_apply.audit_file": "AuditError",
        "_apply.audit_log": "AuditLog",
        "_apply.audited_run": "AuditedRun AuditedStep",
        "_apply.clock": "Clock",
        "_apply.progress": "Progress",
        "_apply.step_event": "StepEvent",
        "_check.check": "check_script",
        "_check.finding": "ScriptFinding",
        "_cmdlets.certificates": "EnableExchangeCertificate ExchangeCertificate GetExchangeCertificate",
        "_cmdlets.components": "ComponentRequest ComponentState GetServerComponentState SetServerComponentState",
        "_cmdlets.connectivity": "ConnectivityResult TestImapConnectivity",
        "_cmdlets.format_list": "FormatList",
        "_cmdlets.imap_settings": "GetImapSettings ImapSettings SetImapSettings",
        "_cmdlets.mailboxes": "CASMailbox GetCASMailbox SetCASMailbox",
        "_cmdlets.monitoring": "InvokeMonitoringProbe",
        "_cmdlets.pipes": "PipelineError",
        "_cmdlets.pop_settings": "GetPopSettings PopSettings SetPopSettings",
        "_cmdlets.reading": "Script parse parse_script",
        "_cmdlets.receive_connectors": "GetReceiveConnector ReceiveConnector SetReceiveConnector",
        "_cmdlets.servers": "ExchangeServer GetExchangeServer",
        "_cmdlets.services": (
            "IMAP4_BACKEND_SERVICE IMAP4_SERVICE IMAP4_SERVICES GetService RestartService ServiceState SetService "
            "StartService StopService"
        ),
        "_cmdlets.web": "NetStart NetStop",
        "_finding": "Finding Severity",
        "_errors": "CommandSyntaxError ExchangeImapError InvalidValueError RecordedError UnexpectedReplyError",
        "_model.cmdlet": "Cmdlet",
        "_model.snapshot": "PartialSnapshot Snapshot",
        "_model.specs": "Endpoint",
        "_plan.capabilities": "Allowed Capabilities Capability",
        "_plan.difference": "Change compare diff",
        "_plan.errors": (
            "ApplyError CancelledPlanError ForeignPlanError ForeignStepError LatePlanError PlanDigestError "
            "PlanProblemsError StalePlanError"
        ),
        "_plan.outcome": "Effect Outcome StepFailure",
        "_plan.by_name": "ByName",
        "_plan.connection_map": "ConnectionMap",
        "_plan.desired": "DesiredState",
        "_plan.plan": "Plan plan",
        "_plan.state": "ServerState",
        "_plan.step": "Step",
        "_powershell.clixml": "read_clixml",
        "_powershell.command": "Command Parameter Pipeline",
        "_powershell.format_list": "read_format_list",
        "_powershell.json_reader": "read_json",
        "_powershell.record": "Record",
        "_powershell.secret": "PSCredential Secret",
        "_powershell.syntax": "CredentialPrompt",
        "_probe.result": "ProbeFailure ProbeResult ProbeStage Protocol SeenCertificate Stage TlsSession",
        "_protocol_log.log_entry": "ProtocolLogEntry",
        "_protocol_log.reader": "read_protocol_log",
        "_protocol_log.summary": "ProtocolLogActivity ProtocolLogSummary",
        "_reading.saved_state": "read_state",
        "_reading.server_status": "Freshness ServerStatus",
        "_rules.consistency": "BindingMismatch match_bindings",
        "_server": "ImapServer",
        "_span": "Span",
        "_transports.errors": (
            "AuthenticationError CommandError EndpointError ErrorRecord ThrottledError TransportError "
            "TransportTimeoutError UnknownOutcomeError"
        ),
        "_transports.psrp.keywords": "PsrpOptions",
        "_transports.psrp.transport": "PsrpTransport",
        "_transports.record": "RecordingTransport ReplayTransport",
        "_transports.retry": "RetryingTransport",
        "_transports.transport": "BatchTransport Reply Transport",
        "_values.binding": "Binding",
        "_values.byte_quota": "ByteQuota",
        "_values.choices": (
            "ActionPreference CalendarItemRetrievalOption ConnectionType Encryption ExtendedProtectionPolicy "
            "LogFileRollOver LoginType MimeTextFormat ServiceStatus StartupType"
        ),
        "_values.connection_setting": "ConnectionSetting",
        "_values.ip_range": "IPRange",
        "_values.limit": "Limit",
        "_values.list_edit": "ListEdit",
        "_values.mail_flow_choices": (
            "AuthMechanism MessageRateSource PermissionGroup ProtocolLoggingLevel ServerRole SizeMode"
        ),
        "_values.server_choices": (
            "CertificateService CertificateStatus ComponentRequester ComponentStatus ConnectivityStatus "
            "EwsApplicationAccessPolicy RootCAType SortOrder"
        ),
        "_values.server_version": "ServerVersion",
        "_values.time_span": "format_time_span parse_time_span",
        "_values.tls_certificate_name": "TlsCertificateName",
        "_values.unset": "UNSET Unset",
        "_verify.probing": "ProbeOptions probe probe_all",
        "_verify.review": "review",
        "_verify.round_trip": "RoundTrip probe_round_trip",
        "_verify.verification": "Verification",
        "_verify.verifying": "Probing",
        "testing": "testing",
    }
)
"""The module of each public name, relative to the package."""

TESTING_MODULES = _by_name(
    {
        "testing.fake_exchange": "FakeExchange",
        "testing.fake_server": "FakeServer",
        "testing.fault": "Fault",
        "testing.log": "LogEntry",
        "testing.new_certificate": "NewCertificate",
        "testing.new_mailbox": "NewMailbox",
        "testing.new_server": "NewServer",
        "testing.psrp_server.faults": "WireFault WireFaultKind",
        "testing.psrp_server.server": "PsrpServer",
        "testing.transport": "FakeTransport",
    }
)
"""The same for the names of ``exchange_imap.testing``."""

VALUES_MODULES = {name: module for name, module in MODULES.items() if module.startswith("_values.")} | _by_name(
    {
        "_values.binding": "IPAddress",
        "_values.choices": "Choice",
        "_values.connection_setting": "is_dns_name is_host_name",
        "_values.given": "read_whole",
    }
)
"""The same for the names of the package ``_values``, which has some that are not public."""
