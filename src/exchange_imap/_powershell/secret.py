"""Secrets: values that travel to a server encrypted and appear nowhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NoReturn, Self

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._span import Span

__all__ = ["PSCredential", "Secret"]

_MASK: Final = "********"
_NOT_PICKLED: Final = "A secret is not pickled: hand over where it comes from, not what it is."
_NOWHERE: Final = Span(0, 0)


class _Kept:
    """An object that is neither copied nor pickled."""

    __slots__ = ()

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:  # Any: the protocol's own type
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError(_NOT_PICKLED)


class _Hidden(_Kept):
    """A text that only a call returns; no attribute has it.

    The text is in a closure: not in an attribute, a slot, or what ``__getstate__`` returns.
    """

    __slots__ = ("reveal",)

    reveal: Callable[[], str]

    def __init__(self, text: str) -> None:
        self.reveal = lambda: text

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hidden) and self.reveal() == other.reveal()

    def __hash__(self) -> int:
        return hash(self.reveal())

    def __repr__(self) -> str:
        return _MASK


def _hide(text: str | _Hidden) -> _Hidden:
    if isinstance(text, _Hidden):  # handed on by attrs.evolve
        return text
    if not isinstance(text, str):
        raise InvalidValueError("Secret", "text", type(text).__name__)
    return _Hidden(text)


@entry
@attrs.frozen(repr=False)
class Secret(_Kept):
    """A text that must stay secret: masked in every repr and str, and never pickled.

    As the value of a parameter it is a SecureString: over PSRP it travels encrypted with the session's own key, in a
    text it is ``(Read-Host -AsSecureString)``, which asks for it. With ``as_text`` it is for a parameter that takes
    plain text: it travels as an ordinary String, protected by nothing but TLS or message encryption, and the server may
    log it or repeat it in an error; pypsrp's own log does not show the message. A text has ``<secret>``, which
    PowerShell refuses to run. Only :meth:`reveal` gives it back: nothing that walks over attributes finds it, such as
    ``attrs.asdict``, ``vars`` or a debugger's list of fields. That is no protection against code in the same process.

    >>> Secret("correct horse")
    Secret('********')
    """

    _text: _Hidden = attrs.field(alias="text", converter=_hide)
    as_text: bool = attrs.field(default=False, eq=False, kw_only=True)
    span: Span = attrs.field(default=_NOWHERE, eq=False, kw_only=True)

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text.reveal()

    def __repr__(self) -> str:
        return f"Secret('{_MASK}')"

    def __str__(self) -> str:
        return _MASK


def _secret(password: str | Secret) -> Secret:
    return password if isinstance(password, Secret) else Secret(password)


@entry
@attrs.frozen
class PSCredential:
    r"""A user name and password, to send as a parameter of that type.

    Over PSRP the password travels encrypted; in a text the credential is ``(Get-Credential user)``, which asks for it.

    >>> TestImapConnectivity(mailbox_credential=PSCredential(r"contoso\kim", "correct horse"))
    TestImapConnectivity(mailbox_credential=PSCredential(user_name='contoso\\kim', password=Secret('********')))
    """

    user_name: str
    password: Secret = attrs.field(converter=_secret)
    span: Span = attrs.field(default=_NOWHERE, eq=False, repr=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not self.user_name:
            expected = "a user name such as contoso\\kim or kim@contoso.com"
            raise InvalidValueError("PSCredential.user_name", expected, self.user_name)
