"""Rules about several commands of a script: missing steps, and changes of more objects than intended."""

from __future__ import annotations

from collections.abc import Iterator

from .._cmdlets.imap_settings import GetImapSettings, SetImapSettings
from .._cmdlets.mailboxes import GetCASMailbox, SetCASMailbox
from .._cmdlets.receive_connectors import GetReceiveConnector, SetReceiveConnector
from .._cmdlets.services import IMAP4_BACKEND_SERVICE, IMAP4_SERVICE
from .._cmdlets.web import NetStart, NetStop
from .._finding import Severity
from .._span import Span
from .found import Found
from .registry import Example, script_rule
from .restarts import controlled, not_started
from .resulting import parameter_of
from .script import Edit, Placed, Script

__all__: list[str] = []

_IMAP4 = (IMAP4_SERVICE, IMAP4_BACKEND_SERVICE)


@script_rule(
    "restart-incomplete",
    Severity.WARNING,
    "Settings that take effect only after both services restart, but one or both are not restarted.",
    Example(
        "Set-ImapSettings -LoginType SecureLogin; Restart-Service MSExchangeIMAP4",
        "Set-ImapSettings -LoginType SecureLogin",
    ),
    source="Microsoft Learn: Enable and configure IMAP4 on an Exchange server",
)
def restart_incomplete(script: Script) -> Iterator[Found[Span]]:
    """Yield the last setting of a script that starts or stops the services, if it does not restart both afterwards."""
    commands = script.commands
    last = max((at for at, placed in enumerate(commands) if _sets(placed)), default=None)
    if last is None or not any(controlled(commands, at, _IMAP4) for at in range(len(commands))):
        return
    missing = not_started(commands, last, _IMAP4)
    if missing:
        names = " and ".join(missing)
        reason = f"settings take effect after both services have restarted, and nothing restarts {names} after this"
        yield Found(reason, f"Write Restart-Service {','.join(_IMAP4)} after it", commands[last].span)


def _sets(placed: Placed) -> bool:
    return isinstance(placed.cmdlet, SetImapSettings) and placed.cmdlet.what_if is not True


@script_rule(
    "whole-organization",
    Severity.WARNING,
    "A pipe that changes the connectors of every server of the organization, or every mailbox.",
    Example(
        'Get-ReceiveConnector "Client Frontend*" | Set-ReceiveConnector -Fqdn mail.contoso.com',
        'Get-ReceiveConnector "Client Frontend*"',
    ),
    source="Microsoft Learn: Get-ReceiveConnector, Get-CASMailbox",
)
def whole_organization(script: Script) -> Iterator[Found[Span]]:
    """Yield each command whose objects are changed although it names no server, or no mailboxes."""
    for source, placed in script.pipes():
        match source.cmdlet, placed.cmdlet:
            case GetReceiveConnector() as asked, SetReceiveConnector(what_if=what_if) if what_if is not True:
                if _is_open(source, asked.identity):
                    reason = "without a server these are the connectors of every server of the organization"
                    right = (
                        r"Name the server: 'MBX01\Client Frontend MBX01', or -Server MBX01 for all of its connectors"
                    )
                    yield Found(reason, right, source.span)
            case GetCASMailbox() as asked, SetCASMailbox(what_if=what_if) if what_if is not True:
                narrowed = {"identity", "anr", "filter", "organizational_unit"} & source.spans.keys()
                if not narrowed:
                    reason = "without -Identity, -Anr, -Filter or -OrganizationalUnit these are all mailboxes"
                    yield Found(reason, "Say which mailboxes", source.span)
            case _:
                pass


def _is_open(source: Placed, identity: object) -> bool:
    """Say whether the connectors of all servers are read: without a name, or by a wildcard without a server."""
    if isinstance(identity, str):
        return "\\" not in identity and bool(set(identity) & set("*?"))
    return not {"identity", "server"} & source.spans.keys()


@script_rule(
    "edit-without-effect",
    Severity.WARNING,
    "An edit that adds an entry that is there already, or removes one that is not there.",
    Example('Set-ImapSettings -SSLBindings @{Remove="10.0.0.12:993"}', '@{Remove="10.0.0.12:993"}', new_server=True),
    source="Microsoft Learn: Modifying multivalued properties",
)
def edit_without_effect(script: Script) -> Iterator[Found[Span]]:
    """Yield the parts of an edit that do not change the list."""
    for edit in script.edits:
        for reason in _without_effect(edit):
            right = "Leave it out; the server's list is " + (", ".join(map(str, edit.before)) or "empty")
            yield Found(reason, right, edit.placed.span_of(edit.field))


def _without_effect(edit: Edit) -> Iterator[str]:
    name = parameter_of(edit.field)
    for value in edit.edit.remove:
        if value not in edit.before:
            yield f"{name}: {value} is not in the list"
    for value in edit.edit.add:
        if value in edit.before and value not in edit.edit.remove:
            yield f"{name}: {value} is in the list already"


@script_rule(
    "server-unstated",
    Severity.NOTE,
    "A command without -Server in a script that names servers.",
    Example(
        "Get-ImapSettings -Server MBX01; Set-ImapSettings -LoginType SecureLogin",
        "Set-ImapSettings -LoginType SecureLogin",
    ),
    source="Microsoft Learn: Set-ImapSettings (-Server)",
)
def server_unstated(script: Script) -> Iterator[Found[Span]]:
    """Yield the commands without a server if other commands name one."""
    about = [placed for placed in script.commands if isinstance(placed.cmdlet, GetImapSettings | SetImapSettings)]
    if not any("server" in placed.spans for placed in about):
        return
    for placed in about:
        if "server" in placed.spans or placed.piped or not placed.whole:
            continue
        reason = "other commands name their server; in a remote session this one goes to the server that runs it"
        yield Found(reason, "Add -Server", placed.span)


@script_rule(
    "iis-left-stopped",
    Severity.WARNING,
    "IIS is stopped and not started again: the Exchange endpoint itself runs in it.",
    Example("net stop w3svc /y", "net stop w3svc /y"),
    source="Microsoft Learn: Enable and configure IMAP4 on an Exchange server",
)
def iis_left_stopped(script: Script) -> Iterator[Found[Span]]:
    """Yield ``net stop w3svc`` without a later start."""
    programs = [placed for placed in script.commands if isinstance(placed.cmdlet, NetStop | NetStart)]
    if programs and isinstance(programs[-1].cmdlet, NetStop):
        reason = "nothing starts IIS again; the Exchange endpoint and Outlook on the web run in it"
        yield Found(reason, f"Write {NetStart()} after it", programs[-1].span)
