"""A user's type checker sees every public name with a type of its own."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

import exchange_imap as xi
from exchange_imap import testing
from exchange_imap._cmdlets.registry import cmdlets, snapshots

API = Path(__file__).with_name("api.py")
# The classes that people hold, whose every method is shown.
HELD = (
    *(xi.ImapServer, xi.PsrpTransport, xi.ImapSettings, xi.SetImapSettings, xi.Plan, xi.Outcome, xi.Reply),
    *(xi.ScriptFinding, xi.CommandSyntaxError, xi.ConnectionSetting, xi.Record),
)
# What is for this package's own modules, and what every exception has.
INNER = {"build", "from_syntax", "objects", "hints", "default_set", "items", "properties", "value", "get"}
INNER |= {"add_note", "args", "with_traceback", "expected", "received", "field", "hint", "server", "after", "state"}
INNER |= {"pending", "with_field", "in_reply", "in_text", "written_by"}


def shown() -> set[str]:
    """Return every name and attribute that the file has."""
    tree = ast.walk(ast.parse(API.read_text(encoding="utf-8")))
    return {node.attr if isinstance(node, ast.Attribute) else "" for node in tree}


def test_every_public_name_is_shown_to_the_type_checker() -> None:
    """But cmdlets and snapshots, of which each attribute is shown below."""
    declared = {cls.__name__ for cls in (*cmdlets().values(), *snapshots().values())}

    assert {*dir(xi), *dir(testing)} - declared - shown() == set()


@pytest.mark.parametrize("cls", HELD, ids=lambda cls: cls.__name__)
def test_every_method_that_people_call_is_shown(cls: type) -> None:
    """And every attribute that they read, but the many that are a cmdlet's parameters and a snapshot's properties."""
    fields = {field.name for field in attrs.fields(cls)} if issubclass(cls, xi.Cmdlet | xi.Snapshot) else set()
    public = {name for name in dir(cls) if not name.startswith("_")}

    assert public - fields - INNER - shown() == set()


def checked(folder: Path, text: str) -> str:
    """Return what mypy says of a user's file, in a folder that knows nothing of this project."""
    file = folder / "user.py"
    file.write_text(text, encoding="utf-8")
    package = str(Path(inspect.getfile(xi)).parents[1])
    environment = {**os.environ, "MYPYPATH": package, "MYPY_CACHE_DIR": str(folder / "cache")}
    command = [sys.executable, "-m", "mypy", "--strict", "--follow-imports=silent", "--no-color-output", str(file)]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert not done.stderr, done.stderr
    return done.stdout


def attributes() -> Iterator[str]:
    """Yield an expression for each public attribute of each public class."""
    for module, names in (("xi", dir(xi)), ("testing", dir(testing))):
        package = importlib.import_module({"xi": "exchange_imap", "testing": "exchange_imap.testing"}[module])
        for name in names:
            value = getattr(package, name)
            if isinstance(value, type) and not issubclass(value, tuple | dict):
                own = {*dir(value), *(field.name for field in (attrs.fields(value) if attrs.has(value) else ()))}
                yield from (f"{module}.{name}.{each}" for each in sorted(own) if not each.startswith("_"))


# What every exception of Python has.
INHERITED = "args"


# Of what the classes that take a type are made here.
GENERIC = {"xi.ListEdit": "[str]", "xi.PartialSnapshot": "[xi.ImapSettings]", "xi.ByName": "[xi.CASMailbox]"}
# Whose fields are another class's, which no checker can say: each is its own type, or Unset.
FIELDS_OF_ANOTHER = {"xi.PartialSnapshot"}


def test_no_public_attribute_is_untyped(tmp_path: Path) -> None:
    """Every one of every class is something to a user's checker; a misspelt one is an error."""
    instances = sorted({expression.rpartition(".")[0] for expression in attributes()})
    lines = ["import exchange_imap as xi", "from exchange_imap import testing"]
    for number, cls in enumerate(instances):
        names = [expression.rpartition(".")[2] for expression in attributes() if expression.rpartition(".")[0] == cls]
        kind = cls + GENERIC.get(cls, "")
        lines.append(f"def f{number}(x: {kind}) -> None:")
        lines += [f"    reveal_type(x.{name})  # {cls}.{name}" for name in names]
        lines += [f"    x.{names[0]}s_misspelt"]
    text = "\n".join(lines) + "\n"

    said = checked(tmp_path, text)

    revealed = re.findall(r"user\.py:(\d+): note: Revealed type is \"(.*)\"", said)
    untyped = {lines[int(line) - 1].rpartition("# ")[2]: kind for line, kind in revealed if re.search(r"\bAny\b", kind)}
    assert {name: kind for name, kind in untyped.items() if name.rpartition(".")[2] != INHERITED} == {}
    assert len(revealed) == len([*attributes()])
    assert said.count("s_misspelt") == len({*instances} - FIELDS_OF_ANOTHER)


# What an annotation calls several types by.
ALIASES = {"Credential": {"PSCredential", "CredentialPrompt"}}


def members(kind: ast.expr) -> frozenset[object]:
    """Return the members of a union, each with what is in its brackets; names without their modules."""
    match kind:
        case ast.BinOp(left=left, right=right):
            return members(left) | members(right)
        case ast.Subscript(value=value, slice=ast.Tuple(elts=inner)):
            return frozenset({(members(value), *map(members, inner))})
        case ast.Subscript(value=value, slice=inner):
            return frozenset({(members(value), members(inner))})
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return frozenset(ALIASES.get(name, {name}))
    return frozenset({ast.unparse(kind)})


def revealed_parameters(said: str) -> dict[str, tuple[frozenset[object], bool]]:
    """Return what mypy says of each parameter of a constructor: its type, and whether it may be left out."""
    written = re.sub(r" =(?=[,)])", " = ...", said.replace("def (", "def f(", 1))
    (made,) = ast.parse(f"{written}: ...").body
    assert isinstance(made, ast.FunctionDef)
    each = zip(made.args.kwonlyargs, made.args.kw_defaults, strict=True)
    return {arg.arg: (members(arg.annotation), default is not None) for arg, default in each if arg.annotation}


def signature_parameters(cls: type) -> dict[str, tuple[frozenset[object], bool]]:
    """Return what ``inspect.signature`` says of each."""
    each = inspect.signature(cls).parameters.values()
    return {p.name: (members(ast.parse(p.annotation, mode="eval").body), p.default is not p.empty) for p in each}


def test_signature_and_type_checker_agree_on_every_parameter(tmp_path: Path) -> None:
    """Of every cmdlet and snapshot: its name, its type, and whether it may be left out."""
    names = sorted({cls.__name__ for cls in (*cmdlets().values(), *snapshots().values())})
    said = checked(tmp_path, "\n".join(["import exchange_imap as xi", *(f"reveal_type(xi.{name})" for name in names)]))

    revealed = re.findall(r"note: Revealed type is \"(def .*)\"", said)

    assert len(revealed) == len(names)
    for name, kind in zip(names, revealed, strict=True):
        assert revealed_parameters(kind) == signature_parameters(getattr(xi, name)), name
