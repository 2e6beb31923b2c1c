"""Read any known command: a line becomes the typed cmdlet, a pipe a pipeline of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs

from .._entry import entry
from .._errors import CommandSyntaxError, InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.variables import VariableValue
from .._powershell.command import Pipeline
from .._powershell.masking import mask_secrets
from .._powershell.parser import parse_syntax
from .._powershell.plain import read_plain_line
from .._powershell.syntax import CommandSyntax, PipelineSyntax
from .._public import public
from .._span import Span
from .existing import exists
from .registry import cmdlet_names, cmdlets, find_class

__all__ = ["Script", "find_cmdlet", "is_modelled", "is_program", "named_as", "parse", "parse_script"]

_PROGRAM: Final = frozenset({"net", "net.exe"})
"""What is no cmdlet and is modelled all the same, in a module of its own."""
_INSTEAD = {
    "sc": "Start-Service, Stop-Service or Set-Service",
    "ft": "Format-List: a table does not tell whole values",
    "format-table": "Format-List: a table does not tell whole values",
}
_CLOSE = 0.8
"""How alike a slip of the fingers leaves two names; other verbs and nouns are less so."""
_LONGEST = 60
"""No command has a longer name, and comparing takes the square of its length."""


@public
class Script(tuple[Cmdlet | Pipeline, ...]):
    r"""The statements of a text, in order: a tuple whose ``str`` is the script, joined by semicolons.

    >>> str(parse_script("gsv MSExchangeIMAP4\nGet-ImapSettings"))
    'Get-Service MSExchangeIMAP4; Get-ImapSettings'
    """

    __slots__ = ()

    def __str__(self) -> str:
        return "; ".join(map(str, self))


@entry
def parse(text: str, variables: Mapping[str, VariableValue] | None = None) -> Cmdlet | Pipeline:
    """Read one command line, as typed or pasted, into its cmdlet, or several joined by ``|`` into a pipeline.

    Whatever PowerShell accepts without evaluating anything is read: any case, abbreviated names, every kind of
    quotes. ``variables`` has the value of each ``$name`` in the text: whatever the parameter takes that the variable
    stands behind, lists and an edit as a dict among them. Raises :class:`CommandSyntaxError`, which points at what is
    wrong and says what would be right.

    >>> parse("set-imapsettings -login securelogin")
    SetImapSettings(login_type=LoginType.SecureLogin)
    >>> str(parse("Set-ImapSettings -SSLBindings $edit", {"edit": {"Add": Binding("127.0.0.1", 993)}}))
    'Set-ImapSettings -SSLBindings @{Add="127.0.0.1:993"}'
    """
    return _read_plainly(text, variables) or _read_exactly(text, variables)


def _read_plainly(text: str, variables: Mapping[str, VariableValue] | None) -> Cmdlet | Pipeline | None:
    """Read a plain line; ``None`` for any other, and for one with a mistake.

    Secrets need not be masked first, because no error leaves this function: the exact reader makes it.
    """
    syntax = read_plain_line(text) if variables is None else None
    if syntax is None:
        return None
    try:
        return _read(syntax, text)
    except InvalidValueError:
        return None


def _read_exactly(text: str, variables: Mapping[str, VariableValue] | None) -> Cmdlet | Pipeline:
    script = parse_script(text, variables)
    if len(script) != 1:
        received = f"{len(script)} commands"
        source, whole = mask_secrets(text), Span(0, len(text))
        raise CommandSyntaxError("command", "one command", received, "Use parse_script.", source, whole)
    return script[0]


@entry
def parse_script(text: str, variables: Mapping[str, VariableValue] | None = None) -> Script:
    """Read any number of command lines, separated by ``;`` or line ends.

    Raises :class:`CommandSyntaxError`, whose place counts from the beginning of the whole text.

    >>> [type(each).__name__ for each in parse_script("Start-Service MSExchangeIMAP4; Get-ImapSettings | fl")]
    ['StartService', 'Pipeline']
    """
    syntax = parse_syntax(text, variables)
    return Script(_read(pipeline, syntax.source) for pipeline in syntax.pipelines)


def _read(pipeline: PipelineSyntax, source: str) -> Cmdlet | Pipeline:
    elements = tuple(_read_command(command, source, piped=place > 0) for place, command in enumerate(pipeline.commands))
    return elements[0] if len(elements) == 1 else Pipeline(elements)


def _read_command(command: CommandSyntax, source: str, *, piped: bool) -> Cmdlet:
    cls = find_cmdlet(command, source)
    return cls.from_syntax(named_as(cls, command), source, piped=piped)


def find_cmdlet(command: CommandSyntax, source: str) -> type[Cmdlet]:
    """Return the class of a command by its name or alias. Raises :class:`CommandSyntaxError` when there is none."""
    name = command.name.lower()
    if is_program(name):
        from .web import find_program  # noqa: PLC0415 - hardly any text has it

        return find_program(command, source)
    found = find_class(name)
    if found is None:
        hint, rule = _unknown(name)
        expected = "a command that is known here" if hint else f"one of {', '.join(cmdlets())}"
        raise CommandSyntaxError("command", expected, command.name, hint, source, command.name_span, rule)
    return found


def is_program(name: str) -> bool:
    """Say whether it is no cmdlet but a program, of which some uses are modelled: net.exe."""
    return name.lower() in _PROGRAM


def is_modelled(name: str) -> bool:
    """Say whether a command of that name, or alias, is known here."""
    return is_program(name) or find_class(name) is not None


def _unknown(name: str) -> tuple[str, str]:
    """Return what to say of a command that is not known here, and the rule: a slip in a name, or one that exists."""
    if name in _INSTEAD:
        return f"Write {_INSTEAD[name]}.", "unmodelled-command"
    hint = "" if exists(name) or len(name) > _LONGEST else _suggest(name)
    return hint, "unknown-command" if hint else "unmodelled-command"


def _suggest(name: str) -> str:
    """Say what an unknown command may have been meant to be, and never another protocol's."""
    names = cmdlet_names()
    known = [word for word in names if ("pop" in word) == ("pop" in name)]
    closest = max(known, key=lambda word: _likeness(name, word))
    return f"Did you mean {names[closest]}?" if _likeness(name, closest) else ""


def _likeness(name: str, word: str) -> float:
    """Say how alike two names are, and 0 where they are not: verb and noun apart, for another verb is no slip."""
    parts = zip(name.split("-", 1), word.split("-", 1), strict=False) if "-" in name else [(name, word)]
    alike = [_ratio(*pair) for pair in parts]
    return sum(alike) if len(alike) > ("-" in name) and min(alike) >= _CLOSE else 0


def _ratio(part: str, other: str) -> float:
    """Say how alike two words are; those with the same letters, such as gte and get, are alike enough."""
    from difflib import SequenceMatcher  # noqa: PLC0415 - only a name that is not known needs it

    ratio = SequenceMatcher(None, part, other).ratio()
    return max(ratio, _CLOSE) if sorted(part) == sorted(other) else ratio


def named_as(cls: type[Cmdlet], command: CommandSyntax) -> CommandSyntax:
    """Write the cmdlet's own name for an alias of it; a program keeps its own."""
    name = command.name if is_program(command.name) else cls.cmdlet
    return command if command.name == name else attrs.evolve(command, name=name)
