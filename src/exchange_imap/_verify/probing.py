"""See what a client sees: one server, or many at once, and what the rules say of it."""

from __future__ import annotations

import contextlib
import functools
import pickle
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor, wait
from datetime import timedelta
from itertools import islice
from os import PathLike
from typing import Final, TypedDict, Unpack

from .._entry import entry
from .._errors import InvalidValueError
from .._powershell.secret import PSCredential
from .._probe.imap import ImapDialogue
from .._probe.login import Respond
from .._probe.observe import Speak
from .._probe.result import ProbeResult, Protocol
from .._probe.smtp import SmtpDialogue
from .._public import public
from .._values import ConnectionSetting
from .asking import NOBODY, asking, judged, login_with, read_setting

__all__ = ["ProbeOptions", "probe", "probe_all", "require_pickled"]

_DIALOGUES: Final[dict[Protocol, Speak]] = {Protocol.IMAP4: ImapDialogue, Protocol.SMTP: SmtpDialogue}
_TIMEOUT: Final = timedelta(seconds=20)
_AT_MOST: Final = 256
_FILES_OF_A_PROBE: Final = 3
"""A socket, and what the system opens to look a name up."""


@public
class ProbeOptions(TypedDict, total=False):
    """The options of :func:`probe`, which :func:`probe_all` takes for all servers.

    >>> sorted(ProbeOptions.__optional_keys__)[:3]
    ['address', 'allow_insecure', 'certificate_name']
    """

    protocol: Protocol | None
    credential: PSCredential | Callable[[], PSCredential] | None
    sasl: tuple[str, bytes | Respond] | None
    certificate_name: str | None
    address: str | None
    trust: str | PathLike[str] | None
    timeout: timedelta
    allow_insecure: bool


@entry(credential=NOBODY)
def probe(  # noqa: PLR0913 - what a probe may use
    setting: ConnectionSetting | str,
    *,
    protocol: Protocol | None = None,
    credential: PSCredential | Callable[[], PSCredential] | None = None,
    sasl: tuple[str, bytes | Respond] | None = None,
    certificate_name: str | None = None,
    address: str | None = None,
    trust: str | PathLike[str] | None = None,
    timeout: timedelta = _TIMEOUT,
    allow_insecure: bool = False,
) -> ProbeResult:
    r"""Connect to a server as a mail client does, and return what was seen.

    Whatever the network and the server do is a result, and the probe never takes longer than ``timeout``; only wrong
    arguments raise :class:`InvalidValueError`. The setting says how to connect: TLS from the first byte (``SSL``),
    STARTTLS (``TLS``), or not encrypted. The stages are the look-up of the name, the connection, the greeting, what the
    server offers, TLS and its certificate; with something to log in with, the login, opening INBOX for reading only,
    and NOOP.

    ``protocol`` is IMAP4, and SMTP for the ports 25, 465 and 587. ``credential`` is a user and password, or a function
    that returns them. ``sasl`` is the name of a SASL mechanism, with its one response or with a function that responds
    to each challenge, such as ``("NTLM", spnego.client(...).step)``. ``certificate_name`` is the X509CertificateName
    to compare the certificate with. ``address`` is connected to instead of what DNS says, and the certificate is still
    compared with the setting's host: so you reach one server behind a load balancer. ``trust`` is a file with the
    certificates of authorities (PEM), instead of those that this machine trusts.

    Verification of certificates is never off. One that is refused is fetched on a second connection, which is closed
    after the handshake. Without verified TLS nothing of ``credential`` or ``sasl`` is sent, unless the setting is not
    encrypted and you say ``allow_insecure=True``. No secret is in the result.

    ``findings`` are what the rules say of it: what stopped the client comes first, and each says what to do or to run.

    >>> result = probe("mail.contoso.com:993:SSL", address="127.0.0.1", timeout=timedelta(milliseconds=1))
    >>> result.works, result.stages[0].name
    (False, <Stage.TCP: 'TCP'>)
    """
    asked = asking(
        setting,
        protocol,
        login_with(credential, sasl, allow_insecure=allow_insecure),
        address=address,
        trust=trust,
        timeout=timeout,
        expected_name=certificate_name,
    )
    return judged(asked, _DIALOGUES[asked.protocol])


@entry(credential=NOBODY)
def probe_all(
    settings: Sequence[ConnectionSetting | str],
    *,
    executor: Executor | None = None,
    at_most: int = _AT_MOST,
    **options: Unpack[ProbeOptions],
) -> tuple[ProbeResult, ...]:
    """Probe many servers at once, and return the results in the order of the settings.

    ``options`` are those of :func:`probe`, the same for all. ``at_most`` is how many are probed at the same time: a
    probe has one socket open at a time. There are fewer where this process may not open so many files (``ulimit -n``,
    of which a third are probed). ``executor`` runs the probes, otherwise threads do. In another process a
    :class:`PSCredential` cannot be used, because secrets are not pickled: there, ``credential`` is a function on the
    top level of a module, which returns it. Raises :class:`InvalidValueError` as :func:`probe` does, and for what
    another process cannot be given.

    >>> settings = ["mail.contoso.com:993:SSL", "mail.contoso.com:143:TLS"]
    >>> results = probe_all(settings, address="127.0.0.1", timeout=timedelta(milliseconds=1))
    >>> [str(result.setting) for result in results]
    ['mail.contoso.com:993:SSL', 'mail.contoso.com:143:TLS']
    """
    if at_most < 1:
        raise InvalidValueError("probe_all(at_most)", "a number from 1", at_most)
    asked = tuple(map(read_setting, settings))
    require_pickled("probe_all", executor, options)
    at_most = min(at_most, _openable())
    with _threads(at_most) if executor is None else contextlib.nullcontext(executor) as pool:
        return _in_order(pool, asked, at_most, functools.partial(probe, **options))


def _openable() -> int:
    """Return how many probes can be under way before files run out, which would look like a server's fault."""
    try:
        import resource  # noqa: PLC0415 - Windows has none, and sockets are no files there
    except ImportError:
        return sys.maxsize
    limit, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return sys.maxsize if limit == resource.RLIM_INFINITY else max(1, limit // _FILES_OF_A_PROBE)


def _in_order(
    pool: Executor, settings: Sequence[ConnectionSetting], at_most: int, probed: Callable[..., ProbeResult]
) -> tuple[ProbeResult, ...]:
    """Have each probed, no more than so many at a time."""
    left = iter(enumerate(settings))
    running: dict[Future[ProbeResult], int] = {}
    results: dict[int, ProbeResult] = {}
    try:
        while len(results) < len(settings):
            for number, setting in islice(left, at_most - len(running)):
                running[pool.submit(probed, setting)] = number
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                results[running.pop(future)] = future.result()
    finally:
        for future in running:
            future.cancel()
    return tuple(results[number] for number in range(len(settings)))


@contextlib.contextmanager
def _threads(at_most: int) -> Iterator[Executor]:
    """Return threads of our own. If the caller is interrupted, nobody waits for the probes that are under way."""
    pool = ThreadPoolExecutor(at_most, thread_name_prefix="probe")
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()


def require_pickled(function: str, executor: Executor | None, options: Mapping[str, object]) -> None:
    """Refuse what another process cannot be given, before anything is begun; ``function`` has these options."""
    for name, value in options.items() if isinstance(executor, ProcessPoolExecutor) else ():
        try:
            pickle.dumps(value)
        except Exception as error:  # pickle's own, and whatever an object raises
            hint = "Use threads, or give probe_all a function on the top level of a module, which makes it there."
            raise InvalidValueError(
                f"{function}({name})", "what can be pickled for another process", type(value).__name__, hint
            ) from error
