"""Enable IMAP4 on a freshly installed Exchange server, step by step, and then again over the wire: `make demo`.

The server is the fake one of `exchange_imap.testing`, which behaves as a real one does; nothing leaves this machine.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import exchange_imap as xi
from exchange_imap.testing import FakeExchange, PsrpServer

Print = Callable[[str, str], None]

LINE = (
    'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL","mail.contoso.com:143:TLS" '
    "-X509CertificateName mail.contoso.com"
)
STYLES = {"title": "bold cyan", "note": "dim", "command": "green", "value": "", "warning": "yellow"}


def printer() -> Print:
    """Return what prints a text in a style: in colour on a terminal, plainly elsewhere."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        return lambda text, _style: print(text)
    try:
        from rich.console import Console  # noqa: PLC0415 - an extra that may be absent
    except ImportError:
        return lambda text, _style: print(text)
    console = Console(highlight=False)
    return lambda text, style: console.print(text, style=STYLES[style], markup=False, soft_wrap=True)


def show_server(show: Print, fake: FakeExchange, server: xi.ImapServer) -> None:
    """Print what the server is like: its services, what it stores, and what is in effect."""
    for service in server.services():
        show(f"  {service.display_name:34} {service.status!s:8} starts {service.startup_type}", "value")
    settings, effective = server.settings(), fake.server("MBX01").effective
    external = ", ".join(map(str, settings.external_connection_settings)) or "(none)"
    show(f"  {'external clients are told':34} {external}", "value")
    show(f"  {'certificate is found by':34} {settings.x509_certificate_name}", "value")
    state = "not running" if effective is None else "these settings" if effective == settings else "older settings"
    show(f"  {'in effect':34} {state}", "value")


def show_plan(show: Print, plan: xi.Plan) -> None:
    """Print a plan as the script that it is."""
    for line in str(plan).splitlines():
        style = "warning" if line.startswith("# Warning") else "note" if line.startswith("#") else "command"
        show(f"  {line}", style)


def show_outcome(show: Print, outcome: xi.Outcome) -> None:
    """Print what was done, and what the server said to it."""
    for line in str(outcome).splitlines():
        show(f"  {line}", "warning" if line.lstrip().startswith("warning") else "value")


def enable(show: Print, fake: FakeExchange, server: xi.ImapServer) -> xi.Plan:
    """Go through the whole procedure."""
    show("\n1. A freshly installed server, MBX01", "title")
    show_server(show, fake, server)

    show("\n2. What is wanted: the line of Microsoft's documentation, both services running and automatic", "title")
    show(f"  {LINE}", "command")
    running = (
        xi.SetService(name=name, startup_type=xi.StartupType.Automatic, status=xi.ServiceStatus.Running)
        for name in xi.IMAP4_SERVICES
    )
    desired = xi.DesiredState(settings=xi.SetImapSettings.parse(LINE), services=tuple(running))

    show("\n3. What differs, as a script that could be pasted into the Exchange Management Shell", "title")
    plan = server.plan(desired)
    show_plan(show, plan)
    show("  (Settings come first, so that the services read them when they start: no restart is needed.)", "note")

    show("\n4. Applied, and read again to verify it", "title")
    show_outcome(show, server.apply(plan))
    show("  (The server says so at every change. The services were started after this one: all is in effect.)", "note")
    show_server(show, fake, server)

    show("\n5. A second plan for the same", "title")
    show_plan(show, server.plan(desired))
    return plan


def change_and_reverse(show: Print, fake: FakeExchange, server: xi.ImapServer, enabled: xi.Plan) -> None:
    """Change a running server, which takes a restart, and go back to the very beginning."""
    show("\n6. A change while IMAP4 runs: now the plan has a restart of both services", "title")
    plan = server.plan(xi.DesiredState(settings=xi.SetImapSettings(max_connections_per_user=32)))
    show_plan(show, plan)
    show_outcome(show, server.apply(plan))

    show("\n7. Back again: every plan can be reversed", "title")
    server.apply(plan.reverse())
    back = enabled.reverse()
    show_plan(show, back)
    server.apply(back)
    show_server(show, fake, server)


def trap(show: Print) -> None:
    """Show what becomes of a mistake that a page of the documentation has."""
    show("\n8. A mistake, as it is printed in a translation of the documentation", "title")
    try:
        xi.parse("Set-ImapSettings -EncryptedOrTLSBindings 0.0.0.0:143")
    except xi.CommandSyntaxError as error:
        show("  " + str(error).replace("\n", "\n  "), "warning")


def over_the_wire(show: Print) -> None:
    """Do the same over real HTTP, WSMan and PSRP, on loopback."""
    show("\n9. The same over real HTTP, WSMan and PSRP, with a server on loopback in front of a new fake", "title")
    with PsrpServer(FakeExchange(servers=["MBX01"])) as psrp:
        with xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=psrp.windows()) as server:
            show_outcome(show, server.enable(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com"))
        counted = ", ".join(f"{number} {action}" for action, number in psrp.requests.items())
        show(f"  {sum(psrp.requests.values())} requests in all, both sessions opened and closed: {counted}", "note")


def main() -> None:
    """Run the demonstration."""
    show, fake = printer(), FakeExchange(servers=["MBX01"])
    exchange, windows = fake.transport(xi.Endpoint.EXCHANGE), fake.transport(xi.Endpoint.WINDOWS)
    with xi.ImapServer("MBX01", exchange=exchange, windows=windows) as server:
        enabled = enable(show, fake, server)
        change_and_reverse(show, fake, server, enabled)
    trap(show)
    over_the_wire(show)
    show(f"\n{len(fake.log)} commands were run, {len(fake.writes)} of them changed something.", "note")


if __name__ == "__main__":
    main()
