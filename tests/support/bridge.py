"""A real PowerShell behind WSMan, where there is one: what stands at the other end of a session is then not ours."""

from __future__ import annotations

import contextlib
import importlib.util
from functools import partialmethod
from pathlib import Path
from typing import Any, Final

from .outside import beside

_PATH, BRIDGE = beside("bridge", "PowerShell to talk to", "powershell", "bridge.py")
needs_bridge: Final = BRIDGE.mark


def make_bridge(exchange: Path | None = None) -> Any:  # Any: a class of a file that is not ours
    """Return a bridge that is not started: a context manager with a ``port``.

    ``exchange`` is the session configuration of Exchange's endpoint; without it the bridge's own.
    """
    BRIDGE.expect_mark()
    spec = importlib.util.spec_from_file_location("powershell_bridge", _PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    if exchange is not None:
        module.ENDPOINTS["powershell"] = (module.ENDPOINTS["powershell"][0], exchange)
    module.Engine.close = partialmethod(_close_with_pipes, module.Engine.close)
    return module.Bridge()


def _close_with_pipes(engine: Any, close: Any) -> None:  # Any: as above
    """Close also what the bridge leaves to the collector, which warns of it; its own thread reads to the end first."""
    close(engine)
    with engine.changed:
        engine.changed.wait_for(lambda: not engine.alive)
    for pipe in (engine.process.stdin, engine.process.stdout):
        with contextlib.suppress(OSError):  # what was still to be written, to a process that has ended
            pipe.close()
