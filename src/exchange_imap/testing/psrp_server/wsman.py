"""WSMan's envelopes: requests read, answers and faults written. Knows nothing of what is in them.

Source: MS-WSMV, and what pypsrp 0.9 sends and expects.
"""

from __future__ import annotations

import re
import uuid
import xml.etree.ElementTree as ET
from typing import Final
from xml.sax.saxutils import escape

import attrs

__all__ = [
    "NAMESPACES",
    "SHELL_GONE",
    "TIMED_OUT",
    "TOO_MANY_COMMANDS",
    "TOO_MANY_SHELLS",
    "WRONG_RESOURCE",
    "Request",
    "WSManFault",
    "answer",
    "fault_answer",
]

NAMESPACES: Final = {
    "s": "http://www.w3.org/2003/05/soap-envelope",
    "a": "http://schemas.xmlsoap.org/ws/2004/08/addressing",
    "w": "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd",
    "x": "http://schemas.xmlsoap.org/ws/2004/09/transfer",
    "f": "http://schemas.microsoft.com/wbem/wsman/1/wsmanfault",
    "cfg": "http://schemas.microsoft.com/wbem/wsman/1/config",
    "rsp": "http://schemas.microsoft.com/wbem/wsman/1/windows/shell",
    "pwsh": "http://schemas.microsoft.com/powershell",
}
_DECLARED: Final = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())

TIMED_OUT: Final = 2150858793
SHELL_GONE: Final = 2150858843
WRONG_RESOURCE: Final = 2150858811
TOO_MANY_SHELLS: Final = 2150859173
TOO_MANY_COMMANDS: Final = 2150859176
MALFORMED: Final = 2150858819
NOT_SUPPORTED: Final = 2150858754

_ENVELOPE_ROOM: Final = 3072
"""Bytes of an answer that are not its streams, at most."""
_SMALLEST_ENVELOPE: Final = 153600
_LONGEST_WAIT: Final = 60.0


@attrs.frozen
class WSManFault(Exception):  # noqa: N818 - WSMan's own word
    """What a server says instead of an answer."""

    code: int
    reason: str


@attrs.frozen(kw_only=True)
class Request:
    """The parts of a request that matter here."""

    action: str
    action_uri: str
    message_id: str
    resource: str
    shell_id: str
    room: int
    """Bytes of base64 that an answer may carry."""
    patience: float
    """Seconds for which the client lets the server hold the request."""
    body: ET.Element

    @classmethod
    def read(cls, soap: bytes) -> Request:
        """Read an envelope. Raises :class:`WSManFault` for what is none."""
        try:
            root = ET.fromstring(soap)  # noqa: S314 - from the test's own client
        except ET.ParseError as error:
            raise WSManFault(MALFORMED, f"The request contains XML that is not valid: {error}") from error
        uri = root.findtext("s:Header/a:Action", "", NAMESPACES).strip()
        body = root.find("s:Body", NAMESPACES)
        limit = int(root.findtext("s:Header/w:MaxEnvelopeSize", str(_SMALLEST_ENVELOPE), NAMESPACES))
        return cls(
            action=uri.rsplit("/", 1)[-1],
            action_uri=uri,
            message_id=root.findtext("s:Header/a:MessageID", "", NAMESPACES).strip(),
            resource=root.findtext("s:Header/w:ResourceURI", "", NAMESPACES).strip(),
            shell_id=root.findtext(".//w:Selector[@Name='ShellId']", "", NAMESPACES).upper(),
            room=limit - _ENVELOPE_ROOM,
            patience=_seconds(root.findtext("s:Header/w:OperationTimeout", "", NAMESPACES)),
            body=next(iter(() if body is None else body), ET.Element("nothing")),
        )

    def text(self, path: str) -> str:
        """Return the text at a path of the body; nothing where there is none."""
        return self.body.findtext(path, "", NAMESPACES)


def _seconds(duration: str) -> float:
    found = re.fullmatch(r"PT([\d.]+)S", duration.strip())
    return float(found[1]) if found else _LONGEST_WAIT


def _envelope(action: str, message_id: str, body: str) -> bytes:
    return (
        f"<s:Envelope {_DECLARED}><s:Header><a:Action>{action}</a:Action>"
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
