"""What is said of a certificate that clients refuse or soon will, whether a server told of it or a client saw it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Protocol

__all__ = ["SHORTEST", "SOON", "Judged", "expired", "expires_soon", "not_yet_valid", "self_signed", "weak"]

SOON: Final = timedelta(days=30)
"""From when on CSS-Exchange's HealthChecker shows a certificate in red."""
SHORTEST: Final = 2048
"""The bits of an RSA key that is long enough."""


class Judged(Protocol):
    """What is needed of a certificate."""

    @property
    def subject(self) -> str:
        """Whose it is."""
        ...

    @property
    def not_before(self) -> datetime:
        """When its time begins."""
        ...

    @property
    def not_after(self) -> datetime:
        """When its time ends."""
        ...


def expired(certificate: Judged) -> tuple[str, str]:
    """Return the reason, and what would be right."""
    reason = f"{certificate.subject} is not valid after {_shown(certificate.not_after)}: clients refuse it"
    return reason, "Renew it, or use a certificate that is valid"


def not_yet_valid(certificate: Judged) -> tuple[str, str]:
    """Return the same of one whose time has not begun."""
    reason = f"{certificate.subject} is not valid before {_shown(certificate.not_before)}: clients refuse it"
    return reason, "Wait until then, or use a certificate that is valid"


def expires_soon(certificate: Judged, left: timedelta) -> tuple[str, str]:
    """Return the same of one whose time is nearly over."""
    reason = f"{certificate.subject} is not valid after {_shown(certificate.not_after)}, in {left.days} days"
    return reason, "Renew it before, and enable the new one"


def self_signed(certificate: Judged) -> tuple[str, str]:
    """Return the same of one that no authority has signed."""
    reason = f"{certificate.subject} is signed by itself and by no authority: clients do not trust it"
    return reason, "Use a certificate of an authority that the clients trust"


def weak(certificate: Judged, bits: int) -> tuple[str, str]:
    """Return the same of one with a short key."""
    reason = f"{certificate.subject} has a key of {bits} bits, which is too short"
    return reason, f"Use a certificate with a key of {SHORTEST} bits or more"


def _shown(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="minutes")
