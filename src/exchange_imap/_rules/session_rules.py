"""Rules about the session: which endpoint has a command, and whether a person can answer questions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from .._cmdlets.format_list import FormatList
from .._cmdlets.receive_connectors import SetReceiveConnector
from .._cmdlets.web import NetStop
from .._finding import Severity
from .._model.common_parameters import NAMES_VARIABLES
from .._model.declaration import parameters
from .._model.specs import Endpoint
from .._powershell.syntax import CredentialPrompt
from .._span import Span
from .._values import UNSET, ActionPreference
from .found import Found
from .registry import Example, script_rule
from .script import Placed, Script

__all__: list[str] = []

_ENDPOINTS = {
    Endpoint.EXCHANGE: "the Exchange endpoint (/PowerShell)",
    Endpoint.WINDOWS: "the Windows endpoint (WinRM, 5985 or 5986)",
}
_ACTIONS = ("error_action", "warning_action", "information_action")


def _remote(script: Script) -> list[Placed]:
    return [placed for placed in script.commands if not isinstance(placed.cmdlet, FormatList)]


@script_rule(
    "mixed-pipeline",
    Severity.ERROR,
    "A pipe between commands of two endpoints: no remote session has both.",
    Example("Get-ExchangeServer | Get-Service", "Get-Service", target="endpoint"),
    in_shell=None,
    source="Microsoft Learn: Connect to Exchange servers using remote PowerShell",
)
def mixed_pipeline(script: Script) -> Iterator[Found[Span]]:
    """Yield each command that is at another endpoint than the first command of its pipe."""
    for _, group in groupby(_remote(script), lambda placed: placed.pipeline):
        first, *others = group
        for other in others:
            if other.cmdlet.endpoint is not first.cmdlet.endpoint:
                names = f"{first.cmdlet.cmdlet} is at {_ENDPOINTS[first.cmdlet.endpoint]}"
                reason = f"{names}, {other.cmdlet.cmdlet} at {_ENDPOINTS[other.cmdlet.endpoint]}"
                yield Found(reason, "Run the first one, then run the other with its result", other.span)


@script_rule(
    "other-endpoint",
    Severity.ERROR,
    "A command that the given endpoint does not have.",
    Example(
        "Get-ImapSettings; Restart-Service MSExchangeIMAP4",
        "Restart-Service MSExchangeIMAP4",
        endpoint=Endpoint.EXCHANGE,
    ),
    in_shell=None,
    source="Microsoft Learn: Connect to Exchange servers using remote PowerShell",
)
def other_endpoint(script: Script) -> Iterator[Found[Span]]:
    """Yield the commands that the only available endpoint does not have."""
    for placed in _remote(script):
        if script.endpoint and placed.cmdlet.endpoint is not script.endpoint:
            reason = f"{placed.cmdlet.cmdlet} is not at {_ENDPOINTS[script.endpoint]}"
            yield Found(reason, f"Run it at {_ENDPOINTS[placed.cmdlet.endpoint]}", placed.span)


@script_rule(
    "two-endpoints",
    Severity.NOTE,
    "A script whose commands are at two endpoints.",
    Example("Get-ImapSettings; Get-Service MSExchangeIMAP4", "Get-Service MSExchangeIMAP4", target="endpoint"),
    in_shell=None,
    source="Microsoft Learn: Connect to Exchange servers using remote PowerShell",
)
def two_endpoints(script: Script) -> Iterator[Found[Span]]:
    """Yield one note, at the first command that is at another endpoint than the first command of the script."""
    ends = {placed.cmdlet.endpoint: placed for placed in reversed(_remote(script))}
    if len(ends) > 1 and script.endpoint is None and not any(mixed_pipeline(script)):
        later = max(ends.values(), key=lambda placed: placed.span)
        reason = f"{later.cmdlet.cmdlet} is at {_ENDPOINTS[later.cmdlet.endpoint]}, the commands before it are not"
        right = "Connect to both: ImapServer sends each command to the endpoint that has it"
        yield Found(reason, right, later.span)


@script_rule(
    "credential-prompt",
    Severity.NOTE,
    "A credential that a person has to type.",
    Example("Test-ImapConnectivity -MailboxCredential (Get-Credential)", "(Get-Credential)", target="endpoint"),
    in_shell=None,
    source="Microsoft Learn: about_Language_Modes; KB5001779, since which the Exchange endpoint is in no-language mode",
)
def credential_prompt(script: Script) -> Iterator[Found[Span]]:
    """Yield each (Get-Credential)."""
    for placed in script.commands:
        for field in parameters(type(placed.cmdlet)):
            if isinstance(getattr(placed.cmdlet, field), CredentialPrompt):
                reason = "the Exchange endpoint does not evaluate (Get-Credential)"
                right = "In Python, give the parameter a PSCredential before the command is sent"
                yield Found(reason, right, placed.span_of(field))


@script_rule(
    "nobody-confirms",
    Severity.WARNING,
    "A question that nobody can answer in a remote session.",
    Example("Set-ImapSettings -LoginType SecureLogin -Confirm", "-Confirm", target="endpoint"),
    in_shell=None,
    source="Microsoft Learn: Exchange cmdlet syntax, about_CommonParameters",
)
def nobody_confirms(script: Script) -> Iterator[Found[Span]]:
    """Yield what asks a question before it acts."""
    for placed in script.commands:
        if getattr(placed.cmdlet, "confirm", None) is True:
            yield Found("-Confirm asks before the change", "Leave it out", placed.span_of("confirm"))
        for field in _ACTIONS:
            if getattr(placed.cmdlet, field) is ActionPreference.Inquire:
                name = parameters(type(placed.cmdlet))[field].name
                yield Found(f"-{name} Inquire asks each time", "Write Stop or Continue", placed.span_of(field))
        if isinstance(placed.cmdlet, NetStop) and not placed.cmdlet.yes:
            reason = "net stop asks before it stops services that depend on this one"
            yield Found(reason, f"Write {NetStop(yes=True)}", placed.span)


@script_rule(
    "session-variable",
    Severity.ERROR,
    "A parameter that names a variable: an endpoint in no-language mode has no variables.",
    Example("Get-ImapSettings -OutVariable settings", "settings", target="endpoint"),
    in_shell=None,
    source="Microsoft Learn: about_Language_Modes; KB5001779, since which the Exchange endpoint is in no-language mode",
)
def session_variable(script: Script) -> Iterator[Found[Span]]:
    """Yield the common parameters that the Exchange endpoint refuses."""
    for placed in script.commands:
        for field in sorted(NAMES_VARIABLES) if placed.cmdlet.endpoint is Endpoint.EXCHANGE else ():
            if getattr(placed.cmdlet, field) is not UNSET:
                name = parameters(type(placed.cmdlet))[field].name
                reason = f"the Exchange endpoint has no variables, and refuses -{name}"
                right = "Leave it out: the reply has the records, the errors and the warnings"
                yield Found(reason, right, placed.span_of(field))


@script_rule(
    "format-before-the-end",
    Severity.ERROR,
    "A pipe after Format-List, which returns text to display and not objects.",
    Example("Get-ImapSettings | Format-List | Set-ImapSettings -LoginType SecureLogin", "Format-List"),
    source="Microsoft Learn: Format-List",
)
def format_before_the_end(script: Script) -> Iterator[Found[Span]]:
    """Yield each Format-List that another command follows."""
    for placed in script.commands:
        if isinstance(placed.cmdlet, FormatList) and not placed.last:
            yield Found("Format-List returns text to display, not objects", "Put it last", placed.span)


@script_rule(
    "wildcard-identity",
    Severity.ERROR,
    "A wildcard where the name of one object is needed.",
    Example('Set-ReceiveConnector "Client Frontend*" -Fqdn mail.contoso.com', '"Client Frontend*"'),
    source="Microsoft Learn: Set-ReceiveConnector (-Identity)",
)
def wildcard_identity(script: Script) -> Iterator[Found[Span]]:
    """Yield each Set-ReceiveConnector that does not name one connector."""
    for placed in script.commands:
        identity = getattr(placed.cmdlet, "identity", None)
        if isinstance(placed.cmdlet, SetReceiveConnector) and isinstance(identity, str) and set(identity) & set("*?"):
            right = "Write the name of one connector, such as 'MBX01\\Client Frontend MBX01'"
            yield Found(f"{identity!r} is not the name of one connector", right, placed.span_of("identity"))
