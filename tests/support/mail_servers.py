"""Servers on loopback that do to a client whatever a test wants, each connection in a thread of its own."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta

import attrs

import exchange_imap as xi

__all__ = ["HOST", "Conversation", "Listening", "Script", "imap", "listening", "probed"]

HOST = "mail.contoso.com"
PATIENCE = 10.0
"""When a server gives a client up, so that no thread stays."""


@attrs.define(eq=False)
class Listening:
    """A server that listens: its port, how many clients it has had, and what they said."""

    port: int
    clients: int = 0
    heard: list[bytes] = attrs.field(factory=list)


@attrs.define(eq=False)
class Conversation:
    """A connection as a server has it."""

    sock: socket.socket
    server: Listening

    def say(self, *lines: str) -> None:
        """Send lines."""
        self.send("".join(f"{line}\r\n" for line in lines).encode())

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.sock.sendall(data)

    def hear(self) -> bytes:
        """Read a line of the client; empty at its end."""
        line = b""
        while not line.endswith(b"\n") and (piece := self.sock.recv(1)):
            line += piece
        self.server.heard.append(line)
        return line.strip()

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Speak TLS from here on."""
        self.sock = context.wrap_socket(self.sock, server_side=True)

    def wait(self) -> None:
        """Say nothing until the client leaves."""
        while self.sock.recv(4096):
            pass


Script = Callable[[Conversation], None]


@contextlib.contextmanager
def listening(script: Script, host: str = "127.0.0.1") -> Iterator[Listening]:
    """Serve each client by the script, and close its connection behind it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family, backlog=512) as listener:
        server = Listening(listener.getsockname()[1])
        threads: list[threading.Thread] = []
        accepting = threading.Thread(target=_accept, args=(listener, server, script, threads), daemon=True)
        accepting.start()
        try:
            yield server
        finally:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            accepting.join(PATIENCE)
            for thread in threads:
                thread.join(PATIENCE)


def _accept(listener: socket.socket, server: Listening, script: Script, threads: list[threading.Thread]) -> None:
    with contextlib.suppress(OSError):
        while True:
            sock, _ = listener.accept()
            server.clients += 1
            thread = threading.Thread(target=_serve, args=(sock, server, script), daemon=True)
            thread.start()
            threads.append(thread)


def _serve(sock: socket.socket, server: Listening, script: Script) -> None:
    sock.settimeout(PATIENCE)
    conversation = Conversation(sock, server)
    try:
        with contextlib.suppress(OSError):
            script(conversation)
    finally:
        conversation.sock.close()


def imap(
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    answers: dict[str, list[str]] | None = None,
    greeting: str = "* OK The Microsoft Exchange IMAP4 service is ready.",
    capabilities: str = "IMAP4 IMAP4rev1 AUTH=PLAIN AUTH=NTLM IDLE",
) -> Script:
    """Return a well-behaved IMAP4 server; ``answers`` replace its own, by command, with ``{tag}`` for the tag."""

    def serve(with_client: Conversation) -> None:
        if tls:
            with_client.start_tls(tls)
        with_client.say(greeting)
        offers = capabilities + (" STARTTLS" if starttls else "")
        while line := with_client.hear().decode("latin-1"):
            tag, command, *_ = *line.split(" "), ""
            said = (answers or {}).get(command) or _usual(command, offers)
            with_client.say(*(each.replace("{tag}", tag) for each in said))
            if command == "STARTTLS" and starttls:
                with_client.start_tls(starttls)
                offers = capabilities
            if command == "AUTHENTICATE" and said == ["+ "]:
                with_client.hear()
                with_client.say(f"{tag} OK AUTHENTICATE completed.")
            if command == "LOGOUT":
                return

    return serve


def _usual(command: str, capabilities: str) -> list[str]:
    done = "{tag} OK " + command + " completed."
    return {
        "CAPABILITY": [f"* CAPABILITY {capabilities}", done],
        "EXAMINE": ["* 3 EXISTS", "* 0 RECENT", "{tag} OK [READ-ONLY] EXAMINE completed."],
        "AUTHENTICATE": ["+ "],
        "LOGOUT": ["* BYE Microsoft Exchange Server IMAP4 server signing off.", done],
    }.get(command, [done])


def probed(script: Script, method: str = "", **options: object) -> tuple[xi.ProbeResult, Listening]:
    """Probe a server that does this, with this encryption; return what was seen, and what the server heard."""
    with listening(script) as server:
        asked: dict[str, object] = {"address": "127.0.0.1", "timeout": timedelta(seconds=10), **options}
        return xi.probe(f"{HOST}:{server.port}{method}", **asked), server  # type: ignore[arg-type]  # a test's own
