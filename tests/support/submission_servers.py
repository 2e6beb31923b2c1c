"""A well-behaved server for submission of mail, on loopback."""

from __future__ import annotations

import ssl
from collections.abc import Mapping, Sequence

from .mail_servers import Conversation, Script

__all__ = ["smtp"]

READY = "220 mail.contoso.com Microsoft ESMTP MAIL Service ready"
SUCCESS = "235 2.7.0 Authentication successful"
PROMPTS = ("334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6")
"""What AUTH LOGIN asks, as every server does: Username:, Password:"""

_USUAL: Mapping[str, str] = {
    "STARTTLS": "220 2.0.0 SMTP server ready",
    "MAIL": "250 2.1.0 Sender OK",
    "RCPT": "250 2.1.5 Recipient OK",
    "DATA": "354 Start mail input; end with <CRLF>.<CRLF>",
    ".": "250 2.6.0 Queued mail for delivery",
    "QUIT": "221 2.0.0 Service closing transmission channel",
}


def smtp(
    *,
    tls: ssl.SSLContext | None = None,
    starttls: ssl.SSLContext | None = None,
    greeting: str = READY,
    offers: Sequence[str] = ("SIZE 37748736", "AUTH NTLM LOGIN PLAIN", "8BITMIME"),
    answers: Mapping[str, str] | None = None,
) -> Script:
    """Return the server. Where it has STARTTLS, it takes a login only after that.

    ``answers`` replace its own, by command, and ``.`` stands for the end of a message.
    """
    said = {**_USUAL, **(answers or {})}

    def serve(client: Conversation) -> None:
        if tls:
            client.start_tls(tls)
        client.say(greeting)
        offered = [*(each for each in offers if "AUTH" not in each), "STARTTLS"] if starttls else [*offers]
        while line := client.hear().decode("latin-1"):
            verb, _, rest = line.partition(" ")
            if verb.upper() in said:
                client.say(said[verb.upper()])
            elif verb == "AUTH":
                _log_in(client, rest)
            else:  # EHLO
                lines = ["mail.contoso.com Hello", *offered]
                client.say(*(f"250-{each}" for each in lines[:-1]), f"250 {lines[-1]}")
            if verb == "STARTTLS" and starttls and said[verb].startswith("220"):
                client.start_tls(starttls)
                offered = [*offers]
            if verb.upper() == "DATA" and said["DATA"].startswith("354"):
                while client.hear() != b".":
                    pass
                client.say(said["."])
            if verb == "QUIT":
                return

    return serve


def _log_in(client: Conversation, mechanism: str) -> None:
    for prompt in PROMPTS if mechanism == "LOGIN" else ("334 ",):
        client.say(prompt)
        if client.hear() == b"*":
            client.say("501 5.7.0 Authentication cancelled")
            return
    client.say(SUCCESS)
