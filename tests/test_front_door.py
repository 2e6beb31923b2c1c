"""What the package shows, and what it costs to import."""

from __future__ import annotations

import ast
import copy
import enum
import inspect
import pickle
import pydoc
import runpy
import subprocess
import sys
import typing
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

import exchange_imap as xi
from exchange_imap import _values, testing
from exchange_imap._names import MODULES, TESTING_MODULES, VALUES_MODULES
from support import seeds

PACKAGES = {
    xi: MODULES,
    testing: {name: module.removeprefix("testing.") for name, module in TESTING_MODULES.items()},
}
LAZY = {**PACKAGES, _values: {name: module.removeprefix("_values.") for name, module in VALUES_MODULES.items()}}
"""The packages whose names are imported on first use, with the module of each name."""
FRONT_DOOR = Path(__file__).parents[1] / "docs" / "front_door.py"

HEAVY = ("pypsrp", "requests", "urllib3", "spnego", "cryptography", "tenacity", "pytest", "exchange_imap.testing")


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a statement loads in a fresh interpreter."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    """A program that only reads commands never pays for the network."""
    assert not loaded_by("import exchange_imap") & set(HEAVY)


def test_the_fake_loads_nothing_of_the_network_either() -> None:
    """It is plain Python."""
    assert not loaded_by("import exchange_imap as xi; xi.testing.FakeExchange") & set(HEAVY[:-1])


@pytest.mark.parametrize("package", [xi, testing], ids=["exchange_imap", "exchange_imap.testing"])
def test_what_a_package_names_is_what_it_holds(package: object) -> None:
    """``__all__`` is complete, and nothing public is beside it."""
    names = getattr(package, "__all__", [])
    held = {name for name, value in vars(package).items() if not name.startswith("_") and not inspect.ismodule(value)}

    assert all(hasattr(package, name) for name in names)
    assert held - {"annotations", "TYPE_CHECKING"} <= set(names)


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.__name__)
def test_dir_shows_the_public_names(package: ModuleType) -> None:
    assert dir(package) == sorted(package.__all__)


def test_importing_the_package_loads_the_table_of_names_alone() -> None:
    """What a program does not use it does not load."""
    before = loaded_by("pass")

    assert loaded_by("import exchange_imap") - before == {
        "exchange_imap",
        "exchange_imap._lazy",
        "exchange_imap._names",
    }


@pytest.mark.parametrize(("package", "name"), [(package, name) for package in LAZY for name in LAZY[package]])
def test_a_public_name_is_imported_on_first_use_and_kept(package: ModuleType, name: str) -> None:
    """From the module that the table says."""
    vars(package).pop(name, None)
    module = import_module(f"{package.__name__}.{LAZY[package][name]}")

    assert getattr(package, name) is (module if name == LAZY[package][name] else vars(module)[name])
    assert name in vars(package)


@pytest.mark.parametrize("package", LAZY, ids=lambda package: package.__name__)
def test_table_and_imports_say_the_same(package: ModuleType) -> None:
    """The table has each name once; the imports for type checkers have the same names and modules."""
    table = LAZY[package]
    tree = ast.parse(inspect.getsource(package))
    [checked] = [node for node in tree.body if isinstance(node, ast.If) and isinstance(node.test, ast.Name)]
    imports = [node for node in checked.body if isinstance(node, ast.ImportFrom)]

    assert {name.name: node.module or name.name for node in imports for name in node.names} == table
    assert all(name.asname == name.name for node in imports for name in node.names)


def test_the_imports_are_those_that_are_written_from_the_table() -> None:
    """`python docs/front_door.py --write` writes them again."""
    made = runpy.run_path(str(FRONT_DOOR))

    assert {file: file.read_text(encoding="utf-8") for file in made["TABLES"]} == made["pages"]()


def test_a_star_import_binds_every_public_name() -> None:
    code = "from exchange_imap import *\nimport exchange_imap\nprint({*exchange_imap.__all__} - {*globals()})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "set()\n"


def test_help_and_getmembers_see_every_public_name() -> None:
    """Also those that were not used yet."""
    text = pydoc.plain(pydoc.render_doc(xi))

    assert {*MODULES} <= {name for name, _ in inspect.getmembers(xi)}
    assert [name for name in MODULES if name not in text] == []


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        _ = xi.nonsense  # type: ignore[attr-defined]  # the mistake itself


def public_classes_and_functions() -> list[tuple[ModuleType, str, Any]]:  # Any: classes and functions of every kind
    """Return each with the package that it is public in."""
    values = [(package, name, getattr(package, name)) for package in PACKAGES for name in package.__all__]
    return [each for each in values if inspect.isclass(each[2]) or inspect.isfunction(each[2])]


PUBLIC = [pytest.param(*each, id=f"{each[0].__name__}.{each[1]}") for each in public_classes_and_functions()]


@pytest.mark.parametrize(("package", "name", "value"), PUBLIC)
def test_a_class_or_function_has_its_public_name(package: ModuleType, name: str, value: Any) -> None:  # Any: see above
    """In tracebacks, reprs, help and pickles."""
    assert (value.__module__, value.__qualname__) == (package.__name__, name)
    assert pickle.loads(pickle.dumps(value)) is value  # noqa: S301 - made here


@pytest.mark.parametrize(("package", "name", "value"), PUBLIC)
def test_annotations_are_resolved_where_they_are_written(package: ModuleType, name: str, value: Any) -> None:
    """A class of another ``__module__`` than the one that defines it still has resolvable annotations."""
    del package, name
    hints = typing.get_type_hints(value, localns={"Unpack": typing.Unpack})

    assert not [hint for hint in hints.values() if isinstance(hint, str | typing.ForwardRef)]
    if attrs.has(value):
        assert not [field.name for field in attrs.fields(attrs.resolve_types(value)) if isinstance(field.type, str)]


def instances() -> list[object]:
    """Return objects of many classes: commands, snapshots and parts of them, plans, and what became of one."""
    transport = testing.FakeExchange(servers=["MBX01"]).transport()
    server = xi.ImapServer("MBX01", exchange=transport, windows=transport)
    desired = xi.DesiredState.enabled(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com")
    plan = server.plan(desired)
    part = xi.ImapSettings.parse_some("Banner : x")
    return [desired, plan, server.apply(plan), part, *seeds.cmdlets(), *seeds.snapshots()]


def _kind(value: object) -> str:
    return type(value).__qualname__


@pytest.mark.parametrize("value", instances(), ids=_kind)
def test_an_object_is_pickled_and_copied_by_the_public_name_of_its_class(value: object) -> None:
    """So that a pickle can be read when a class has moved within the package."""
    pickled = pickle.dumps(value)

    assert pickle.loads(pickled) == value  # noqa: S301 - made here
    assert copy.deepcopy(copy.copy(value)) == value
    assert b"exchange_imap._cmdlets" not in pickled


@pytest.mark.parametrize(
    "value", [*instances(), xi.LoginType.SecureLogin, xi.InvalidValueError("a", "b", "c"), xi.Span(0, 1)], ids=_kind
)
def test_dir_of_an_object_shows_the_public_names(value: object) -> None:
    """Which is what a notebook offers behind a dot: all that its class has, and its own."""
    public = {name for name in object.__dir__(value) if not name.startswith("_")}
    others = {*type(value).__members__} if isinstance(value, enum.Enum) else set()

    assert {*dir(value)} == public - others
    assert dir(value) == sorted(dir(value))


def test_a_class_that_users_make_keeps_its_own_module() -> None:
    """Also where it has the name of a public one."""

    class InvalidValueError(xi.InvalidValueError):
        """Another."""

    assert InvalidValueError.__module__ == __name__


@pytest.mark.parametrize("name", [name for name in dir(xi) if name != "testing"])
def test_a_public_name_says_what_it_is(name: str) -> None:
    """Every class and function has a docstring of its own."""
    value = getattr(xi, name)
    if inspect.isclass(value) or inspect.isfunction(value):
        assert (inspect.getdoc(value) or "").strip()


@pytest.mark.parametrize("name", dir(xi))
def test_no_public_signature_has_any(name: str) -> None:
    """A user's type checker sees everything."""
    value = getattr(xi, name)
    functions = [value] if inspect.isfunction(value) else []
    if inspect.isclass(value):
        functions = [f for n, f in inspect.getmembers(value, inspect.isfunction) if not n.startswith("_")]
    own = [f for f in functions if f.__module__.startswith("exchange_imap")]

    assert not [f.__qualname__ for f in own if "Any" in str(inspect.signature(f))]
