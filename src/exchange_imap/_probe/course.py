"""The course of a probe: its stages as they happen, and the facts that are collected on the way."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import attrs

from .._shown import legible
from .._values import ConnectionSetting
from .result import ProbeResult, ProbeStage, Protocol, SeenCertificate, Stage, TlsSession
from .stopped import Stopped

__all__ = ["Course"]

_LONGEST: Final = 1_000
_MASK: Final = "********"


def _forms(secret: bytes) -> Iterator[str]:
    """Yield the texts that a secret may be found as: as it is, in base 64, and escaped in a repr of bytes."""
    text = secret.decode("utf-8", "backslashreplace")
    yield text
    yield text.strip()  # at the end of an answer
    yield base64.b64encode(secret).decode("ascii")
    escaped = secret.decode("latin-1").encode("unicode_escape").decode("ascii")
    yield escaped
    yield escaped.replace("'", "\\'")


def _now() -> datetime:
    return datetime.now(UTC)


@attrs.define(kw_only=True)
class Course:
    """What a probe has seen so far. A stage lasts until the next one is entered."""

    setting: ConnectionSetting
    protocol: Protocol
    expected_name: str | None = None
    address: str | None = None
    addresses: tuple[str, ...] = ()
    greeting: str = ""
    capabilities_before: tuple[str, ...] = ()
    capabilities: tuple[str, ...] = ()
    tls: TlsSession | None = None
    certificates: tuple[SeenCertificate, ...] = ()
    trusted: bool | None = None
    _began: datetime = attrs.field(factory=_now, init=False)
    _clock: float = attrs.field(factory=time.monotonic, init=False)
    _stages: list[ProbeStage] = attrs.field(factory=list, init=False)
    stage: Stage | None = attrs.field(default=None, init=False)
    _entered: float = attrs.field(default=0.0, init=False)
    _said: str = attrs.field(default="", init=False)
    _hidden: tuple[str, ...] = attrs.field(default=(), init=False, repr=False)

    def enter(self, stage: Stage) -> None:
        """Begin a stage; the one before has succeeded."""
        self._end(None)
        self.stage, self._entered = stage, time.monotonic()

    def say(self, text: str) -> None:
        """Note what the present stage saw."""
        self._said = text

    def offer(self, capabilities: tuple[str, ...], separator: str) -> None:
        """Note what the server offers now, without TLS or with it."""
        if self.tls:
            self.capabilities = capabilities
        else:
            self.capabilities_before = capabilities
        self.say(separator.join(capabilities))

    def hide(self, *secrets: bytes) -> None:
        """Mask these from now on: a server may repeat what it was sent, and an error may have the repr of that."""
        found = {form for secret in secrets for form in _forms(secret)}
        self._hidden = tuple(sorted({*self._hidden, *found} - {""}, key=len, reverse=True))

    def shown(self, text: str) -> str:
        """Return a text as the result may have it: without secrets, in one line and not too long."""
        for secret in self._hidden:
            text = text.replace(secret, _MASK)
        return legible(text, _LONGEST)

    def stop(self, stopped: Stopped) -> None:
        """End with the present stage, which failed."""
        self._said = stopped.said or self._said
        self._end(stopped)

    def _end(self, stopped: Stopped | None) -> None:
        if self.stage is not None:
            elapsed = timedelta(seconds=time.monotonic() - self._entered)
            failure = stopped.failure if stopped else None
            said = self.shown(self._said)
            self._stages.append(ProbeStage(name=self.stage, elapsed=elapsed, failure=failure, said=said))
        self.stage, self._said = None, ""

    def result(self) -> ProbeResult:
        """End, and return all of it."""
        self._end(None)
        return ProbeResult(
            setting=self.setting,
            protocol=self.protocol,
            stages=tuple(self._stages),
            began=self._began,
            elapsed=timedelta(seconds=time.monotonic() - self._clock),
            address=self.address,
            addresses=self.addresses,
            greeting=self.shown(self.greeting),
            capabilities_before=tuple(map(self.shown, self.capabilities_before)),
            capabilities=tuple(map(self.shown, self.capabilities)),
            tls=self.tls,
            certificates=self.certificates,
            trusted=self.trusted,
            expected_name=self.expected_name,
        )
