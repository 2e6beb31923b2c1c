"""What is sent means what the text means: PowerShell itself is asked to bind both."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any

from pypsrp.serializer import Serializer

import exchange_imap as xi
from exchange_imap._transports.psrp.encoding import encode
from support.bound import Bindable
from support.judge import Answer, RecordProperty, ask, count, needs_judge, report

pytestmark = needs_judge


def question(command: xi.Command) -> dict[str, Any]:
    """Ask about a command as it is sent."""
    (((name, arguments),),) = encode([xi.Pipeline((command,))])
    return {"commands": [{"name": name, "parameters": [[each, _clixml(value)] for each, value in arguments]}]}


def _clixml(value: object) -> str:
    element = Serializer().serialize(value)
    assert element is not None
    return ET.tostring(element, encoding="unicode")


def asks(cmdlet: xi.Cmdlet) -> bool:
    """Say whether the shell would ask for something, which cannot be sent."""
    return "(Get-Credential" in str(cmdlet)


def received(answer: Answer) -> list[tuple[str, Any]]:
    """Return what each command received; one value alone is to a list what a list of one is."""
    return [(each["command"], {n: _bare(v) for n, v in each["parameters"].items()}) for each in answer["bound"]]


def _bare(value: Any) -> Any:
    match value:
        case {"type": "Hashtable", "value": entries}:
            return {key["value"]: _bare(item) for key, item in entries}
        case {"type": "Object[]" | "String[]" | "ArrayList", "value": [only]}:
            return _bare(only)
        case {"type": "Object[]" | "String[]" | "ArrayList", "value": items}:
            return [_bare(item) for item in items]
    return value


def test_powershell_receives_the_same_from_the_text_and_from_the_wire(record_property: RecordProperty) -> None:
    """Value by value, with their types in .NET, for every cmdlet and kind of value."""
    make = Bindable(51)
    cmdlets = [cmdlet for cmdlet in (make.any_cmdlet() for _ in range(count())) if not asks(cmdlet)]
    texts = ask("bind", ({"text": str(cmdlet)} for cmdlet in cmdlets))
    wires = ask("bind", (question(cmdlet.to_command()) for cmdlet in cmdlets))

    wrong = [
        f"{cmdlet}\n  text {text}\n  wire {wire}"
        for cmdlet, text, wire in zip(cmdlets, texts, wires, strict=True)
        if received(text) != received(wire) or text["errors"] or wire["errors"]
    ]

    record_property("figure", report("text and wire", len(cmdlets), len(wrong)))
    assert not wrong, "\n".join(wrong[:10])
