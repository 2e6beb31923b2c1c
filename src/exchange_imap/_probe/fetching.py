"""Waiting for one message in INBOX, and deleting that one again, by IMAP4."""

from __future__ import annotations

from typing import Final

from .connection import Connection
from .course import Course
from .imap import ImapDialogue
from .letter import Letter
from .login import quoted
from .result import ProbeFailure, Stage
from .stopped import Stopped, text_of

__all__ = ["FetchingDialogue"]

_FIRST_PAUSE: Final = 0.05
_LONGEST_PAUSE: Final = 5.0
_MOST: Final = 10
"""How many messages are looked at that the server takes for the one; there is one, or none."""


class FetchingDialogue(ImapDialogue):
    """The dialogue of IMAP4 of somebody who waits for a letter."""

    def __init__(self, connection: Connection, course: Course, *, letter: Letter, keep: bool) -> None:
        super().__init__(connection, course)
        self._letter = letter
        self._keep = keep

    def work(self) -> None:
        """Wait for the letter, with INBOX open for reading only; then delete it, if that can hit no other message."""
        self.course.enter(Stage.SELECT)
        self.says(lambda: self.client.select("INBOX", readonly=True))
        self.course.enter(Stage.FETCH)
        try:
            self._wait()
        except Stopped as stopped:
            said = (
                f"{self._letter.message_id} has not come" if stopped.failure is ProbeFailure.TIMED_OUT else stopped.said
            )
            raise Stopped(stopped.failure, said) from None
        self._letter.find()
        deletes = not self._keep and self._can_delete_one()
        self.course.say(f"{self._letter.message_id} is in INBOX")
        if deletes:
            self.course.enter(Stage.DELETE)
            self._delete()
            self._letter.deleted = True

    def _wait(self) -> None:
        pause = _FIRST_PAUSE
        while self._number() is None:
            self.connection.pause(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            self.says(self.client.noop)  # the server may tell of new messages only now (RFC 3501, 7)

    def _number(self) -> str | None:
        """Return the letter's UID, if it is there: the search is for a part of the text, so what is found is read."""
        wanted = quoted(self._letter.message_id)
        found = self.says(lambda: self.client.uid("SEARCH", "HEADER", "Message-ID", wanted))
        numbers = " ".join(text_of(each) for each in found if isinstance(each, bytes)).split()
        return next((number for number in numbers[:_MOST] if self._is_it(number)), None)

    def _is_it(self, number: str) -> bool:
        if not (number.isascii() and number.isdecimal()):
            raise Stopped(ProbeFailure.GARBAGE, f"the answer to SEARCH has {number}")
        parts = self.says(lambda: self.client.uid("FETCH", number, "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"))
        header = b"".join(each[-1] for each in parts if isinstance(each, tuple))
        _, _, value = text_of(header).partition(":")
        return value.strip() == self._letter.message_id

    def _can_delete_one(self) -> bool:
        """Say whether the server can expunge one message alone (UIDPLUS, RFC 4315); it says so after the login."""
        self.says(lambda: self.client.xatom("CAPABILITY"))
        _, offered = self.client.response("CAPABILITY")
        return "UIDPLUS" in " ".join(text_of(each) for each in offered if isinstance(each, bytes)).upper().split()

    def _delete(self) -> None:
        """Delete the letter, whose UID is looked up once more now that INBOX is open for writing, and nothing else."""
        self.says(lambda: self.client.select("INBOX"))
        number = self._number()
        if number is None:
            raise Stopped(ProbeFailure.REJECTED, f"{self._letter.message_id} is no longer there")
        self.says(lambda: self.client.uid("STORE", number, "+FLAGS.SILENT", r"(\Deleted)"))
        self.says(lambda: self.client.uid("EXPUNGE", number))
        self.course.say(f"number {number} alone")
