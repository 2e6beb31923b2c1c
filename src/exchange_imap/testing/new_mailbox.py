"""What a test says of a mailbox: its name, and what follows from it."""

from __future__ import annotations

import attrs

from .._entry import entry
from .._errors import InvalidValueError

__all__ = ["NewMailbox"]


def _check_alias(_mailbox: NewMailbox, _attribute: object, alias: str) -> None:
    if not alias.isascii() or not alias.replace(".", "").replace("-", "").replace("_", "").isalnum():
        raise InvalidValueError("NewMailbox.alias", "an alias such as kim", alias)


def _first_word(mailbox: NewMailbox) -> str:
    return mailbox.name.partition(" ")[0].lower()


@entry
@attrs.frozen
class NewMailbox:
    """A mailbox of a :class:`FakeExchange`, on the first server unless ``server`` names another.

    The alias is the first word of the name unless it is stated; the account, the address and the user principal name
    follow from it. ``password`` is what a client logs in with.

    >>> from exchange_imap.testing import FakeExchange, NewMailbox
    >>> fake = FakeExchange(servers=["MBX01"], mailboxes=[NewMailbox("Kim Akers"), NewMailbox("Terry Adams")])
    >>> fake.mailbox("kim@contoso.com").stored.imap_enabled
    True
    """

    name: str
    alias: str = attrs.field(default=attrs.Factory(_first_word, takes_self=True), validator=_check_alias, kw_only=True)
    password: str = attrs.field(default="correct horse", kw_only=True, repr=False)
    server: str | None = attrs.field(default=None, kw_only=True)
