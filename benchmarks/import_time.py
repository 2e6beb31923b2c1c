"""How long `import exchange_imap` takes, beside what it stands on and what it keeps away from.

Each import runs in fresh interpreters, in turn; the median over a bare interpreter is printed, and its ratio to ours.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time

ROUNDS = 15
IMPORTS = ("exchange_imap", "attrs", "tenacity", "requests", "pypsrp.powershell")


def seconds(statement: str) -> float:
    """Run a statement in a fresh interpreter and return the time it took."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True, env=environment)  # noqa: S603 - our own interpreter
    return time.perf_counter() - start


def measure() -> dict[str, float]:
    """Return each import's median over a bare interpreter, in milliseconds."""
    for name in IMPORTS:  # so that all are compiled, as an installed package is
        seconds(f"import {name}")
    samples: dict[str, list[float]] = {name: [] for name in IMPORTS}
    for _ in range(ROUNDS):
        bare = seconds("pass")
        for name in IMPORTS:
            samples[name].append(seconds(f"import {name}") - bare)
    return {name: 1000 * statistics.median(taken) for name, taken in samples.items()}


def main() -> None:
    """Print a line for each import."""
    found = measure()
    for name, taken in found.items():
        print(f"import {name:18} {taken:7.1f} ms   {taken / found['exchange_imap']:5.2f} of exchange_imap")


if __name__ == "__main__":
    main()
