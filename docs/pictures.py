"""The pictures of the README: `docs/pictures/` is written by this file.

`python docs/pictures.py --write` writes them again; a test holds them against what the library draws now.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import attrs

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, NewCertificate

FOLDER = Path(__file__).with_name("pictures")
AT = datetime(2026, 7, 1, 12, tzinfo=UTC)


def pictures() -> dict[str, str]:
    """Draw what a plan does to a new server, and what the server is like after it."""
    fake = FakeExchange(servers=["MBX01"])
    hosts = ("mail.contoso.com", "mbx01.contoso.com")
    certificate = fake.server("MBX01").add_certificate(NewCertificate(hosts))
    clock = xi.Clock(now=lambda: AT)
    server = xi.ImapServer("MBX01", exchange=fake.transport(), windows=fake.transport(), clock=clock)
    enabled = xi.DesiredState.enabled(
        external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com", smtp="mail.contoso.com"
    )
    for_imap = xi.EnableExchangeCertificate(thumbprint=certificate.thumbprint, services="IMAP")
    desired = attrs.evolve(enabled, certificates=(for_imap,))
    plan = server.plan(desired)
    server.apply(plan)
    return {"plan.svg": f"{plan.map()}\n", "map.svg": f"{server.status().map()}\n"}


if __name__ == "__main__":
    for name, svg in pictures().items():
        if "--write" in sys.argv:
            (FOLDER / name).write_text(svg, encoding="utf-8")
        else:
            print(name, len(svg))
