"""How many examples a law tries: ``make test`` and ``make test-long`` try the same laws, the latter more examples."""

from __future__ import annotations

from typing import Final

from hypothesis import HealthCheck, settings

__all__ = ["is_long", "load", "scaled", "share"]

_USUAL: Final = 1000
_LONG: Final = 5000


def load() -> None:
    """Make the two profiles known, and load the usual one; pytest's ``--hypothesis-profile=long`` loads the other."""
    for name, number in (("usual", _USUAL), ("long", _LONG)):
        settings.register_profile(
            name, max_examples=number, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=False
        )
    settings.load_profile("usual")


def _number() -> int:
    assert settings.default is not None
    return settings.default.max_examples


def is_long() -> bool:
    """Say whether it is `make test-long` that runs."""
    return _number() > _USUAL


def scaled(usual: int) -> int:
    """Return how many times something is done that is done so often in `make test`."""
    return usual * _number() // _USUAL


def share(parts: int) -> settings:
    """Decorate a law whose examples are costly, or that is asked of many classes: it gets one of so many parts."""
    return settings(max_examples=_number() // parts)
