"""The options of a connection: pypsrp's keywords where they mean the same, checked before anything is sent."""

from __future__ import annotations

import difflib
import ipaddress
import re
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from os import PathLike, fspath
from typing import Any, Final, Self, cast, get_args
from urllib.parse import SplitResult, unquote, urlsplit

import attrs

from ..._errors import InvalidValueError
from ..._powershell.secret import Secret
from ..._values.given import require_instance
from .deadline import require_time
from .keywords import Authentication, MessageEncryption, PsrpOptions

__all__ = ["ConnectionOptions", "mask"]


_HIGHEST_PORT: Final = 65535
_LONGEST: Final = 86400
"""The most seconds that a request may take: one day."""
_LAST_OF_LATIN1: Final = 255
_PROXY: Final = re.compile(r"https?://[^\s\\\x00-\x1f]+\Z", re.IGNORECASE)
_A_HOST: Final = "a host name or IP address alone"
_HOST: Final = re.compile(r"\w(?:[\w-]*\w)?(?:\.\w(?:[\w-]*\w)?)*\.?")
_WITH_PORT: Final = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):([0-9]{1,5})")
_ZONE: Final = re.compile(r"%.*[^\w.-]", re.DOTALL)
_LONGEST_HOST: Final = 255
_PEM: Final = re.compile(r"-----BEGIN|[\r\n]")
_SECRETS: Final = frozenset({"password", "proxy"})
_STARS: Final = "********"
_WHOLE_WORDS: Final = 4
"""A shorter secret may be part of any word, so it is replaced only where it is a whole word."""


def _require_host(host: object) -> None:
    """Refuse anything but a host name or IP address. A part that may be a login is not shown."""
    require_instance("host", _A_HOST, host, str)
    text = str(host)
    if len(text) <= _LONGEST_HOST and _HOST.fullmatch(text):
        return
    try:
        ipaddress.IPv6Address(text)
    except ValueError:
        found = _WITH_PORT.fullmatch(text)
        hint = f"Give the port as port={found[1]}." if found else "Scheme, port and path have keywords of their own."
        raise InvalidValueError("host", _A_HOST, text.rpartition("@")[2], hint) from None
    if _ZONE.search(text):
        raise InvalidValueError("host", _A_HOST, text, "Behind the % stands the number or name of an interface.")


def _checked(expected: str, holds: Callable[[Any], object]) -> Any:  # Any: a caller's value; attrs' type of validators
    """Return a validator that refuses what does not hold; an option that is ``None`` unless stated may be ``None``."""

    def check(_: ConnectionOptions, attribute: attrs.Attribute[Any], value: Any) -> None:  # Any: as above
        if not (value is None and attribute.default is None) and not holds(value):
            raise InvalidValueError(attribute.name, expected, value)

    return check


def _whole(expected: str, highest: int) -> Any:  # Any: as above
    return _checked(expected, lambda value: type(value) is int and 0 < value <= highest)


def _text(expected: str, form: str) -> Any:  # Any: as above
    return _checked(expected, lambda value: isinstance(value, str) and re.fullmatch(form, value))


def _among(words: tuple[str, ...]) -> Any:  # Any: as above
    return _checked(f"one of {', '.join(words)}", words.__contains__)


_flag = _checked("True or False", lambda value: type(value) is bool)
"""Values such as "no", which are true in a condition, are refused."""


def _limit(_: ConnectionOptions, attribute: attrs.Attribute[timedelta | None], value: object) -> None:
    if value is not None:
        require_time(attribute.name, value)


def _as_text(value: bool | str | PathLike[str]) -> bool | str:  # noqa: FBT001 - the value itself
    return fspath(value) if isinstance(value, PathLike) else value


def _is_verification(
    _: ConnectionOptions, attribute: attrs.Attribute[Any], value: object
) -> None:  # Any: attrs takes no union
    """Refuse values that would silently verify nothing, such as an empty path or None."""
    if type(value) is not bool and not (isinstance(value, str) and value.strip()):
        expected = "True, or the path of the authorities' certificates"
        raise InvalidValueError(
            attribute.name, expected, value, "False verifies nothing, and needs allow_insecure=True."
        )


def _out_of_sight(_: ConnectionOptions, attribute: attrs.Attribute[Secret | None], value: object) -> None:
    if value is not None and not isinstance(value, Secret):
        received = getattr(value, "__name__", type(value).__name__)
        raise InvalidValueError(attribute.name, "text or a Secret", received)


def _is_proxy(options: ConnectionOptions, attribute: attrs.Attribute[Secret | None], value: Secret | None) -> None:
    """Refuse an ambiguous address: a part of its password could be taken for the host and shown. Show none of it."""
    _out_of_sight(options, attribute, value)
    if value is not None and _parse_proxy(value.reveal()) is None:
        expected = "http://proxy.contoso.com:8080, with user:password@ before the host where the proxy asks for that"
        hint = "Write / ? # @ : \\ and blanks in user and password as %2F %3F %23 %40 %3A %5C %20."
        raise InvalidValueError(attribute.name, expected, "an address of another form", hint)
    if value is not None and not _is_latin1(unquote(value.reveal())):
        raise InvalidValueError(attribute.name, "user and password in Latin-1, for Basic carries no others", "others")


def _parse_proxy(address: str) -> SplitResult | None:
    """Return the parts of a proxy's address; ``None`` if it has no host, or has a path, query or fragment."""
    try:
        parts = urlsplit(address)
        whole = _PROXY.match(address) and parts.hostname and parts.port != 0
    except ValueError:
        return None
    return parts if whole and parts.path in {"", "/"} and not parts.query + parts.fragment else None


def _is_path(_: ConnectionOptions, attribute: attrs.Attribute[str | None], value: object) -> None:
    if isinstance(value, Secret):
        raise InvalidValueError(attribute.name, "the path of a PEM file", "what stands in one")
    if value is not None and not (isinstance(value, str) and value.strip()):
        raise InvalidValueError(attribute.name, "the path of a PEM file", value)


def _is_latin1(text: str) -> bool:
    return all(ord(character) <= _LAST_OF_LATIN1 for character in text)


def _require_latin1(name: str, *, fits: bool) -> None:
    """Refuse a text that Basic cannot carry, without showing it."""
    if not fits:
        raise InvalidValueError(name, "characters of Latin-1, for Basic carries no others", "others")


def _unknown(name: str) -> InvalidValueError:
    known = PsrpOptions.__annotations__
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {close[0]}?" if close else f"They are {', '.join(known)}."
    return InvalidValueError("PsrpTransport", "options that it has", name, hint)


def mask(options: PsrpOptions) -> PsrpOptions:
    """Wrap passwords in :class:`Secret`, so that no frame of this library holds one in clear.

    A proxy's address may contain one. The text of a key, given by mistake instead of its path, is wrapped too. Of a
    value that is not text only the type is kept, for the error to name.
    """
    hidden = {name: _hidden(value) for name, value in options.items() if name in _SECRETS or _is_key(value)}
    return cast("PsrpOptions", {**options, **hidden})  # the same keywords


def _is_key(value: object) -> bool:
    return isinstance(value, str) and _PEM.search(value) is not None


def _hidden(value: object) -> object:
    if value is None or isinstance(value, Secret):
        return value
    return Secret(value) if isinstance(value, str) else type(value)


_SECONDS: Final = _whole(f"a whole number of seconds, 1 to {_LONGEST}", _LONGEST)


@attrs.frozen(kw_only=True)
class ConnectionOptions:
    """The checked options of a connection to one endpoint of a server."""

    host: str
    configuration: str
    port: int = attrs.field(validator=_whole(f"a port of 1 to {_HIGHEST_PORT}", _HIGHEST_PORT))
    ssl: bool = attrs.field(default=False, validator=_flag)
    path: str = attrs.field(validator=_text("a path such as PowerShell, in ASCII", r"[!-.0-~][!-~]*"))
    auth: Authentication = attrs.field(validator=_among(get_args(Authentication)))
    username: str | None = attrs.field(default=None, validator=_text("a user's name", r"[^\x00-\x1f\x7f]+"))
    password: Secret | None = attrs.field(default=None, validator=_out_of_sight)
    encryption: MessageEncryption = attrs.field(default="auto", validator=_among(get_args(MessageEncryption)))
    cert_validation: bool | str = attrs.field(default=True, converter=_as_text, validator=_is_verification)
    connection_timeout: int = attrs.field(default=30, validator=_SECONDS)
    operation_timeout: int = attrs.field(default=20, validator=_SECONDS)
    read_timeout: int = attrs.field(default=30, validator=_SECONDS)
    timeout: timedelta | None = attrs.field(default=None, validator=_limit)
    max_answer_size: int = attrs.field(
        default=256 * 2**20, validator=_whole("a whole number of bytes, 1 or more", sys.maxsize)
    )
    negotiate_service: str = attrs.field(default="HTTP", validator=_text("a service such as HTTP", r"[\w.-]+"))
    negotiate_hostname_override: str | None = attrs.field(default=None, validator=_text("a host name", r"[\w.:-]+"))
    negotiate_delegate: bool = attrs.field(default=False, validator=_flag)
    negotiate_send_cbt: bool = attrs.field(default=True, validator=_flag)
    certificate_pem: str | None = attrs.field(default=None, validator=_is_path)
    certificate_key_pem: str | None = attrs.field(default=None, validator=_is_path)
    proxy: Secret | None = attrs.field(default=None, validator=_is_proxy)
    no_proxy: bool = attrs.field(default=True, validator=_flag)
    locale: str = attrs.field(default="en-US", validator=_text("a language such as en-US", r"\w+(-\w+)*"))
    allow_insecure: bool = attrs.field(default=False, validator=_flag)

    @classmethod
    def exchange(cls, host: str, options: PsrpOptions) -> Self:
        """Check the options for the Exchange Management Shell's own endpoint, behind IIS."""
        port = 443 if options.get("ssl") else 80
        ours: PsrpOptions = {"port": port, "path": "PowerShell", "auth": "kerberos"}
        return cls._checked(host, "Microsoft.Exchange", ours, options)

    @classmethod
    def windows(cls, host: str, options: PsrpOptions) -> Self:
        """Check the options for the ordinary WinRM endpoint."""
        port = 5986 if options.get("ssl") else 5985
        ours: PsrpOptions = {"port": port, "path": "wsman", "auth": "negotiate"}
        return cls._checked(host, "Microsoft.PowerShell", ours, options)

    @classmethod
    def _checked(cls, host: str, configuration: str, ours: PsrpOptions, options: PsrpOptions) -> Self:
        for name in options.keys() - PsrpOptions.__annotations__.keys():
            raise _unknown(name)
        stated: dict[str, Any] = {**ours, **options}  # Any: each keyword's own type, which the fields declare
        return cls(host=host, configuration=configuration, **stated)

    def __attrs_post_init__(self) -> None:
        _require_host(self.host)
        if self.operation_timeout >= self.read_timeout:
            expected = f"less than read_timeout, {self.read_timeout}"
            hint = "The server holds a request open that long: its answer would always come too late."
            raise InvalidValueError("operation_timeout", expected, self.operation_timeout, hint)
        self._require_protection()

    def _require_protection(self) -> None:
        if self.auth == "certificate" and not (self.ssl and self.certificate_pem and self.certificate_key_pem):
            raise InvalidValueError("auth", "ssl=True, certificate_pem= and certificate_key_pem= with it", self.auth)
        if self.auth == "basic" and (self.username is None or self.password is None):
            raise InvalidValueError("auth", "username= and password= with it", self.auth)
        if self.auth == "basic" and ":" in (self.username or ""):
            raise InvalidValueError("username", "no colon in it with auth=basic", self.username)
        if self.auth == "basic":
            _require_latin1("username", fits=_is_latin1(self.username or ""))
            _require_latin1("password", fits=self.password is None or _is_latin1(self.password.reveal()))
        if self.encryption == "always" and self.auth in {"basic", "certificate"}:
            raise InvalidValueError("encryption", f"auto or never with auth={self.auth}", self.encryption)
        if self.cert_validation is False and not self.allow_insecure:
            hint = "Give the path of the authority's certificate; with allow_insecure=True anybody can answer."
            raise InvalidValueError("cert_validation", "verification", self.cert_validation, hint)
        encrypted = self.ssl or (self.auth != "basic" and self.encryption != "never")
        if not encrypted and not self.allow_insecure:
            hint = "Use ssl=True or another auth; allow_insecure=True sends everything in clear, the password too."
            raise InvalidValueError("allow_insecure", "TLS or message encryption", f"{self.auth} over http", hint)

    @property
    def encrypts(self) -> bool:
        """Whether each message is encrypted with the login's key; Basic and certificates have none."""
        if self.auth in {"basic", "certificate"}:
            return False
        return self.encryption == "always" or (not self.ssl and self.encryption == "auto")

    @property
    def url(self) -> str:
        """The URL of all requests."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.ssl else 'http'}://{host}:{self.port}/{self.path}"

    def scrub(self, text: str) -> str:
        """Return another library's text with stars for the password, and for the proxy's user and password."""
        for secret in sorted(filter(None, self._secrets()), key=len, reverse=True):
            pattern = re.escape(secret)
            text = re.sub(pattern if len(secret) >= _WHOLE_WORDS else rf"(?<!\w){pattern}(?!\w)", _STARS, text)
        return text

    def _secrets(self) -> Iterator[str]:
        if self.password is not None:
            yield self.password.reveal()
        parts = None if self.proxy is None else _parse_proxy(self.proxy.reveal())
        if parts is not None:
            login = parts.netloc.rpartition("@")[0]
            yield from (login, parts.password or "", unquote(parts.password or ""))
