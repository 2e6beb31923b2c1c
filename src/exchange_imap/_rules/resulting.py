"""A server's IMAP4 settings as they will be, as far as they are known, and which of them to check."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Self

import attrs

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._finding import Evidence
from .._model.declaration import parameters, writable
from .._powershell.renderer import render_literal
from .._powershell.syntax import Null
from .._values import UNSET, ConnectionSetting, ListEdit, Unset

__all__ = ["BINDINGS", "CONNECTIONS", "Resulting", "parameter_of", "when_new"]

CONNECTIONS: Final = ("external_connection_settings", "internal_connection_settings")
BINDINGS: Final = ("ssl_bindings", "unencrypted_or_tls_bindings")
_SPECS = parameters(SetImapSettings)
_WRITABLE = tuple(writable(ImapSettings))


@attrs.frozen
class Resulting:
    """The settings for the rules to check: those that a script or a plan leads to, or those that a server has."""

    values: Mapping[str, object]
    """The known values, by field. If only an edit of a list is known, the value is the edit."""
    changed: Collection[str]
    """The fields to check. A rule reports only what involves one of them."""
    whole: bool = True
    """Whether all of the settings are known."""
    server: str | Unset = UNSET
    """Whose settings they are, if that is known."""

    @classmethod
    def of(cls, settings: ImapSettings, changed: Collection[str] = _WRITABLE) -> Self:
        """Take the settings of a server; all of them are checked unless ``changed`` says which."""
        values = {field: getattr(settings, field) for field in _WRITABLE}
        return cls(values, frozenset(changed), server=settings.server)

    def entries(self, field: str) -> tuple[Any, ...] | None:  # Any: the field's own entries
        """Return a list as it will be; ``None`` if that is not known."""
        value = self.values.get(field)
        return value if isinstance(value, tuple) else None

    def advertised(self, field: str) -> tuple[ConnectionSetting, ...]:
        """Return the connections that will certainly be advertised to clients."""
        value = self.values.get(field, ())
        return tuple(value.add if isinstance(value, ListEdit) else value)  # type: ignore[arg-type]  # the field's own

    def first_changed(self, *fields: str) -> str | None:
        """Return the first of the fields that is to be checked; ``None`` if none is."""
        return next((field for field in fields if field in self.changed), None)

    def setting(self, **values: Any) -> tuple[SetImapSettings]:  # Any: each field's own
        """Return the command that gives fields other values, for a fix."""
        return (SetImapSettings(server=self.server, **values),)

    def evidence(self, *fields: str) -> Evidence:
        """Return the parameters of those fields whose values are known, as a command writes them."""
        return tuple((parameter_of(field), self._written(field)) for field in fields if field in self.values)

    def _written(self, field: str) -> str:
        value = self.values[field]
        return render_literal(Null() if value is None else _SPECS[field].codec.write(value))


def parameter_of(field: str) -> str:
    """Return the name of the parameter."""
    return _SPECS[field].name


def when_new(field: str) -> Any:  # Any: the field's own type
    """Return what the installer stores."""
    return _SPECS[field].value_when_new("SE")
