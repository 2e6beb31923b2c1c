"""IMAP4 on Exchange Server as typed Python.

Cmdlets that read from and write to the exact syntax of the Exchange Management Shell, snapshots of what a server
answers, plans of what differs, and a transport protocol. Begin with ``ImapServer``. ``exchange_imap.testing`` has a
fake Exchange that behaves as the server does.

A name is imported when it is first used, so that a program loads only what it needs.
"""

from ._lazy import import_on_first_use as _import_on_first_use
from ._names import MODULES as _MODULES

# For type checkers. docs/front_door.py writes these imports and __all__ from _names.py.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import testing
    from ._check.check import check_script
    from ._check.finding import ScriptFinding
    from ._cmdlets.certificates import EnableExchangeCertificate, ExchangeCertificate, GetExchangeCertificate
    from ._cmdlets.components import ComponentRequest, ComponentState, GetServerComponentState, SetServerComponentState
    from ._cmdlets.connectivity import ConnectivityResult, TestImapConnectivity
    from ._cmdlets.format_list import FormatList
    from ._cmdlets.imap_settings import GetImapSettings, ImapSettings, SetImapSettings
    from ._cmdlets.mailboxes import CASMailbox, GetCASMailbox, SetCASMailbox
    from ._cmdlets.monitoring import InvokeMonitoringProbe
    from ._cmdlets.pipes import PipelineError
    from ._cmdlets.pop_settings import GetPopSettings, PopSettings, SetPopSettings
    from ._cmdlets.reading import Script, parse, parse_script
    from ._cmdlets.receive_connectors import GetReceiveConnector, ReceiveConnector, SetReceiveConnector
    from ._cmdlets.servers import ExchangeServer, GetExchangeServer
    from ._cmdlets.services import (
        IMAP4_BACKEND_SERVICE,
        IMAP4_SERVICE,
        IMAP4_SERVICES,
        GetService,
        RestartService,
        ServiceState,
        SetService,
        StartService,
        StopService,
    )
    from ._cmdlets.web import NetStart, NetStop
    from ._errors import CommandSyntaxError, ExchangeImapError, InvalidValueError, UnexpectedReplyError
    from ._model.cmdlet import Cmdlet
    from ._model.snapshot import PartialSnapshot, Snapshot
    from ._model.specs import Endpoint
    from ._plan.desired import DesiredState
    from ._plan.difference import Change, compare, diff
    from ._plan.errors import ApplyError, ForeignPlanError, ForeignStepError, StalePlanError
    from ._plan.outcome import Effect, Outcome, StepFailure
    from ._plan.plan import Plan, Step
    from ._plan.state import ServerState
    from ._powershell.clixml import read_clixml
    from ._powershell.command import Command, Parameter, Pipeline
    from ._powershell.format_list import read_format_list
    from ._powershell.json_reader import read_json
    from ._powershell.record import Record
    from ._powershell.secret import PSCredential, Secret
    from ._powershell.syntax import CredentialPrompt
    from ._rules.consistency import BindingMismatch, match_bindings
    from ._rules.finding import Finding, Severity
    from ._server import ImapServer
    from ._span import Span
    from ._transports.errors import (
        AuthenticationError,
        CommandError,
        EndpointError,
        ErrorRecord,
        ThrottledError,
        TransportError,
        TransportTimeoutError,
        UnknownOutcomeError,
    )
    from ._transports.psrp.keywords import PsrpOptions
    from ._transports.psrp.transport import PsrpTransport
    from ._transports.record import RecordingTransport, ReplayTransport
    from ._transports.retry import RetryingTransport
    from ._transports.transport import BatchTransport, Reply, Transport
    from ._values.binding import Binding
    from ._values.byte_quota import ByteQuota
    from ._values.choices import (
        ActionPreference,
        CalendarItemRetrievalOption,
        ConnectionType,
        Encryption,
        ExtendedProtectionPolicy,
        LogFileRollOver,
        LoginType,
        MimeTextFormat,
        ServiceStatus,
        StartupType,
    )
    from ._values.connection_setting import ConnectionSetting
    from ._values.ip_range import IPRange
    from ._values.limit import Limit
    from ._values.list_edit import ListEdit
    from ._values.mail_flow_choices import (
        AuthMechanism,
        MessageRateSource,
        PermissionGroup,
        ProtocolLoggingLevel,
        ServerRole,
        SizeMode,
    )
    from ._values.server_choices import (
        CertificateService,
        CertificateStatus,
        ComponentRequester,
        ComponentStatus,
        ConnectivityStatus,
        EwsApplicationAccessPolicy,
        RootCAType,
        SortOrder,
    )
    from ._values.server_version import ServerVersion
    from ._values.time_span import format_time_span, parse_time_span
    from ._values.tls_certificate_name import TlsCertificateName
    from ._values.unset import UNSET, Unset

__all__ = [
    "IMAP4_BACKEND_SERVICE",
    "IMAP4_SERVICE",
    "IMAP4_SERVICES",
    "UNSET",
    "ActionPreference",
    "ApplyError",
    "AuthMechanism",
    "AuthenticationError",
    "BatchTransport",
    "Binding",
    "BindingMismatch",
    "ByteQuota",
    "CASMailbox",
    "CalendarItemRetrievalOption",
    "CertificateService",
    "CertificateStatus",
    "Change",
    "Cmdlet",
    "Command",
    "CommandError",
    "CommandSyntaxError",
    "ComponentRequest",
    "ComponentRequester",
    "ComponentState",
    "ComponentStatus",
    "ConnectionSetting",
    "ConnectionType",
    "ConnectivityResult",
    "ConnectivityStatus",
    "CredentialPrompt",
    "DesiredState",
    "Effect",
    "EnableExchangeCertificate",
    "Encryption",
    "Endpoint",
    "EndpointError",
    "ErrorRecord",
    "EwsApplicationAccessPolicy",
    "ExchangeCertificate",
    "ExchangeImapError",
    "ExchangeServer",
    "ExtendedProtectionPolicy",
    "Finding",
    "ForeignPlanError",
    "ForeignStepError",
    "FormatList",
    "GetCASMailbox",
    "GetExchangeCertificate",
    "GetExchangeServer",
    "GetImapSettings",
    "GetPopSettings",
    "GetReceiveConnector",
    "GetServerComponentState",
    "GetService",
    "IPRange",
    "ImapServer",
    "ImapSettings",
    "InvalidValueError",
    "InvokeMonitoringProbe",
    "Limit",
    "ListEdit",
    "LogFileRollOver",
    "LoginType",
    "MessageRateSource",
    "MimeTextFormat",
    "NetStart",
    "NetStop",
    "Outcome",
    "PSCredential",
    "Parameter",
    "PartialSnapshot",
    "PermissionGroup",
    "Pipeline",
    "PipelineError",
    "Plan",
    "PopSettings",
    "ProtocolLoggingLevel",
    "PsrpOptions",
    "PsrpTransport",
    "ReceiveConnector",
    "Record",
    "RecordingTransport",
    "ReplayTransport",
    "Reply",
    "RestartService",
    "RetryingTransport",
    "RootCAType",
    "Script",
    "ScriptFinding",
    "Secret",
    "ServerRole",
    "ServerState",
    "ServerVersion",
    "ServiceState",
    "ServiceStatus",
    "SetCASMailbox",
    "SetImapSettings",
    "SetPopSettings",
    "SetReceiveConnector",
    "SetServerComponentState",
    "SetService",
    "Severity",
    "SizeMode",
    "Snapshot",
    "SortOrder",
    "Span",
    "StalePlanError",
    "StartService",
    "StartupType",
    "Step",
    "StepFailure",
    "StopService",
    "TestImapConnectivity",
    "ThrottledError",
    "TlsCertificateName",
    "Transport",
    "TransportError",
    "TransportTimeoutError",
    "UnexpectedReplyError",
    "UnknownOutcomeError",
    "Unset",
    "check_script",
    "compare",
    "diff",
    "format_time_span",
    "match_bindings",
    "parse",
    "parse_script",
    "parse_time_span",
    "read_clixml",
    "read_format_list",
    "read_json",
    "testing",
]

if not TYPE_CHECKING:  # pragma: no branch - to a type checker a misspelt name is an error
    __getattr__ = _import_on_first_use(__name__, _MODULES)


def __dir__() -> list[str]:
    """Show the public names."""
    return __all__
