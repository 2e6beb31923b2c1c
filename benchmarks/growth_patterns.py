"""Inputs of any size, to find what grows faster than its input: each pattern makes a text of about n characters."""

from __future__ import annotations

import json
from collections.abc import Callable

Pattern = Callable[[int], str]
HEAD = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">'


def repeated(part: str, before: str = "", behind: str = "") -> Pattern:
    """Make a pattern of one part again and again."""
    return lambda n: before + part * (n // len(part)) + behind


def numbered(part: str, before: str = "", behind: str = "") -> Pattern:
    """Make a pattern of parts that differ by a number, where ``part`` has a brace for it."""
    return lambda n: before + "".join(part.format(number) for number in range(n // len(part))) + behind


def doubled(n: int) -> str:
    """Refer to each object twice from the next: what it says doubles with every level."""
    levels = range(1, n // 70)
    lists = "".join(f'<Obj RefId="{i}"><LST><Ref RefId="{i - 1}"/><Ref RefId="{i - 1}"/></LST></Obj>' for i in levels)
    return f'{HEAD}<Obj RefId="0"><LST><S>x</S></LST></Obj>{lists}</Objs>'


def table(key: str) -> Pattern:
    """Make a CLIXML dictionary with such keys; ``{0}`` is a number, and ``{1}`` one of those that hash alike."""
    entry = f"<En>{key}<S N='Value'>x</S></En>"

    def make(n: int) -> str:
        entries = "".join(entry.format(i, i * (2**61 - 1)) for i in range(n // len(entry)))
        return f"{HEAD}<Obj RefId='a'><DCT>{entries}</DCT></Obj></Objs>"

    return make


def halves(before: str, first: str, between: str, second: str, behind: str) -> Pattern:
    """Make CLIXML of many of one part, then many of another."""
    return lambda n: f"{HEAD}{before}{numbered(first)(n // 2)}{between}{numbered(second)(n // 2)}{behind}</Objs>"


LINE = (
    'Set-ImapSettings -Server MBX01 -ExternalConnectionSettings "mail.contoso.com:993:SSL" -Banner Welcome\n'
    "Restart-Service MSExchangeIMAP4\n"
)
SET = "Set-ImapSettings "
TYPES = "<TN RefId='0'>" + "<T>System.Object</T>" * 3 + "</TN>"

PATTERNS: dict[str, Pattern] = {
    # commands
    "words": repeated("a ", SET),
    "one word": repeated("A"),
    "a long parameter name": repeated("a", SET + "-"),
    "a real script": repeated(LINE),
    "a script of wrong parameters": repeated("Set-ImapSettings -Bannner x\n"),
    "a script of unknown commands": repeated("Get-Whatever -Name x\n"),
    "statements on one line": repeated("Get-ImapSettings; "),
    "variables": repeated("$x\n"),
    "assignments": numbered("$a{} = 1\n"),
    "assignments that stay open": repeated("$a = @(\n"),
    "stray values": repeated("1,2,3\n"),
    "stray strings": repeated("'x'\n"),
    "NULs in a value": repeated("\0", f"{SET}-Banner '", "'"),
    "quotes in a value": repeated("''", f"{SET}-Banner '", "'"),
    "keys of a hashtable": numbered("a{}=1;", f"{SET}-SSLBindings @{{", "}"),
    "one key of a hashtable": repeated("a=1;", f"{SET}-SSLBindings @{{", "}"),
    "values of a list": repeated('"a.b:993:SSL",', f"{SET}-ExternalConnectionSettings ", '"a:993:SSL"'),
    "additions of a list": repeated('"a.b:993:SSL",', f"{SET}-ExternalConnectionSettings @{{Add=", '"a:993:SSL"}'),
    "lists in lists": repeated("@(", SET + "-SSLBindings "),
    "parameters again": repeated("-Banner x ", SET),
    "parameters with colons": repeated("-a:b ", SET),
    "switches": repeated("-WhatIf:$true ", SET),
    "dashes": repeated("\u2013", SET),
    "round brackets": repeated("("),
    "square brackets": repeated("["),
    "curly brackets": repeated("{"),
    "closing brackets": repeated(")}]"),
    "sub-expressions": repeated("$("),
    "if": repeated("if ($x) {\n"),
    "try": repeated("try { x } catch { }\n"),
    "single quotes": repeated("'"),
    "double quotes": repeated('"'),
    "curly quotes": repeated("\u201d\u2019"),
    "here-strings": repeated("@'\n"),
    "backticks": repeated("`"),
    "continuations": repeated("`\n", SET),
    "pipes": repeated("Get-ImapSettings | "),
    "bars": repeated("|"),
    "semicolons": repeated(";"),
    "commas": repeated(",", SET + "-Banner a"),
    "comments": repeated("# x\n"),
    "block comments": repeated("<# x #>"),
    "open block comments": repeated("<#"),
    "redirections": repeated("> a "),
    "dollars": repeated("$", SET + '-Banner "'),
    "digits": repeated("9"),
    "digits in a value": repeated("9", SET + "-MaxConnections "),
    "numbers": repeated("1e9 "),
    "blanks": repeated(" "),
    "blanks before a word": repeated(" ", SET, "x"),
    "line ends": repeated("\n"),
    "carriage returns": repeated("\r\n"),
    "placeholders": repeated("<Server> "),
    # printed values and objects
    "colons": repeated(":"),
    "dots and digits": repeated("1."),
    "addresses": repeated("[::]:993,"),
    "wildcards": repeated("*."),
    "printed properties": numbered("Name{} : value\n"),
    "one printed property": repeated("Name : value\n"),
    "a wrapped value": repeated("       and so on\n", "Name : x\n"),
    "a long printed line": repeated("x", "Name : "),
    "a printed list": repeated("a, ", "Name : {", "a}"),
    "printed braces": repeated("{", "Name : "),
    "printed objects": repeated("Name : x\nOther : y\n\n"),
    "wrapped lists": repeated("       a, b,\n", "Name : {a,\n", "       c}\n"),
    # JSON
    "JSON lists in lists": repeated("["),
    "JSON objects in objects": repeated('{"a":'),
    "JSON properties": numbered('"a{}":1,', "{", '"b":1}'),
    "JSON properties, one twice": numbered('"a{}":1,', "{", '"a0":1}'),
    "JSON objects": repeated('{"Name":"x","Status":4},', "[", "{}]"),
    "JSON numbers": repeated("1.5,", '{"a":[', "1]}"),
    "a JSON number": repeated("9", '{"a":', "}"),
    "a JSON fraction": repeated("9", '{"a":0.', "}"),
    "a JSON string": repeated("x", '{"a":"', '"}'),
    "JSON escapes": repeated("\\u000a", '{"a":"', '"}'),
    "JSON that was cut": repeated("[]", '{"a":"System.Object', 'x"}'),
    "JSON that was cut to a table": repeated("@{a=", '{"a":"', '"}'),
    "JSON time spans": repeated('{"Ticks":1,"TotalMilliseconds":1},', "[", "{}]"),
    # CLIXML
    "CLIXML strings": repeated("<S>x</S>", HEAD, "</Objs>"),
    "CLIXML objects": numbered(f'<Obj RefId="{{}}">{TYPES}<Props><S N="Name">x</S></Props></Obj>', HEAD, "</Objs>"),
    "CLIXML objects in objects": repeated("<Obj RefId='1'><LST>", HEAD),
    "CLIXML elements that stay open": repeated("<S>", HEAD),
    "CLIXML references that double": doubled,
    "CLIXML references to a list": repeated(
        "<Ref RefId='0'/>", f"{HEAD}<Obj RefId='0'><LST>{'<S>x</S>' * 1000}</LST></Obj>", "</Objs>"
    ),
    "CLIXML references to a text": halves(
        "<Obj RefId='0'><ToString>", "x", "</ToString></Obj>", "<Ref RefId='0'/>", ""
    ),
    "CLIXML references to type names": halves(
        "<Obj RefId='0'><TN RefId='0'>", "<T>x</T>", "</TN></Obj>", "<Obj RefId='1'><TNRef RefId='0'/></Obj>", ""
    ),
    "CLIXML references to nothing": repeated("<Ref RefId='7'/>", HEAD, "</Objs>"),
    "CLIXML references to what is not finished": repeated(
        "<Ref RefId='0'/>", f"{HEAD}<Obj RefId='0'><LST>", "</LST></Obj></Objs>"
    ),
    "CLIXML tables of texts": table("<S N='Key'>{0}</S>"),
    "CLIXML tables of numbers": table("<I32 N='Key'>{0}</I32>"),
    "CLIXML tables of numbers that hash alike": table("<D N='Key'>{1}</D>"),
    "CLIXML tables of objects": table("<Obj N='Key' RefId='{0}'><Props><I32 N='a'>{0}</I32></Props></Obj>"),
    "CLIXML tables of lists": table("<Obj N='Key' RefId='{0}'><LST><I32>{0}</I32></LST></Obj>"),
    "CLIXML tables of lists that hash alike": table("<Obj N='Key' RefId='{0}'><LST><D>{1}</D></LST></Obj>"),
    "CLIXML tables of one key": table("<S N='Key'>x</S>"),
    "CLIXML properties": numbered("<S N='a{}'>x</S>", f"{HEAD}<Obj RefId='a'><Props>", "</Props></Obj></Objs>"),
    "CLIXML parts of an object": repeated("<Props><S N='a'>x</S></Props>", f"{HEAD}<Obj RefId='a'>", "</Obj></Objs>"),
    "CLIXML properties and notes": halves(
        "<Obj RefId='0'><Props>", "<S N='a{}'>x</S>", "</Props><MS>", "<S N='A{}'>y</S>", "</MS></Obj>"
    ),
    "CLIXML escapes": repeated("_x000A_", f"{HEAD}<S>", "</S></Objs>"),
    "CLIXML underscores": repeated("_x", f"{HEAD}<S>", "</S></Objs>"),
    "CLIXML entities": repeated("&lt;", f"{HEAD}<S>", "</S></Objs>"),
    "CLIXML comments": repeated("<!-- x -->", HEAD, "</Objs>"),
    "CLIXML attributes": repeated("x", f"{HEAD}<S N='", "'>x</S></Objs>"),
    "a CLIXML number": repeated("9", f"{HEAD}<I64>", "</I64></Objs>"),
    "a CLIXML decimal": repeated("9", f"{HEAD}<D>", "</D></Objs>"),
    "a CLIXML time span": repeated("9", f"{HEAD}<TS>P", "D</TS></Objs>"),
    "a CLIXML byte array": repeated("AAAA", f"{HEAD}<BA>", "</BA></Objs>"),
}

EXCHANGE = {"command": "Get-ImapSettings", "reply": {"records": [], "errors": [], "warnings": [], "seconds": 1}}

LOG = "#Fields: cIp,user,command,parameters,context\n"


def recording(part: str) -> Pattern:
    """Make a recording with many of one part, a record."""

    def make(n: int) -> str:
        reply = {"records": [json.loads(part)] * (n // len(part)), "errors": [], "warnings": [], "seconds": 1}
        return json.dumps({"format": "exchange_imap recording 1", "exchanges": [{**EXCHANGE, "reply": reply}]})

    return make


def exchanges(n: int) -> str:
    """Make a recording of many short exchanges."""
    count = n // len(json.dumps(EXCHANGE))
    return json.dumps({"format": "exchange_imap recording 1", "exchanges": [EXCHANGE] * count})


def alike(n: int) -> str:
    """Make a recording with a table whose keys hash alike."""
    pairs = [[number * (2**61 - 1), 0] for number in range(n // 25)]
    reply = {"records": [{"value": {"pairs": pairs}}], "errors": [], "warnings": [], "seconds": 1}
    return json.dumps({"format": "exchange_imap recording 1", "exchanges": [{**EXCHANGE, "reply": reply}]})


FILES: dict[str, Pattern] = {
    "exchanges of a recording": exchanges,
    "records of a recording": recording('{"types": ["a"], "properties": {"a": 1}}'),
    "recorded texts": recording('{"value": "xxxxxxxxxxxxxxxx"}'),
    "recorded moments": recording('{"value": {"moment": "2026-01-02T00:00:00"}}'),
    "recorded decimals": recording('{"value": {"decimal": "1.5"}}'),
    "recorded keys that hash alike": alike,
    "lines of a log": repeated("10.1.1.70:1,kim,login,kim *****,R=OK\n", LOG),
    "users of a log": numbered("10.1.{0}.70:{0},u{0},noop,,ErrMsg={0}\n", LOG),
    "values of a line of a log": repeated(",", LOG),
    "quotes of a line of a log": repeated('"', LOG),
    "parts of a context": repeated('A="', f"{LOG}x,kim,noop,,", "\n"),
    "values of a context": repeated(";A=B", f"{LOG}x,kim,noop,,", "\n"),
    "backslashes of a login": repeated("\\", f"{LOG}x,kim,login,'", ",\n"),
    "blanks before a login": repeated(" ", f"{LOG}x,kim,", "login x y,,\n"),
    "names of a log": numbered("n{},", "#Fields: ", "\nx"),
}
