"""What a user's type checker sees: checked by mypy, never run.

Every public name occurs here, and every public method of the classes that people hold; a test counts them. Where a line
says ``type: ignore``, the checker has to find the mistake, or the comment itself is one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import assert_type

import exchange_imap as xi
from exchange_imap import testing

# -- values ----------------------------------------------------------------------------------------------------------


def values(text: str) -> None:
    """Each is read from its text, and its parts have types of their own."""
    setting = assert_type(xi.ConnectionSetting.parse(text), xi.ConnectionSetting)
    assert_type(setting.host, str)
    assert_type(setting.port, int)
    assert_type(setting.encryption, xi.Encryption | None)
    setting.hots  # type: ignore[attr-defined]  # misspelt
    setting.port = 143  # type: ignore[misc]  # frozen
    xi.ConnectionSetting("mail.contoso.com", "993")  # type: ignore[arg-type]  # a port is a number

    binding = assert_type(xi.Binding.parse(text), xi.Binding)
    assert_type(binding.address, IPv4Address | IPv6Address)
    assert_type(
        xi.match_bindings([setting], ssl_bindings=[binding], unencrypted_or_tls_bindings=()),
        tuple[xi.BindingMismatch, ...],
    )
    assert_type(xi.ByteQuota.parse(text).bytes, int | None)
    assert_type(xi.Limit.parse(text), xi.Limit)
    assert_type(xi.IPRange.parse(text), xi.IPRange)
    assert_type(xi.ServerVersion.parse(text).product, str)
    assert_type(xi.TlsCertificateName.parse(text).subject, str)
    assert_type(xi.ListEdit(add=(1,)).remove, tuple[int, ...])
    assert_type(xi.parse_time_span(text), timedelta)
    assert_type(xi.format_time_span(timedelta()), str)
    assert_type(xi.Span(0, 1).end, int)


def choices() -> None:
    """An enumeration's member is of the enumeration; a misspelt one is none."""
    assert_type(xi.ActionPreference.parse(""), xi.ActionPreference)
    assert_type(xi.AuthMechanism.parse(""), xi.AuthMechanism)
    assert_type(xi.CalendarItemRetrievalOption.parse(""), xi.CalendarItemRetrievalOption)
    assert_type(xi.CertificateService.parse(""), xi.CertificateService)
    assert_type(xi.CertificateStatus.parse(""), xi.CertificateStatus)
    assert_type(xi.ComponentRequester.parse(""), xi.ComponentRequester)
    assert_type(xi.ComponentStatus.parse(""), xi.ComponentStatus)
    assert_type(xi.ConnectionType.parse(""), xi.ConnectionType)
    assert_type(xi.ConnectivityStatus.parse(""), xi.ConnectivityStatus)
    assert_type(xi.EwsApplicationAccessPolicy.parse(""), xi.EwsApplicationAccessPolicy)
    assert_type(xi.ExtendedProtectionPolicy.parse(""), xi.ExtendedProtectionPolicy)
    assert_type(xi.LogFileRollOver.parse(""), xi.LogFileRollOver)
    assert_type(xi.LoginType.parse(""), xi.LoginType)
    assert_type(xi.MessageRateSource.parse(""), xi.MessageRateSource)
    assert_type(xi.MimeTextFormat.parse(""), xi.MimeTextFormat)
    assert_type(xi.PermissionGroup.parse(""), xi.PermissionGroup)
    assert_type(xi.ProtocolLoggingLevel.parse(""), xi.ProtocolLoggingLevel)
    assert_type(xi.RootCAType.parse(""), xi.RootCAType)
    assert_type(xi.ServerRole.parse(""), xi.ServerRole)
    assert_type(xi.ServiceStatus.parse(""), xi.ServiceStatus)
    assert_type(xi.SizeMode.parse(""), xi.SizeMode)
    assert_type(xi.SortOrder.parse(""), xi.SortOrder)
    assert_type(xi.StartupType.parse(""), xi.StartupType)
    xi.LoginType.SecureLogon  # type: ignore[attr-defined]  # misspelt
    xi.Encryption.STARTTLS  # type: ignore[attr-defined]  # it is called TLS


def nothings(settings: xi.SetImapSettings) -> None:
    """Not stated, null and an empty list are told apart."""
    if settings.banner is not xi.UNSET:
        assert_type(settings.banner, str | None)
    assert_type(settings.max_connections, int | xi.Unset)
    xi.SetImapSettings(max_connections=None)  # type: ignore[arg-type]  # null is nothing that it can have
    xi.SetImapSettings(max_conections=5)  # type: ignore[call-arg]  # misspelt


# -- cmdlets ---------------------------------------------------------------------------------------------------------


def reading(text: str, variables: Mapping[str, str]) -> None:
    """A line is a cmdlet or a pipeline; a class reads its own."""
    assert_type(xi.parse(text), xi.Cmdlet | xi.Pipeline)
    script = assert_type(xi.parse_script(text, variables), xi.Script)
    edit = xi.ListEdit(add=(xi.Binding("127.0.0.1", 993),))
    xi.parse(text, {"a": [edit.add[0], 993, None], "b": edit, "c": {"Add": "x"}, "d": xi.LoginType.SecureLogin})
    xi.parse(text, {"a": object()})  # type: ignore[dict-item]  # nothing that a parameter takes
    assert_type(script[0], xi.Cmdlet | xi.Pipeline)
    assert_type(xi.check_script(text, target="shell"), tuple[xi.ScriptFinding, ...])
    finding = assert_type(xi.check_script(text, endpoint=xi.Endpoint.EXCHANGE), tuple[xi.ScriptFinding, ...])[0]
    assert_type(finding.severity, xi.Severity)
    assert_type((finding.rule, finding.reason, finding.right, finding.caret), tuple[str, str, str, str])
    assert_type((finding.line, finding.column), tuple[int, int])
    assert_type((finding.span, finding.source), tuple[xi.Span, str])
    xi.parse(text, varables={})  # type: ignore[call-arg]  # misspelt


def cmdlets(text: str, command: xi.Command) -> None:
    """Each class reads itself from a line, a dict and a command, and gives them back."""
    assert_type(xi.EnableExchangeCertificate.parse(text), xi.EnableExchangeCertificate)
    shown = assert_type(xi.FormatList.parse(text), xi.FormatList)
    assert_type(shown.property, tuple[str, ...] | xi.Unset)
    assert_type(shown.text([shown.select(xi.Record())]), str)
    assert_type(xi.GetCASMailbox.parse(text), xi.GetCASMailbox)
    assert_type(xi.GetExchangeCertificate.parse(text), xi.GetExchangeCertificate)
    assert_type(xi.GetExchangeServer.parse(text), xi.GetExchangeServer)
    assert_type(xi.GetImapSettings.parse(text).server, str | xi.Unset)
    assert_type(xi.GetPopSettings.parse(text), xi.GetPopSettings)
    assert_type(xi.GetReceiveConnector.parse(text), xi.GetReceiveConnector)
    assert_type(xi.GetServerComponentState.parse(text), xi.GetServerComponentState)
    assert_type(xi.GetService.parse(text), xi.GetService)
    assert_type(xi.InvokeMonitoringProbe.parse(text).password, xi.Secret | xi.Unset)
    assert_type(xi.NetStart.parse(text), xi.NetStart)
    assert_type(xi.NetStop.parse(text).yes, bool)
    assert_type(xi.RestartService.parse(text), xi.RestartService)
    assert_type(xi.SetCASMailbox.parse(text), xi.SetCASMailbox)
    assert_type(xi.SetImapSettings.parse(text), xi.SetImapSettings)
    assert_type(xi.SetPopSettings.parse(text), xi.SetPopSettings)
    assert_type(xi.SetReceiveConnector.parse(text), xi.SetReceiveConnector)
    assert_type(xi.SetServerComponentState.parse(text), xi.SetServerComponentState)
    assert_type(xi.SetService.parse(text), xi.SetService)
    assert_type(xi.StartService.parse(text), xi.StartService)
    assert_type(xi.StopService.parse(text), xi.StopService)
    tested = assert_type(xi.TestImapConnectivity.parse(text), xi.TestImapConnectivity)
    assert_type(tested.mailbox_credential, xi.CredentialPrompt | xi.PSCredential | xi.Unset)

    setting = assert_type(xi.SetImapSettings.from_command(command), xi.SetImapSettings)
    assert_type(xi.SetImapSettings.from_dict(setting.to_dict()), xi.SetImapSettings)
    assert_type(setting.to_command(), xi.Command)
    assert_type(setting.cmdlet, str)
    assert_type(setting.endpoint, xi.Endpoint)
    assert_type(setting.changes, bool)
    setting.require_whole()
    setting.login  # type: ignore[attr-defined]  # it is called login_type
    xi.GetImapSetings  # type: ignore[attr-defined]  # misspelt


def commands(pipeline: xi.Pipeline) -> None:
    """What is sent: names and parameters."""
    command = assert_type(pipeline.commands, tuple[xi.Command, ...])[0]
    assert_type(command.parameters, tuple[xi.Parameter, ...])
    assert_type(xi.Command("Get-Service", (xi.Parameter("Name"),)).to_command(), xi.Command)
    assert_type(str(pipeline), str)
    xi.Pipeline("Get-Service")  # type: ignore[arg-type]  # commands, not a text


def secrets(secret: xi.Secret) -> None:
    """A password is a type of its own."""
    assert_type(xi.PSCredential("kim", secret).user_name, str)
    assert_type(xi.CredentialPrompt("kim").user_name, str | None)


# -- snapshots -------------------------------------------------------------------------------------------------------


def snapshots(text: str) -> None:
    """Each is read from printed text, a file, JSON, a record and a dict."""
    settings = assert_type(xi.ImapSettings.parse(text), xi.ImapSettings)
    assert_type(xi.ImapSettings.parse_all(text), tuple[xi.ImapSettings, ...])
    assert_type(xi.ImapSettings.from_clixml(text), xi.ImapSettings)
    assert_type(xi.ImapSettings.all_from_clixml(text), tuple[xi.ImapSettings, ...])
    assert_type(xi.ImapSettings.from_json(text), xi.ImapSettings)
    assert_type(xi.ImapSettings.all_from_json(text), tuple[xi.ImapSettings, ...])
    assert_type(xi.ImapSettings.from_record(settings.to_record()), xi.ImapSettings)
    assert_type(xi.ImapSettings.from_dict(settings.to_dict()), xi.ImapSettings)
    assert_type(settings.types, tuple[str, ...])
    assert_type((settings.named_by, settings.name_is_pattern), tuple[str, bool])
    assert_type(xi.GetImapSettings.answers, tuple[str, ...])
    assert_type((xi.SetImapSettings.aliases, xi.SetImapSettings.accepts[0]), tuple[tuple[str, ...], str])
    assert_type(settings.to_cmdlet(), xi.SetImapSettings)
    assert_type(settings.ssl_bindings, tuple[xi.Binding, ...])
    assert_type(settings.external_connection_settings[0].encryption, xi.Encryption | None)
    assert_type(settings.authenticated_connection_timeout, timedelta)
    settings.ssl_binding  # type: ignore[attr-defined]  # misspelt
    settings.to_cmdlt()  # type: ignore[attr-defined]  # misspelt


def saved(path: Path) -> None:
    """A file is read by its path, whatever kind it is of."""
    assert_type(xi.ImapSettings.read(path), xi.ImapSettings)
    assert_type(xi.ServiceState.read_all(str(path)), tuple[xi.ServiceState, ...])
    assert_type(xi.read_state(path, "services.xml"), xi.ServerState)
    xi.ImapSettings.read(b"x")  # type: ignore[arg-type]  # no path


def more_snapshots(text: str) -> None:
    """What the other cmdlets answer."""
    mailbox = assert_type(xi.CASMailbox.from_clixml(text), xi.CASMailbox)
    assert_type(mailbox.imap_enabled, bool)
    state = assert_type(xi.ComponentState.parse_all(text), tuple[xi.ComponentState, ...])[0]
    assert_type(state.remote_states, tuple[xi.ComponentRequest, ...] | None)
    assert_type(xi.ConnectivityResult.from_json(text).latency, timedelta)
    certificate = assert_type(xi.ExchangeCertificate.from_clixml(text), xi.ExchangeCertificate)
    assert_type(certificate.not_after, datetime)
    assert_type(certificate.services, tuple[xi.CertificateService, ...] | None)
    server = assert_type(xi.ExchangeServer.parse(text), xi.ExchangeServer)
    assert_type(server.admin_display_version.product, str)
    assert_type(server.server_role, tuple[xi.ServerRole, ...])
    assert_type(xi.PopSettings.parse(text).to_cmdlet(), xi.SetPopSettings)
    connector = assert_type(xi.ReceiveConnector.parse(text), xi.ReceiveConnector)
    assert_type(connector.auth_mechanism, tuple[xi.AuthMechanism, ...])
    assert_type(connector.to_cmdlet(), xi.SetReceiveConnector)
    assert_type(xi.ServiceState.parse(text).status, xi.ServiceStatus)
    connector.fdqn  # type: ignore[attr-defined]  # misspelt


def any_snapshot(snapshot: xi.Snapshot) -> None:
    """Whichever it is, it is a record and a dict."""
    assert_type(snapshot.to_record(), xi.Record)
    assert_type(snapshot.doubtful, tuple[str, ...])


def parts(text: str) -> None:
    """Some properties, which are compared as the whole is."""
    some = assert_type(xi.ImapSettings.parse_some(text), xi.PartialSnapshot[xi.ImapSettings])
    assert_type(xi.ImapSettings.Partial.parse_all(text), tuple[xi.PartialSnapshot[xi.ImapSettings], ...])
    assert_type(xi.diff(some, xi.SetImapSettings(banner="x")), xi.SetImapSettings | None)
    assert_type(xi.compare(some, xi.SetImapSettings(banner="x")), tuple[xi.Change, ...])
    assert_type(some.missing("banner"), xi.UnexpectedReplyError)
    assert_type(some.whole, type[xi.Snapshot])
    xi.diff(xi.PopSettings.parse_some(text), xi.SetImapSettings(banner="x"))  # type: ignore[arg-type]  # of POP3


def records(text: str) -> None:
    """What was captured, before it has a type."""
    record = assert_type(xi.read_clixml(text), tuple[xi.Record, ...])[0]
    assert_type(xi.read_json(text), tuple[xi.Record, ...])
    assert_type(xi.read_format_list(text), tuple[xi.Record, ...])
    assert_type(record.type_names, tuple[str, ...])
    assert_type(record.text, str | None)
    assert_type(record.has("Name"), bool)


# -- what clients see ------------------------------------------------------------------------------------------------


def protocol_logs(path: Path, lines: list[str]) -> None:
    """Entries come one by one; a summary has counts."""
    entry = next(assert_type(xi.read_protocol_log(path), Iterator[xi.ProtocolLogEntry]))
    assert_type(entry.time, datetime | None)
    assert_type((entry.client_address, entry.client_port), tuple[IPv4Address | IPv6Address | None, int | None])
    assert_type((entry.failure, entry.details), tuple[str | None, dict[str, str]])
    summary = assert_type(xi.ProtocolLogSummary.of(xi.read_protocol_log(lines, fields=["user"])), xi.ProtocolLogSummary)
    assert_type(summary.users[0], xi.ProtocolLogActivity)
    assert_type(summary.other_users, xi.ProtocolLogActivity | None)
    xi.read_protocol_log([1])  # type: ignore[list-item]  # no lines


# -- a server --------------------------------------------------------------------------------------------------------


def server(transport: xi.Transport) -> None:
    """Read, plan, apply, take back."""
    with xi.ImapServer("MBX01", exchange=transport, windows=transport) as held:
        assert_type(held, xi.ImapServer)
        assert_type(held.name, str)
        settings = assert_type(held.settings(), xi.ImapSettings)
        service = assert_type(held.services(), tuple[xi.ServiceState, ...])[0]
        state = assert_type(held.state(), xi.ServerState)
        assert_type(state.service("MSExchangeIMAP4"), xi.ServiceState)
        assert_type(held.read(xi.GetReceiveConnector(server="MBX01")), tuple[xi.ReceiveConnector, ...])
        held.read(xi.SetImapSettings())  # type: ignore[call-overload]  # it answers nothing
        assert_type(state.mailboxes, xi.ByName[xi.CASMailbox])
        assert_type(state.connectors["Client Frontend MBX01"], xi.ReceiveConnector)
        assert_type(held.run(xi.GetImapSettings()), xi.Reply)
        assert_type(held.run(xi.Pipeline((xi.GetImapSettings(), xi.FormatList()))), xi.Reply)
        desired = xi.DesiredState(settings=xi.SetImapSettings(banner="Ready."), services=(), restart=True)
        plan = assert_type(held.plan(desired), xi.Plan)
        status = assert_type(held.status(), xi.ServerStatus)
        assert_type(status.settings, xi.ImapSettings | None)
        picture = assert_type(status.map(), xi.ConnectionMap)
        assert_type((picture.title, picture.svg, picture.notes), tuple[str, str, tuple[str, ...]])
        picture.save("mbx01.svg")
        assert_type(state.map(), xi.ConnectionMap)
        assert_type(plan.map(), xi.ConnectionMap)
        assert_type(status.freshness, xi.ByName[xi.Freshness])
        assert_type(status.certificate, xi.ExchangeCertificate | None)
        assert_type(status.errors, xi.ByName[xi.ExchangeImapError])
        assert_type(xi.review(status, now=status.read_at), tuple[xi.Finding, ...])
        assert_type(xi.review(held.state())[0].fix, tuple[xi.Cmdlet, ...])
        xi.review(held)  # type: ignore[arg-type]  # what was read of it
        may = assert_type(held.capabilities(), xi.Capabilities)
        assert_type(held.plan(desired, capabilities=may).refused, tuple[xi.Step, ...])
        assert_type(may.allows("Set-ImapSettings -Banner"), xi.Allowed)
        assert_type(may.missing(xi.SetImapSettings()), tuple[str, ...])
        assert_type(may.of("Set-ImapSettings"), xi.Capability)
        assert_type(may.of("Set-ImapSettings").allows("Banner"), xi.Allowed)
        outcome = assert_type(held.apply(plan, despite=("component-inactive",)), xi.Outcome)
        assert_type(held.enable(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com"), xi.Outcome)
        assert_type(xi.diff(settings, xi.SetImapSettings()), xi.SetImapSettings | None)
        assert_type(xi.diff(service, xi.SetService(name="MSExchangeIMAP4")), xi.SetService | None)
        assert_type(xi.compare(settings, xi.SetImapSettings()), tuple[xi.Change, ...])
        held.close()
    held.setings()  # type: ignore[attr-defined]  # misspelt
    held.enable(extrenal=[])  # type: ignore[call-arg]  # misspelt
    held.plan(settings)  # type: ignore[arg-type]  # what is there is nothing that is desired
    plans(plan, outcome)


def plans(plan: xi.Plan, outcome: xi.Outcome) -> None:
    """A plan's steps, and what became of them."""
    assert_type(plan.steps, tuple[xi.Step, ...])
    assert_type(plan.steps[0].command, xi.Cmdlet)
    assert_type(plan.steps[0].refused, tuple[str, ...])
    assert_type(plan.reverse(), xi.Plan)
    assert_type(plan.problems, tuple[xi.Finding, ...])
    assert_type(plan.warnings, tuple[xi.Finding, ...])
    assert_type(plan.warnings[0].evidence, tuple[tuple[str, str], ...])
    assert_type(plan.before, xi.ServerState)
    assert_type(outcome.applied, tuple[xi.Step, ...])
    assert_type(outcome.failed, xi.StepFailure | None)
    assert_type(outcome.not_tried, tuple[xi.Step, ...])
    assert_type(outcome.unknown, tuple[xi.Step, ...])
    assert_type(outcome.pending, frozenset[str])
    assert_type((plan.before.up_to_date, plan.before.unknown), tuple[frozenset[str], frozenset[str]])
    assert_type(outcome.changed, bool)
    if outcome.failed:
        assert_type(outcome.failed.effect, xi.Effect)
    assert_type(xi.DesiredState.enabled(external=["mail.contoso.com:993:SSL"]), xi.DesiredState)
    assert_type((xi.IMAP4_SERVICE, xi.IMAP4_BACKEND_SERVICE), tuple[str, str])
    assert_type(xi.IMAP4_SERVICES, tuple[str, str])
    assert_type((plan.digest, plan.lasting), tuple[str, tuple[str, ...]])
    assert_type(outcome.undo(), xi.Plan)
    outcome.aplied  # type: ignore[attr-defined]  # misspelt


def watched(server: xi.ImapServer, plan: xi.Plan) -> None:
    """What is known while a plan runs, and how it may end."""

    def show(event: xi.StepEvent) -> None:
        assert_type((event.number, event.time, event.undoing), tuple[int, datetime, bool])

    try:
        server.apply(plan, on_step=show, cancel=threading.Event(), deadline=timedelta(minutes=5), digest=plan.digest)
    except (xi.CancelledPlanError, xi.LatePlanError) as ended:
        assert_type(ended.outcome, xi.Outcome)
    except xi.PlanProblemsError as refused:
        assert_type(refused.problems, tuple[xi.Finding, ...])
    except xi.PlanDigestError as other:
        assert_type((other.expected, other.digest), tuple[str, str])
    assert_type(server.clock, xi.Clock)
    failure = xi.Outcome.from_dict({}).failed
    if failure is not None and isinstance(failure.error, xi.RecordedError):
        assert_type(failure.error.type_name, str)
    with assert_type(xi.Progress("rich"), xi.Progress) as bar:
        server.apply(plan, on_step=bar)
    xi.Progress("curses")  # type: ignore[arg-type]  # none of them


def audited(server: xi.ImapServer, desired: xi.DesiredState, log: xi.AuditLog) -> None:
    """What an audit log is written by, and what it tells."""
    try:
        server.apply(server.plan(desired, audit=log), audit=log, on_failure="roll back")
    except xi.AuditError as error:
        assert_type((error.path, error.reason), tuple[str, str])
    except xi.ApplyError as stopped:
        assert_type(stopped.rolled_back, xi.Outcome | None)
    assert_type((log.torn(), log.pending("MBX01")), tuple[tuple[int, ...], frozenset[str]])
    for run in assert_type(log.runs(), tuple[xi.AuditedRun, ...]):
        assert_type((run.who, run.digest, run.ended), tuple[str, str | None, datetime | None])
        assert_type(run.steps, tuple[xi.AuditedStep, ...])
        run.steps[0].satte  # type: ignore[attr-defined]  # misspelt


# -- transports ------------------------------------------------------------------------------------------------------


def transports(options: xi.PsrpOptions, pipeline: xi.Pipeline) -> None:
    """Real ones, and those around them."""
    real = assert_type(xi.PsrpTransport.exchange("mbx01.contoso.com", username="admin", auth="ntlm"), xi.PsrpTransport)
    assert_type((real.time_limit, real.username), tuple[timedelta | None, str | None])
    assert_type(xi.PsrpTransport.windows("mbx01.contoso.com", **options), xi.PsrpTransport)
    reply = assert_type(real.run(pipeline), xi.Reply)
    assert_type(real.run_batch([pipeline]), xi.Reply)
    assert_type(real.run_reads([pipeline], timeout=timedelta(seconds=5)), tuple[xi.Reply, ...])
    assert_type(xi.RetryingTransport(real).run_reads([pipeline]), tuple[xi.Reply, ...])
    real.cancel()
    real.close()
    assert_type(reply.records, tuple[xi.Record, ...])
    assert_type(reply.errors, tuple[xi.ErrorRecord, ...])
    assert_type(reply.warnings, tuple[str, ...])
    assert_type(reply.elapsed, timedelta)
    assert_type(reply.errors[0].failure_category, str | None)
    held: xi.Transport = xi.RetryingTransport(real)
    batches: xi.BatchTransport = real
    recording = xi.RecordingTransport(held, "session.jsonl")
    assert_type(recording.run(pipeline), xi.Reply)
    assert_type(xi.ReplayTransport.load("session.jsonl"), xi.ReplayTransport)
    assert_type(batches.runs_batches, bool)
    xi.ImapServer.connect("mbx01.contoso.com", usrname="admin")  # type: ignore[call-arg]  # misspelt
    xi.PsrpTransport.exchange("mbx01.contoso.com", port="80")  # type: ignore[arg-type]  # a port is a number
    xi.ImapServer("MBX01", exchange="mbx01")  # type: ignore[arg-type]  # a transport


def own(run: Callable[[xi.Pipeline], xi.Reply]) -> None:
    """A class of one's own is a transport by its methods."""

    class Own:
        def run(self, pipeline: xi.Pipeline) -> xi.Reply:
            return run(pipeline)

        def close(self) -> None: ...

    class Half:
        def close(self) -> None: ...

    xi.ImapServer("MBX01", exchange=Own())
    xi.ImapServer("MBX01", exchange=Half())  # type: ignore[arg-type]  # it runs nothing


# -- what clients see ------------------------------------------------------------------------------------------------


def verify(held: xi.ImapServer, desired: xi.DesiredState) -> None:
    """A server, and what is known of it afterwards."""
    probing: xi.Probing = partial(xi.probe, trust="ca.pem")
    verification = assert_type(held.verify(desired, xi.PSCredential("kim", "x"), probe=probing), xi.Verification)
    assert_type((verification.works, verification.exit_code), tuple[bool | None, int])
    assert_type((verification.cause, verification.to_run), tuple[xi.Finding | None, tuple[xi.Cmdlet, ...]])
    assert_type(verification.findings, tuple[xi.Finding, ...])
    assert_type(verification.tests[0].connected, bool)
    held.verify(probe=xi.review)  # type: ignore[arg-type]  # it probes nothing


def probes(setting: xi.ConnectionSetting, options: xi.ProbeOptions, credential: xi.PSCredential) -> None:
    """One server, or many."""
    result = assert_type(xi.probe(setting, credential=credential, timeout=timedelta(seconds=5)), xi.ProbeResult)
    assert_type(xi.probe("mail.contoso.com:143:TLS", sasl=("NTLM", lambda challenge: challenge)), xi.ProbeResult)
    assert_type(xi.probe_all([setting, "mail.contoso.com:993:SSL"], at_most=9, **options), tuple[xi.ProbeResult, ...])
    assert_type((result.works, result.protocol, result.trusted), tuple[bool, xi.Protocol, bool | None])
    assert_type(result.stages, tuple[xi.ProbeStage, ...])
    assert_type((result.stages[0].name, result.stages[0].failure), tuple[xi.Stage, xi.ProbeFailure | None])
    assert_type(result.certificates, tuple[xi.SeenCertificate, ...])
    assert_type(result.tls, xi.TlsSession | None)
    trip = assert_type(
        xi.probe_round_trip("mail.contoso.com:587:TLS", setting, credential=credential, keep=True), xi.RoundTrip
    )
    assert_type((trip.sent, trip.read), tuple[xi.ProbeResult, xi.ProbeResult | None])
    assert_type((trip.works, trip.took, trip.deleted, trip.may_remain), tuple[bool, timedelta | None, bool, bool])
    assert_type((trip.address, trip.message_id), tuple[str, str])
    assert_type(trip.findings, tuple[xi.Finding, ...])
    xi.probe_round_trip("mail.contoso.com:587:TLS", setting)  # type: ignore[call-arg]  # nobody to log in as
    xi.probe(setting, timeout=5)  # type: ignore[arg-type]  # a timedelta
    xi.probe_all([setting], timout=timedelta(seconds=5))  # type: ignore[call-arg]  # misspelt


# -- errors ----------------------------------------------------------------------------------------------------------


def errors(server: xi.ImapServer) -> None:  # noqa: C901, PLR0912 - a handler for each class
    """Their attributes come first."""
    try:
        server.settings()
    except xi.CommandSyntaxError as error:
        assert_type((error.line, error.column, error.caret, error.rule), tuple[int, int, str, str])
    except xi.InvalidValueError as error:
        assert_type((error.field, error.expected, error.hint), tuple[str, str, str])
    except xi.UnexpectedReplyError as error:
        assert_type(error.path, str)
    except xi.EndpointError as error:
        assert_type((error.url, error.port), tuple[str, int | None])
    except xi.ThrottledError as error:
        assert_type(error.wait, timedelta | None)
    except (xi.AuthenticationError, xi.TransportTimeoutError) as error:
        assert_type(error.sent, bool | None)
    except xi.TransportError as error:
        assert_type(error.command, str)
    except xi.CommandError as error:
        assert_type(error.records, tuple[xi.ErrorRecord, ...])
        assert_type((error.category, error.id), tuple[str, str])
    except xi.ForeignPlanError as error:
        assert_type((error.planned, error.answered), tuple[str, str])
    except xi.ForeignStepError as error:
        assert_type(error.step, xi.Step)
        assert_type(error.why, str)
    except xi.PlanProblemsError as error:
        assert_type(error.problems, tuple[xi.Finding, ...])
    except xi.StalePlanError as error:
        assert_type(error.outcome, xi.Outcome)
    except xi.ApplyError as error:
        assert_type(error.outcome.failed, xi.StepFailure | None)
    except xi.PipelineError as error:
        assert_type(error.done, tuple[xi.Cmdlet, ...])
        assert_type(error.failed, tuple[tuple[xi.Cmdlet, xi.ExchangeImapError], ...])
    except xi.UnknownOutcomeError as error:
        assert_type(error.reason, str)
    except xi.ExchangeImapError as error:
        error.outcom  # type: ignore[attr-defined]  # misspelt


# -- tests of one's own ----------------------------------------------------------------------------------------------


def fakes() -> None:
    """The fake, its servers, its faults, and the loopback server."""
    fake = testing.FakeExchange(servers=["MBX01", testing.NewServer("MBX02", version="2016")])
    assert_type(fake.transport(), testing.FakeTransport)
    one = assert_type(fake.server("MBX01"), testing.FakeServer)
    assert_type(one.stored, xi.ImapSettings)
    assert_type(one.effective, xi.ImapSettings | None)
    assert_type(one.pop.stored, xi.PopSettings)
    many = testing.FakeExchange(servers=["MBX01"], mailboxes=[testing.NewMailbox("Kim Akers")])
    assert_type(many.mailbox("kim").stored, xi.CASMailbox)
    assert_type(one.connectors["Default MBX01"], xi.ReceiveConnector)
    assert_type(one.add_certificate(testing.NewCertificate(("mail.contoso.com",))), xi.ExchangeCertificate)
    one.set_service("MSExchangeIMAP4", startup_type=xi.StartupType.Disabled)
    fake.fail(testing.Fault(of="Start-Service"))
    assert_type(fake.log, tuple[testing.LogEntry, ...])
    assert_type(xi.testing.FakeExchange(servers=["MBX01"]), testing.FakeExchange)
    with testing.PsrpServer(fake) as loopback:
        assert_type(loopback, testing.PsrpServer)
        loopback.fail(testing.WireFault(kind=testing.WireFaultKind.CUT_AFTER))
    testing.NewServer("MBX01", version="2013")  # type: ignore[arg-type]  # not modelled
    fake.servr("MBX01")  # type: ignore[attr-defined]  # misspelt
