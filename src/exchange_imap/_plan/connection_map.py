"""A picture of how clients connect to a server, as SVG."""

from __future__ import annotations

from pathlib import Path

import attrs

from .._entry import entry
from .._shown import counted, glance, short

__all__ = ["ConnectionMap"]


@entry
@attrs.frozen(kw_only=True, repr=False)
class ConnectionMap:
    """A picture of how clients connect to a server.

    :meth:`ServerStatus.map`, :meth:`ServerState.map` and :meth:`Plan.map` draw it. It goes from what clients are told
    by way of bindings, certificate and front-end service to the proxy port and the back-end service, and for sending to
    the Receive connectors. What :func:`review` finds is marked by a colour and a word, and ``notes`` say why. ``svg``,
    which is also ``str(picture)``, is what notebooks show; :meth:`save` writes it. It has the theme of the page or of
    the reader's system, and its description says in words what it shows.

    >>> from exchange_imap.testing import FakeExchange
    >>> transport = FakeExchange(servers=["MBX01"]).transport()
    >>> picture = ImapServer("MBX01", exchange=transport, windows=transport).state().map()
    >>> picture
    ConnectionMap('How clients connect to MBX01', 5 notes, ...)
    >>> picture.notes[0]
    'MSExchangeImap4 is Stopped: clients cannot connect; start it. [service-not-running]'
    """

    title: str
    svg: str
    notes: tuple[str, ...] = ()

    def save(self, path: Path | str) -> None:
        """Write the SVG to a file. Raises :class:`OSError` where that cannot be written."""
        Path(path).write_text(f"{self.svg}\n", encoding="utf-8", newline="\n")

    def _repr_svg_(self) -> str:
        """Return what notebooks show that take no HTML."""
        return self.svg

    def _repr_html_(self) -> str:
        """Return what notebooks show: within a page the picture has the theme of the page."""
        return self.svg

    def __str__(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return glance(self, [short(self.title), counted(len(self.notes), "note")])
