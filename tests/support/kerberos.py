"""A real MIT Kerberos realm on loopback: a KDC of its own, a user with a ticket, and the key of one service."""

from __future__ import annotations

import atexit
import functools
import importlib.util
import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import attrs

from .outside import Outside
from .programs import find, free_ports, wait_for

__all__ = ["REALM", "SERVICE_HOST", "USER", "Realm", "configured", "realm", "shared_realm"]

NAME = "LOOPBACK.TEST"
SERVICE_HOST = "localhost"
USER = f"kim@{NAME}"
_PASSWORD = "correct horse battery"  # noqa: S105 - of a realm that lives as long as the tests
_PROGRAMS = ("krb5kdc", "kdb5_util", "kadmin.local", "kinit")


@attrs.frozen
class Realm:
    """What a client and a service need of it."""

    keytab: str
    environment: dict[str, str]
    """The environment of libkrb5: where the configuration is, and whose ticket is used."""


@contextmanager
def configured(found: Realm) -> Iterator[None]:
    """Tell this process's libkrb5 about the realm, and no longer."""
    before = dict(os.environ)
    os.environ.update(found.environment)
    try:
        yield
    finally:
        for name in found.environment:
            del os.environ[name]
        os.environ.update({name: before[name] for name in found.environment if name in before})


def shared_realm() -> Realm:
    """Return the realm of this process."""
    REALM.expect_mark()
    return _started()


@functools.cache
def _started() -> Realm:
    """Start a realm once a process; it ends with the process."""
    stack = ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(realm())


def _missing() -> str:
    """Return what this machine lacks for a realm, or nothing."""
    lacking = [name for name in _PROGRAMS if find(name) is None]
    lacking += [name for name in ("gssapi", "krb5") if importlib.util.find_spec(name) is None]
    return f"no Kerberos realm; install {', '.join(lacking)}" if lacking else ""


REALM: Final = Outside("kerberos", _missing())


@contextmanager
def realm() -> Iterator[Realm]:
    """Start a KDC, make the user and the service, and get the user a ticket; all of it is gone afterwards."""
    with tempfile.TemporaryDirectory() as name:
        folder, (port,) = Path(name), free_ports(1)
        environment = _configure(folder, port)
        _call(environment, "kdb5_util", "create", "-s", "-r", NAME, "-P", "master of the realm")
        for question in (
            f'addprinc -pw "{_PASSWORD}" {USER}',
            f"addprinc -randkey HTTP/{SERVICE_HOST}",
            f"ktadd -k {folder / 'http.keytab'} HTTP/{SERVICE_HOST}",
        ):
            _call(environment, "kadmin.local", "-r", NAME, "-q", question)
        program = find("krb5kdc") or ""
        with subprocess.Popen([program, "-n", "-r", NAME], env=os.environ | environment) as kdc:
            try:
                wait_for(port, kdc)
                _call(environment, "kinit", USER, answer=f"{_PASSWORD}\n")
                yield Realm(str(folder / "http.keytab"), environment)
            finally:
                kdc.terminate()


def _configure(folder: Path, port: int) -> dict[str, str]:
    (folder / "krb5.conf").write_text(
        f"[libdefaults]\n default_realm = {NAME}\n dns_lookup_kdc = false\n dns_lookup_realm = false\n rdns = false\n"
        f" dns_canonicalize_hostname = false\n[realms]\n {NAME} = {{\n  kdc = 127.0.0.1:{port}\n }}\n"
    )
    (folder / "kdc.conf").write_text(
        f"[kdcdefaults]\n kdc_listen = 127.0.0.1:{port}\n kdc_tcp_listen = 127.0.0.1:{port}\n[realms]\n {NAME} = {{\n"
        f"  database_name = {folder / 'principal'}\n  key_stash_file = {folder / 'stash'}\n"
        f"  acl_file = {folder / 'acl'}\n }}\n[logging]\n kdc = FILE:{folder / 'kdc.log'}\n"
    )
    return {
        "KRB5_CONFIG": str(folder / "krb5.conf"),
        "KRB5_KDC_PROFILE": str(folder / "kdc.conf"),
        "KRB5CCNAME": f"FILE:{folder / 'ticket'}",
        "KRB5RCACHEDIR": str(folder),
        "KRB5RCACHENAME": "none:",
    }


def _call(environment: dict[str, str], program: str, *arguments: str, answer: str = "") -> None:
    path = find(program) or program
    done = subprocess.run(
        [path, *arguments], env=os.environ | environment, input=answer, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{program}: {done.stdout}{done.stderr}"
