"""A canary: a password and a secure string are looked for wherever they might appear, in every guise."""

from __future__ import annotations

import base64
import copy
import json
import logging
import pickle
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import attrs
import pytest

import exchange_imap as xi
from exchange_imap._powershell.syntax import String
from exchange_imap._transports.psrp.failures import bare
from exchange_imap._transports.psrp.options import ConnectionOptions, mask
from exchange_imap._transports.psrp.quiet import quiet
from exchange_imap.testing import FakeExchange, PsrpServer, WireFault, WireFaultKind

PASSWORD = "canary-password-7731"  # noqa: S105 - that is the point
SECURE = "canary-Zwölf-Boxkämpfer-9942"
USER = "administrator"
SENT = xi.Command("Get-ImapSettings", (xi.Parameter("Server", xi.Secret(SECURE)),))
CREDENTIAL = xi.PSCredential("kim", SECURE)


def _guises() -> list[bytes]:
    """Return the secrets as they might be written."""
    texts = [PASSWORD, SECURE]
    plain = [text.encode(code) for text in texts for code in ("utf-8", "utf-16-le", "utf-16-be")]
    plain += [repr(text)[1:-1].encode("ascii", "backslashreplace") for text in texts]
    plain += [json.dumps(text)[1:-1].encode() for text in texts]
    login = [f"{USER}:{PASSWORD}".encode(code) for code in ("utf-8", "latin-1")]
    # Base64 of a text within another begins at any of three places: the middle of each is looked for.
    shifted = [base64.b64encode(b"\0" * shift + text)[4:-4] for text in [*plain[:6], *login] for shift in range(3)]
    return plain + login + shifted


GUISES = _guises()


def hits(text: str | bytes) -> list[bytes]:
    """Return what of the secrets is in a text."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "backslashreplace")
    return [guise for guise in GUISES if guise in data]


def test_the_canary_is_seen_where_it_is() -> None:
    """Or the rest would prove nothing."""
    for text in (PASSWORD, SECURE):
        assert hits(f"x{text}y")
        assert hits(text.encode("utf-16-le"))
        for shift in ("", "a", "ab"):
            assert hits(base64.b64encode(f"{shift}{text} and more".encode()))
    assert hits(f"Basic {base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}")


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Collect what every logger says, at DEBUG."""
    lines: list[str] = []

    class Collector(logging.Handler):
        """Keeps each line, with its traceback."""

        def emit(self, record: logging.LogRecord) -> None:
            lines.append(logging.Formatter("%(name)s %(message)s").format(record))

    root, handler, level = logging.getLogger(), Collector(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


@pytest.fixture
def psrp() -> Iterator[PsrpServer]:
    """Serve a fake that knows the password."""
    with PsrpServer(
        FakeExchange(servers=["MBX01"]), credential=(USER, PASSWORD), authentication=["basic", "negotiate"]
    ) as psrp:
        yield psrp


def full_traceback(error: BaseException) -> str:
    """Format an error with everything behind it and the variables of every frame but the tests' own."""
    shown = traceback.TracebackException.from_exception(error, capture_locals=True)
    behind: list[traceback.TracebackException | None] = [shown]
    while behind:
        each = behind.pop()
        if each is not None:
            kept = [frame for frame in each.stack if "/tests/" not in frame.filename.replace("\\", "/")]
            each.stack = traceback.StackSummary.from_list(kept)
            behind += [each.__cause__, each.__context__]
    return "".join(shown.format(chain=True))


def assert_clean(error: BaseException) -> None:
    """Assert that an error shows nothing, however it is looked at."""
    for text in (str(error), repr(error), full_traceback(error), repr(vars(error)), pickle.dumps(error)):
        assert not hits(text)
    if isinstance(error, xi.ExchangeImapError):
        assert not hits(json.dumps(error.to_dict()))
    for each in chain(error):
        assert not [text for text in walk(each) if hits(text)]


def chain(error: BaseException) -> list[BaseException]:
    """Return an error and all that is behind it, as a crash reporter goes through them."""
    found: list[BaseException] = []
    behind: list[BaseException | None] = [error]
    while behind:
        each = behind.pop()
        if each is not None and each not in found:
            found.append(each)
            behind += [each.__cause__, each.__context__]
    return found


KINDS = ["basic", "ntlm"]
FAULTS = [
    WireFaultKind.CUT_BEFORE,
    WireFaultKind.CUT_AFTER,
    WireFaultKind.MALFORMED_XML,
    WireFaultKind.SERVER_ERROR,
    WireFaultKind.NOT_FOUND,
    WireFaultKind.UNAUTHORIZED,
    WireFaultKind.THROTTLED,
    WireFaultKind.SILENT_AFTER,
    WireFaultKind.IDLE_DROP,
]


def plain(text: str) -> xi.Pipeline:
    """Make a command with a secret that travels as text, as a monitoring probe takes one."""
    return xi.Pipeline((xi.Command("Get-ImapSettings", (xi.Parameter("Server", xi.Secret(text, as_text=True)),)),))


@pytest.mark.parametrize("auth", KINDS)
@pytest.mark.parametrize("text", [SECURE, f"{SECURE} {'.' * 500_000}"], ids=["short", "in several messages"])
def test_a_password_that_travels_as_text_is_in_no_log(
    psrp: PsrpServer, logged: list[str], auth: Any, text: str
) -> None:
    """It says that something is sent; whatever else is sent it shows."""
    with psrp.exchange(auth=auth, operation_timeout=1, read_timeout=2) as transport:
        psrp.fail(WireFault(kind=WireFaultKind.SILENT_BEFORE, action="Command"))
        reply = None
        with suppress(xi.TransportError):
            reply = transport.run(plain(text))
        own = [line for line in logged if "a secret is not shown" in line]
        transport.run(xi.Pipeline((xi.GetImapSettings(server="MBX01"),)))

    assert reply is None
    assert len(own) > 1
    assert not [line for line in logged if hits(line)]
    assert [line for line in logged if "Packing PSRP message" in line and "Get-ImapSettings" in line]


def test_others_are_logged_meanwhile() -> None:
    """Only the thread that sends a secret is quiet, and only as long, and of errors nothing is hidden."""
    log, lines = logging.getLogger("pypsrp.wsman"), []
    handler, level = logging.Handler(), log.level
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign] # shorter than a class
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        with quiet():
            log.debug("one %s", SECURE)
            log.error("two")
            other = threading.Thread(target=log.debug, args=("three",))
            other.start()
            other.join()
        log.debug("four")
    finally:
        log.removeHandler(handler)
        log.setLevel(level)

    assert lines == ["A message that holds a secret is not shown.", "two", "three", "four"]


@pytest.mark.parametrize("moment", ["_TransportHTTP.__init__", "WSMan.create", "WSMan.command"])
def test_an_interruption_shows_no_password(psrp: PsrpServer, monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Also while it connects, when pypsrp has the password at hand."""

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"pypsrp.wsman.{moment}", interrupt)
    with psrp.exchange() as transport, pytest.raises(KeyboardInterrupt) as caught:
        transport.run(plain(SECURE))

    assert "carry_through" in full_traceback(caught.value)
    assert_clean(caught.value)


@pytest.mark.parametrize("action", ["Create", "Command", "Receive"])
def test_a_password_that_travels_as_text_is_in_no_error(psrp: PsrpServer, action: str) -> None:
    psrp.fail(WireFault(kind=WireFaultKind.CUT_BEFORE, action=action))
    psrp.fail(WireFault(kind=WireFaultKind.NOT_FOUND, action=action, nth=2))
    with psrp.exchange() as transport:
        try:
            transport.run(plain(SECURE))
        except xi.TransportError as error:
            assert_clean(error)
        assert not hits(repr(vars(transport)))


def test_nobody_at_the_other_end_shows_nothing() -> None:
    """The connection is refused."""
    options: Any = {"auth": "basic", "username": USER, "password": PASSWORD, "allow_insecure": True, "port": 1}
    with xi.PsrpTransport.exchange("127.0.0.1", **options) as transport, pytest.raises(xi.EndpointError) as caught:
        transport.run(xi.Pipeline((SENT,)))

    assert_clean(caught.value)


MISPLACED: dict[str, Callable[[], object]] = {
    "no options": lambda: xi.ImapServer.connect("h", windows=f"password={PASSWORD}"),  # type: ignore[arg-type]
    "address": lambda: xi.ImapServer("x", exchange=f"http://{USER}:{PASSWORD}@h"),  # type: ignore[arg-type]
    "pairs": lambda: xi.ImapServer.connect("h", exchange=[("password", PASSWORD)]),  # type: ignore[arg-type]
    "credential": lambda: xi.TestImapConnectivity(mailbox_credential=(USER, PASSWORD)),  # type: ignore[arg-type]
    "credential as text": lambda: xi.TestImapConnectivity(mailbox_credential=PASSWORD),  # type: ignore[arg-type]
    "another cmdlet": lambda: xi.InvokeMonitoringProbe.from_dict({"cmdlet": "x", "parameters": {"Password": PASSWORD}}),
    "variable": lambda: xi.parse("Set-ImapSettings -Banner $p", {"p": PASSWORD.encode()}),
}


@pytest.mark.parametrize("wrong", MISPLACED.values(), ids=list(MISPLACED))
def test_a_password_of_another_type_is_not_repeated(wrong: Callable[[], object]) -> None:
    """What stands where a credential is meant to be is described by its type; the frames are the caller's."""
    with pytest.raises(xi.InvalidValueError) as caught:
        wrong()

    assert not hits(f"{caught.value} {caught.value!r} {vars(caught.value)} {caught.value.__context__!r}")


MALFORMED = [
    f"http://{USER}:{PASSWORD}",
    f"://{USER}:{PASSWORD}@proxy",
    f"{USER}:{PASSWORD}@proxy:8080",
    f"http:{USER}:{PASSWORD}@proxy",
    f"http://{USER}:{PASSWORD}@proxy:port",
    f"http://{USER}:{PASSWORD}@[::1",
    f"http://{USER}:{PASSWORD}/x@proxy:8080",
    f"http://{USER}:{PASSWORD}#x@proxy",
    f"http://{USER}:{PASSWORD}?x@proxy",
    f"http://{USER}:{PASSWORD} x@proxy",
    f"http://{USER}:x\\{PASSWORD}@proxy",
    f"ftp://{USER}:{PASSWORD}@proxy",
    f"socks5://{USER}:{PASSWORD}@proxy:1080",
    PASSWORD,
]


@pytest.mark.parametrize("proxy", MALFORMED)
def test_a_malformed_proxy_is_refused_unseen(proxy: str) -> None:
    """A part of the password would be taken for the host, and be in errors and recordings."""
    with pytest.raises(xi.InvalidValueError, match="proxy: expected http://") as caught:
        xi.PsrpTransport.exchange("h", proxy=proxy)

    assert_clean(caught.value)


def test_a_proxy_that_cannot_be_used_shows_nothing(tmp_path: Path) -> None:
    """Neither in the error nor in the recording."""
    path = tmp_path / "session.json"
    for proxy in (f"http://{USER}:{PASSWORD}@127.0.0.1:1", f"https://{USER}:{PASSWORD}@127.0.0.1:1/"):
        transport = xi.PsrpTransport.exchange("h.invalid", ssl=True, username=USER, password=PASSWORD, proxy=proxy)
        with xi.RecordingTransport(transport, path) as recording, pytest.raises(xi.TransportError) as caught:
            recording.run(xi.Pipeline((SENT,)))
        assert_clean(caught.value)
        assert not hits(path.read_bytes())


def test_what_stands_in_a_key_file_is_no_path() -> None:
    """It would be in the error that says that there is no such file."""
    key = f"-----BEGIN PRIVATE KEY-----\n{PASSWORD}\n"
    with pytest.raises(xi.InvalidValueError, match="the path of a PEM file") as caught:
        xi.PsrpTransport.exchange("h", ssl=True, auth="certificate", certificate_pem="c.pem", certificate_key_pem=key)

    assert_clean(caught.value)


@pytest.mark.parametrize(
    ("password", "said", "shown"),
    [
        (PASSWORD, f"cannot use {PASSWORD}{PASSWORD}", "cannot use ****************"),
        ("me", "some of me", "some of ********"),
        ("", "some", "some"),
    ],
)
def test_what_another_library_says_is_scrubbed(password: str, said: str, shown: str) -> None:
    """Whatever it repeats; a short password is looked for as a word."""
    options: Any = {"username": "u", "password": password, "proxy": "http://kim:sec%20ret@p"}
    checked = ConnectionOptions.exchange("h", mask(options))
    error = ValueError(said, "kim:sec%20ret", "sec ret", object())
    error.path = f"to {said}"  # type: ignore[attr-defined]  # as other libraries do
    error.request = object()  # type: ignore[attr-defined]  # as requests does

    bare(error, checked)

    assert error.args[:3] == (shown, "********", "********")
    assert vars(error) == {"path": f"to {shown}", "request": None}


@pytest.mark.parametrize("auth", KINDS)
@pytest.mark.parametrize("action", ["Create", "Send", "Command", "Receive"])
@pytest.mark.parametrize("kind", FAULTS, ids=[kind.name for kind in FAULTS])
def test_no_failure_shows_a_secret(
    psrp: PsrpServer, logged: list[str], auth: Any, action: str, kind: WireFaultKind
) -> None:
    """While a secure string is sent; nor does any log, nor what the transport says of itself."""
    psrp.fail(WireFault(kind=kind, action=action))
    error: BaseException | None = None
    with psrp.exchange(auth=auth, operation_timeout=1, read_timeout=2) as transport:
        try:
            transport.run(xi.Pipeline((SENT,)))
        except xi.ExchangeImapError as caught:
            error = caught
        assert not hits(repr(transport))
        assert not hits(repr(vars(transport)))

    if error is not None:
        assert_clean(error)
    assert logged
    assert not [line for line in logged if hits(line)]


WRONG: dict[str, Callable[[], object]] = {
    "unknown option": lambda: xi.PsrpTransport.exchange("h", passwort="x", password=PASSWORD),  # type: ignore[call-arg]
    "basic in clear": lambda: xi.PsrpTransport.exchange("h", auth="basic", username=USER, password=PASSWORD),
    "port": lambda: xi.PsrpTransport.windows("h", port=-1, username=USER, password=PASSWORD),
    "bytes": lambda: xi.PsrpTransport.exchange("h", ssl=True, password=PASSWORD.encode()),  # type: ignore[arg-type]
    "in the proxy": lambda: xi.PsrpTransport.exchange("h", port=-1, proxy=f"http://{USER}:{PASSWORD}@p"),
    "connect": lambda: xi.ImapServer.connect("h", port=-1, username=USER, windows={"password": PASSWORD}),
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=list(WRONG))
def test_a_wrong_option_shows_no_password(wrong: Callable[[], object]) -> None:
    """It is out of sight before anything is looked at."""
    with pytest.raises(xi.InvalidValueError) as caught:
        wrong()

    assert_clean(caught.value)


def test_a_password_in_the_host_is_not_repeated() -> None:
    """It has no business there, and the message does not spread it."""
    with pytest.raises(xi.InvalidValueError) as caught:
        xi.PsrpTransport.exchange(f"{USER}:{PASSWORD}@h")

    assert not hits(f"{caught.value} {vars(caught.value)}")


def test_a_wrong_password_is_not_shown(psrp: PsrpServer) -> None:
    """Not even that one."""
    for auth in ("basic", "ntlm"):
        options: Any = {"auth": auth, "username": "nobody", "password": PASSWORD}
        with psrp.exchange(**options) as transport, pytest.raises(xi.AuthenticationError) as caught:
            transport.run(xi.Pipeline((xi.GetImapSettings(),)))
        assert_clean(caught.value)


def test_what_holds_a_secret_does_not_show_it(psrp: PsrpServer) -> None:
    """By repr, str, format, dict, JSON, command text or copy."""
    cmdlet = xi.TestImapConnectivity(mailbox_credential=CREDENTIAL)
    server = xi.ImapServer("MBX01", exchange=psrp.exchange(), windows=psrp.windows())
    pipeline = xi.Pipeline((cmdlet, SENT))
    held: list[object] = [xi.Secret(SECURE), CREDENTIAL, cmdlet, SENT, pipeline, pipeline.commands, server, psrp]

    for each in held:
        assert not hits(f"{each} {each!r} {each!s}")
    assert not hits(json.dumps(cmdlet.to_dict()))
    assert not hits(repr([server.exchange, server.windows]))
    assert copy.copy(xi.Secret(SECURE)).reveal() == SECURE
    for secret in (copy.copy(CREDENTIAL), copy.deepcopy(CREDENTIAL)):
        assert secret.password.reveal() == SECURE
        assert not hits(repr(secret))


HOLDERS = {
    "secret": xi.Secret(SECURE),
    "credential": CREDENTIAL,
    "command": SENT,
    "cmdlet": xi.TestImapConnectivity(mailbox_credential=CREDENTIAL),
}


@pytest.mark.parametrize("holder", HOLDERS.values(), ids=list(HOLDERS))
def test_what_holds_a_secret_is_not_pickled(holder: object) -> None:
    """It would be there in clear."""
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(holder)


def connected() -> xi.ImapServer:
    """Make a server whose transports know every kind of secret."""
    proxy = f"http://{USER}:{PASSWORD}@proxy:8080"
    options: Any = {"username": USER, "password": PASSWORD, "proxy": proxy, "ssl": True}
    return xi.ImapServer.connect("mbx01", **options)


WALKED: dict[str, Any] = {**HOLDERS, "server": connected(), "transport": connected().exchange}


def walk(value: object) -> Iterator[str]:
    """Yield what a debugger, serializer or crash reporter shows of an object: all but the cells of functions."""
    seen: dict[int, object] = {}
    behind = [value]
    while behind:
        each = behind.pop()
        if id(each) not in seen and not isinstance(each, type) and not callable(each):
            seen[id(each)] = each
            yield repr(each)
            behind += held_by(each)


def held_by(value: object) -> Iterator[object]:
    """Yield what an object holds: in its dictionary, its slots, its state, or as a collection."""
    slots = {name for cls in type(value).__mro__ for name in getattr(cls, "__slots__", ())}
    yield from (getattr(value, name, None) for name in sorted(slots | {"__dict__"}))
    with suppress(TypeError):  # some refuse
        yield value.__getstate__()
    if isinstance(value, dict):
        yield from [*value, *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        yield from value


@pytest.mark.parametrize("holder", WALKED.values(), ids=list(WALKED))
def test_nothing_that_walks_over_attributes_finds_a_secret(holder: Any) -> None:
    """The text lives behind one call, which is made when it is sent."""
    for text in (
        repr(attrs.asdict(holder)),
        repr(attrs.astuple(holder)),
        json.dumps(attrs.asdict(holder), default=vars_of),
    ):
        assert not hits(text)
    assert not [text for text in walk(holder) if hits(text)]


@pytest.mark.parametrize("auth", KINDS)
def test_nor_while_a_connection_is_open(psrp: PsrpServer, auth: Any) -> None:
    """No object keeps anything of it in an attribute once logged in."""
    with psrp.exchange(auth=auth) as transport:
        transport.run(xi.Pipeline((SENT,)))
        held = [repr(attrs.asdict(transport)), *walk(transport)]

    assert len(held) > 50
    assert not [text for text in held if hits(text)]


def vars_of(value: object) -> object:
    """Return what a careless serializer takes of an object that JSON does not know."""
    return getattr(value, "__dict__", None) or repr(value)


def test_the_walk_finds_what_is_there() -> None:
    """Or the test before would prove nothing."""
    held = attrs.make_class("Held", ["password"])([{"a": (PASSWORD,)}])

    assert [text for text in walk(held) if hits(text)]


def test_what_a_walk_returned_is_as_silent() -> None:
    """Copied it is the same, and it is not pickled either."""
    (text, *_) = attrs.astuple(xi.Secret(SECURE))

    assert copy.copy(text) is copy.deepcopy(text) is text
    with pytest.raises(TypeError, match="not pickled"):
        pickle.dumps(text)


def test_secrets_compare_by_their_text() -> None:
    """So that cmdlets that hold them do; a changed copy has the same."""
    assert xi.Secret(SECURE) == xi.Secret(SECURE) != xi.Secret(PASSWORD)
    assert len({xi.Secret(SECURE), xi.Secret(SECURE, as_text=True)}) == 1
    assert attrs.evolve(xi.Secret(SECURE), as_text=True).reveal() == SECURE


def test_a_recording_has_no_secret(psrp: PsrpServer, tmp_path: Path) -> None:
    """The command is there, as its text."""
    path = tmp_path / "session.json"
    with xi.RecordingTransport(psrp.exchange(), path) as transport:
        transport.run(xi.Pipeline((SENT,)))
        transport.run(xi.Pipeline((xi.TestImapConnectivity(mailbox_credential=CREDENTIAL),)))

    text = path.read_text(encoding="utf-8")
    assert "Get-Credential kim" in text
    assert not hits(text)


def test_a_password_that_was_given_as_text_is_in_no_recording(psrp: PsrpServer, tmp_path: Path) -> None:
    """Nor in an error, though logs and frames have it: a Secret is in none. It is played back all the same."""
    path = tmp_path / "session.json"
    command = xi.Command("Get-ImapSettings", (xi.Parameter("Password", String(PASSWORD)),))
    with xi.RecordingTransport(psrp.exchange(), path) as transport:
        reply = transport.run(xi.Pipeline((command,)))
        psrp.fail(WireFault(kind=WireFaultKind.CUT_BEFORE, action="Command"))
        with pytest.raises(xi.TransportError) as caught:
            transport.run(xi.Pipeline((command,)))

    assert not hits(f"{caught.value} {caught.value!r}")
    assert not hits(path.read_bytes())
    assert xi.ReplayTransport.load(path).run(xi.Pipeline((command,))) == reply


def test_a_password_that_basic_cannot_carry_is_refused_unseen() -> None:
    """Its characters are in no error."""
    with pytest.raises(xi.InvalidValueError, match="Latin-1") as caught:
        xi.PsrpTransport.exchange("h", ssl=True, auth="basic", username="u", password=f"{PASSWORD}ł")

    assert_clean(caught.value)


@pytest.mark.parametrize(
    "options",
    [
        {"proxy": f"http://{USER}:{PASSWORD}ł@proxy"},
        {"proxy": f"http://{USER}:{PASSWORD}%E2%82%AC@proxy"},
        {"proxy": f"http://{USER}ł:{PASSWORD}@proxy"},
    ],
    ids=["password", "quoted", "user"],
)
def test_a_proxy_s_login_that_basic_cannot_carry_is_refused_unseen(options: Any) -> None:
    """It is a Basic one always."""
    with pytest.raises(xi.InvalidValueError, match="Latin-1") as caught:
        xi.PsrpTransport.exchange("h", ssl=True, **options)

    assert_clean(caught.value)


def test_a_user_name_that_basic_cannot_carry_is_refused_before_it_is_sent() -> None:
    with pytest.raises(xi.InvalidValueError, match="username: expected characters of Latin-1") as caught:
        xi.PsrpTransport.exchange("h", ssl=True, auth="basic", username="Łukasz", password=PASSWORD)

    assert "ukasz" not in f"{caught.value} {caught.value!r}"
    assert_clean(caught.value)


def test_what_cannot_be_encoded_is_in_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the login of a proxy that the environment names: Python's error has the whole text."""
    monkeypatch.setenv("https_proxy", f"http://{USER}:{PASSWORD}ł@127.0.0.1:1")
    transport = xi.PsrpTransport.exchange("h.invalid", ssl=True, no_proxy=False)
    with transport, pytest.raises(xi.TransportError, match="UnicodeEncodeError") as caught:
        transport.run(xi.Pipeline((SENT,)))

    assert isinstance(caught.value.__cause__, UnicodeEncodeError)
    assert not caught.value.__cause__.object
    assert_clean(caught.value)


@pytest.mark.parametrize("value", [5, None, b"x"])
def test_only_text_is_a_secret(value: Any) -> None:
    """Bytes are not a password."""
    with pytest.raises(xi.InvalidValueError, match="Secret: expected text"):
        xi.Secret(value)


def test_a_credential_needs_a_user_name() -> None:
    """The password alone is nobody's."""
    with pytest.raises(xi.InvalidValueError, match="user_name"):
        xi.PSCredential("", SECURE)


def test_a_secure_string_is_written_as_a_question() -> None:
    """An administrator answers it."""
    assert str(SENT) == "Get-ImapSettings -Server (Read-Host -AsSecureString)"
    assert str(xi.Secret(SECURE)) == "********"
