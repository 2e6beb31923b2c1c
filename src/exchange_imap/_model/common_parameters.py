"""The parameters that every cmdlet has: how it runs and what it reports, and nothing of what it is about.

Source: about_CommonParameters of Windows PowerShell 5.1, which Exchange's shell is. ``-ProgressAction`` is PowerShell
7.4's, and not here: 5.1 refuses it.
"""

from __future__ import annotations

from typing import Final

import attrs

from .._values import UNSET, ActionPreference, Unset
from .codecs.literals import BooleanCodec, IntegerCodec
from .codecs.values import Bounds, TextCodec, choice
from .declaration import checked, parameter, parameters

__all__ = ["BUFFER", "CONFIRM", "NAMES_VARIABLES", "VARIABLE", "WHAT_IF", "CommonParameters"]

_SWITCH = BooleanCodec(switch=True, converts=True)
_ACTION = choice(ActionPreference)
VARIABLE = TextCodec(expected="a variable's name", bounds=Bounds("a variable's name", bool))
WHAT_IF = parameter("WhatIf", _SWITCH, aliases=("wi",), switch=True)
CONFIRM = parameter("Confirm", _SWITCH, aliases=("cf",), switch=True)
"""Those of every cmdlet that changes something: PowerShell's own too, but declared where a cmdlet has them."""
BUFFER = IntegerCodec.between(0, 2**31 - 1)


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class CommonParameters:
    """What every cmdlet takes besides its own parameters.

    They are read, written and sent like any other, and never count as part of a desired state. A parameter that names
    a variable is kept by the Windows endpoint in the session's own variables, which nothing here reads, and refused
    by the Exchange endpoint, which has none: what a command reports comes back in the reply in any case.
    """

    verbose: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("Verbose", _SWITCH, aliases=("vb",), switch=True, common=True)
    )
    """Report in detail what the command does."""
    debug: bool | Unset = attrs.field(
        default=UNSET, metadata=parameter("Debug", _SWITCH, aliases=("db",), switch=True, common=True)
    )
    """Report what a programmer would want to know; 5.1 asks before it goes on each time."""
    error_action: ActionPreference | Unset = attrs.field(
        default=UNSET, metadata=parameter("ErrorAction", _ACTION, aliases=("ea",), common=True)
    )
    """What to do about an error that does not end the command by itself."""
    warning_action: ActionPreference | Unset = attrs.field(
        default=UNSET, metadata=parameter("WarningAction", _ACTION, aliases=("wa",), common=True)
    )
    """What to do about a warning."""
    information_action: ActionPreference | Unset = attrs.field(
        default=UNSET, metadata=parameter("InformationAction", _ACTION, aliases=("infa",), common=True)
    )
    """What to do about information."""
    error_variable: str | Unset = attrs.field(
        default=UNSET, metadata=parameter("ErrorVariable", VARIABLE, aliases=("ev",), common=True)
    )
    """A variable to keep the errors in; with ``+`` before its name they are added to what it holds."""
    warning_variable: str | Unset = attrs.field(
        default=UNSET, metadata=parameter("WarningVariable", VARIABLE, aliases=("wv",), common=True)
    )
    """A variable to keep the warnings in."""
    information_variable: str | Unset = attrs.field(
        default=UNSET, metadata=parameter("InformationVariable", VARIABLE, aliases=("iv",), common=True)
    )
    """A variable to keep the information in."""
    out_variable: str | Unset = attrs.field(
        default=UNSET, metadata=parameter("OutVariable", VARIABLE, aliases=("ov",), common=True)
    )
    """A variable to keep what the command answers in, besides."""
    out_buffer: int | Unset = attrs.field(
        default=UNSET, metadata=parameter("OutBuffer", BUFFER, aliases=("ob",), common=True)
    )
    """How many objects to collect before the next command of a pipe receives them: one more than this."""
    pipeline_variable: str | Unset = attrs.field(
        default=UNSET, metadata=parameter("PipelineVariable", VARIABLE, aliases=("pv",), common=True)
    )
    """A variable to keep the present object of a pipe in."""


NAMES_VARIABLES: Final = frozenset(f for f, spec in parameters(CommonParameters).items() if spec.codec == VARIABLE)
"""The fields of those that name a variable of the session."""
