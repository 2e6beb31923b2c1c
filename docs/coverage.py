"""What is modelled, and where each part of it is tested: `docs/coverage.md` is written by this file from the classes.

`python docs/coverage.py --write` writes it again; a test holds it against what the library has now.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlets, snapshots
from exchange_imap._model.common_parameters import CommonParameters
from exchange_imap._model.declaration import described, own_parameters, parameters, properties, required, shown_default
from exchange_imap._model.specs import ParameterSpec, PropertySpec
from exchange_imap._plan.resource import Resource, resources
from exchange_imap.testing.handlers import handler_of

PAGE = Path(__file__).with_name("coverage.md")
FIXTURES = Path(__file__).parents[1] / "tests" / "fixtures"
VERSIONS = {xi.Endpoint.EXCHANGE: "2016, 2019, SE", xi.Endpoint.WINDOWS: "Windows PowerShell 5.1"}
TABLE = "| parameter | takes | | versions | lines | loose |\n|---|---|---|---|---|---|"
COMMON = """Every cmdlet has them. They are part of a command, and of no desired state; one that names a variable
is refused by the Exchange endpoint, which has none."""
HEAD = """# Coverage

Made by `docs/coverage.py` from the classes and the fixtures. Every parameter that the documentation has for Exchange
2016, 2019 and Subscription Edition is here, but for the ones that take only objects of a pipe (`-InputObject` of the
service cmdlets and Format-List, `-Instance` of Get-ExchangeCertificate): no text holds an object. None of the three
versions has one that another lacks. A test compares with the documented table, name by name, with aliases, positions
and parameter sets.

Where a parameter is tested: *lines* counts the [command lines](../tests/fixtures/identity.ps1) with it that print
themselves, *loose* the [loose texts](../tests/fixtures/canonical.ps1) with it that are written in one form, each asked
of PowerShell as well. Every parameter takes part in the laws (text, dict and JSON read back the same, for any
value) and in the commands that are generated and bound by PowerShell from our text and from what is sent. *Fake* says
whether the fake server, and so the contract tests of every transport, runs the cmdlet.
"""


PLANS = """The parts of a desired state, in the order in which a plan changes them. What a desired state states of one
is planned, or refused with the reason."""


@attrs.frozen
class Uses:
    """How many lines of each fixture have a parameter."""

    lines: Counter[tuple[str, str]]
    loose: Counter[tuple[str, str]]


def commands(text: str) -> Iterator[xi.Command]:
    """Return the commands of a line, one or those of a pipe."""
    read = xi.parse(text)
    yield from read.commands if isinstance(read, xi.Pipeline) else (read.to_command(),)


def counted(texts: Iterable[str]) -> Counter[tuple[str, str]]:
    """Count the texts that have each parameter."""
    return Counter(
        use for text in texts for use in {(c.name, p.name) for c in commands(text) for p in (*c.parameters, _NONE)}
    )


_NONE = xi.Parameter("")


def uses() -> Uses:
    """Read the fixtures."""
    lines = (FIXTURES / "identity.ps1").read_text(encoding="utf-8").split("\n")
    entries = (FIXTURES / "canonical.ps1").read_bytes().decode("utf-8").split("\n\n")
    loose = (entry.partition("\n#> ")[0] for entry in entries if "\n#> " in entry)
    return Uses(counted(line for line in lines if line and not line.startswith("#")), counted(loose))


def takes(spec: ParameterSpec | PropertySpec) -> str:
    """Say in words what a parameter takes, or a property holds."""
    return described(spec).replace("|", "\\|").replace("<", "&lt;")


def row(cmdlet: str, spec: ParameterSpec, found: Uses, versions: str) -> str:
    """Write one parameter."""
    notes = [*(f"alias {alias}" for alias in spec.aliases), *(["required"] if spec.mandatory else [])]
    notes += [f"position {spec.position}"] if spec.position is not None else []
    notes += [f"default {shown_default(spec.new)}"] if spec.new is not xi.UNSET else []
    use = (cmdlet, spec.name)
    lines, loose = found.lines[use] or "-", found.loose[use] or "-"
    return f"| {spec.name} | {takes(spec)} | {', '.join(notes)} | {versions} | {lines} | {loose} |"


def cmdlet_section(cls: type[xi.Cmdlet], found: Uses) -> str:
    """Write one cmdlet."""
    versions = VERSIONS[cls.endpoint]
    fake = "yes" if handler_of(cls) else "no"
    rows = [row(cls.cmdlet, spec, found, versions) for spec in own_parameters(cls).values()]
    lines = found.lines[cls.cmdlet, ""]
    said = f"`{cls.__name__}`. {cls.endpoint.value} endpoint. Fake: {fake}. {lines} lines."
    return "\n".join((f"### {cls.cmdlet}", "", said, "", TABLE, *rows, ""))


def common_section(found: Uses) -> str:
    """Write the parameters that every cmdlet has, with the uses of all."""
    every = Uses(*(Counter(("", name) for _, name in use.elements()) for use in (found.lines, found.loose)))
    rows = [row("", spec, every, VERSIONS[xi.Endpoint.WINDOWS]) for spec in parameters(CommonParameters).values()]
    return "\n".join(("### Common parameters", "", COMMON, "", TABLE, *rows, ""))


def property_row(field: str, spec: PropertySpec, needed: set[str]) -> str:
    """Write one property."""
    notes = [*(["always there"] if field in needed else []), *(["settable"] if spec.writable else [])]
    return f"| {spec.name} | `{field}` | {takes(spec)} | {', '.join(notes)} |"


def snapshot_section(cls: type[xi.Snapshot]) -> str:
    """Write one snapshot."""
    head = "| property | field | holds | |\n|---|---|---|---|"
    rows = [property_row(field, spec, required(cls)) for field, spec in properties(cls).items()]
    return "\n".join((f"### {cls.__name__}", "", head, *rows, ""))


def plan_section() -> str:
    """Write what a plan changes: a line for each resource, in the order of its steps."""
    head = "| part | stated by | commands of the steps | properties | read when these start |\n|---|---|---|---|---|"
    rows = [plan_row(each) for each in resources()]
    return "\n".join(("## What a plan changes", "", PLANS, "", head, *rows, ""))


def plan_row(found: Resource) -> str:
    """Write one resource."""
    specs = own_parameters(found.states)
    planned = [spec.name for field, spec in specs.items() if field in found.planned]
    others = [spec.name for field, spec in specs.items() if field not in found.planned]
    stated = ", ".join(planned) if len(planned) <= len(others) or not others else f"all but {', '.join(others)}"
    commands = ", ".join(sorted(cls.cmdlet for cls in found.sends))
    return f"| `{found.key}` | {found.states.cmdlet} | {commands} | {stated} | {', '.join(found.read_by)} |"


def page() -> str:
    """Write the page."""
    found = uses()
    number = sum(len(own_parameters(cls)) for cls in cmdlets().values())
    fields = sum(len(properties(cls)) for cls in snapshots().values())
    told = (
        f"{len(cmdlets())} cmdlets with {number} parameters; {len(snapshots())} snapshots with {fields} properties.\n"
    )
    held = (
        "Each is read from a record, printed `Format-List` text, an `Export-Clixml` file, `ConvertTo-Json` and a dict, "
        "and the laws say that each of these reads back the same, for any value.\n"
    )
    sections = (cmdlet_section(cls, found) for cls in cmdlets().values())
    return "\n".join(
        (
            HEAD,
            told,
            "## Cmdlets\n",
            *sections,
            common_section(found),
            plan_section(),
            "## Snapshots\n",
            held,
            *map(snapshot_section, snapshots().values()),
        )
    )


if __name__ == "__main__":
    if "--write" in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    else:
        print(page())
