"""Every public name with its first line: `docs/reference.md` is written by this file.

`python docs/reference.py --write` writes it again; a test holds it against what the library has now.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path

import exchange_imap as xi
from exchange_imap import testing
from exchange_imap._names import MODULES

PAGE = Path(__file__).with_name("reference.md")
HEAD = """# Reference

Made by `docs/reference.py` from the library itself. `help(exchange_imap.SetImapSettings)` shows a name's whole
documentation, with what each parameter means, its range and its default.
"""
# Each section, and the parts of a module's name that belong to it.
ROOMS = {
    "One server": ("_server", "_apply", "_reading", "capabilities"),
    "Plans": ("_plan",),
    "Checking": ("_check", "_finding", "_rules", "_verify"),
    "What clients see": ("_probe", "_protocol_log"),
    "Reading commands": ("reading", "_model"),
    "Cmdlets and snapshots": ("_cmdlets",),
    "Values": ("_values",),
    "Commands, pipelines and records": ("_powershell",),
    "Transports": ("_transports",),
    "Errors": ("_span",),
}
TESTING = "Test your own tool"
SECTIONS = (*ROOMS, TESTING)
# What cannot carry a docstring of its own.
CONSTANTS = {
    "UNSET": ("Values", "Not stated: the parameter is left out and the server keeps what it has."),
    "IMAP4_SERVICE": ("Cmdlets and snapshots", "`MSExchangeIMAP4`: the front end that clients connect to."),
    "IMAP4_BACKEND_SERVICE": ("Cmdlets and snapshots", "`MSExchangeIMAP4BE`: where each session is forwarded to."),
    "IMAP4_SERVICES": ("Cmdlets and snapshots", "Both names, the front end first."),
    "testing": (TESTING, "The fake Exchange; loaded on first use."),
}


def line(name: str) -> tuple[str, str]:
    """Return the room of a public name, and its line."""
    if name in CONSTANTS:
        room, text = CONSTANTS[name]
        return room, f"- `{name}`: {text}"
    value = getattr(xi, name)
    return section(name, value), f"- `{name}`: {first_line(value)}"


def section(name: str, value: object) -> str:
    """Return the section of a public name: by what it is for an error, else by the module that has it."""
    if isinstance(value, type) and issubclass(value, xi.ExchangeImapError):
        return "Errors"
    return next(room for room, parts in ROOMS.items() if any(part in MODULES[name] for part in parts))


def first_line(value: object) -> str:
    """Return the first line of a docstring, its markup turned into Markdown's."""
    text = (inspect.getdoc(value) or "").partition("\n")[0]
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text).replace("``", "`")


def page() -> str:
    """Write the page."""
    lines = [line(name) for name in dir(xi)]
    lines += [(TESTING, f"- `testing.{n}`: {first_line(getattr(testing, n))}") for n in dir(testing)]
    sections = (f"## {room}\n\n" + "\n".join(text for of, text in lines if of == room) + "\n" for room in SECTIONS)
    return "\n".join((HEAD, *sections))


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page())
