"""A server's IMAP4 settings as they will be, as far as that is known, and which of them are in question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Final, Self

import attrs

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._model.declaration import parameters, writable
from .._powershell.renderer import render_literal
from .._powershell.syntax import Null
from .._values import ConnectionSetting, ListEdit
from .finding import Evidence

__all__ = ["BINDINGS", "CONNECTIONS", "Resulting", "parameter_of"]

CONNECTIONS: Final = ("external_connection_settings", "internal_connection_settings")
BINDINGS: Final = ("ssl_bindings", "unencrypted_or_tls_bindings")
_SPECS = parameters(SetImapSettings)
_WRITABLE = tuple(writable(ImapSettings))


@attrs.frozen
class Resulting:
    """What the rules about settings look at, whatever it comes from: a script, a plan, or the state of a server."""

    values: Mapping[str, object]
    """What is known, by field; a list of which only an edit is known is that edit."""
    changed: Collection[str]
    """The fields in question: a rule reports only what one of them is part of."""
    whole: bool = True
    """Whether all of the settings are known."""

    @classmethod
    def of(cls, settings: ImapSettings, changed: Collection[str] = _WRITABLE) -> Self:
        """Look at the settings of a server; all of them are in question unless ``changed`` says which."""
        return cls({field: getattr(settings, field) for field in _WRITABLE}, frozenset(changed))

    def entries(self, field: str) -> tuple[Any, ...] | None:  # Any: the field's own entries
        """Return a list as it will be; ``None`` where that is not known."""
        value = self.values.get(field)
        return value if isinstance(value, tuple) else None

    def told(self, field: str) -> tuple[ConnectionSetting, ...]:
        """Return the connections that clients will certainly be told."""
        value = self.values.get(field, ())
        return tuple(value.add if isinstance(value, ListEdit) else value)  # type: ignore[arg-type]  # the field's own

    def first_changed(self, *fields: str) -> str | None:
        """Return the first of the fields that is in question; ``None`` where none is."""
        return next((field for field in fields if field in self.changed), None)

    def evidence(self, *fields: str) -> Evidence:
        """Return the parameters of those fields whose values are known, each as a command has it."""
        return tuple((parameter_of(field), self._written(field)) for field in fields if field in self.values)

    def _written(self, field: str) -> str:
        value = self.values[field]
        return render_literal(Null() if value is None else _SPECS[field].codec.write(value))


def parameter_of(field: str) -> str:
    """Return the parameter's name."""
    return _SPECS[field].name
