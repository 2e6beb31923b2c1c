"""What the properties of a certificate hold and no other object has: moments that must be known, bytes, thumbprints."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime

import attrs

from .._errors import InvalidValueError
from .._json import Json
from .._model.codecs.values import Bounds, Codec, TextCodec, ValueCodec, choice, plain
from .._model.codecs.words import WordsCodec
from .._powershell.record import FormatValue, RecordValue
from .._values import CertificateService, CertificateStatus, RootCAType

__all__ = ["BYTES", "MOMENT", "ROOT_CA_TYPE", "SERVICES", "STATUS", "THUMBPRINT", "covers"]

_BYTE = 255


def _read_moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        hint = "The shell printed it in its own language and time zone: read the object from Export-Clixml's file."
        raise InvalidValueError("", "a moment such as 2026-11-23T22:10:00+00:00", text, hint) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


@attrs.frozen
class _MomentCodec(ValueCodec[datetime]):
    """A moment that programs compare; one without a time zone is taken for UTC."""

    def check(self, value: object) -> datetime:
        return super().check(value.isoformat() if isinstance(value, datetime) else value)


MOMENT = _MomentCodec("a moment with its time zone", datetime, parse=_read_moment, text=datetime.isoformat)


@attrs.frozen
class _BytesCodec(Codec[bytes]):
    """Bytes, which PowerShell prints as a list of numbers and JSON here has in base 64."""

    expected: str = "bytes"
    type: type[bytes] = bytes

    def from_text(self, text: str) -> bytes:
        """Read base 64, or what Format-List prints."""
        if text.startswith("{"):
            from .._powershell.format_list import read_list  # noqa: PLC0415 - few values come as printed text

            return self._from_numbers(read_list(text, ""))
        try:
            return base64.b64decode(text, validate=True)
        except ValueError:  # of binascii, and of characters that are not ASCII
            self.refuse(text)

    def decode(self, value: RecordValue) -> bytes:
        """Read also the numbers that ConvertTo-Json writes."""
        bare = plain(value)
        return self._from_numbers(bare) if isinstance(bare, tuple) else self.check(bare)

    def _from_numbers(self, numbers: tuple[RecordValue, ...]) -> bytes:
        words = [str(number) for number in numbers]
        if not all(re.fullmatch("[0-9]{1,3}", word) and int(word) <= _BYTE for word in words):
            self.refuse(words)
        return bytes(map(int, words))

    def display(self, value: bytes) -> FormatValue:
        return tuple(map(str, value))

    def to_json(self, value: bytes) -> Json:
        return base64.b64encode(value).decode("ascii")


BYTES = _BytesCodec()
STATUS = choice(CertificateStatus)
ROOT_CA_TYPE = choice(RootCAType)
SERVICES = WordsCodec(CertificateService)
THUMBPRINT = TextCodec(
    expected="a thumbprint",
    bounds=Bounds("a thumbprint of 40 hexadecimal digits", lambda text: bool(re.fullmatch("[0-9A-Fa-f]{40}", text))),
)


def covers(name: str, host: str) -> bool:
    """Say whether a certificate's name stands for the host: the same name, or ``*.`` for one label before it."""
    known, wanted = _fold(name), _fold(host)
    return known == wanted or (known.startswith("*.") and known[2:] == wanted.partition(".")[2] != "")


def _fold(name: str) -> str:
    """Spell a name as DNS compares it: in lower case and ASCII, without the dot at the end."""
    plain_name = name.removesuffix(".").lower()
    try:
        return plain_name if plain_name.isascii() else plain_name.encode("idna").decode("ascii")
    except UnicodeError:
        return plain_name
