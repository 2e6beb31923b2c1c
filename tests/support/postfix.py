"""A real Postfix on loopback, for submission: it asks Dovecot whether a login is right, and delivers to its users."""

from __future__ import annotations

import atexit
import functools
import grp
import os
import pwd
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import attrs

from .dovecot import DOMAIN, DOVECOT, KIM, Dovecot, shared_dovecot
from .outside import Outside
from .programs import find, folder_for_all, free_ports, running

__all__ = ["POSTFIX", "Postfix", "postfix", "shared_postfix"]

_QUEUES: Final = (
    *("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace"),
    *("pid", "public"),
)


def _missing() -> str:
    if find("postconf") is None:
        return "no Postfix; install postfix"
    if DOVECOT.missing:
        return f"Postfix needs Dovecot here: {DOVECOT.missing}"
    return "" if os.geteuid() == 0 else "Postfix is started by root only; run this as root"


POSTFIX: Final = Outside("postfix", _missing())


@attrs.frozen
class Postfix:
    """What a client of it needs."""

    folder: Path
    submission: int
    """Its port for STARTTLS, as 587."""
    submissions: int
    """Its port for TLS from the first byte, as 465."""
    dovecot: Dovecot

    @property
    def log(self) -> Path:
        """What it logged."""
        return self.folder / "mail.log"


def shared_postfix() -> Postfix:
    """Return the Postfix of this process, and the Dovecot to which it delivers."""
    POSTFIX.expect_mark()
    return _started()


@functools.cache
def _started() -> Postfix:
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(postfix(shared_dovecot()))


@contextmanager
def postfix(dovecot: Dovecot) -> Iterator[Postfix]:
    """Start a Postfix with a configuration and queues of its own; it and all of its files are gone afterwards."""
    with folder_for_all() as folder:
        submission, submissions = free_ports(2)
        server = Postfix(folder, submission, submissions, dovecot)
        _make_folders(folder)
        (folder / "conf" / "main.cf").write_text(_main(server))
        (folder / "conf" / "master.cf").write_text(_services(server))
        program = [str(_programs() / "master"), "-c", str(folder / "conf")]
        with running(program, (server.submission, server.submissions), server.log):
            yield server


def _programs() -> Path:
    asked = subprocess.run(
        [find("postconf") or "postconf", "-d", "-h", "daemon_directory"], capture_output=True, text=True, check=True
    )
    return Path(asked.stdout.strip())


def _make_folders(folder: Path) -> None:
    """Make what ``postfix check`` would make, with the owners that its programs ask for."""
    owner, group = pwd.getpwnam("postfix").pw_uid, grp.getgrnam("postdrop").gr_gid
    (folder / "conf").mkdir()
    (folder / "queue").mkdir()
    for path in (folder / "data", *(folder / "queue" / name for name in _QUEUES)):
        path.mkdir(mode=0o700)
        os.chown(path, 0 if path.name == "pid" else owner, 0)
    (folder / "queue" / "maildrop").mkdir()
    os.chown(folder / "queue" / "maildrop", owner, group)
    (folder / "queue" / "maildrop").chmod(0o1730)
    (folder / "queue" / "pid").chmod(0o755)


def _main(server: Postfix) -> str:
    dovecot, folder = server.dovecot, server.folder
    certificate = dovecot.certificate(f"good.{DOMAIN}")
    return f"""
compatibility_level = 2
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {server.log}
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = good.{DOMAIN}
mydestination =
alias_maps =
alias_database =
default_transport = error:this is a test
virtual_mailbox_domains = {DOMAIN}
virtual_mailbox_base = {dovecot.folder}/mail
virtual_mailbox_maps = inline:{{ {KIM}={KIM}/Maildir/ }}
virtual_uid_maps = static:{dovecot.owner.pw_uid}
virtual_gid_maps = static:{dovecot.owner.pw_gid}
virtual_minimum_uid = 1
smtpd_tls_chain_files = {certificate}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {dovecot.authentication}
smtpd_sasl_auth_enable = yes
smtpd_sender_login_maps = inline:{{ {KIM}={KIM} }}
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_peername_lookup = no
"""


def _services(server: Postfix) -> str:
    return f"""
127.0.0.1:{server.submission} inet n - n - - smtpd
127.0.0.1:{server.submissions} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
"""
