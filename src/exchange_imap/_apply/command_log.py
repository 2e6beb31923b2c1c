"""Log each command with its endpoint, duration and result to the logger ``exchange_imap``.

It logs at INFO, so nothing is shown unless a program asks for it. ``logging`` is not imported here: a program that has
not imported it has not configured it either. No line has a secret, nor a text of the server but an error's id.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .._powershell.command import CommandLike
from .._powershell.masking import mask_secrets
from .._shown import legible
from .._transports.errors import CommandError, TransportError
from .._transports.transport import Reply

if TYPE_CHECKING:
    from logging import Logger

__all__ = ["logged"]

_NAME: Final = "exchange_imap"
_SENT: Final = {False: "not sent", True: "sent", None: "perhaps sent"}
T = TypeVar("T", bound=Reply | list[Reply])


def logged(where: str, commands: Sequence[CommandLike], run: Callable[[], T], monotonic: Callable[[], float]) -> T:
    """Run commands that go to one endpoint in one request, and log a line for each.

    ``where`` names the server and its endpoint.
    """
    logger = _logger()
    if logger is None:
        return run()
    start = monotonic()
    try:
        answer = run()
    except BaseException as error:
        _log(logger, where, commands, monotonic() - start, [_of_error(error)] * len(commands))
        raise
    results = list(map(_of_reply, answer)) if isinstance(answer, list) else [_of_reply(answer)] * len(commands)
    _log(logger, where, commands, monotonic() - start, results)
    return answer


def _logger() -> Logger | None:
    """Return the logger if a program listens to it."""
    logging: Any = sys.modules.get("logging")  # Any: a module
    if logging is None:
        return None
    logger: Logger = logging.getLogger(_NAME)
    return logger if logger.isEnabledFor(logging.INFO) else None


def _log(logger: Logger, where: str, commands: Sequence[CommandLike], seconds: float, results: Sequence[str]) -> None:
    for command, result in zip(commands, results, strict=True):
        text = legible(mask_secrets(str(command)))
        logger.info("%s: %s: %s in %.3f s", legible(where), text, result, seconds)


def _of_reply(reply: Reply) -> str:
    counts = {"object": len(reply.records), "warning": len(reply.warnings), "error": len(reply.errors)}
    parts = (f"{count} {what}{'' if count == 1 else 's'}" for what, count in counts.items() if count)
    return ", ".join(parts) or "done"


def _of_error(error: BaseException) -> str:
    name = type(error).__name__
    if isinstance(error, CommandError):
        return f"{name} {legible(error.category)} {legible(error.id)}"
    return f"{name}, {_SENT[error.sent]}" if isinstance(error, TransportError) else name
