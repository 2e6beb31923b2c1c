"""IMAP4 on Exchange Server as typed Python.

Cmdlets that read from and write to the exact syntax of the Exchange Management Shell, snapshots of what a server
answers, plans of what differs, and a transport protocol. Begin with ``ImapServer``. ``exchange_imap.testing`` has a
fake Exchange that behaves as the server does.

A name is imported when it is first used, so that a program loads only what it needs.
"""

from ._lazy import import_on_first_use as _import_on_first_use
from ._names import MODULES as _MODULES

# For type checkers. docs/front_door.py writes these imports from _names.py.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import testing as testing
    from ._apply.audit_file import AuditError as AuditError
    from ._apply.audit_log import AuditLog as AuditLog
    from ._apply.audited_run import AuditedRun as AuditedRun
    from ._apply.audited_run import AuditedStep as AuditedStep
    from ._apply.clock import Clock as Clock
    from ._apply.progress import Progress as Progress
    from ._apply.step_event import StepEvent as StepEvent
    from ._check.check import check_script as check_script
    from ._check.finding import ScriptFinding as ScriptFinding
    from ._cmdlets.certificates import EnableExchangeCertificate as EnableExchangeCertificate
    from ._cmdlets.certificates import ExchangeCertificate as ExchangeCertificate
    from ._cmdlets.certificates import GetExchangeCertificate as GetExchangeCertificate
    from ._cmdlets.components import ComponentRequest as ComponentRequest
    from ._cmdlets.components import ComponentState as ComponentState
    from ._cmdlets.components import GetServerComponentState as GetServerComponentState
    from ._cmdlets.components import SetServerComponentState as SetServerComponentState
    from ._cmdlets.connectivity import ConnectivityResult as ConnectivityResult
    from ._cmdlets.connectivity import TestImapConnectivity as TestImapConnectivity
    from ._cmdlets.format_list import FormatList as FormatList
    from ._cmdlets.imap_settings import GetImapSettings as GetImapSettings
    from ._cmdlets.imap_settings import ImapSettings as ImapSettings
    from ._cmdlets.imap_settings import SetImapSettings as SetImapSettings
    from ._cmdlets.mailboxes import CASMailbox as CASMailbox
    from ._cmdlets.mailboxes import GetCASMailbox as GetCASMailbox
    from ._cmdlets.mailboxes import SetCASMailbox as SetCASMailbox
    from ._cmdlets.monitoring import InvokeMonitoringProbe as InvokeMonitoringProbe
    from ._cmdlets.pipes import PipelineError as PipelineError
    from ._cmdlets.pop_settings import GetPopSettings as GetPopSettings
    from ._cmdlets.pop_settings import PopSettings as PopSettings
    from ._cmdlets.pop_settings import SetPopSettings as SetPopSettings
    from ._cmdlets.reading import Script as Script
    from ._cmdlets.reading import parse as parse
    from ._cmdlets.reading import parse_script as parse_script
    from ._cmdlets.receive_connectors import GetReceiveConnector as GetReceiveConnector
    from ._cmdlets.receive_connectors import ReceiveConnector as ReceiveConnector
    from ._cmdlets.receive_connectors import SetReceiveConnector as SetReceiveConnector
    from ._cmdlets.servers import ExchangeServer as ExchangeServer
    from ._cmdlets.servers import GetExchangeServer as GetExchangeServer
    from ._cmdlets.services import IMAP4_BACKEND_SERVICE as IMAP4_BACKEND_SERVICE
    from ._cmdlets.services import IMAP4_SERVICE as IMAP4_SERVICE
    from ._cmdlets.services import IMAP4_SERVICES as IMAP4_SERVICES
    from ._cmdlets.services import GetService as GetService
    from ._cmdlets.services import RestartService as RestartService
    from ._cmdlets.services import ServiceState as ServiceState
    from ._cmdlets.services import SetService as SetService
    from ._cmdlets.services import StartService as StartService
    from ._cmdlets.services import StopService as StopService
    from ._cmdlets.web import NetStart as NetStart
    from ._cmdlets.web import NetStop as NetStop
    from ._errors import CommandSyntaxError as CommandSyntaxError
    from ._errors import ExchangeImapError as ExchangeImapError
    from ._errors import InvalidValueError as InvalidValueError
    from ._errors import RecordedError as RecordedError
    from ._errors import UnexpectedReplyError as UnexpectedReplyError
    from ._finding import Finding as Finding
    from ._finding import Severity as Severity
    from ._model.cmdlet import Cmdlet as Cmdlet
    from ._model.snapshot import PartialSnapshot as PartialSnapshot
    from ._model.snapshot import Snapshot as Snapshot
    from ._model.specs import Endpoint as Endpoint
    from ._plan.by_name import ByName as ByName
    from ._plan.capabilities import Allowed as Allowed
    from ._plan.capabilities import Capabilities as Capabilities
    from ._plan.capabilities import Capability as Capability
    from ._plan.connection_map import ConnectionMap as ConnectionMap
    from ._plan.desired import DesiredState as DesiredState
    from ._plan.difference import Change as Change
    from ._plan.difference import compare as compare
    from ._plan.difference import diff as diff
    from ._plan.errors import ApplyError as ApplyError
    from ._plan.errors import CancelledPlanError as CancelledPlanError
    from ._plan.errors import ForeignPlanError as ForeignPlanError
    from ._plan.errors import ForeignStepError as ForeignStepError
    from ._plan.errors import LatePlanError as LatePlanError
    from ._plan.errors import PlanDigestError as PlanDigestError
    from ._plan.errors import PlanProblemsError as PlanProblemsError
    from ._plan.errors import StalePlanError as StalePlanError
    from ._plan.outcome import Effect as Effect
    from ._plan.outcome import Outcome as Outcome
    from ._plan.outcome import StepFailure as StepFailure
    from ._plan.plan import Plan as Plan
    from ._plan.plan import plan as plan
    from ._plan.state import ServerState as ServerState
    from ._plan.step import Step as Step
    from ._powershell.clixml import read_clixml as read_clixml
    from ._powershell.command import Command as Command
    from ._powershell.command import Parameter as Parameter
    from ._powershell.command import Pipeline as Pipeline
    from ._powershell.format_list import read_format_list as read_format_list
    from ._powershell.json_reader import read_json as read_json
    from ._powershell.record import Record as Record
    from ._powershell.secret import PSCredential as PSCredential
    from ._powershell.secret import Secret as Secret
    from ._powershell.syntax import CredentialPrompt as CredentialPrompt
    from ._probe.result import ProbeFailure as ProbeFailure
    from ._probe.result import ProbeResult as ProbeResult
    from ._probe.result import ProbeStage as ProbeStage
    from ._probe.result import Protocol as Protocol
    from ._probe.result import SeenCertificate as SeenCertificate
    from ._probe.result import Stage as Stage
    from ._probe.result import TlsSession as TlsSession
    from ._protocol_log.log_entry import ProtocolLogEntry as ProtocolLogEntry
    from ._protocol_log.reader import read_protocol_log as read_protocol_log
    from ._protocol_log.summary import ProtocolLogActivity as ProtocolLogActivity
    from ._protocol_log.summary import ProtocolLogSummary as ProtocolLogSummary
    from ._reading.saved_state import read_state as read_state
    from ._reading.server_status import Freshness as Freshness
    from ._reading.server_status import ServerStatus as ServerStatus
    from ._rules.consistency import BindingMismatch as BindingMismatch
    from ._rules.consistency import match_bindings as match_bindings
    from ._server import ImapServer as ImapServer
    from ._span import Span as Span
    from ._transports.errors import AuthenticationError as AuthenticationError
    from ._transports.errors import CommandError as CommandError
    from ._transports.errors import EndpointError as EndpointError
    from ._transports.errors import ErrorRecord as ErrorRecord
    from ._transports.errors import ThrottledError as ThrottledError
    from ._transports.errors import TransportError as TransportError
    from ._transports.errors import TransportTimeoutError as TransportTimeoutError
    from ._transports.errors import UnknownOutcomeError as UnknownOutcomeError
    from ._transports.psrp.keywords import PsrpOptions as PsrpOptions
    from ._transports.psrp.transport import PsrpTransport as PsrpTransport
    from ._transports.record import RecordingTransport as RecordingTransport
    from ._transports.record import ReplayTransport as ReplayTransport
    from ._transports.retry import RetryingTransport as RetryingTransport
    from ._transports.transport import BatchTransport as BatchTransport
    from ._transports.transport import Reply as Reply
    from ._transports.transport import Transport as Transport
    from ._values.binding import Binding as Binding
    from ._values.byte_quota import ByteQuota as ByteQuota
    from ._values.choices import ActionPreference as ActionPreference
    from ._values.choices import CalendarItemRetrievalOption as CalendarItemRetrievalOption
    from ._values.choices import ConnectionType as ConnectionType
    from ._values.choices import Encryption as Encryption
    from ._values.choices import ExtendedProtectionPolicy as ExtendedProtectionPolicy
    from ._values.choices import LogFileRollOver as LogFileRollOver
    from ._values.choices import LoginType as LoginType
    from ._values.choices import MimeTextFormat as MimeTextFormat
    from ._values.choices import ServiceStatus as ServiceStatus
    from ._values.choices import StartupType as StartupType
    from ._values.connection_setting import ConnectionSetting as ConnectionSetting
    from ._values.ip_range import IPRange as IPRange
    from ._values.limit import Limit as Limit
    from ._values.list_edit import ListEdit as ListEdit
    from ._values.mail_flow_choices import AuthMechanism as AuthMechanism
    from ._values.mail_flow_choices import MessageRateSource as MessageRateSource
    from ._values.mail_flow_choices import PermissionGroup as PermissionGroup
    from ._values.mail_flow_choices import ProtocolLoggingLevel as ProtocolLoggingLevel
    from ._values.mail_flow_choices import ServerRole as ServerRole
    from ._values.mail_flow_choices import SizeMode as SizeMode
    from ._values.server_choices import CertificateService as CertificateService
    from ._values.server_choices import CertificateStatus as CertificateStatus
    from ._values.server_choices import ComponentRequester as ComponentRequester
    from ._values.server_choices import ComponentStatus as ComponentStatus
    from ._values.server_choices import ConnectivityStatus as ConnectivityStatus
    from ._values.server_choices import EwsApplicationAccessPolicy as EwsApplicationAccessPolicy
    from ._values.server_choices import RootCAType as RootCAType
    from ._values.server_choices import SortOrder as SortOrder
    from ._values.server_version import ServerVersion as ServerVersion
    from ._values.time_span import format_time_span as format_time_span
    from ._values.time_span import parse_time_span as parse_time_span
    from ._values.tls_certificate_name import TlsCertificateName as TlsCertificateName
    from ._values.unset import UNSET as UNSET
    from ._values.unset import Unset as Unset
    from ._verify.probing import ProbeOptions as ProbeOptions
    from ._verify.probing import probe as probe
    from ._verify.probing import probe_all as probe_all
    from ._verify.review import review as review
    from ._verify.round_trip import RoundTrip as RoundTrip
    from ._verify.round_trip import probe_round_trip as probe_round_trip
    from ._verify.verification import Verification as Verification
    from ._verify.verifying import Probing as Probing

if not TYPE_CHECKING:  # pragma: no branch - to a type checker a misspelt name is an error
    __all__ = list(_MODULES)
    __getattr__ = _import_on_first_use(__name__, _MODULES)


def __dir__() -> list[str]:
    """Show the public names."""
    return sorted(_MODULES)
