"""A file in which it stands what was done with servers, and what was being done when a process ended."""

from __future__ import annotations

import getpass
import os
from os import PathLike

import attrs

from .._entry import entry
from .._plan.identity import same_server
from .audit_file import read_lines
from .audited_run import AuditedRun, follow, runs_of

__all__ = ["AuditLog"]


def _user() -> str:
    """Return the user of this process; a container may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return f"process {os.getpid()}"


@entry
@attrs.frozen
class AuditLog:
    """A file of JSON Lines that :meth:`ImapServer.apply` writes: who did what, and what became of it.

    Each line is on the disk before a command is sent, and again after its answer. So the file tells what was being done
    when a process was killed; :meth:`ImapServer.plan` finds there what may have been pending. ``who`` is the user of
    the process unless you state it. The file is created if it is not there, readable by its owner, and only appended
    to; several processes may share it. It has no secrets. A file of more than 64 MiB is refused: begin another one.

    >>> log = AuditLog(Path(folder, "audit.jsonl"), who="kim")
    >>> log.runs(), log.pending("MBX01")
    ((), frozenset())
    """

    path: str | PathLike[str]
    who: str = attrs.field(factory=_user, kw_only=True)

    def runs(self) -> tuple[AuditedRun, ...]:
        """Return the plans that were carried out, in the order in which they began.

        A torn line is left out (:meth:`torn`). Raises :class:`InvalidValueError`, with the line, for a file that is no
        audit log, and :class:`AuditError` if it cannot be read.
        """
        return tuple(runs_of(read_lines(self.path)[0]).values())

    def torn(self) -> tuple[int, ...]:
        """Return the numbers of the lines in whose middle a process ended, counted from 1."""
        return tuple(sorted(read_lines(self.path)[1]))

    def pending(self, server: str) -> frozenset[str]:
        """Return the services of a server, in lower case, that may have had older settings at the end of the file."""
        runs: dict[str, AuditedRun] = {}
        pending: frozenset[str] = frozenset()
        for number, data in read_lines(self.path)[0]:
            before, run = follow(runs, number, data)
            if same_server(run.server, server):
                # What a run no longer has pending was restarted or had stopped; what another has stays, unless the
                # service was seen to have read the stored settings.
                gone = run.up_to_date if before is None else before.pending | run.up_to_date
                pending = pending - gone | run.pending
        return pending
