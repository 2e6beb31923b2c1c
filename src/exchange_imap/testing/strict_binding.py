"""Bind a command to its cmdlet as strictly as a server does, without the client's leniency."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

import attrs

from .._errors import InvalidValueError
from .._model.binding import begun_by
from .._model.cmdlet import Cmdlet, bindable
from .._model.codecs.literals import BooleanCodec, IntegerCodec
from .._model.codecs.values import Codec
from .._model.common_parameters import NAMES_VARIABLES
from .._model.declaration import parameters
from .._model.specs import Endpoint, ParameterCodec, ParameterSpec
from .._powershell.command import Command, Parameter
from .._powershell.syntax import Array, Hashtable, Literal, Null, Number, String
from .._values import is_host_name
from .refusals import NO_FLAG, NOT_CONVERTED, NOT_VALID, RefusalError, no_variables, not_bound
from .role import Role

__all__ = ["bind", "is_compiled"]

C = TypeVar("C", bound=Cmdlet)


def _is_setting(text: str) -> bool:
    """Refuse blanks around a connection setting, and an empty third field."""
    return text == text.strip() and not text.endswith(":")


# Checks of the server that are stricter than those of the value classes, by parameter.
_STRICTER: Final[dict[str, Callable[[str], bool]]] = {
    "ExternalConnectionSettings": _is_setting,
    "InternalConnectionSettings": _is_setting,
    "DomainController": is_host_name,  # of type Fqdn
    "Fqdn": is_host_name,  # the same
    "Identity": bool,  # of a type of its own for each object, which is never empty
    "LogFileLocation": bool,  # a path
    "ServiceDiscoveryFqdn": is_host_name,
    "Server": bool,  # of type ServerIdParameter, which is never empty
}
# A closed set that PowerShell compares whole (ValidateSet): no beginning and no number stands for a word.
_WHOLE_WORDS: Final = {"Status": {"running", "stopped", "paused"}}


def bind(command: Command, cmdlet: type[C], role: Role, *, piped: bool = False) -> C:
    """Return the typed cmdlet; raise :class:`RefusalError` with PowerShell's own id where PowerShell refuses.

    A parameter is found by its name, a documented alias, or an unambiguous beginning of one, in any case: PowerShell's
    binder completes names from the wire too. ``piped`` says that objects come from a pipe, which may supply mandatory
    parameters.
    """
    bound: dict[str, Any] = {}  # Any: each field's own type, checked by its converter
    for parameter in command.parameters:
        field, spec = _find(parameter, cmdlet, role)
        if field in bound:
            raise not_bound(
                "ParameterAlreadyBound",
                cmdlet,
                f"Cannot bind parameter because parameter '{spec.name}' is specified more than once.",
            )
        bound[field] = _value(parameter, spec, cmdlet)
    made = _build(cmdlet, bound, piped=piped)
    if cmdlet.endpoint is Endpoint.EXCHANGE and NAMES_VARIABLES & bound.keys():
        raise no_variables()
    return made


def _find(parameter: Parameter, cmdlet: type[Cmdlet], role: Role) -> tuple[str, ParameterSpec]:
    specs = {field: spec for field, spec in parameters(cmdlet).items() if role.shows(cmdlet, spec)}
    word = parameter.name.lower()
    exact = [spec.name for spec in specs.values() if word in spec.names]
    own, added = begun_by(word, specs.values(), cmdlet.objects)
    found = exact or (own if len(own) == 1 else own + added)
    if len(found) > 1:
        matches = " ".join(f"-{name}" for name in found)
        message = (
            f"Parameter cannot be processed because the parameter name '{parameter.name}' is ambiguous. "
            f"Possible matches include: {matches}."
        )
        raise not_bound("AmbiguousParameter", cmdlet, message)
    fields = [field for field, spec in specs.items() if spec.name in found]
    if not fields:
        message = f"A parameter cannot be found that matches parameter name '{parameter.name}'."
        raise not_bound("NamedParameterNotFound", cmdlet, message)
    return fields[0], specs[fields[0]]


def _value(parameter: Parameter, spec: ParameterSpec, cmdlet: type[Cmdlet]) -> object:
    if parameter.value is not None:
        return _read(parameter.value, spec, cmdlet)
    if spec.switch:
        return True
    message = f"Missing an argument for parameter '{spec.name}'. Specify a parameter and try again."
    raise not_bound("MissingArgument", cmdlet, message)


def _read(literal: Literal, spec: ParameterSpec, cmdlet: type[Cmdlet]) -> object:
    """Convert first, then check the range, since each has its own error."""
    if isinstance(literal, Null):
        return _read_null(spec, cmdlet)
    try:
        value = _without_range(spec.codec).read(literal)
    except InvalidValueError as error:
        raise _not_converted(spec, cmdlet, error) from error
    _require_strict_texts(literal, spec, cmdlet)
    try:
        spec.codec.read(literal)
    except InvalidValueError as error:
        raise _not_valid(spec, cmdlet, error) from error
    if cmdlet.endpoint is Endpoint.WINDOWS and _is_empty(value):
        raise _not_valid(spec, cmdlet, InvalidValueError(spec.name, "an argument that is not empty", value))
    return value


def _is_empty(value: object) -> bool:
    """Return the error of ValidateNotNullOrEmpty or of a mandatory list for null or an empty list."""
    return value in ("", ()) or (isinstance(value, tuple) and "" in value)


def _read_null(spec: ParameterSpec, cmdlet: type[Cmdlet]) -> bool | None:
    """Accept null where it empties a setting; for a compiled switch it means that the switch is present."""
    if spec.switch and is_compiled(spec, cmdlet):
        return True
    if spec.nullable:
        return None
    if cmdlet.endpoint is Endpoint.EXCHANGE:
        raise _not_converted(spec, cmdlet, InvalidValueError(spec.name, "a value", None))
    message = f"Cannot bind argument to parameter '{spec.name}' because it is null."
    raise not_bound("ParameterArgumentValidationErrorNullNotAllowed", cmdlet, message)


def _without_range(codec: ParameterCodec) -> ParameterCodec:
    """Return the codec with the limits of its type only, for example those of Int32."""
    if isinstance(codec, IntegerCodec):
        return IntegerCodec()
    return attrs.evolve(codec, bounds=None) if isinstance(codec, Codec) else codec


def _require_strict_texts(literal: Literal, spec: ParameterSpec, cmdlet: type[Cmdlet]) -> None:
    accepts = _STRICTER.get(spec.name)
    for text in _texts(literal):
        if accepts and not accepts(text):
            raise _not_converted(spec, cmdlet, InvalidValueError(spec.name, "the server's own form", text))
    words = _WHOLE_WORDS.get(spec.name)
    if words and {text.lower() for text in _texts(literal)} - words != set():
        raise _not_valid(spec, cmdlet, InvalidValueError(spec.name, ", ".join(sorted(words)), literal))


def _texts(literal: Literal) -> Iterator[str]:
    match literal:
        case String():
            yield literal.value
        case Number():
            yield literal.text or str(literal.value)
        case Array():
            for item in literal.items:
                yield from _texts(item)
        case Hashtable():
            for _, value in literal.entries:
                yield from _texts(value)
        case _:
            return


def _not_converted(spec: ParameterSpec, cmdlet: type[Cmdlet], error: InvalidValueError) -> RefusalError:
    beginning = {
        Endpoint.EXCHANGE: f"Cannot process argument transformation on parameter '{spec.name}'.",
        Endpoint.WINDOWS: f"Cannot bind parameter '{spec.name}'.",
    }[cmdlet.endpoint]
    message = f'{beginning} Cannot convert value "{error.received}": expected {error.expected}.'
    return not_bound(_conversion_id(spec, cmdlet), cmdlet, message)


def is_compiled(spec: ParameterSpec, cmdlet: type[Cmdlet]) -> bool:
    """Say whether PowerShell converts the value: for compiled cmdlets, and for parameters that it adds to functions."""
    return spec.is_added or cmdlet.endpoint is Endpoint.WINDOWS


def _conversion_id(spec: ParameterSpec, cmdlet: type[Cmdlet]) -> str:
    compiled = is_compiled(spec, cmdlet)
    if compiled and isinstance(spec.codec, BooleanCodec):
        return NO_FLAG
    return NOT_CONVERTED[Endpoint.WINDOWS if compiled else Endpoint.EXCHANGE]


def _not_valid(spec: ParameterSpec, cmdlet: type[Cmdlet], error: InvalidValueError) -> RefusalError:
    message = f"Cannot validate argument on parameter '{spec.name}'. \"{error.received}\" is not {error.expected}."
    return not_bound(NOT_VALID, cmdlet, message)


def _build(cmdlet: type[C], bound: dict[str, Any], *, piped: bool) -> C:  # Any: see bind
    lacking = [spec.name for field, spec in parameters(cmdlet).items() if spec.required and field not in bound]
    if lacking:
        raise _incomplete(cmdlet, lacking)
    try:
        made = cmdlet(**bound)
    except InvalidValueError as error:
        message = "Parameter set cannot be resolved using the specified named parameters."
        raise not_bound("AmbiguousParameterSet", cmdlet, message) from error
    try:
        if not piped:
            made.require_whole()
    except InvalidValueError as error:
        mandatory = bindable(cmdlet).mandatory.items()
        raise _incomplete(cmdlet, [spec.name for field, spec in mandatory if field not in bound] or ["Name"]) from error
    return made


def _incomplete(cmdlet: type[Cmdlet], names: list[str]) -> RefusalError:
    """Refuse a command that PowerShell would ask the rest of, which a session without a host cannot."""
    message = f"Cannot process command because of one or more missing mandatory parameters: {' '.join(names)}."
    return not_bound("MissingMandatoryParameter", cmdlet, message)
