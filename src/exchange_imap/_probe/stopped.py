"""How a stage ends that failed: within this package only, since a failure is a result and no exception."""

from __future__ import annotations

from .result import ProbeFailure

__all__ = ["Stopped", "Untrusted", "text_of"]


class Stopped(Exception):  # noqa: N818 - it is caught here, and no error that a user sees
    """The present stage failed in this way; ``said`` is what was seen."""

    def __init__(self, failure: ProbeFailure, said: str = "") -> None:
        super().__init__(failure, said)
        self.failure = failure
        self.said = said


class Untrusted(Stopped):
    """The certificate was refused; ``code`` is OpenSSL's number of the reason (X509_V_ERR_...)."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(ProbeFailure.NOT_TRUSTED, said)
        self.code = code


def text_of(data: bytes) -> str:
    """Return the text of what a server sent, whatever bytes it has."""
    return data.decode("utf-8", "backslashreplace").strip()
