"""One TCP connection to an endpoint, with HTTP requests and answers of limited size.

It follows no redirect, decodes no content encoding and reads nothing from the environment.
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
"""A cookie with this attribute has expired and is deleted: RFC 6265, section 5.2.2."""
_CURRENT: Final[ContextVar[Channel]] = ContextVar("channel")
"""The channel whose request this thread carries out. urllib3 makes the connections; they find their channel here."""


class RedirectError(Exception):
    """The server answered with a redirect, which this library does not follow."""


class UnaskedError(Exception):
    """The answer has a content encoding that was not asked for."""


class TooLargeError(Exception):
    """The answer is larger than it may be."""


class AnotherConnectionError(Exception):
    """The message is encrypted for a connection that has ended. Nothing was sent."""


@attrs.frozen
class Page:
    """One HTTP answer."""

    status: int
    content_type: str
    challenges: tuple[str, ...]
    """The values of its WWW-Authenticate headers."""
    body: bytes


@attrs.define(eq=False)
class Channel:
    """One connection, made when it is first needed; once given up it is never used again."""

    options: ConnectionOptions
    cookies: dict[str, str]
    """The server's cookies, by name. They outlive a connection: a load balancer finds the same server by them."""
    left: bool = attrs.field(default=False, init=False)
    """Whether the message was written, if only in part."""
    is_message: bool = attrs.field(default=False, init=False)
    """Whether the next request carries the message, and not only a step of the login."""
    only_here: bool = attrs.field(default=False, init=False)
    """Whether the message is encrypted for the present connection, so that no other connection can carry it."""
    certificate: bytes | None = attrs.field(default=None, init=False)
    """The server's certificate (DER) of the last connection, even if that has ended; ``None`` without TLS."""
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
        """Keep a cookie's name and value unless they cannot be sent back; its attributes do not matter for one URL."""
        pair, *attributes = cookie.split(";")
        name, _, value = (part.strip() for part in pair.partition("="))
        if not (_TOKEN.fullmatch(name) and value.isprintable()):
            return
        if not value or any(_OVER.fullmatch(each.replace(" ", "")) for each in attributes):
            self.cookies.pop(name, None)
        elif name in self.cookies or len(self.cookies) < _MOST_COOKIES:
            self.cookies[name] = value

    def before_connecting(self) -> None:
        """Refuse a new connection for a message that is encrypted for the last one."""
        if self.only_here:
            raise AnotherConnectionError

    def connected(self, sock: socket.socket) -> None:
        """Note a new connection: the server's certificate, and the socket below all TLS."""
        ask: Any = getattr(sock, "getpeercert", None)  # Any: of ssl, or of urllib3 for TLS in a proxy's TLS
        self.certificate = ask(binary_form=True) if ask else None
        with self._lock:
            self._sock = getattr(sock, "socket", sock)
        self._require_use()

    def writing(self) -> None:
        """Note that bytes are written now."""
        with self._lock:
            self.left |= self.is_message and not self._given_up
        self._require_use()

    def _require_use(self) -> None:
        """End the thread whose request was given up."""
        if self._given_up:
            raise ConnectionAbortedError

    def give_up(self) -> None:
        """End the connection, even while another thread uses it."""
        with self._lock:
            self._given_up = True
            sock = self._sock
        if sock is not None:
            _cut(sock)
        self._manager.clear()

    def drop(self) -> None:
        """Close this process's copy of the socket and send nothing: the parent process still uses it."""
        self._manager.clear()


def _cut(sock: socket.socket) -> None:
    """End a connection below TLS: ending it in TLS would wait for the thread that reads."""
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:  # it has ended already
        return


class _Watched(http.client.HTTPConnection):
    """A connection that reports to its channel."""

    _connecting = False

    def connect(self) -> None:
        """Connect, unless the request was given up."""
        channel = _CURRENT.get()
        channel.before_connecting()
        self._connecting = True
        super().connect()
        self._connecting = False
        channel.connected(self.sock)

    def send(self, data: Any) -> None:  # Any: as http.client has it
        """Write, unless the request was given up. A CONNECT request to a proxy counts as connecting."""
        if not self._connecting:
            if self.sock is None and self.auto_open:  # here, where http.client does it, nothing is written yet
                self.connect()
            _CURRENT.get().writing()
        super().send(data)


class _Plain(_Watched, HTTPConnection):
    pass


class _Secure(_Watched, HTTPSConnection):
    def connect(self) -> None:
        """Connect. Where the user has switched verification off, urllib3 would warn at each request: prevent that."""
        super().connect()
        self.is_verified |= _CURRENT.get().options.cert_validation is False


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _Secure


def _manager(options: ConnectionOptions) -> urllib3.PoolManager:
    """Make urllib3's pool of connections: direct ones, or through a proxy."""
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
    """Return the proxy of the options or, with ``no_proxy=False``, that of the environment."""
    if options.proxy is not None:
        return options.proxy.reveal()
    if options.no_proxy or urllib.request.proxy_bypass(options.host):
        return None
    return urllib.request.getproxies().get("https" if options.ssl else "http")
