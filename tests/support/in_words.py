"""Random objects as the shell would print them: in texts of words that a console breaks between or within."""

from __future__ import annotations

from .commands import Snapshots

__all__ = ["InWords"]

_LONG = "a-very-long-word-without-any-blank-in-it-that-has-to-be-broken-somewhere"
_WORDS = (
    *("Microsoft", "Exchange", "Server", "V15", "Logging", "CN=Configuration", "DC=contoso", "Willkommen", "Grüße"),
    *("サーバー", "の", "既定", "値", "漢字テスト", "IMAP4", "ready.", "-x", "...", "{a}", ":", _LONG),
)


class InWords(Snapshots):
    """Makes objects whose texts are of a few or of many words."""

    def text(self) -> str:
        """Make a text of one line."""
        words = [self.one(_WORDS) for _ in range(self.random.randint(1, 200 if self.chance(5) else 40))]
        return self.one([" ", " ", "", "  "]).join(words)[:1024].strip() or "x"
