"""What the rules about probes share: which failure they explain, and the evidence of it."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from .._finding import Evidence
from .found import Found

if TYPE_CHECKING:
    from .._probe.result import ProbeFailure, ProbeResult, Stage

__all__ = ["ended", "fact", "host_and_port", "last_words", "stopped"]


def ended(result: ProbeResult, *failures: ProbeFailure, at: Container[Stage] | None = None) -> bool:
    """Say whether the probe ended in one of these ways; ``at`` are stages, any by default."""
    stage = result.failed
    return stage is not None and stage.failure in failures and (at is None or stage.name in at)


def stopped(result: ProbeResult, reason: str, right: str) -> Found[str]:
    """Return what explains why the probe ended."""
    stage = result.failed
    evidence = [("connection", str(result.setting))]
    if result.address is not None:
        evidence.append(("address", result.address))
    if stage is not None and stage.said:
        evidence.append((stage.name.value, stage.said))
    return Found(reason, right, stage.name.value if stage else "", tuple(evidence))


def fact(result: ProbeResult, reason: str, right: str, *evidence: tuple[str, str]) -> Found[str]:
    """Return what is said of a fact that stops no client."""
    found: Evidence = (("connection", str(result.setting)), *evidence)
    return Found(reason, right, "", found)


def last_words(result: ProbeResult) -> str:
    """Return what the stage that failed saw."""
    return result.failed.said if result.failed else ""


def host_and_port(result: ProbeResult) -> str:
    """Return what was connected to; the address of IPv6 in brackets, so that its end is seen (RFC 3986, 3.2.2)."""
    host = result.address or result.setting.host
    return f"[{host}]:{result.setting.port}" if ":" in host else f"{host}:{result.setting.port}"
