"""Send a message to oneself and fetch it: the proof that mail goes out and arrives."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from datetime import timedelta
from os import PathLike
from typing import TYPE_CHECKING, Final

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._finding import Finding
from .._json import Json
from .._patterns import pattern
from .._powershell.secret import PSCredential
from .._probe.fetching import FetchingDialogue
from .._probe.letter import Letter
from .._probe.login import Login
from .._probe.result import ProbeResult, Protocol
from .._probe.smtp import SmtpDialogue
from .._shown import glance, legible, short
from .._values import ConnectionSetting
from .._viewed import Viewed
from .asking import NOBODY, asking, judged, login_with

if TYPE_CHECKING:
    from .._html.facts import Facts

__all__ = ["RoundTrip", "probe_round_trip"]

_TIMEOUT: Final = timedelta(seconds=60)
_SHORTEST: Final = timedelta(milliseconds=1)
_ADDRESS: Final = pattern(r"[!-;=?-~]{1,64}@[0-9A-Za-z.-]{1,255}")


@entry
@attrs.frozen(kw_only=True, repr=False)
class RoundTrip(Viewed):
    """What became of a message that was sent to oneself: see :func:`probe_round_trip`.

    ``sent`` is what was seen of the server for submission, ``read`` of the one for IMAP4: ``None`` if the message was
    not sent. ``took`` is the time from the server's word that it has the message until it was in INBOX; ``None`` if it
    did not come. ``deleted`` says that it was deleted again, and ``may_remain`` that a server may still have it.

    >>> from exchange_imap import probe_round_trip, PSCredential
    >>> moment = timedelta(milliseconds=1)
    >>> trip = probe_round_trip("mail.contoso.com:587:TLS", "mail.contoso.com:993:SSL", address="127.0.0.1",
    ...                         credential=PSCredential("kim@contoso.com", "correct horse"), timeout=moment)
    >>> trip.works, trip.read, trip.took, trip.may_remain
    (False, None, None, False)
    """

    sent: ProbeResult
    read: ProbeResult | None
    address: str
    """Who sent the message, to itself."""
    message_id: str
    took: timedelta | None
    deleted: bool
    may_remain: bool

    @property
    def works(self) -> bool:
        """Whether all of it succeeded: the message came, and was deleted again if that was asked for and possible."""
        return self.sent.works and self.read is not None and self.read.works

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the rules say of both servers, of the one that failed first."""
        return tuple(finding for result in self._failed_first() for finding in result.findings)

    def _both(self) -> tuple[ProbeResult, ...]:
        return (self.sent, self.read) if self.read else (self.sent,)

    def _failed_first(self) -> tuple[ProbeResult, ...]:
        return tuple(sorted(self._both(), key=lambda each: each.works))

    def __str__(self) -> str:
        lines = [f"  {line}" for result in self._both() for line in str(result).splitlines()]
        return "\n".join((self._cause(), *lines, f"  {self._left()}"))

    def __repr__(self) -> str:
        return glance(self, [short(self._cause()), short(self._left())])

    def _facts(self) -> Facts:
        """Return the cause, what became of the message, and both probes as sections."""
        from .._html.facts import Facts, Mark, Row  # noqa: PLC0415 - loaded by who looks

        parts = tuple(each._facts() for each in self._both())  # noqa: SLF001 - its parts
        mark = Mark.GOOD if self.works else Mark.PROBLEM
        return Facts(self._cause(), (Row("message", self._left()),), parts, mark=mark)

    def _cause(self) -> str:
        """Return the first line: what stops mail, or that nothing does."""
        first = self._failed_first()[0]
        if not first.works:
            return str(first).partition("\n")[0]
        took = f" after {self.took.total_seconds():.3f} s" if self.took else ""
        return f"{legible(self.address)}: works, a message arrived{took}"

    def _left(self) -> str:
        became = (
            "was deleted again" if self.deleted else "may still be in a mailbox" if self.may_remain else "was not sent"
        )
        return f"{legible(self.message_id)} {became}"

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, with stable keys; ``took`` in seconds."""
        return {
            "works": self.works,
            "address": self.address,
            "message_id": self.message_id,
            "took": self.took.total_seconds() if self.took else None,
            "deleted": self.deleted,
            "may_remain": self.may_remain,
            "sent": self.sent.to_dict(),
            "read": self.read.to_dict() if self.read else None,
        }


@entry(credential=NOBODY)
def probe_round_trip(  # noqa: PLR0913 - what two probes may use
    sending: ConnectionSetting | str,
    reading: ConnectionSetting | str,
    *,
    credential: PSCredential | Callable[[], PSCredential],
    mailbox_address: str | None = None,
    keep: bool = False,
    address: str | None = None,
    trust: str | PathLike[str] | None = None,
    timeout: timedelta = _TIMEOUT,
    allow_insecure: bool = False,
) -> RoundTrip:
    """Send a message to oneself by SMTP, fetch it by IMAP4, and say how long that took.

    ``sending`` is the connection for submission, such as ``mail.contoso.com:587:TLS``; ``reading`` is one for IMAP4.
    Both are probed as :func:`probe` does, with the same ``credential``, ``address``, ``trust`` and ``allow_insecure``.
    The message goes from ``mailbox_address`` to itself; without one, the user name has to be an address. ``timeout``
    is for all of it. Raises :class:`InvalidValueError` for wrong arguments, before anything is sent.

    The message is deleted again, unless you say ``keep=True``. It has a Message-ID that no other message can have. It
    alone is deleted (UID EXPUNGE, RFC 4315), after its Message-ID has been read; where a server cannot do that, it is
    left. No other message is changed or marked as read. A message that comes late stays, too: ``may_remain`` says
    so, and ``message_id`` which one it is.

    >>> trip = probe_round_trip("mail.contoso.com:587:TLS", "mail.contoso.com:993:SSL", address="127.0.0.1",
    ...                         credential=PSCredential("kim@contoso.com", "correct horse"),
    ...                         timeout=timedelta(milliseconds=1))
    >>> trip.works, trip.sent.stages[0].name
    (False, <Stage.TCP: 'TCP'>)
    """
    login = login_with(credential, None, allow_insecure=allow_insecure)
    letter = Letter(address=_own_address(mailbox_address, login))
    submit = asking(sending, Protocol.SMTP, login, address=address, trust=trust, timeout=timeout)
    fetch = asking(reading, Protocol.IMAP4, login, address=address, trust=trust, timeout=timeout)
    began = time.monotonic()
    sent, read = judged(submit, functools.partial(SmtpDialogue, letter=letter)), None
    if letter.accepted is not None:
        left = timeout - timedelta(seconds=time.monotonic() - began)
        in_time = attrs.evolve(fetch, timeout=max(left, _SHORTEST))
        read = judged(in_time, functools.partial(FetchingDialogue, letter=letter, keep=keep))
    return RoundTrip(
        sent=sent,
        read=read,
        address=letter.address,
        message_id=letter.message_id,
        took=letter.took,
        deleted=letter.deleted,
        may_remain=letter.may_be_sent and not letter.deleted,
    )


def _own_address(given: str | None, login: Login | None) -> str:
    address = login.user if given is None and login else given
    if address is None or not _ADDRESS.fullmatch(address):
        hint = "Give the address of the mailbox." if given is None else ""
        raise InvalidValueError("probe_round_trip(mailbox_address)", "an address like kim@contoso.com", address, hint)
    return address
