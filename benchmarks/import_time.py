"""How long it takes to import `exchange_imap`, to read a line with it, and to enable IMAP4 on the fake Exchange.

Each is run in fresh interpreters, in turn with `import pypsrp.powershell`, which every program that talks to a real
server pays as well. The median over a bare interpreter is printed, with its ratio to that of pypsrp and what the ratio
should be at most. `--rounds N` takes more samples where the machine is busy.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from typing import Final

LINE: Final = (
    'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL","mail.contoso.com:143:TLS" '
    "-X509CertificateName mail.contoso.com"
)
ENABLE: Final = """
import exchange_imap as xi
transport = xi.testing.FakeExchange(servers=["MBX01"]).transport()
server = xi.ImapServer("MBX01", exchange=transport, windows=transport)
server.enable(external=["mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS"], certificate="mail.contoso.com")
"""
PYPSRP: Final = "import pypsrp.powershell"
# What is measured, with the ratio that it should have at most.
STATEMENTS: Final = {
    PYPSRP: (PYPSRP, 1.0),
    "import exchange_imap": ("import exchange_imap", 0.05),
    "import, and read a line": (f"import exchange_imap as xi; xi.parse({LINE!r})", 0.5),
    "import, and enable on the fake": (ENABLE, 0.85),
}


def seconds(statement: str) -> float:
    """Run a statement in a fresh interpreter and return the time it took."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True, env=environment)  # noqa: S603 - our own interpreter
    return time.perf_counter() - start


def measure(rounds: int) -> dict[str, float]:
    """Return each statement's median over a bare interpreter, in milliseconds."""
    for statement, _ in STATEMENTS.values():  # so that all are compiled, as an installed package is
        seconds(statement)
    samples: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(rounds):
        bare = seconds("pass")
        for name, (statement, _) in STATEMENTS.items():
            samples[name].append(seconds(statement) - bare)
    return {name: 1000 * statistics.median(taken) for name, taken in samples.items()}


def main() -> None:
    """Print a line for each statement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    found = measure(parser.parse_args().rounds)
    for name, taken in found.items():
        ratio, most = taken / found[PYPSRP], STATEMENTS[name][1]
        print(f"{name:32} {taken:7.1f} ms   {ratio:5.2f} of pypsrp (at most {most:.2f})")


if __name__ == "__main__":
    main()
