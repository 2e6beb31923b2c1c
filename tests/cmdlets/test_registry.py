"""A cmdlet and a snapshot that are declared at run time are known everywhere, with nothing else written for them."""

from __future__ import annotations

import importlib.util
import inspect
import json
import pickle
import pydoc
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType

import pytest

import exchange_imap as xi
from exchange_imap._cmdlets.registry import cmdlet_names, cmdlets, find_class, snapshots
from exchange_imap._model.cmdlet import REGISTERED, Cmdlet, cmdlet
from exchange_imap._model.codecs.literals import BooleanCodec, IntegerCodec
from exchange_imap._model.codecs.values import TEXT
from exchange_imap._model.declaration import fields, parameter, property_, required_property, writable
from exchange_imap._model.field_types import Of, constructor_type
from exchange_imap._model.snapshot import Snapshot
from exchange_imap._model.snapshots import SNAPSHOTS, snapshot
from exchange_imap._model.specs import Endpoint
from exchange_imap._transports.reads import Reads
from exchange_imap._transports.transport import joined
from exchange_imap._values import UNSET, Unset

COVERAGE = Path(__file__).parents[2] / "docs" / "coverage.py"


def declared() -> tuple[type[Cmdlet], type[Cmdlet], type[Snapshot]]:
    """Declare a pair of cmdlets and what they are about."""

    @cmdlet("Get-Basket", endpoint=Endpoint.EXCHANGE, changes=False, aliases=("gba",))
    class GetBasket(Cmdlet):
        """Get-Basket: read a basket."""

        identity: str | Unset = parameter("Identity", TEXT, position=0)
        """The basket."""

    @cmdlet(
        "Set-Basket",
        endpoint=Endpoint.EXCHANGE,
        changes=True,
        accepts=("identity", ("Basket",)),
        hints={"length": "Write -MaxLength."},
        new={"comment": "none"},
    )
    class SetBasket(Cmdlet):
        """Set-Basket: change a basket."""

        identity: str | Unset = parameter("Identity", TEXT, position=0, mandatory=True)
        """The basket."""
        max_length: Of[int | Unset] = parameter("MaxLength", IntegerCodec.between(1, 9), new={"2016": 3, "2019": 5})
        """How many messages it takes."""
        comment: str | Unset | None = parameter("Comment", TEXT, after="identity")
        force: bool | Unset = parameter("Force", BooleanCodec(switch=True))

    @snapshot("Contoso.Basket", read_by=GetBasket, written_by=SetBasket, named_by="Identity")
    class Basket(Snapshot):
        """A basket."""

        identity: str = required_property("Identity", TEXT)
        max_length: Of[int] = required_property("MaxLength", IntegerCodec())
        comment: str | None = property_("Comment", TEXT)

    return GetBasket, SetBasket, Basket


@pytest.fixture
def classes() -> Iterator[tuple[type[Cmdlet], type[Cmdlet], type[Snapshot]]]:
    """Declare them for one test."""
    known, known_snapshots = {*cmdlet_names()}, {*snapshots()}
    yield declared()
    for name in REGISTERED.keys() - known:
        del REGISTERED[name]
    for name in SNAPSHOTS.keys() - known_snapshots:
        del SNAPSHOTS[name]


Classes = tuple[type[Cmdlet], type[Cmdlet], type[Snapshot]]


class TestACmdletThatIsDeclaredAtRunTime:
    """Nothing but its class says that it exists."""

    def test_is_read_by_name_alias_and_abbreviation(self, classes: Classes) -> None:
        """By `parse` and in pipes."""
        get, change, _ = classes

        assert xi.parse("GBA Submission") == get(identity="Submission")  # type: ignore[call-arg]  # made in a function
        assert str(xi.parse("set-basket Submission -max 4 -f")) == "Set-Basket -Identity Submission -MaxLength 4 -Force"
        piped = xi.parse("gba | Set-Basket -Comment $null")
        assert isinstance(piped, xi.Pipeline)
        assert str(piped) == "Get-Basket | Set-Basket -Comment $null"
        assert isinstance(piped.elements[1], change)

    def test_is_checked_in_scripts(self, classes: Classes) -> None:
        """With its own hints, ranges and likely meanings."""
        del classes
        findings = xi.check_script("Set-Basket a -Length 3; Set-Basket a -MaxLength 10; Get-Baskt")

        assert [finding.rule for finding in findings][:3] == ["unknown-parameter", "invalid-value", "unknown-command"]
        assert "-MaxLength" in str(findings[0])
        assert "Get-Basket" in str(findings[2])

    def test_is_listed(self, classes: Classes) -> None:
        """Among all cmdlets and snapshots, and on the page of what is covered."""
        get, change, basket = classes

        assert (find_class("get-basket"), cmdlets()["Set-Basket"], snapshots()["Basket"]) == (get, change, basket)
        page = coverage().page()
        assert "### Get-Basket" in page
        assert "| MaxLength | a whole number of 1 to 9 | default 3 (2016), 5 (2019) |" in page
        assert "| MaxLength | `max_length` | a whole number | always there, settable |" in page

    def test_takes_its_objects_from_a_pipe(self, classes: Classes) -> None:
        """It says itself which."""
        from exchange_imap._cmdlets.pipes import with_object  # noqa: PLC0415 - beside what it is about

        _, change, _ = classes
        record = xi.Record(type_names=("Deserialized.Contoso.Basket",), properties={"Identity": "MBX01\\Submission"})

        assert with_object(change(comment="x"), record) == change(identity="MBX01\\Submission", comment="x")  # type: ignore[call-arg]  # as above

    def test_is_asked_for_together_with_others(self, classes: Classes) -> None:
        """Its snapshot says what type its answer has."""
        get, change, _ = classes
        reads = [xi.Pipeline((read,)) for read in (get(), xi.GetImapSettings())]
        replies = [xi.Reply(records=(xi.Record(type_names=read.answers),)) for read in (get, xi.GetImapSettings)]
        sent: list[int] = []

        def run_together(pipelines: Sequence[xi.Pipeline]) -> xi.Reply:
            sent.append(len(pipelines))
            return joined(replies)

        assert (get.answers, change.answers) == (("Contoso.Basket",), ())
        assert Reads().carry_out(reads, lambda _: replies[len(sent)], run_together) == tuple(replies)
        assert sent == [2]

    @pytest.mark.usefixtures("classes")
    def test_may_be_of_objects_that_no_cmdlet_answers(self) -> None:
        """They are read from files, or from what somebody printed."""

        @snapshot("Contoso.Note")
        class Note(Snapshot):
            """Something that is only exported."""

            text: str = required_property("Text", TEXT)

        assert Note.parse("Text : x").text == "x"
        assert SNAPSHOTS["Note"] is Note

    def test_has_the_laws_of_all(self, classes: Classes) -> None:
        """Text, dict and snapshot read back the same, and what is writable follows from the pair."""
        _, change, basket = classes
        command = change(identity="a", max_length="4", force=True, comment=None)  # type: ignore[call-arg]  # as above
        read = basket.parse("Identity  : a\nMaxLength : 4\n")

        assert xi.parse(str(command)) == command
        assert change.from_dict(json.loads(json.dumps(command.to_dict()))) == command
        assert (
            basket.from_record(read.to_record()) == basket.parse(str(read)) == basket.from_dict(read.to_dict()) == read
        )
        assert list(writable(basket)) == ["max_length", "comment"]

    def test_is_shown_by_help(self, classes: Classes) -> None:
        """Each parameter with its type, meaning, range and default; those declared behind another stand there."""
        _, change, _ = classes
        names = list(inspect.signature(change).parameters)
        said = pydoc.plain(pydoc.render_doc(change))

        assert names[:4] == ["identity", "comment", "max_length", "force"]
        assert names[-1] == "order"
        assert "max_length: 'int | str | Unset' = UNSET" in str(inspect.signature(change))
        assert "MaxLength: a whole number of 1 to 9. Default: 3 (2016), 5 (2019)." in said

    def test_knows_what_a_new_server_of_a_version_has(self, classes: Classes) -> None:
        """A default that differs stands with the parameter."""
        spec = classes[1]._specs["max_length"]

        assert [spec.value_when_new(version) for version in ("2016", "2019", "SE")] == [3, 5, UNSET]


def coverage() -> ModuleType:
    """Load the script that writes the page."""
    spec = importlib.util.spec_from_file_location("coverage_page", COVERAGE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_text_loads_no_module_but_that_of_its_cmdlet() -> None:
    """In a new process, since the tests have loaded them all."""
    program = (
        "import sys, exchange_imap as xi; xi.parse('Get-Service x');"
        "print(*sorted(m.rpartition('.')[2] for m in sys.modules if m.startswith('exchange_imap._cmdlets.')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["existing", "reading", "registry", "services"]


def test_a_module_whose_import_was_interrupted_makes_its_classes_again() -> None:
    """What it had declared before is not found any more: it is not what the package has under that name."""
    program = (
        "import sys, exchange_imap as xi; from exchange_imap._cmdlets import services;"
        "del sys.modules[services.__name__];"
        "print([type(xi.parse(text)) is xi.GetService for text in ('Get-Service x', 'gsv x')])"
    )
    for first in ("", "xi.parse('gsv x');"):
        text = program.replace("print", f"{first}print")
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)

        assert done.stdout == "[True, True]\n"


@pytest.mark.parametrize("names", [("Get-Service", ()), ("Get-Thing", ("GSV",))], ids=["a name", "an alias"])
def test_a_name_is_declared_once(names: tuple[str, tuple[str, ...]]) -> None:
    """Otherwise it would depend on what was loaded first which of two is read."""
    known = find_class("gsv")
    with pytest.raises(ValueError, match=r"^two classes are called (get-service|gsv): GetService and .*\.Mine$"):

        @cmdlet(names[0], endpoint=Endpoint.EXCHANGE, changes=False, aliases=names[1])
        class Mine(Cmdlet):
            """One of that name."""

    assert find_class("Get-Service") is find_class("gsv") is known
    assert find_class("Get-Thing") is None


def test_an_annotation_that_contradicts_the_declaration_is_refused() -> None:
    """A property that may be missing can be ``None``, and no other."""

    class Wrong(Snapshot):
        """One that can be neither."""

        name: str = property_("Name", TEXT)

    with pytest.raises(TypeError, match=r"^Name: a required property cannot be None, and any other can: str$"):
        fields(Wrong)


@pytest.mark.parametrize(
    ("annotation", "taken"),
    [
        ("str | Unset", "str | Unset"),
        ("Of[LoginType | Unset]", "LoginType | str | Unset"),
        ("Items[str]", "Iterable[str] | str"),
        ("ItemsOr[AuthMechanism, Unset]", "Iterable[AuthMechanism | str] | AuthMechanism | Unset"),
        (
            "EditsOr[str, Unset | None]",
            "Iterable[str] | str | ListEdit[str] | Mapping[str, Iterable[str]] | Unset | None",
        ),
        ("Takes[tuple[str, ...], Sequence[str]]", "Sequence[str]"),
        ("Takes[Limit | Unset, Limit | int | str | Unset]", "Limit | int | str | Unset"),
    ],
)
def test_the_constructor_of_a_field_takes_what_its_annotation_says(annotation: str, taken: str) -> None:
    """Which ``help()`` shows, and type checkers know."""
    assert constructor_type(annotation) == taken


def test_the_meaning_of_a_field_is_read_from_the_source() -> None:
    """With what the declaration knows."""
    docs = inspect.getdoc(xi.SetImapSettings.max_command_size)

    assert docs is not None
    assert docs.split("\n\n") == [
        "The longest command of a client, in bytes.",
        "MaxCommandSize: a whole number of 1024 to 16384. Default: 10240.",
    ]


@pytest.mark.parametrize("name", cmdlets())
def test_help_says_what_each_parameter_means_and_what_it_takes(name: str) -> None:
    """Unit, range and default, where there are such; the type is in the signature."""
    cls = cmdlets()[name]
    said = {field: (inspect.getdoc(getattr(cls, field)) or "").split("\n\n") for field in cls._specs}

    assert [field for field, texts in said.items() if len(texts) < 2] == []
    assert [field for field, spec in cls._specs.items() if not said[field][-1].startswith(f"{spec.name}: ")] == []
    assert [*inspect.signature(cls).parameters] == [*cls._specs, "order"]


def test_a_property_means_what_the_parameter_means_that_writes_it() -> None:
    """So that it is said once; a property with a meaning of its own keeps that."""
    said = inspect.getdoc(xi.ImapSettings.banner)
    connector = inspect.getdoc(xi.ReceiveConnector.tarpit_interval)

    assert said == "The greeting after ``* OK``.\n\nBanner: text."
    assert (inspect.getdoc(xi.SetReceiveConnector.tarpit_interval) or "").partition("\n")[0] in str(connector)
    for cls in (xi.ImapSettings, xi.PopSettings, xi.ReceiveConnector, xi.CASMailbox):
        docs = {field: inspect.getdoc(getattr(cls, field)) or "" for field in writable(cls)}
        assert [field for field, text in docs.items() if "\n\n" not in text] == []


@pytest.mark.parametrize("module", ["no.such.module", "sys"], ids=["no module", "no source"])
def test_without_the_source_the_declaration_alone_is_shown(module: str) -> None:
    """As in a frozen program."""
    body = {"__module__": module, "__qualname__": "Made", "__annotations__": {"note": "str | Unset"}}
    made: type[Cmdlet] = fields(type("Made", (Cmdlet,), {**body, "note": parameter("Note", TEXT)}))

    assert inspect.getdoc(getattr(made, "note")) == "Note: text."  # noqa: B009 - made at run time


def test_docs_of_slots_can_be_pickled_and_listed() -> None:
    """They stand where Python has the names of slots."""
    slots = vars(xi.SetImapSettings)["__slots__"]

    assert "max_command_size" in slots
    assert pickle.loads(pickle.dumps(slots)).keys() == set(slots)  # noqa: S301 - made here


def test_every_cmdlet_that_reads_says_what_it_answers() -> None:
    """By its snapshot class; the others answer nothing that is declared."""
    answered = {name for name, cls in cmdlets().items() if cls.answers}

    assert answered == {*(name for name in cmdlets() if name.startswith("Get-")), "Test-ImapConnectivity"}
