"""What check_script calls a mistake of syntax, held against PowerShell's own parser."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import exchange_imap as xi
from support.bound import Bindable
from support.judge import Answer, RecordProperty, ask, count, needs_judge, report
from support.texts import FRAGMENTS, Loose

pytestmark = needs_judge

_STATEMENTS = (
    "{0}",
    "$a = {0}",
    "$a = 5; {0}",
    "$a, $b = 1, 2\n{0}",
    "[int]$x = 3\n{0}",
    "$x.y = @{{a=1}}; {0}",
    "$h = @'\n x '\n'@\n{0}",
    "if ($a) {{ {0} }} else {{ {0} }}",
    "foreach ($s in $b) {{\n {0}\n}}",
    "for ($i=0; $i -lt 3; $i++) {{ {0} }}",
    "do {{ {0} }} while ($x)",
    "while ($true) {{ {0}; break }}",
    "switch ($x) {{ 'a' {{ {0} }} default {{ 1 }} }}",
    "try {{ {0} }} catch {{ }}",
    "try {{ {0} }}\ncatch [System.Exception] {{ {0} }} finally {{ {0} }}",
    "function f($x) {{ {0} }}",
    "param([string]$a)\n{0}",
    "return {0}",
    "throw 'x'\n{0}",
    "& {{ {0} }}",
    ". .\\x.ps1\n{0}",
    "({0}).Name",
    "-not $a; {0}",
    "'a','b' | {0}",
    "1..3 | {0}",
    "{0} | % {{ $_.Name }}",
    "{0} | Where-Object {{ $_.a -eq 'x' }} | {0}",
    '"$(Get-Date) x" | Out-File x; {0}',
    "{0} > x.txt",
    "{0} 2>&1",
    "{0} # note\n{0}",
    "<# a\n#> {0}",
    "{0} -A $x -B $($y.z) -C (Get-X) -D @($a,'b') -E {{ 1 }}",
)
_SYNTAX = {"syntax", "unclosed"}
# What a finding says that is no statement about syntax: in such a stretch no mistakes of syntax are looked for, and a
# placeholder or a prompt is a mistake that has a name of its own.
_OTHERWISE = {
    "evaluation",
    "expression",
    "filter-block",
    "misleading",
    "placeholder",
    "prompt",
    "redirection",
    "script-block",
    "statement",
}
# Windows PowerShell 5.1, for which scripts are checked, refuses them; the judge is PowerShell 7.
_ONLY_IN_7 = {"&", "&&", "||"}
# What is left, 7 of 5,000: a label glued to a quote (:a'b), a line end in ${...}, and a pipe at the beginning of a
# line, which only PowerShell 7 reads.
_MOST_WRONG = 0.003


def texts(seed: int, number: int) -> Iterator[str]:
    """Make scripts: commands in statements of the language, some with pieces in odd places."""
    loose, commands, chance = Loose(seed), Bindable(seed + 1), random.Random(seed + 2)  # noqa: S311 - no secret
    for _ in range(number):
        cmdlet = commands.any_cmdlet()
        command = chance.choice([loose.command(), str(cmdlet), commands.loosely(cmdlet), loose.script()])
        text = chance.choice(_STATEMENTS).format(command)
        if chance.random() < 0.3:
            text += chance.choice("\n;") + chance.choice(_STATEMENTS).format(command)
        for _ in range(chance.choice([0, 0, 1, 2])):
            place = chance.randrange(len(text) + 1)
            text = text[:place] + chance.choice(FRAGMENTS) + text[place + chance.choice([0, 0, 1, 2]) :]
        yield text


def _disagreement(text: str, answer: Answer) -> str:
    """Say how the findings of a text differ from what PowerShell's parser says; nothing where they do not."""
    findings = xi.check_script(text, target="endpoint")
    ours = {text[each.span.start : each.span.end] for each in findings if each.rule in _SYNTAX} - _ONLY_IN_7
    errors = {error["id"] for error in answer["errors"]} - {"InvalidUnicodeEscapeSequence"}
    if ours and not errors:
        return f"no error: {sorted(ours)}"
    if errors and not ours and not {each.rule for each in findings} & _OTHERWISE:
        return f"missed: {sorted(errors)}"
    return ""


def test_what_is_called_syntax_is_what_powershell_refuses(record_property: RecordProperty) -> None:
    """A finding says `syntax` or `unclosed` where its parser reports an error, and only there."""
    asked = [*texts(61, 4 * count(0.02))]
    answers = ask("parse", [{"text": text} for text in asked])
    compared = zip(asked, answers, strict=True)
    wrong = [(kind, text) for text, answer in compared if (kind := _disagreement(text, answer))]

    record_property("judge", report("findings", len(asked), len(wrong)))
    assert len(wrong) <= _MOST_WRONG * len(asked), (Counter(kind for kind, _ in wrong), wrong[:5])
