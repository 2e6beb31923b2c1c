"""Format-List, as the documentation puts it behind a pipe."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from fnmatch import fnmatchcase

import attrs

from .._entry import entry
from .._model.cmdlet import Cmdlet, cmdlet
from .._model.codecs.lists import ListCodec
from .._model.codecs.literals import SWITCH
from .._model.codecs.values import TEXT, plain
from .._model.declaration import parameter
from .._model.field_types import ItemsOr
from .._model.specs import Endpoint
from .._powershell.record import FormatValue, Record, RecordValue
from .._values import Unset

__all__ = ["FormatList"]


@entry
@cmdlet("Format-List", aliases=("fl",), endpoint=Endpoint.WINDOWS, changes=False, objects="InputObject")
class FormatList(Cmdlet):
    """Format-List: print properties, one a line; only the shell that a person looks at needs it.

    Source: Microsoft's reference page of Format-List.

    >>> str(FormatList(property=("*ConnectionSettings", "*Bindings", "X509CertificateName")))
    'Format-List *ConnectionSettings,*Bindings,X509CertificateName'
    """

    property: ItemsOr[str, Unset] = parameter("Property", ListCodec(TEXT, bare=True), position=0, unnamed=True)
    """The properties to print, ``*`` and ``?`` standing for any text; all that are usual otherwise."""
    group_by: str | Unset = parameter("GroupBy", TEXT)
    """A property whose change begins a new group."""
    view: str | Unset = parameter("View", TEXT)
    """A named view."""
    expand: str | Unset = parameter("Expand", TEXT)
    """``EnumOnly``, ``CoreOnly`` or ``Both``: how a collection is printed."""
    force: bool | Unset = parameter("Force", SWITCH)
    """Print everything."""
    display_error: bool | Unset = parameter("DisplayError", SWITCH)
    """Print errors in place."""
    show_error: bool | Unset = parameter("ShowError", SWITCH)
    """Print errors at the end."""

    def select(self, record: Record) -> Record:
        """Return the object with the properties that are printed alone, in the order in which they are named.

        >>> record = Record(properties={"Server": "MBX01", "SSLBindings": ("[::]:993",), "Banner": "Ready."})
        >>> list(FormatList(property=("*bindings", "Server")).select(record).properties)
        ['SSLBindings', 'Server']
        """
        patterns = self.property if isinstance(self.property, tuple) else ("*",)
        names = (name for pattern in patterns for name in record.properties if _matches(name, pattern))
        return attrs.evolve(record, properties={name: record.properties[name] for name in names})

    def text(self, records: Iterable[Record]) -> str:
        """Return what is printed of objects, on a console of unlimited width; what a terminal would act on is escaped.

        >>> print(FormatList(property=("Server", "*Bindings")).text([
        ...     Record(properties={"Server": "MBX01", "SSLBindings": ("[::]:993", "0.0.0.0:993")})
        ... ]))
        Server      : MBX01
        SSLBindings : {[::]:993, 0.0.0.0:993}
        """
        selected = (self.select(record).properties for record in records)
        shown = ({name: _shown(value) for name, value in properties.items()} for properties in selected)
        from .._powershell.format_list_writer import show_properties  # noqa: PLC0415 - only what prints needs it

        return "\n\n".join(map(show_properties, shown))


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name.lower(), pattern.lower())


def _shown(value: RecordValue) -> FormatValue:
    """Return what the shell prints of a value: of an object its text."""
    value = plain(value)
    if isinstance(value, tuple):
        return tuple(str(_shown(item)) for item in value)
    return value if value is None or isinstance(value, bool | int | str | timedelta) else str(value)
