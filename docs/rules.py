"""What `check_script` looks for, with an example of each rule: `docs/rules.md` is written by this file.

`python docs/rules.py --write` writes it again; a test holds it against what the library says now.
"""

from __future__ import annotations

import sys
from pathlib import Path

import exchange_imap as xi
from exchange_imap._rules.every import RULES
from exchange_imap._rules.registry import Rule
from exchange_imap.testing import NewServer

PAGE = Path(__file__).with_name("rules.md")
HEAD = """# What a script is checked for

Made by `docs/rules.py` from the library itself: every finding here is the real one. `check_script` reads every
statement of a text that can be read and says what is wrong or risky, where, why, and what would be right; nothing is
sent. A finding's `rule` is stable: match on it. The rules about settings are also those of `Plan.warnings`.

| severity | means |
|---|---|
| error | it cannot run: PowerShell, the server, or an endpoint in no-language mode refuses it |
| warning | it runs, but the result is probably not what you want |
| note | it runs under some conditions only, or could not be checked |

`check_script(text, target="endpoint")` checks for an endpoint in no-language mode, which is what remote clients use.
Without `target` the script is checked for the Management Shell on the server, where variables and statements run.
"""


SETTINGS = NewServer("MBX01").settings
_ORDER = [xi.Severity.ERROR, xi.Severity.WARNING, xi.Severity.NOTE]


def finding(rule: Rule) -> xi.ScriptFinding:
    """Return what is found of the rule in its example."""
    example = rule.example
    settings = SETTINGS if example.new_server else None
    findings = xi.check_script(example.script, target=example.target, endpoint=example.endpoint, settings=settings)
    return next(found for found in findings if found.rule == rule.id)


def severity(rule: Rule) -> str:
    """Say how bad it is, and what the Management Shell makes of it."""
    if rule.in_shell is rule.severity:
        return f"{rule.severity.value}."
    return f"{rule.severity.value}; in the Management Shell {rule.in_shell.value if rule.in_shell else 'nothing'}."


def section(rule: Rule) -> str:
    """Write one rule: what it looks for, and an example."""
    example = rule.example
    known = f" at {example.endpoint.value}" if example.endpoint else " for a new server" if example.new_server else ""
    known = " at an endpoint" if example.target == "endpoint" else known
    said = f"```text\n{finding(rule)}\n```\n"
    return f"## {rule.id}\n\n{severity(rule)} {rule.about} Found{known}:\n\n{said}"


def page() -> str:
    """Write the page."""
    rules = sorted(RULES.values(), key=lambda rule: _ORDER.index(rule.severity))
    return "\n".join((HEAD, *map(section, rules)))


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page())
