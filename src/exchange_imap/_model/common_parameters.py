"""The parameters that every cmdlet has: how it runs and what it reports, and nothing of what it is about.

Source: about_CommonParameters of Windows PowerShell 5.1, which Exchange's shell is. ``-ProgressAction`` is PowerShell
7.4's, and not here: 5.1 refuses it.
"""

from __future__ import annotations

from typing import Final

from .._values import ActionPreference, Unset
from .codecs.literals import BooleanCodec, IntegerCodec
from .codecs.values import Bounds, TextCodec, choice
from .declaration import Declared, fields, parameter, parameters
from .field_types import Of

__all__ = ["BUFFER", "CONFIRM", "NAMES_VARIABLES", "VARIABLE", "WHAT_IF", "CommonParameters"]

_SWITCH = BooleanCodec(switch=True, converts=True)
_ACTION = choice(ActionPreference)
VARIABLE = TextCodec(expected="a variable's name", bounds=Bounds("a variable's name", bool))
WHAT_IF = parameter("WhatIf", _SWITCH, aliases=("wi",))
CONFIRM = parameter("Confirm", _SWITCH, aliases=("cf",))
"""Those of every cmdlet that changes something: PowerShell's own too, but declared where a cmdlet has them."""
BUFFER = IntegerCodec.between(0, 2**31 - 1)


@fields
class CommonParameters(Declared):
    """What every cmdlet takes besides its own parameters.

    They are read, written and sent like any other, and never count as part of a desired state. A parameter that names
    a variable is kept by the Windows endpoint in the session's own variables, which nothing here reads, and refused
    by the Exchange endpoint, which has none: what a command reports comes back in the reply in any case.
    """

    verbose: bool | Unset = parameter("Verbose", _SWITCH, aliases=("vb",), common=True)
    """Report in detail what the command does."""
    debug: bool | Unset = parameter("Debug", _SWITCH, aliases=("db",), common=True)
    """Report what a programmer would want to know; 5.1 asks before it goes on each time."""
    error_action: Of[ActionPreference | Unset] = parameter("ErrorAction", _ACTION, aliases=("ea",), common=True)
    """What to do about an error that does not end the command by itself."""
    warning_action: Of[ActionPreference | Unset] = parameter("WarningAction", _ACTION, aliases=("wa",), common=True)
    """What to do about a warning."""
    information_action: Of[ActionPreference | Unset] = parameter(
        "InformationAction", _ACTION, aliases=("infa",), common=True
    )
    """What to do about information."""
    error_variable: str | Unset = parameter("ErrorVariable", VARIABLE, aliases=("ev",), common=True)
    """A variable to keep the errors in; with ``+`` before its name they are added to what it holds."""
    warning_variable: str | Unset = parameter("WarningVariable", VARIABLE, aliases=("wv",), common=True)
    """A variable to keep the warnings in."""
    information_variable: str | Unset = parameter("InformationVariable", VARIABLE, aliases=("iv",), common=True)
    """A variable to keep the information in."""
    out_variable: str | Unset = parameter("OutVariable", VARIABLE, aliases=("ov",), common=True)
    """A variable to keep what the command answers in, besides."""
    out_buffer: Of[int | Unset] = parameter("OutBuffer", BUFFER, aliases=("ob",), common=True)
    """How many objects to collect before the next command of a pipe receives them: one more than this."""
    pipeline_variable: str | Unset = parameter("PipelineVariable", VARIABLE, aliases=("pv",), common=True)
    """A variable to keep the present object of a pipe in."""


NAMES_VARIABLES: Final = frozenset(f for f, spec in parameters(CommonParameters).items() if spec.codec == VARIABLE)
"""The fields of those that name a variable of the session."""
