"""What every public function and method answers to arguments of wrong types: our errors, and no others."""

from __future__ import annotations

import enum
import inspect
import typing
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

import exchange_imap as xi
from exchange_imap import testing
from exchange_imap._entry import entry

WRONG: dict[str, object] = {
    "None": None,
    "1": 1,
    "bytes": b"",
    "object": object(),
    "[]": [],
    "{}": {},
    "Path": Path("x"),
    "[object]": [object()],
    "{1: 2}": {1: 2},
    "str": "x",
    "type": int,
}
# What is no call of this library's own: enumerations are called as Python has it, an exception takes anything,
# a protocol cannot be called, a tuple and a TypedDict are Python's, and two bases lack what their classes say.
NOT_CALLED = (enum.Enum, BaseException, tuple, dict)
BASES = {"Cmdlet", "PartialSnapshot"}
ENDS = {"close"}


def fake() -> testing.FakeExchange:
    """Return a fake with one server."""
    return testing.FakeExchange(servers=["MBX01"])


def server() -> xi.ImapServer:
    """Return a server behind it."""
    transport = fake().transport()
    return xi.ImapServer("MBX01", exchange=transport, windows=transport)


def plan() -> xi.Plan:
    """Return a plan with steps."""
    return server().plan(xi.DesiredState(settings=xi.SetImapSettings(banner="x")))


def samples(folder: Path) -> Mapping[type, object]:
    """Return one of each kind of object that has methods with parameters."""
    transport = fake().transport()
    made = [
        fake(),
        fake().server("MBX01"),
        server(),
        transport,
        plan(),
        server().state(),
        server().settings(),
        xi.RetryingTransport(transport),
        xi.RecordingTransport(transport, folder / "recording.json"),
        xi.ReplayTransport([]),
        xi.PsrpTransport.exchange("mbx01.contoso.com"),
        xi.FormatList(),
        xi.Record(properties={"Name": "x"}),
        xi.ImapSettings.parse_some("Banner : x"),
        testing.Fault(of="Set-ImapSettings"),
        testing.PsrpServer(fake()),
        testing.WireFault(kind=next(iter(testing.WireFaultKind))),
    ]
    return {type(each): each for each in made}


def public() -> Iterator[tuple[str, Any]]:  # Any: a class or function that the package exports
    """Yield each public class and function that is this library's own to call."""
    for prefix, module in (("", xi), ("testing.", testing)):
        for name in module.__all__:
            value = getattr(module, name)
            called = inspect.isfunction(value) or (inspect.isclass(value) and not issubclass(value, NOT_CALLED))
            if called and not getattr(value, "_is_protocol", False) and name not in BASES:
                yield prefix + name, value


def calls(
    name: str, value: Any, made: Mapping[type, object]
) -> Iterator[tuple[str, Callable[..., object]]]:  # Any: as above
    """Yield the function, or the class with its constructors and the methods of a sample."""
    yield name, value
    if not inspect.isclass(value):
        return
    sample = next((each for kind, each in made.items() if kind is value or issubclass(kind, value)), None)
    for each in dir(value):
        member = inspect.getattr_static(value, each)
        if each.startswith("_") or each in ENDS:
            continue
        if isinstance(member, classmethod | staticmethod):
            yield f"{name}.{each}", getattr(value, each)
        elif inspect.isfunction(member) and sample is not None:
            yield f"{name}.{each}", getattr(sample, each)


def keywords(function: Callable[..., object]) -> Iterator[tuple[str, bool]]:
    """Yield the parameters that can be named, with whether they can be left out; options by their own names."""
    for each in inspect.signature(function).parameters.values():
        if each.kind is each.VAR_KEYWORD and "PsrpOptions" in str(each.annotation):
            yield from ((option, True) for option in typing.get_type_hints(xi.PsrpOptions))
        elif each.kind in {each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY}:
            yield each.name, each.default is not each.empty


def foreign(function: Callable[..., object], arguments: Mapping[str, object]) -> BaseException | None:
    """Return the error that is not ours, if that is what comes out: also when the result is printed."""
    try:
        str(function(**arguments))
    except (xi.ExchangeImapError, FileNotFoundError):  # "x" is a path, of no file
        return None
    except Exception as error:  # noqa: BLE001 - any is the finding
        return error
    return None


@pytest.mark.parametrize(("name", "value"), [*public()], ids=[name for name, _ in public()])
def test_arguments_of_wrong_types_are_answered_with_our_errors(
    name: str, value: Any, tmp_path: Path
) -> None:  # Any: as above
    """Each parameter in turn gets each of them, and so do all at once."""
    found = []
    for called, function in calls(name, value, samples(tmp_path)):
        names = dict(keywords(function))
        if not names:
            continue
        needed = [each for each, optional in names.items() if not optional]
        for what, wrong in WRONG.items():
            tried = [{**dict.fromkeys(needed, "x"), each: wrong} for each in names]
            for arguments in (*tried, dict.fromkeys(needed, wrong)):
                error = foreign(function, arguments)
                if error is not None:
                    found.append(f"{called}({', '.join(arguments)}) with {what}: {error!r}")

    assert not found, "\n".join(found)


api: Any = xi  # Any: wrong types are the subject
fakes: Any = testing  # Any: the same


@pytest.mark.parametrize(
    ("call", "field", "fragment"),
    [
        (lambda: api.ImapSettings.parse(b"Server : x"), "ImapSettings.parse(text)", "Decode it"),
        (lambda: api.ImapSettings.from_clixml(Path("x")), "ImapSettings.from_clixml(text)", "path.read_text"),
        (lambda: api.ImapSettings.from_record(["x"]), "ImapSettings.from_record(record)", "Record or a mapping"),
        (lambda: api.ServiceState.from_dict(None), "ServiceState.from_dict(data)", "a mapping"),
        (lambda: api.SetImapSettings.from_dict("x"), "SetImapSettings.from_dict(data)", "a mapping"),
        (
            lambda: fakes.FakeExchange(servers=["MBX01"]).transport().run(xi.GetImapSettings()),
            "FakeTransport.run(pipeline)",
            "Pipeline((cmdlet,))",
        ),
        (
            lambda: fakes.FakeExchange(servers=["MBX01"]).transport().run("Get-ImapSettings"),
            "FakeTransport.run(pipeline)",
            "Pipeline((cmdlet,))",
        ),
        (lambda: api.ImapServer("x", exchange="host"), "ImapServer.exchange", "ImapServer.connect"),
        (lambda: api.ImapServer("x", windows=xi.PsrpTransport), "ImapServer.windows", "ImapServer.connect"),
        (lambda: fakes.Fault(error="x"), "Fault.error", "TransportError"),
        (lambda: fakes.FakeExchange(servers=["MBX01"]).fail("x"), "FakeExchange.fail(fault)", "Fault(of="),
        (lambda: fakes.FakeExchange(servers="MBX01"), "FakeExchange.servers", "in a tuple or list"),
        (lambda: api.parse(Path("x")), "parse(text)", "path.read_text"),
        (lambda: api.check_script(text=None), "check_script(text)", "text"),
        (lambda: api.diff(None, xi.SetImapSettings()), "diff(current)", "ImapSettings"),
        (lambda: api.PsrpTransport.exchange(Path("mbx01")), "PsrpTransport.exchange(host)", "a host name"),
    ],
)
def test_the_answer_names_the_parameter_and_says_what_to_write(
    call: Callable[[], object], field: str, fragment: str
) -> None:
    """Field, expectation, what was received, hint."""
    with pytest.raises(xi.InvalidValueError) as caught:
        call()

    assert caught.value.field == field
    assert fragment in str(caught.value)


def test_a_wrong_number_of_arguments_stays_pythons_own_error() -> None:
    """As for every function."""
    for call in (api.parse, lambda: api.parse("x", None, "y"), lambda: api.parse("x", nonsense=1)):
        with pytest.raises(TypeError):
            call()


def test_what_is_to_be_secret_is_not_shown() -> None:
    """Of a value for a password or credential only its type."""
    for call in (
        lambda: api.PSCredential(user_name="kim", password=b"hunter2"),
        lambda: api.PsrpTransport.exchange("mbx01", username="kim", password=b"hunter2"),
        lambda: fakes.PsrpServer(fake(), credential={"hunter2": "x"}),
    ):
        with pytest.raises(xi.InvalidValueError) as caught:
            call()  # type: ignore[no-untyped-call]  # wrong on purpose
        assert "hunter2" not in str(caught.value)
        assert caught.value.received in {"bytes", "dict"}


# -- the mechanism -----------------------------------------------------------------------------------------------------

Bound = typing.TypeVar("Bound", bound=int)


@entry(wanted="Give it one.")
def every_kind(  # noqa: PLR0913 - one of each
    wanted: int | None = None,
    *more: str,
    number: float = 0.0,
    flag: bool = False,
    word: typing.Literal["on", "off"] = "on",
    each: tuple[str, ...] = (),
    kind: type[int] = int,
    call: Callable[[], None] | None = None,
    table: Mapping[str, int] | None = None,
    edit: xi.ListEdit[str] | None = None,
    bound: Bound | None = None,
    span: timedelta | xi.Unset = xi.UNSET,
    anything: Any = None,  # Any: what is tested
    bare: list | None = None,  # type: ignore[type-arg]  # that it says nothing of the items
    later: NotThere | None = None,  # type: ignore[name-defined]  # noqa: F821 - for type checkers only
    quota: ByteQuota | None = None,  # type: ignore[name-defined]  # noqa: F821 - a public name that is not imported here
    pair: tuple[int, Any] = (1, None),  # Any: what is tested
    names: typing.Iterator[str] = iter(()),  # noqa: B008 - what is tested
) -> None:
    """Take one of each kind."""


@pytest.mark.parametrize(
    "given",
    [
        {"wanted": 1}, {"number": 1}, {"number": 1.5}, {"flag": True}, {"word": "off"}, {"each": ["a"]},
        {"each": ("a", "b")}, {"kind": bool}, {"call": print}, {"table": {"a": 1}}, {"edit": xi.ListEdit(add=("a",))},
        {"bound": 3}, {"span": timedelta()}, {"anything": object()}, {"later": object()}, {"quota": xi.ByteQuota(1)},
        {"names": iter([1])},
        {"bare": [1]}, {"pair": (2, object())}, {"word": "of"},
    ],
    ids="".join,
)  # fmt: skip
def test_what_an_annotation_says_is_taken(given: dict[str, Any]) -> None:  # Any: what is tested
    """An iterator is not looked into, and what only a type checker can know is not checked."""
    assert every_kind(**given) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"wanted": True}, "a whole number (int) or None"),
        ({"wanted": "1"}, "a whole number (int) or None"),
        ({"number": True}, "a number"),
        ({"flag": 1}, "True or False"),
        ({"word": 1}, '"on" or "off"'),
        ({"word": None}, '"on" or "off"'),
        ({"each": "a"}, "a list or tuple, each item text"),
        ({"each": [1]}, "a list or tuple, each item text"),
        ({"pair": (1, 2, 3)}, "a tuple of a whole number (int), anything"),
        ({"pair": ("x", 2)}, "a tuple of a whole number (int), anything"),
        ({"pair": [1, 2]}, "a tuple of a whole number (int), anything"),
        ({"kind": 1}, "a class: int or one below it"),
        ({"call": 1}, "a function or None"),
        ({"table": {1: 1}}, "a mapping or None"),
        ({"table": []}, "a mapping or None"),
        ({"edit": "a"}, "a ListEdit or None"),
        ({"bound": "x"}, "a whole number (int) or None"),
        ({"span": 1}, "a timedelta"),
        ({"quota": 1}, "a ByteQuota or None"),
        ({"bare": ()}, "a list or None"),
    ],
    ids=str,
)
def test_what_an_annotation_does_not_say_is_refused(
    given: dict[str, Any], expected: str
) -> None:  # Any: what is tested
    """With the annotation in words."""
    with pytest.raises(xi.InvalidValueError) as caught:
        every_kind(**given)

    assert caught.value.field == f"every_kind({next(iter(given))})"
    assert caught.value.expected == expected


def test_arguments_by_place_are_checked_too() -> None:
    """Those behind the named ones as well."""
    every_kind(1, "a", "b")
    with pytest.raises(xi.InvalidValueError, match="more"):
        every_kind(1, "a", 2)  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(xi.InvalidValueError, match="Give it one"):
        every_kind("x")  # type: ignore[arg-type]  # wrong on purpose


def test_what_was_accepted_once_says_nothing_of_other_values() -> None:
    """Neither of other types that are equal to it, nor of other items."""
    every_kind(1, each=("a",))
    with pytest.raises(xi.InvalidValueError, match="wanted"):
        every_kind(True, each=("a",))
    with pytest.raises(xi.InvalidValueError, match="each"):
        every_kind(1, each=(1,))  # type: ignore[arg-type]  # wrong on purpose


class Lazy:
    """Says that it is of the class of what it stands for, as proxies do."""

    def __init__(self, value: object) -> None:
        self.value = value

    @property  # type: ignore[misc]  # what isinstance asks for
    def __class__(self) -> type:
        return type(self.value)


def test_a_proxy_is_taken_for_what_it_stands_for_each_time() -> None:
    """One that stands for text says nothing of another that stands for a number."""

    @entry
    def of_text(text: str) -> str:
        return text

    of_text(Lazy("x"))  # type: ignore[arg-type]  # a text to isinstance
    with pytest.raises(xi.InvalidValueError, match="text"):
        of_text(Lazy(1))  # type: ignore[arg-type]  # wrong on purpose


def test_a_constructor_is_checked_by_its_fields() -> None:
    """Those that a class inherits too, and not those that a converter checks."""

    @attrs.frozen
    class Base:
        first: int

    @entry
    @attrs.frozen
    class Derived(Base):
        second: str = "x"
        third: int = attrs.field(default=0, converter=int)
        fourth: int = attrs.field(default=0, init=False)

    assert Derived(1, third="3").third == 3
    with pytest.raises(xi.InvalidValueError, match="first"):
        Derived("x")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(xi.InvalidValueError, match="second"):
        Derived(1, second=2)  # type: ignore[arg-type]  # wrong on purpose
