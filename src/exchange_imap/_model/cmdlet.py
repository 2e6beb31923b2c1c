"""The base of every cmdlet class: one object is one command line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final, Self, TypeVar, dataclass_transform

import attrs

from .._entry import entry
from .._errors import CommandSyntaxError, InvalidValueError
from .._json import Json
from .._powershell.command import Command, Form, Parameter
from .._powershell.masking import mask_secrets
from .._powershell.parser import parse_syntax
from .._powershell.syntax import CommandSyntax, Element, Null, ParameterName
from .._span import Span
from .._values import UNSET, Unset
from .binding import Bindable, Binder
from .codecs.passwords import mask_passwords, password_names
from .common_parameters import CONFIRM, WHAT_IF, CommonParameters
from .declaration import (
    declare,
    fields,
    names_alone,
    parameters,
    register,
    required,
    required_parameter,
    set_new_server_defaults,
)
from .field_types import Takes
from .specs import Endpoint, ParameterSpec, possible_sets
from .variables import VariableValue

__all__ = ["REGISTERED", "Cmdlet", "bindable", "cmdlet"]

C = TypeVar("C", bound="Cmdlet")

_NEEDED: Final = "The cmdlet cannot run without it."


@entry
@fields
class Cmdlet(CommonParameters):
    """A typed cmdlet: ``str(cmdlet)`` is the command line and :meth:`parse` reads it back.

    A parameter that is ``UNSET`` is left out, ``None`` is ``$null``, ``()`` an empty list, and a switch a
    ``bool``. ``order`` names the fields in the order in which a text had them; the others follow in the order of
    the class, and it never counts in a comparison. Every cmdlet takes PowerShell's common parameters as well:

    >>> str(GetImapSettings(server="MBX01", error_action=ActionPreference.Stop))
    'Get-ImapSettings -Server MBX01 -ErrorAction Stop'
    """

    cmdlet: ClassVar[str]
    """The cmdlet's name, such as ``Set-ImapSettings``."""
    endpoint: ClassVar[Endpoint]
    """The endpoint that has it."""
    changes: ClassVar[bool]
    """Whether running it may change the server."""
    hints: ClassVar[Mapping[str, str]] = {}
    """What to say of parameters that do not exist and are often written, by name in lower case."""

    objects: ClassVar[str] = ""
    """The parameter that takes objects from a pipe alone; it has no field."""
    default_set: ClassVar[str] = ""
    """The parameter set that counts where the parameters leave several."""
    aliases: ClassVar[tuple[str, ...]] = ()
    """The aliases that Windows PowerShell 5.1 is delivered with."""
    accepts: ClassVar[tuple[str, tuple[str, ...]]] = ("", ())
    """The field that takes the objects of a pipe, and the snapshot classes of the objects that it takes."""
    answers: ClassVar[tuple[str, ...]] = ()
    """The .NET types of the objects that it answers, where a snapshot class is ``read_by`` it."""

    _order: Takes[tuple[str, ...], Sequence[str]] = attrs.field(
        alias="order", default=(), eq=False, converter=names_alone
    )

    def __attrs_post_init__(self) -> None:
        self._possible_sets()

    def _possible_sets(self) -> frozenset[str] | None:
        """Return the parameter sets that what is stated leaves; refuse what leaves none."""
        if not bindable(type(self)).has_sets:
            return None
        specs = parameters(type(self))
        stated = [specs[field] for field in self._fields() if specs[field].sets]
        sets = possible_sets(stated)
        if sets is None or sets:
            return sets
        names = " or ".join(f"-{spec.name}" for spec in stated)
        raise InvalidValueError(self.cmdlet, names, "both", "They cannot be used together: leave one out.")

    def require_whole(self) -> None:
        """Refuse a command that cannot run without a pipe's objects. Raises :class:`InvalidValueError`."""
        mandatory = bindable(type(self)).mandatory
        sets = self._possible_sets() if mandatory else None
        for field, spec in mandatory.items():
            wanted = not spec.sets or sets is None or (self.default_set in sets & spec.sets)
            if wanted and getattr(self, field) is UNSET:
                raise InvalidValueError(self.cmdlet, f"-{spec.name}", "none", _NEEDED)

    @classmethod
    def parse(cls, text: str, variables: Mapping[str, VariableValue] | None = None) -> Self:
        """Read one command line of this cmdlet.

        ``variables`` has the value of each ``$name`` in the text. Raises :class:`CommandSyntaxError`, which points
        at what is wrong, also when the line is of another cmdlet.
        """
        script = parse_syntax(text, variables)
        pipelines = script.pipelines
        if len(pipelines) != 1 or len(pipelines[0].commands) != 1:
            whole = Span(0, len(text))
            received = f"{sum(len(pipeline.commands) for pipeline in pipelines)} commands"
            raise CommandSyntaxError(cls.cmdlet, "one command", received, "Use parse_script.", script.source, whole)
        return cls.from_syntax(pipelines[0].commands[0], script.source)

    @classmethod
    def from_syntax(cls, command: CommandSyntax, source: str, *, piped: bool = False) -> Self:
        """Bind what the parser read; ``source`` is the text that errors point into.

        ``piped`` says that objects come from a pipe, which may give what the command cannot run without. Raises
        :class:`CommandSyntaxError`.
        """
        if command.name.lower() != cls.cmdlet.lower():
            raise CommandSyntaxError("command", cls.cmdlet, command.name, "", source, command.name_span)
        known = bindable(cls)
        if known.passwords:
            source = mask_passwords(command, source, known.passwords)
        bound = Binder(command, source, known).bind()
        try:
            made = cls._from_read(bound)
            if not piped:
                made.require_whole()
        except InvalidValueError as error:
            raise error.in_text(source, command.span, "incomplete-command") from None
        return made

    @classmethod
    def from_command(cls, command: Command) -> Self:
        """Read a command whose parameters have their full names: what a transport was given.

        Raises :class:`InvalidValueError`.
        """
        syntax = CommandSyntax(command.name, tuple(map(_element, command.parameters)))
        return cls.from_syntax(syntax, mask_secrets(str(command)))

    @classmethod
    def _from_read(cls, bound: Mapping[str, object]) -> Self:
        """Make the cmdlet of what was read of a text, by field name, in the order in which it is written.

        Raises :class:`InvalidValueError`.
        """
        cls._require(bound)
        return cls._trusted({**bound, "_order": tuple(bound)})

    @classmethod
    def build(cls, bound: Mapping[str, object]) -> Self:
        """Make the cmdlet of its values by field name, in the order in which they are written.

        Raises :class:`InvalidValueError`.
        """
        cls._require(bound)
        values: dict[str, Any] = dict(bound)  # Any: each field's own type, checked by its converter
        return cls(**values, order=tuple(values))

    @classmethod
    def _require(cls, bound: Mapping[str, object]) -> None:
        missing = required(cls) - bound.keys()
        if missing:
            first = next(spec for field, spec in parameters(cls).items() if field in missing)
            raise InvalidValueError(cls.cmdlet, f"-{first.name}", "none", _NEEDED)

    def to_command(self) -> Command:
        """Return the name and parameters to send."""
        specs = parameters(type(self))
        stated = ((field, getattr(self, field)) for field in self._fields())
        return Command(self.cmdlet, tuple(_parameter(specs[field], value) for field, value in stated))

    def _fields(self) -> list[str]:
        """Return the fields that were stated, in the order in which they are written."""
        names = dict.fromkeys((*self._order, *parameters(type(self))))
        return [name for name in names if getattr(self, name) is not UNSET]

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold: the cmdlet's name and its parameters under PowerShell's names.

        >>> GetImapSettings(server="MBX01").to_dict()
        {'cmdlet': 'Get-ImapSettings', 'parameters': {'Server': 'MBX01'}}
        """
        specs = parameters(type(self))
        values = {specs[f].name: specs[f].to_json(getattr(self, f)) for f in self._fields()}
        return {"cmdlet": self.cmdlet, "parameters": values}

    @classmethod
    def from_dict(cls, data: Mapping[str, Json]) -> Self:
        """Read what :meth:`to_dict` returned. Raises :class:`InvalidValueError`."""
        values = data.get("parameters")
        if data.get("cmdlet") != cls.cmdlet or not isinstance(values, Mapping):
            raise InvalidValueError("cmdlet", f"{cls.cmdlet} and its parameters", data.get("cmdlet"))
        fields = {spec.name: field for field, spec in parameters(cls).items()}
        for name in values.keys() - fields.keys():
            raise InvalidValueError(cls.cmdlet, f"one of {', '.join(fields)}", name)
        return cls.build({fields[name]: value for name, value in values.items()})

    def __str__(self) -> str:
        return str(self.to_command())

    def __repr__(self) -> str:
        stated = ", ".join(f"{field}={getattr(self, field)!r}" for field in self._fields())
        return f"{type(self).__name__}({stated})"


_BINDABLE: Final[dict[type[Cmdlet], Bindable]] = {}


def bindable(cls: type[Cmdlet]) -> Bindable:
    """Return what a binder needs to know of a class: made once, since it is used for every command that is read."""
    if cls not in _BINDABLE:
        _BINDABLE[cls] = _bindable(cls, parameters(cls))
    return _BINDABLE[cls]


def _bindable(cls: type[Cmdlet], specs: Mapping[str, ParameterSpec]) -> Bindable:
    return Bindable(
        specs=specs,
        hints=cls.hints,
        objects=cls.objects,
        default_set=cls.default_set,
        fields={name: field for field, spec in reversed([*specs.items()]) for name in spec.names},
        passwords=password_names(specs.values()),
        mandatory={field: spec for field, spec in specs.items() if spec.mandatory},
        has_sets=any(spec.sets for spec in specs.values()),
    )


@fields
class ShouldProcessCmdlet(Cmdlet):
    """A cmdlet that can say what it would do, and ask first: PowerShell's ``SupportsShouldProcess``."""

    what_if: bool | Unset = WHAT_IF
    """Say what would happen, and change nothing."""
    confirm: bool | Unset = CONFIRM
    """Ask before the change. Over remoting there is no way to answer."""


def _parameter(spec: ParameterSpec, value: object) -> Parameter:
    if spec.switch and value is True:
        return Parameter(spec.name)
    literal = Null() if value is None else spec.codec.write(value)
    form = Form.ATTACHED if spec.switch else Form.POSITIONAL if spec.unnamed else Form.NAMED
    return Parameter(spec.name, literal, form)


def _element(parameter: Parameter) -> Element:
    if parameter.value is not None and not parameter.name:
        return parameter.value
    return ParameterName(parameter.name, parameter.value)


REGISTERED: Final[dict[str, type[Cmdlet]]] = {}
"""Every cmdlet that has been declared so far, by its name and each of its aliases in lower case."""


@dataclass_transform(kw_only_default=True, field_specifiers=(required_parameter, attrs.field))
def cmdlet(  # noqa: PLR0913 - one argument for each fact
    name: str,
    *,
    endpoint: Endpoint,
    changes: bool,
    aliases: tuple[str, ...] = (),
    objects: str = "",
    accepts: tuple[str, tuple[str, ...]] = ("", ()),
    default_set: str = "",
    hints: Mapping[str, str] | None = None,
    new: Mapping[str, object] | None = None,
) -> Callable[[type[C]], type[C]]:
    """Declare a class to be the cmdlet of this name: it is read, listed and documented from then on.

    ``new`` is what a new server has of fields that the class shares with others; the other arguments are the class
    variables of :class:`Cmdlet`.
    """

    def decorate(cls: type[C]) -> type[C]:
        made = declare(cls)
        set_new_server_defaults(made, new or {})
        made.cmdlet, made.endpoint, made.changes, made.aliases = name, endpoint, changes, aliases
        made.objects, made.accepts, made.default_set, made.hints = objects, accepts, default_set, hints or {}
        register(REGISTERED, made, *map(str.lower, (name, *aliases)))
        return made

    return decorate
