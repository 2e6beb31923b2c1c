"""Format-List, as the documentation puts it behind a pipe."""

from __future__ import annotations

from typing import ClassVar

import attrs

from .._cmdlet.cmdlet import Cmdlet
from .._cmdlet.declaration import Endpoint, checked, parameter
from .._cmdlet.kinds import TEXT
from .._cmdlet.lists import ListKind
from .._cmdlet.literal_kinds import FlagKind
from .._values import UNSET, Unset

__all__ = ["FormatList"]

_SWITCH = FlagKind(switch=True)


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class FormatList(Cmdlet):
    """Format-List: print properties, one a line; only the shell that a person looks at needs it.

    >>> str(FormatList(property=("*ConnectionSettings", "*Bindings", "X509CertificateName")))
    'Format-List *ConnectionSettings,*Bindings,X509CertificateName'
    """

    cmdlet: ClassVar[str] = "Format-List"
    endpoint: ClassVar[Endpoint] = Endpoint.WINDOWS
    changes: ClassVar[bool] = False
    objects: ClassVar[str] = "inputobject"

    property: tuple[str, ...] | Unset = attrs.field(
        default=UNSET, metadata=parameter("Property", ListKind(TEXT, bare=True), position=0, unnamed=True)
    )
    """The properties to print, ``*`` and ``?`` standing for any text; all that are usual otherwise."""
    group_by: str | Unset = attrs.field(default=UNSET, metadata=parameter("GroupBy", TEXT))
    """A property whose change begins a new group."""
    view: str | Unset = attrs.field(default=UNSET, metadata=parameter("View", TEXT))
    """A named view."""
    expand: str | Unset = attrs.field(default=UNSET, metadata=parameter("Expand", TEXT))
    """``EnumOnly``, ``CoreOnly`` or ``Both``: how a collection is printed."""
    force: bool | Unset = attrs.field(default=UNSET, metadata=parameter("Force", _SWITCH, switch=True))
    """Print everything."""
    display_error: bool | Unset = attrs.field(default=UNSET, metadata=parameter("DisplayError", _SWITCH, switch=True))
    """Print errors in place."""
    show_error: bool | Unset = attrs.field(default=UNSET, metadata=parameter("ShowError", _SWITCH, switch=True))
    """Print errors at the end."""
