"""Say whether two names are of one server."""

from __future__ import annotations

from typing import Final

from .._patterns import pattern

__all__ = ["same_server", "short_name"]

# The server in a distinguished name: of the server itself, or of an object beneath it, such as its IMAP4 settings.
_IN_DN: Final = pattern(r"(?:.*,)?cn=(?P<host>[^,]+),cn=servers(?:,.*)?")


def same_server(one: str, other: str) -> bool:
    """Say whether both are one server's name, FQDN, distinguished name, legacy DN or canonical name.

    Names of Exchange servers are unique in their organisation, so a short name is that of the FQDN that begins with it;
    two FQDNs are of one server only if they are equal.
    """
    (host, domain), (other_host, other_domain) = _parts(one), _parts(other)
    return host == other_host and (domain == other_domain or not domain or not other_domain)


def _parts(name: str) -> tuple[str, str]:
    """Return the short name in lower case, and the domain if the name contains it."""
    text = name.strip().casefold()
    if found := _IN_DN.fullmatch(text):
        return found["host"], ""
    if text.startswith("cn="):
        return text.removeprefix("cn=").partition(",")[0], ""
    if "/" in text:
        return text.rpartition("/")[2].removeprefix("cn="), ""
    host, _, domain = text.partition(".")
    return host, domain


def short_name(name: str) -> str:
    """Return a server's name without its domain, in the case in which it is written.

    >>> short_name("mbx01.contoso.com"), short_name("CN=MBX01,CN=Servers,CN=x"), short_name("MBX01")
    ('mbx01', 'MBX01', 'MBX01')
    """
    text, short = name.strip(), _parts(name)[0]
    place = text.casefold().find(short)
    return text[place : place + len(short)]
