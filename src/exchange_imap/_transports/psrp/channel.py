"""One TCP connection to an endpoint: requests over it, and answers that are no more than was asked for.

No redirect is followed, no content encoding undone, nothing taken from the environment.
"""

from __future__ import annotations

import http.client
import re
import socket
import threading
import urllib.request
from contextvars import ContextVar
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

import attrs
import certifi
import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import BaseHTTPResponse
from urllib3.util import Timeout, make_headers, parse_url

from .options import ConnectionOptions

__all__ = ["AnotherConnectionError", "Channel", "Page", "RedirectError", "TooLargeError", "UnaskedError"]

_AGENT: Final = "Python PSRP Client"
_REDIRECTS: Final = {301, 302, 303, 307, 308}
_CHUNK: Final = 65536
_MOST_COOKIES: Final = 50
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OVER: Final = re.compile(r"max-age=(?:0+|-.*)", re.IGNORECASE)
"""What says of a cookie that it is one no longer: RFC 6265, 5.2.2."""
_CURRENT: Final[ContextVar[Channel]] = ContextVar("channel")
"""The channel whose request this thread carries out: urllib3 makes the connections, and these have to find it."""


class RedirectError(Exception):
    """The server points elsewhere, where this library does not go."""


class UnaskedError(Exception):
    """The answer has a content encoding that was not asked for."""


class TooLargeError(Exception):
    """The answer is larger than it may be."""


class AnotherConnectionError(Exception):
    """A message is encrypted for a connection that is there no longer. Nothing was sent."""


@attrs.frozen
class Page:
    """What came over HTTP."""

    status: int
    content_type: str
    challenges: tuple[str, ...]
    """What it says of logins."""
    body: bytes


@attrs.define(eq=False)
class Channel:
    """One connection, made when it is first needed; once given up it is never used again."""

    options: ConnectionOptions
    cookies: dict[str, str]
    """What the server wants to see again, by which a load balancer finds the same server: kept beyond a connection."""
    left: bool = attrs.field(default=False, init=False)
    """Whether the message was written, if only in part."""
    is_message: bool = attrs.field(default=False, init=False)
    """Whether what is written next is the message, and no part of the login."""
    only_here: bool = attrs.field(default=False, init=False)
    """Whether the message makes sense on the connection that there is, and on no other."""
    certificate: bytes | None = attrs.field(default=None, init=False)
    """The server's certificate (DER) of the last connection, also when that has ended; ``None`` without TLS."""
    _sock: socket.socket | None = attrs.field(default=None, init=False)
    _given_up: bool = attrs.field(default=False, init=False)
    _lock: threading.Lock = attrs.field(factory=threading.Lock, init=False)
    _manager: urllib3.PoolManager = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._manager = _manager(self.options)
        self._manager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}

    def post(self, body: bytes, headers: dict[str, str], read_timeout: float, limit: int) -> Page:
        """Send one request, and read an answer of at most ``limit`` bytes."""
        _CURRENT.set(self)
        ours = {"User-Agent": _AGENT, "Accept-Encoding": "identity", "Connection": "Keep-Alive"}
        if self.cookies:
            ours["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = self._manager.urlopen(
            "POST",
            self.options.url,
            body=body,
            headers=ours | headers,
            timeout=Timeout(connect=self.options.connection_timeout, read=read_timeout),
            redirect=False,
            retries=False,
            preload_content=False,
            decode_content=False,
        )
        try:
            return self._read(answer, limit)
        except BaseException:
            answer.close()
            raise

    def _read(self, answer: BaseHTTPResponse, limit: int) -> Page:
        if answer.status in _REDIRECTS:
            raise RedirectError(f"HTTP {answer.status} to {answer.headers.get('Location', 'nowhere')}")
        encoding = answer.headers.get("Content-Encoding", "identity")
        if encoding.lower() != "identity":
            raise UnaskedError(encoding)
        body = bytearray()
        while chunk := answer.read(min(_CHUNK, limit + 1 - len(body)), decode_content=False):
            body += chunk
            if len(body) > limit:
                raise TooLargeError(f"more than {limit} bytes")
        answer.release_conn()
        for each in answer.headers.getlist("Set-Cookie"):
            self._keep(each)
        challenges = tuple(answer.headers.getlist("WWW-Authenticate"))
        return Page(answer.status, answer.headers.get("Content-Type", ""), challenges, bytes(body))

    def _keep(self, cookie: str) -> None:
        """Keep a cookie's name and value, whatever attributes it has, unless they could not be sent back."""
        pair, *attributes = cookie.split(";")
        name, _, value = (part.strip() for part in pair.partition("="))
        if not (_TOKEN.fullmatch(name) and value.isprintable()):
            return
        if not value or any(_OVER.fullmatch(each.replace(" ", "")) for each in attributes):
            self.cookies.pop(name, None)
        elif name in self.cookies or len(self.cookies) < _MOST_COOKIES:
            self.cookies[name] = value

    def before_connecting(self) -> None:
        """Refuse to connect for a message that would make no sense there."""
        if self.only_here:
            raise AnotherConnectionError

    def connected(self, sock: socket.socket) -> None:
        """Take note of a connection: who is at its other end, and the socket below all TLS."""
        ask: Any = getattr(sock, "getpeercert", None)  # Any: of ssl, or of urllib3 for TLS in a proxy's TLS
        self.certificate = ask(binary_form=True) if ask else None
        with self._lock:
            self._sock = getattr(sock, "socket", sock)
        self._require_use()

    def writing(self) -> None:
        """Take note that something is written."""
        with self._lock:
            self.left |= self.is_message and not self._given_up
        self._require_use()

    def _require_use(self) -> None:
        """Stop the thread whose request was given up."""
        if self._given_up:
            raise ConnectionAbortedError

    def give_up(self) -> None:
        """End the connection, also while another thread uses it."""
        with self._lock:
            self._given_up = True
            sock = self._sock
        if sock is not None:
            _cut(sock)
        self._manager.clear()

    def drop(self) -> None:
        """Let go of the connection without a word: it is another process's too."""
        self._manager.clear()


def _cut(sock: socket.socket) -> None:
    """End a connection below TLS: ending it in TLS would wait for the thread that reads."""
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:  # it has ended already
        return


class _Watched(http.client.HTTPConnection):
    """A connection that tells its channel what it does."""

    _connecting = False

    def connect(self) -> None:
        """Connect, where that is still wanted."""
        channel = _CURRENT.get()
        channel.before_connecting()
        self._connecting = True
        super().connect()
        self._connecting = False
        channel.connected(self.sock)

    def send(self, data: Any) -> None:  # Any: as http.client has it
        """Write, where that is still wanted; a proxy's own request is part of connecting."""
        if not self._connecting:
            if self.sock is None and self.auto_open:  # here, where http.client does it, nothing is written yet
                self.connect()
            _CURRENT.get().writing()
        super().send(data)


class _Plain(_Watched, HTTPConnection):
    pass


class _Secure(_Watched, HTTPSConnection):
    def connect(self) -> None:
        """Connect; where verification was switched off on purpose, urllib3 need not warn at each request."""
        super().connect()
        self.is_verified |= _CURRENT.get().options.cert_validation is False


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


def _manager(options: ConnectionOptions) -> urllib3.PoolManager:
    """Make what makes connections: directly, or by a proxy."""
    tls = _tls(options) if options.ssl else {}
    proxy = _proxy(options)
    if proxy is None:
        return urllib3.PoolManager(num_pools=1, **tls)
    login = parse_url(proxy).auth
    headers = make_headers(proxy_basic_auth=unquote(login)) if login else None
    return urllib3.ProxyManager(proxy, num_pools=1, proxy_headers=headers, **tls)


def _tls(options: ConnectionOptions) -> dict[str, Any]:  # Any: urllib3 takes each by name
    verify = options.cert_validation
    ours: dict[str, Any] = {"cert_file": options.certificate_pem, "key_file": options.certificate_key_pem}
    if verify is False:
        return ours | {"cert_reqs": "CERT_NONE"}
    path = certifi.where() if verify is True else verify
    return ours | {"cert_reqs": "CERT_REQUIRED", "ca_cert_dir" if Path(path).is_dir() else "ca_certs": path}


def _proxy(options: ConnectionOptions) -> str | None:
    """Return the proxy that is named, or where that is asked for the environment's."""
    if options.proxy is not None:
        return options.proxy.reveal()
    if options.no_proxy or urllib.request.proxy_bypass(options.host):
        return None
    return urllib.request.getproxies().get("https" if options.ssl else "http")
