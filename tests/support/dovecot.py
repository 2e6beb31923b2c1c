"""A real Dovecot on loopback: one instance for all tests of a process, with a certificate for each name of a host.

A client says in its ClientHello (SNI) which host it wants, and Dovecot sends that host's certificate. ``probe`` takes
the address beside the name, so no name has to be in DNS.
"""

from __future__ import annotations

import atexit
import functools
import grp
import os
import pwd
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import attrs
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from .certificates import Issued, authority, issue
from .outside import Outside
from .programs import find, folder_for_all, free_ports, running

__all__ = ["DOMAIN", "DOVECOT", "KIM", "LOST", "PASSWORD", "Dovecot", "dovecot", "shared_dovecot"]

DOMAIN: Final = "contoso.test"
KIM: Final = f"kim@{DOMAIN}"
"""A user with one message."""
LOST: Final = f"lost@{DOMAIN}"
"""A user without INBOX: who may not even see it, by an access control list (RFC 4314)."""
PASSWORD: Final = "correct horse battery"  # noqa: S105 - of accounts that live as long as the tests


def _missing() -> str:
    """Return what this machine lacks; the configuration of Dovecot 2.4 is written in another way."""
    program = find("dovecot")
    if program is None:
        return "no Dovecot; install dovecot-imapd"
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    return "" if version.startswith("2.3.") else f"Dovecot {version}, and these tests configure 2.3"


DOVECOT: Final = Outside("dovecot", _missing())

_MESSAGE: Final = f"From: {KIM}\r\nTo: {KIM}\r\nSubject: hello\r\nMessage-ID: <first@{DOMAIN}>\r\n\r\nHello.\r\n"
_DAY: Final = timedelta(days=1)


@attrs.frozen
class Dovecot:
    """What a client of it needs, and what a mail server needs that delivers to it."""

    folder: Path
    imap: int
    """Its port for STARTTLS or no encryption. At 127.0.0.2, a login without TLS is refused."""
    imaps: int
    """Its port for TLS from the first byte."""
    owner: pwd.struct_passwd
    """Whom the mail belongs to in the file system."""

    @property
    def trust(self) -> Path:
        """The file with the authority that clients trust."""
        return self.folder / "authority.pem"

    @property
    def log(self) -> Path:
        """What it logged."""
        return self.folder / "dovecot.log"

    @property
    def authentication(self) -> Path:
        """The socket at which it answers whether a login is right, for other servers."""
        return self.folder / "authentication"

    def certificate(self, host: str) -> Path:
        """Return the file with the certificate for a host, and with its key."""
        return self.folder / f"{host}.pem"

    def mail_of(self, user: str) -> Path:
        """Return the Maildir of a user."""
        return self.folder / "mail" / user / "Maildir"


def shared_dovecot() -> Dovecot:
    """Return the Dovecot of this process."""
    DOVECOT.expect_mark()
    return _started()


@functools.cache
def _started() -> Dovecot:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(dovecot())


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Start a Dovecot with a configuration of its own; it and all of its files are gone afterwards."""
    with folder_for_all() as folder:
        imap, imaps = free_ports(2)
        server = Dovecot(folder, imap, imaps, _owner())
        for host, chain in _hosts().items():
            _write_certificate(server.certificate(host), chain)
        server.trust.write_bytes(authority().pem)
        _write_mail(server)
        _configure(server)
        program = [find("dovecot") or "dovecot", "-F", "-c", str(folder / "dovecot.conf")]
        with running(program, (server.imap, server.imaps), server.log):
            yield server


def _owner() -> pwd.struct_passwd:
    """Return whom mail belongs to: Dovecot refuses root, and only root may choose."""
    return pwd.getpwnam("mail") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())


def _hosts() -> Mapping[str, tuple[Issued, ...]]:
    """Return the certificates that are sent for each host, its own first."""
    now = datetime.now(UTC)
    between = authority("Test Intermediate", authority())
    other = authority("Other CA")

    def own(host: str, by: Issued = between) -> Issued:
        return issue(host, (host,), issuer=by)

    good, wrong, expired, future = (f"{each}.{DOMAIN}" for each in ("good", "wrong", "expired", "future"))
    selfish, names, missing, unknown = (f"{each}.{DOMAIN}" for each in ("selfish", "names", "missing", "unknown"))
    return {
        good: (own(good), between),
        wrong: (own(f"other.{DOMAIN}"), between),
        expired: (
            issue(expired, (expired,), issuer=between, not_before=now - 9 * _DAY, not_after=now - 2 * _DAY),
            between,
        ),
        future: (issue(future, (future,), issuer=between, not_before=now + 2 * _DAY), between),
        selfish: (issue(selfish, (selfish,)),),
        f"a.wild.{DOMAIN}": (own(f"*.wild.{DOMAIN}"), between),
        f"a.b.wild.{DOMAIN}": (own(f"*.wild.{DOMAIN}"), between),  # the wildcard stands for one label only (RFC 6125)
        names: (issue(None, (f"first.{DOMAIN}", names), issuer=between), between),
        missing: (own(missing),),
        unknown: (own(unknown, by=other), other),
    }


def _write_certificate(path: Path, chain: tuple[Issued, ...]) -> None:
    key = chain[0].key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(key + b"".join(each.pem for each in chain))


def _write_mail(server: Dovecot) -> None:
    """Give each user a Maildir, and the first one a message."""
    for user in (KIM, LOST):
        for name in ("cur", "new", "tmp"):
            (server.mail_of(user) / name).mkdir(parents=True)
    (server.mail_of(KIM) / "new" / "1.first.test").write_bytes(_MESSAGE.encode())
    for path in (server.folder / "mail", *(server.folder / "mail").rglob("*")):
        os.chown(path, server.owner.pw_uid, server.owner.pw_gid)


def _configure(server: Dovecot) -> None:
    folder, owner = server.folder, server.owner
    (folder / "users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in (KIM, LOST)))
    (folder / "rights").write_text(f"INBOX user={LOST}\n")
    (folder / "dovecot.conf").write_text(
        f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {server.log}
protocols = imap
listen = 127.0.0.1, 127.0.0.2
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_plugins = acl
plugin {{
  acl = vfile:{folder}/rights
}}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner.pw_uid} gid={owner.pw_gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  inet_listener imap {{
    port = {server.imap}
  }}
  inet_listener imaps {{
    port = {server.imaps}
    ssl = yes
  }}
}}
# Otherwise each login waits after a wrong password from the same address.
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener {server.authentication} {{
    mode = 0666
  }}
}}
ssl = yes
ssl_dh =
{_certificate(server, f"good.{DOMAIN}")}
disable_plaintext_auth = no
# From 127.0.0.1 to 127.0.0.2: a connection whose two addresses are the same is never refused.
local 127.0.0.2 {{
  disable_plaintext_auth = yes
}}
"""
        + "".join(f"local_name {host} {{\n{_certificate(server, host)}}}\n" for host in _hosts())
        + ("" if os.geteuid() == 0 else _without_root(owner))
    )


def _certificate(server: Dovecot, host: str) -> str:
    path = server.certificate(host)
    return f"ssl_cert = <{path}\nssl_key = <{path}\n"


def _without_root(owner: pwd.struct_passwd) -> str:
    """Let one user run all of it: only root can change the user or the root of the file system."""
    confined = "".join(f"service {name} {{\n  chroot =\n}}\n" for name in ("anvil", "imap-login"))
    return (
        f"default_internal_user = {owner.pw_name}\ndefault_login_user = {owner.pw_name}\n"
        f"default_internal_group = {grp.getgrgid(owner.pw_gid).gr_name}\n{confined}"
    )
