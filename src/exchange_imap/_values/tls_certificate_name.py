"""``<I>issuer<S>subject``: how a connector names its certificate. It is not a host name."""

from __future__ import annotations

import re
from typing import Any, Self

import attrs

from .._entry import entry
from .._errors import InvalidValueError
from .._patterns import pattern
from .given import require_text

__all__ = ["TlsCertificateName"]

_FORM = "<I>issuer<S>subject, such as <I>CN=Contoso CA<S>CN=mail.contoso.com"
_TEXT = pattern(r"<I>(?P<issuer>.+?)<S>(?P<subject>.+)", re.IGNORECASE)
_HINT = 'Write "<I>$($c.Issuer)<S>$($c.Subject)" with both as Get-ExchangeCertificate prints them.'
_COMMON_NAME = pattern(r"(?:^|,)\s*CN=(?:\"(?P<quoted>(?:[^\"]|\"\")*)\"|(?P<plain>[^,]*))", re.IGNORECASE)


def _check_part(_name: TlsCertificateName, attribute: attrs.Attribute[str], value: Any) -> None:  # Any: what was given
    """Refuse a part that could not be read back: one that is empty, or contains a line end, ``<I>`` or ``<S>``."""
    if not isinstance(value, str) or re.fullmatch(r"(?:(?!<[IS]>)[^\r\n])+", value, re.IGNORECASE) is None:
        raise InvalidValueError(f"TlsCertificateName.{attribute.name}", "a distinguished name", value, _HINT)


@entry
@attrs.frozen
class TlsCertificateName:
    """A certificate by issuer and subject, both as .NET prints them; a renewed certificate keeps this name.

    >>> name = TlsCertificateName.parse("<I>CN=Contoso CA, O=Contoso<S>CN=mail.contoso.com")
    >>> name.issuer, name.host
    ('CN=Contoso CA, O=Contoso', 'mail.contoso.com')
    >>> str(name)
    '<I>CN=Contoso CA, O=Contoso<S>CN=mail.contoso.com'
    """

    issuer: str = attrs.field(validator=_check_part)
    subject: str = attrs.field(validator=_check_part)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text. Raises :class:`InvalidValueError` for any other text, such as a host name or a thumbprint."""
        found = _TEXT.fullmatch(require_text("TlsCertificateName", text))
        if found is None:
            raise InvalidValueError("TlsCertificateName", _FORM, text, _HINT)
        return cls(found["issuer"], found["subject"])

    @property
    def host(self) -> str | None:
        """The subject's common name, which is a host name or a wildcard in most certificates."""
        found = _COMMON_NAME.search(self.subject)
        if found is None:
            return None
        return found["plain"] if found["quoted"] is None else found["quoted"].replace('""', '"')

    def __str__(self) -> str:
        return f"<I>{self.issuer}<S>{self.subject}"
