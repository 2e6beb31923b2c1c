"""What a caller wants to know of a server, checked before anything is done."""

from __future__ import annotations

import functools
import ipaddress
import ssl
from collections.abc import Callable
from datetime import timedelta
from os import PathLike
from typing import Final

import attrs

from .._errors import InvalidValueError
from .._patterns import pattern
from .._powershell.secret import PSCredential
from .._probe.login import Login, Respond, once
from .._probe.observe import Asked, Speak, observe
from .._probe.result import ProbeResult, Protocol
from .._probe.trust import verifying_context
from .._rules.probe_findings import probe_findings
from .._transports.psrp.deadline import require_time
from .._values import ConnectionSetting

__all__ = ["NOBODY", "asking", "judged", "login_with", "read_setting"]

NOBODY: Final = "Give a PSCredential, or a function that returns one: nobody is there to answer a prompt."
_SUBMISSION: Final = frozenset({25, 465, 587})
_MECHANISM: Final = pattern(r"[A-Z0-9_-]{1,20}")
_CONTROLS: Final = pattern(r"[\x00-\x1f\x7f]")


def asking(  # noqa: PLR0913 - what a probe may use
    setting: ConnectionSetting | str,
    protocol: Protocol | None,
    login: Login | None,
    *,
    address: str | None,
    trust: str | PathLike[str] | None,
    timeout: timedelta,
    expected_name: str | None = None,
) -> Asked:
    """Return what is asked. Raises :class:`InvalidValueError` for a wrong argument."""
    read = read_setting(setting)
    return Asked(
        setting=read,
        protocol=protocol or _usual(read),
        context=_context(trust),
        timeout=_positive(timeout),
        login=login,
        expected_name=expected_name,
        address=_address(address),
    )


def judged(asked: Asked, speak: Speak) -> ProbeResult:
    """Probe, and return what was seen with what the rules say of it."""
    result = observe(asked, speak)
    return attrs.evolve(result, findings=probe_findings(result))


def read_setting(setting: ConnectionSetting | str) -> ConnectionSetting:
    """Return a setting from its text."""
    return ConnectionSetting.parse(setting) if isinstance(setting, str) else setting


def _usual(setting: ConnectionSetting) -> Protocol:
    return Protocol.SMTP if setting.port in _SUBMISSION else Protocol.IMAP4


def _context(trust: str | PathLike[str] | None) -> Callable[[], ssl.SSLContext]:
    """Return what makes the context; a file is read now, so that a wrong one is refused before anything is done."""
    if trust is None:
        return functools.partial(verifying_context, None)
    context = verifying_context(trust)
    return lambda: context


def _positive(timeout: timedelta) -> timedelta:
    require_time("probe(timeout)", timeout)
    return timeout


def _address(address: str | None) -> str | None:
    try:
        return None if address is None else str(ipaddress.ip_address(address))
    except ValueError:
        hint = "The host's name is in the setting."
        raise InvalidValueError("probe(address)", "an IP address", address, hint) from None


def login_with(
    credential: PSCredential | Callable[[], PSCredential] | None,
    sasl: tuple[str, bytes | Respond] | None,
    *,
    allow_insecure: bool,
) -> Login | None:
    """Return what to log in with, if there is something."""
    if credential is not None and sasl is not None:
        raise InvalidValueError("probe(sasl)", "nothing, as there is a credential", sasl[0], "Give one of them.")
    if sasl is not None:
        return Login(sasl=_responder(*sasl), allow_insecure=allow_insecure)
    if credential is None:
        return None
    made = credential if isinstance(credential, PSCredential) else credential()
    if not isinstance(made, PSCredential):
        raise InvalidValueError("probe(credential)", "a function that returns a PSCredential", type(made).__name__)
    if _CONTROLS.search(made.user_name) or _CONTROLS.search(made.password.reveal()):
        raise InvalidValueError("probe(credential)", "a user and password without control characters", "such ones")
    return Login(credential=made, allow_insecure=allow_insecure)


def _responder(mechanism: str, response: bytes | Respond) -> tuple[str, Respond]:
    name = mechanism.upper()
    if not _MECHANISM.fullmatch(name):
        raise InvalidValueError("probe(sasl)", "the name of a SASL mechanism, such as NTLM", mechanism)
    return name, once(response) if isinstance(response, bytes) else response
