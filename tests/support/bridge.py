"""A real PowerShell behind WSMan, where there is one: what stands at the other end of a session is then not ours."""

from __future__ import annotations

import contextlib
import importlib.util
import os
from functools import partialmethod
from pathlib import Path
from typing import Any

import pytest

from .judge import find_judge

_NAME = "bridge.py"


def find_bridge() -> Path | None:
    """Return the bridge that EXCHANGE_IMAP_BRIDGE names, or the one beside the judge; ``None`` without one."""
    named, judge = os.environ.get("EXCHANGE_IMAP_BRIDGE"), find_judge()
    path = Path(named) if named else judge.with_name(_NAME) if judge else None
    return path if path and path.exists() else None


needs_bridge = pytest.mark.skipif(find_bridge() is None, reason="no PowerShell to talk to: set EXCHANGE_IMAP_BRIDGE")


def make_bridge() -> Any:  # Any: a class of a file that is not ours
    """Return a bridge that is not started: a context manager with a ``port``."""
    path = find_bridge()
    assert path is not None
    spec = importlib.util.spec_from_file_location("powershell_bridge", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
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
