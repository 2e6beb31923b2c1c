"""Write into an audit log what a plan does, before it does it and afterwards."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from itertools import accumulate

import attrs

from .._json import Json
from .._plan.difference import Change, shown_values
from .._plan.outcome import Outcome
from .._plan.plan import Plan
from .._plan.resource import advance, moved
from .._powershell.masking import mask_secrets
from .._shown import legible
from .audit_file import append
from .audit_log import AuditLog
from .audited_run import VERSION
from .step_event import Kind

__all__ = ["Recorder"]


def _new_id() -> str:
    return os.urandom(8).hex()


@attrs.define
class Recorder:
    """Writes the lines of one run. ``accounts`` are the users of the transports by endpoint."""

    log: AuditLog
    now: Callable[[], datetime]
    accounts: Mapping[str, str] = attrs.field(factory=dict)
    _run: str = attrs.field(factory=_new_id, init=False)

    def begin(self, plan: Plan, pending: Collection[str], *, undoing: bool) -> None:
        """Write what is to be done, and by whom."""
        self._write(
            "begin",
            server=plan.server,
            digest=plan.digest,
            who=self.log.who,
            process=os.getpid(),
            accounts=dict(self.accounts),
            undoing=undoing,
            steps=_steps(plan),
            pending=[*sorted(pending)],
        )

    def sent(self, numbers: Collection[int], pending: Iterable[str]) -> None:
        """Write that steps are about to be sent, and what is pending if they take effect."""
        self._write("sent", steps=list(numbers), pending=[*sorted(pending)])

    def applied(self, numbers: Collection[int], pending: Iterable[str]) -> None:
        """Write that steps have taken effect."""
        self._write("applied", steps=list(numbers), pending=[*sorted(pending)])

    def end(self, outcome: Outcome, numbers: Mapping[Kind, list[int]], error: BaseException | None) -> None:
        """Write what became of each step; an error as its class and what it says."""
        lists: dict[str, Json] = {fate: list(each) for fate, each in numbers.items()}
        up_to_date = () if outcome.state is None else outcome.state.up_to_date
        lists["up to date"] = [*sorted(up_to_date)]
        self._write("end", **lists, pending=[*sorted(outcome.pending)], error=_text(error))

    def _write(self, event: str, **parts: Json) -> None:
        append(
            self.log.path, {"audit": VERSION, "run": self._run, "event": event, "time": self.now().isoformat(), **parts}
        )


def _text(error: BaseException | None) -> str:
    if error is None:
        return ""
    reason = getattr(error, "reason", "")  # the outcome, which its text has too, stands beside it
    return legible(mask_secrets(f"{type(error).__name__}: {reason or error}"))


def _steps(plan: Plan) -> list[Json]:
    """Return each step with the values before and after it."""
    states = list(accumulate((step.command for step in plan.steps), advance, initial=plan.before))
    return [
        {
            "command": mask_secrets(str(step.command)),
            "reason": step.reason,
            "changes": [_change(change) for change in moved(before, after)],
        }
        for step, before, after in zip(plan.steps, states, states[1:], strict=False)
    ]


def _change(change: Change) -> Json:
    before, after = shown_values(change)
    return {
        "resource": change.resource,
        "name": change.name,
        "parameter": change.parameter,
        "before": before,
        "after": after,
    }
