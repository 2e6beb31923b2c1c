"""Say whether a value belongs to one host alone: whether it has the host's name, or the address of some host."""

from __future__ import annotations

import re
from ipaddress import ip_address

from .._values import Binding, ConnectionSetting, TlsCertificateName
from .identity import same_server, short_name

__all__ = ["is_own"]


def is_own(value: object, server: str) -> bool:
    """Say whether another server should not have the value: it names this server, or binds or names one address.

    The addresses that stand for all of a host's, and its loopback address, are every host's.

    >>> is_own("MBX01 is ready.", "mbx01.contoso.com"), is_own("mail.contoso.com", "MBX01")
    (True, False)
    >>> is_own((Binding.parse("[::]:993"), Binding.parse("10.0.0.12:993")), "MBX01")
    True
    """
    match value:
        case tuple():
            return any(is_own(item, server) for item in value)
        case Binding():
            return not (value.address.is_unspecified or value.address.is_loopback)
        case ConnectionSetting():
            return same_server(value.host, server) or _is_address(value.host)
        case TlsCertificateName():
            return value.host is not None and is_own(value.host, server)
        case str():
            name = re.escape(short_name(server))
            return re.search(rf"(?<![\w-]){name}(?![\w-])", value, re.IGNORECASE) is not None
        case _:
            return False


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
