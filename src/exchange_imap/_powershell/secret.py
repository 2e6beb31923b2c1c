"""Secrets: values that travel to a server encrypted and appear nowhere else."""

from __future__ import annotations

from typing import Any, Final, NoReturn, Self

import attrs

from .._errors import InvalidValueError, Span

__all__ = ["PSCredential", "Secret"]

_MASK: Final = "********"
_NOWHERE: Final = Span(0, 0)


@attrs.frozen(repr=False)
class Secret:
    """A text that nobody must see: masked in every repr and str, and never pickled.

    As the value of a parameter it is a SecureString: over PSRP it travels encrypted with the session's own key, in a
    text it is ``(Read-Host -AsSecureString)``, which asks for it. With ``as_text`` it is for a parameter that takes
    plain text: it travels as an ordinary String, protected by nothing but TLS or message encryption, and the server may
    log it or repeat it in an error; pypsrp's own log does not show the message. A text has ``<secret>``, which
    PowerShell refuses to run. Only :meth:`reveal` gives it back.

    >>> Secret("correct horse")
    Secret('********')
    """

    _text: str = attrs.field(alias="text")
    as_text: bool = attrs.field(default=False, eq=False, kw_only=True)
    span: Span = attrs.field(default=_NOWHERE, eq=False, kw_only=True)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self._text, str):
            raise InvalidValueError("Secret", "text", type(self._text).__name__)

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret('{_MASK}')"

    def __str__(self) -> str:
        return _MASK

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:  # Any: the protocol's own type
        return self

    def __reduce__(self) -> NoReturn:
        raise TypeError("A secret is not pickled: hand over where it comes from, not what it is.")


def _secret(password: str | Secret) -> Secret:
    return password if isinstance(password, Secret) else Secret(password)


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
