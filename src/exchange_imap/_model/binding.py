"""Bind the values of a command to the parameters of its cmdlet, as PowerShell does (about_Parameters)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NoReturn

import attrs

from .._errors import CommandSyntaxError, InvalidValueError
from .._powershell.masking import names_secret
from .._powershell.syntax import CommandSyntax, Literal, Null, ParameterName, Quote, String
from .._span import Span
from .._values.given import nearest
from .specs import ParameterSpec, possible_sets

__all__ = ["Bindable", "Binder", "begun_by"]

# PowerShell 7.4 has it on every cmdlet, Exchange's 5.1 on none: an abbreviation that may mean it is ambiguous.
_ONLY_IN_7 = ("progressaction", "proga")


@attrs.frozen(kw_only=True)
class Bindable:
    """What a cmdlet's class says of its parameters, and the field of each name."""

    specs: Mapping[str, ParameterSpec]
    hints: Mapping[str, str]
    objects: str
    """The parameter that takes objects only from a pipe. It has no field; an abbreviation may mean it."""
    default_set: str
    """The parameter set that PowerShell chooses if several are left."""
    fields: Mapping[str, str]
    """The fields by every name and alias in lower case."""
    passwords: tuple[str, ...]
    """The names and aliases of the parameters that take a password, in lower case."""
    mandatory: Mapping[str, ParameterSpec]
    """The parameters without which the command cannot run, at least in some parameter set."""
    has_sets: bool
    """Whether some parameters exclude others."""


@attrs.define
class Binder:
    """Bind one command's elements to the parameters of its cmdlet."""

    command: CommandSyntax
    source: str
    cmdlet: Bindable
    bound: dict[str, object] = attrs.field(factory=dict)
    spans: dict[str, Span] = attrs.field(factory=dict)
    """The place of each field's value, or of its name if it has no value."""
    _pending: tuple[str, ParameterName] | None = None
    _glued: Mapping[int, str] | None = None
    _unnamed: dict[str, Literal] = attrs.field(factory=dict)

    def bind(self) -> dict[str, object]:
        """Return the values by field name, in the order written.

        Raises :class:`CommandSyntaxError` pointing at the element that cannot be bound.
        """
        for element in self.command.elements:
            if isinstance(element, ParameterName):
                self._name(element)
            elif self._pending:
                field, _ = self._pending
                self._pending = None
                self._take(field, element)
            else:
                key = f"value {len(self._unnamed)}"
                self._unnamed[key] = element
                self.bound[key] = None  # keeps its place in the order
        self._nothing_pending()
        if self._unnamed:
            self._place_unnamed()
        return self.bound

    def _name(self, element: ParameterName) -> None:
        self._nothing_pending()
        field = self._resolve(element)
        if field in self.bound:
            hint = "It stands here a second time."
            self._refuse(element, "each parameter once", f"-{element.name}", hint, rule="repeated-parameter")
        if element.argument is not None:
            self._take(field, element.argument)
        elif self.cmdlet.specs[field].switch:
            self.bound[field] = True
            self.spans[field] = element.span
        else:
            self.bound[field] = None  # keeps its place in the order
            self._pending = (field, element)

    def _nothing_pending(self) -> None:
        if self._pending:
            field, element = self._pending
            spec = self.cmdlet.specs[field]
            hint = f"Write -{spec.name} $true." if getattr(spec.codec, "type", None) is bool else ""
            expected = f"a value behind -{spec.name}"
            self._refuse(element, expected, f"-{element.name} alone", hint, rule="missing-value")

    def _place_unnamed(self) -> None:
        """Bind the values without a name to the positional parameters that are left when all names are bound."""
        written = list(self.bound)
        self.bound = {field: value for field, value in self.bound.items() if field not in self._unnamed}
        placed = {key: self._place(element) for key, element in self._unnamed.items()}
        fields = (placed.get(key, key) for key in written)
        self.bound = {field: self.bound[field] for field in fields if field in self.bound}

    def _place(self, element: Literal) -> str:
        sets = possible_sets(self.cmdlet.specs[field] for field in self.bound)
        free = [
            (spec.position, bool(spec.sets) and self.cmdlet.default_set not in spec.sets, field)
            for field, spec in self.cmdlet.specs.items()
            if spec.position is not None and field not in self.bound
            if sets is None or not spec.sets or spec.sets & sets
        ]
        if not free:
            self._refuse_value(element)
        field = min(free)[-1]
        self._take(field, element)
        return field

    def _refuse_value(self, element: Literal) -> NoReturn:
        text = self.source[element.span.start : element.span.end]
        hint = self._stray_hint(element, text)
        self._refuse(element, "a parameter's name before each value", text, hint, rule="stray-value")

    def _behind_glued(self) -> Mapping[int, str]:
        """Return hints, by the place of a value, for a parameter's name that lacks a blank before it."""
        if self._glued is None:
            names = {name: spec.name for spec in self.cmdlet.specs.values() for name in spec.names}
            pairs = (
                (element.value.rpartition("-")[2].lower(), following.span.start)
                for element, following in pairwise(self.command.elements)
                if isinstance(element, String) and element.quote is Quote.BARE and "-" in element.value
            )
            self._glued = {start: f"Put a blank before -{names[name]}." for name, start in pairs if name in names}
        return self._glued

    def _stray_hint(self, element: Literal, text: str) -> str:
        """Suggest what was meant by a value that belongs to no parameter."""
        if glued := self._behind_glued().get(element.span.start):
            return glued
        if text.lower() in {"$true", "$false", "true", "false"}:
            return f"A switch takes its value with a colon: -WhatIf:${text.lower().lstrip('$')}."
        name = text.strip("-/").partition("=")[0].lower()
        meant = [spec.name for spec in self.cmdlet.specs.values() if name in spec.names]
        if meant:
            return f"Write -{meant[0]}."
        if element is self.command.elements[0] and "" in self.cmdlet.hints:
            return self.cmdlet.hints[""]
        if isinstance(element, String) and element.quote is Quote.BARE:
            return "Text with blanks needs quotes, and several values need commas between them."
        return "Several values need commas between them."

    def _take(self, field: str, literal: Literal) -> None:
        spec = self.cmdlet.specs[field]
        self.spans[field] = literal.span
        try:
            self.bound[field] = _read(spec, literal)
        except InvalidValueError as error:
            refused = error
        else:
            return
        # Outside the handler: the error that masks the value must not have one as its context that shows it.
        self._refuse_invalid(spec, literal, refused)

    def _refuse_invalid(self, spec: ParameterSpec, literal: Literal, error: InvalidValueError) -> NoReturn:
        """Say what the value should have been."""
        written = self.source[literal.span.start : literal.span.end]
        if names_secret(written):  # a variable's value is not in the text
            error = InvalidValueError(spec.name, error.expected, written)
        raise error.in_text(self.source, literal.span, "invalid-value", spec.name)

    def _resolve(self, element: ParameterName) -> str:
        """Find the field of a name, an alias, or the unambiguous beginning of one.

        A parameter of the cmdlet itself goes before the common parameters (about_CommonParameters).
        """
        word = element.name.lower()
        return self.cmdlet.fields.get(word) or self._begun_by(element, word)

    def _begun_by(self, element: ParameterName, word: str) -> str:
        own, common = begun_by(word, self.cmdlet.specs.values(), self.cmdlet.objects)
        if word and not own and _only_in_7(word):
            common.append("ProgressAction")
        found = own if len(own) == 1 else own + common
        if len(found) > 1:
            names = " or ".join(f"-{name}" for name in found)
            self._refuse(element, names, f"-{element.name}", "Write the name out.", rule="ambiguous-parameter")
        fields = [field for field, spec in self.cmdlet.specs.items() if spec.name in found]
        return fields[0] if fields else self._unknown(element, word)

    def _unknown(self, element: ParameterName, word: str) -> NoReturn:
        expected = f"a parameter of {self.command.name}"
        self._refuse(element, expected, f"-{element.name}", self._suggest(word), rule="unknown-parameter")

    def _suggest(self, word: str) -> str:
        if word and self.cmdlet.objects.lower().startswith(word):
            return "Objects come from a pipe: name what is meant."
        if word in self.cmdlet.hints:
            return self.cmdlet.hints[word]
        if word and _only_in_7(word):
            return "-ProgressAction is PowerShell 7.4's, and Exchange's shell is 5.1: leave it out."
        close = nearest(word, (spec.name for spec in self.cmdlet.specs.values()))
        return f"Did you mean -{close}?" if close else ""

    def _refuse(
        self, element: ParameterName | Literal, expected: str, received: str, hint: str, *, rule: str
    ) -> NoReturn:
        raise CommandSyntaxError(self.command.name, expected, received, hint, self.source, element.span, rule)


def begun_by(word: str, specs: Iterable[ParameterSpec], objects: str) -> tuple[list[str], list[str]]:
    """Return the parameters that an abbreviation may mean: the cmdlet's own, and those that PowerShell adds.

    If exactly one is the cmdlet's own, it is meant; otherwise all count. ``objects`` is the parameter that takes
    objects only from a pipe, and ``word`` is in lower case.
    """
    own: list[str] = []
    added: list[str] = []
    for spec in specs:
        if word and any(name.startswith(word) for name in spec.names):
            (added if spec.is_added else own).append(spec.name)
    if word and objects.lower().startswith(word):
        own.append(objects)
    return own, added


def _only_in_7(word: str) -> bool:
    return any(name.startswith(word) for name in _ONLY_IN_7)


def _read(spec: ParameterSpec, literal: Literal) -> object:
    if isinstance(literal, Null) and not getattr(spec.codec, "converts", False):
        if spec.nullable:
            return None
        raise InvalidValueError("", "a value", "$null", "Leave the parameter out to keep what the server has.")
    return spec.codec.read(literal)
