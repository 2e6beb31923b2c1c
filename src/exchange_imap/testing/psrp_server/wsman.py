"""Read WSMan requests, and write answers and faults. This module does not know the content of shells.

Source: [MS-WSMV], and pypsrp 0.9 as a client. Codes and texts of faults are those of Windows.
"""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from typing import Final
from xml.sax.saxutils import escape

import attrs

__all__ = [
    "MALFORMED",
    "NAMESPACES",
    "Request",
    "WSManFault",
    "aborted",
    "answer",
    "command_exists",
    "disconnected",
    "fault_answer",
    "malformed",
    "no_such_command",
    "no_such_shell",
    "not_supported",
    "put_off",
    "seconds",
    "timed_out",
    "too_large",
    "too_many_commands",
    "too_many_shells",
    "wrong_resource",
]

NAMESPACES: Final = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "x": "http://schemas.xmlsoap.org/ws/2004/09/transfer",
    "n": "http://schemas.xmlsoap.org/ws/2004/09/enumeration",
    "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
    "cfg": "http://schemas.microsoft.com/wbem/wsman/1/config",
    "rsp": "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
    "pwsh": "http://schemas.microsoft.com/powershell",
}
_DECLARED: Final = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())

MALFORMED: Final = 2150858819
"""The code of a fault for an unreadable request."""
_REFUSED: Final = "The WS-Management service cannot process the request."

_ENVELOPE_ROOM: Final = 3072
"""The most bytes of an answer besides its streams."""
_SMALLEST_ENVELOPE: Final = 153600
_LONGEST_WAIT: Final = 60.0


@attrs.frozen
class WSManFault(Exception):  # noqa: N818 - WSMan's term
    """A fault, which the server returns instead of an answer."""

    code: int
    reason: str


def malformed(what: str) -> WSManFault:
    """Refuse an unreadable request."""
    return WSManFault(MALFORMED, f"{_REFUSED} {what}")


def not_supported(action: str) -> WSManFault:
    """Refuse an unknown action."""
    return WSManFault(2150858754, f"The action {action} is not supported by the service.")


def wrong_resource(resource: str) -> WSManFault:
    """Refuse a configuration that is not at this path."""
    text = f"{_REFUSED} The resource URI ({resource}) was not found in the WS-Management catalog."
    return WSManFault(2150858811, text)


def no_such_shell(shell_id: str) -> WSManFault:
    """Refuse a request for a shell that does not exist, or no longer exists."""
    text = (
        f"The request for the Windows Remote Shell with ShellId {shell_id} failed because the shell was not found on "
        "the server. Possible causes are: the specified ShellId is incorrect or the shell no longer exists on the "
        "server. Provide the correct ShellId or create a new shell and retry the operation."
    )
    return WSManFault(2150858843, text)


def no_such_command(command_id: str) -> WSManFault:
    """Refuse a request for a command that is not in the shell."""
    text = f"The Windows Remote Shell received a request for the command identifier {command_id}, which does not exist."
    return WSManFault(2150858843, text)


def command_exists(command_id: str) -> WSManFault:
    """Refuse a second command with the same identifier."""
    return malformed(f"There is a command {command_id} in the shell already.")


def disconnected(shell_id: str) -> WSManFault:
    """Refuse a request for a disconnected shell."""
    text = f"The shell {shell_id} is disconnected: reconnect to it before any other operation."
    return WSManFault(2150859204, text)


def timed_out() -> WSManFault:
    """Say that there is no data yet."""
    text = "The WS-Management service cannot complete the operation within the time specified in OperationTimeout."
    return WSManFault(2150858793, text)


def aborted(code: int, text: str | None) -> WSManFault:
    """Say that the operation was aborted, with any code and text: those of Windows for code 995 unless stated."""
    ours = "The I/O operation has been aborted because of either a thread exit or an application request."
    return WSManFault(code, ours if text is None else text)


def too_large(limit: int) -> WSManFault:
    """Refuse an envelope beyond the limit, in KB."""
    return WSManFault(2150858790, f"{_REFUSED} The envelope is larger than the maximum of {limit} KB.")


def too_many_shells(limit: int) -> WSManFault:
    """Refuse a shell beyond the account's limit."""
    text = (
        f"{_REFUSED} This user is allowed a maximum number of {limit} concurrent shells, which has been exceeded. "
        "Close existing shells or raise the quota for this user."
    )
    return WSManFault(2150859173, text)


def too_many_commands() -> WSManFault:
    """Refuse a command beyond the shell's limit."""
    text = (
        f"{_REFUSED} The maximum number of concurrent commands per shell has been exceeded. "
        "Retry the request later or raise the Maximum Commands per Shell quota."
    )
    return WSManFault(2150859241, text)


def put_off(requests: int, seconds: float, wait: float) -> WSManFault:
    """Tell the account to ``wait`` so many seconds: it has used its ``requests`` of the last ``seconds``."""
    text = (
        f"{_REFUSED} The user load quota of {requests} requests per {seconds:g} seconds has been exceeded. "
        "Send future requests at a slower rate or raise the quota for this user. "
        f"The next request from this user will not be approved for at least {round(wait * 1000)} milliseconds."
    )
    return WSManFault(2150859175, text)


@attrs.frozen(kw_only=True)
class Request:
    """The parts of a request that the server uses."""

    action: str
    action_uri: str
    message_id: str
    resource: str
    shell_id: str
    room: int
    """The bytes of base64 that fit into an answer."""
    patience: float
    """Seconds for which the client lets the server hold the request."""
    body: ET.Element

    @classmethod
    def read(cls, soap: bytes) -> Request:
        """Read an envelope. Raises :class:`WSManFault` for an invalid one."""
        try:
            root = ET.fromstring(soap)  # noqa: S314 - from the test's own client
        except ET.ParseError as error:
            raise malformed(f"The request contains XML that is not valid: {error}") from error
        uri = _header(root, "a:Action")
        body = root.find("s:Body", NAMESPACES)
        return cls(
            action=uri.rsplit("/", 1)[-1],
            action_uri=uri,
            message_id=_header(root, "a:MessageID"),
            resource=_header(root, "w:ResourceURI"),
            shell_id=root.findtext(".//w:Selector[@Name='ShellId']", "", NAMESPACES).upper(),
            room=_size(_header(root, "w:MaxEnvelopeSize")) - _ENVELOPE_ROOM,
            patience=seconds(_header(root, "w:OperationTimeout"), _LONGEST_WAIT),
            body=next(iter(() if body is None else body), ET.Element("nothing")),
        )

    def text(self, path: str) -> str:
        """Return the text at a path of the body; an empty text if there is none."""
        return self.body.findtext(path, "", NAMESPACES)


def _header(root: ET.Element, name: str) -> str:
    return root.findtext(f"s:Header/{name}", "", NAMESPACES).strip()


def _size(text: str) -> int:
    return max(int(text), _SMALLEST_ENVELOPE) if text.isdecimal() else _SMALLEST_ENVELOPE


def seconds(duration: str, otherwise: float) -> float:
    """Read a duration of seconds, the only one that clients write."""
    found = re.fullmatch(r"PT([0-9]+(?:\.[0-9]+)?)S", duration)
    return float(found[1]) if found else otherwise


def _envelope(action: str, message_id: str, body: str) -> bytes:
    return (
        f"<s:Envelope {_DECLARED}><s:Header><a:Action>{escape(action)}</a:Action>"
        f"<a:MessageID>uuid:{str(uuid.uuid4()).upper()}</a:MessageID>"
        f"<a:RelatesTo>{escape(message_id)}</a:RelatesTo></s:Header><s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def answer(request: Request, body: str) -> bytes:
    """Write the answer to a request."""
    return _envelope(f"{request.action_uri}Response", request.message_id, body)


def fault_answer(message_id: str, fault: WSManFault) -> bytes:
    """Write a fault."""
    reason = escape(fault.reason)
    body = (
        "<s:Fault><s:Code><s:Value>s:Receiver</s:Value><s:Subcode><s:Value>w:InternalError</s:Value></s:Subcode></s:Code>"
        f'<s:Reason><s:Text xml:lang="en-US">{reason}</s:Text></s:Reason><s:Detail>'
        f'<f:WSManFault Code="{fault.code}" Machine="127.0.0.1"><f:Message>{reason}</f:Message></f:WSManFault>'
        "</s:Detail></s:Fault>"
    )
    return _envelope(f"{NAMESPACES['w'].rpartition('/')[0]}/fault", message_id, body)
