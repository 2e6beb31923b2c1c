"""The mailboxes of a fake organisation: how each may be opened, by which names it is found, and its password."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import attrs

from .._cmdlets.mailboxes import CASMailbox, SetCASMailbox
from .._errors import InvalidValueError
from .._powershell.secret import Secret
from .directory import directory_facts, directory_guid
from .fake_server import FakeServer
from .new_mailbox import NewMailbox
from .new_server import new_values

__all__ = ["Mailbox", "make_mailboxes"]

_PRIMARY: Final = "SMTP:"
_ON: Final = (
    *("active_sync_enabled", "ecp_enabled", "ews_enabled", "mapi_enabled", "mapi_http_enabled", "owa_enabled"),
    *("owa_for_devices_enabled", "pop_use_protocol_defaults", "show_gal_as_default_view"),
    *("ews_allow_entourage", "ews_allow_mac_outlook", "ews_allow_outlook"),
)
_OFF: Final = (
    *("imap_enable_exact_rfc822_size", "imap_suppress_read_receipt", "imap_force_ical_for_calendar_retrieval_option"),
    *("pop_enable_exact_rfc822_size", "pop_suppress_read_receipt", "pop_force_ical_for_calendar_retrieval_option"),
    *("mapi_block_outlook_non_cached_mode", "mapi_block_outlook_external_connectivity", "mapi_block_outlook_rpc_http"),
)
_LISTS: Final = ("active_sync_allowed_device_ids", "active_sync_blocked_device_ids", "ews_allow_list", "ews_block_list")


_DEFAULT: Final = ("Administrator", "Kim Akers", "Terry Adams", "Chris Ashton")


@attrs.define(eq=False, repr=False)
class Mailbox:
    """A mailbox: assign ``stored`` to simulate another administrator's change, valid or not."""

    stored: CASMailbox
    """How it may be opened, as the directory has it."""
    alias: str
    user_principal_name: str
    server: FakeServer
    """The server that has its active copy."""
    _password: Secret

    @property
    def names(self) -> Iterator[str]:
        """Everything that -Identity takes for it, folded for a comparison without regard to case."""
        stored, domain = self.stored, self.server.installed.domain
        account = stored.sam_account_name
        names = (
            *(stored.name, stored.display_name, self.alias, self.user_principal_name, account, stored.identity),
            *(stored.guid, stored.distinguished_name, stored.legacy_exchange_dn, stored.primary_smtp_address),
            *(address.partition(":")[2] for address in stored.email_addresses or ()),
            *(rf"{place}\{account}" for place in (domain, domain.partition(".")[0])),
        )
        return (str(name).casefold() for name in names)

    @property
    def words(self) -> Iterator[str]:
        """What -Anr looks for the beginning of."""
        stored = self.stored
        for text in (
            stored.name,
            stored.display_name,
            self.alias,
            stored.sam_account_name,
            stored.primary_smtp_address,
        ):
            yield from (str(text).casefold(), *str(text).casefold().split())

    @property
    def is_administrator(self) -> bool:
        """Whether it is the mailbox of the built-in account, which cannot be opened over IMAP4 and POP3."""
        return str(self.stored.sam_account_name).casefold() == "administrator"

    def opens_with(self, password: Secret) -> bool:
        """Say whether the password is the account's."""
        return password.reveal() == self._password.reveal()

    def __repr__(self) -> str:
        return f"<Mailbox {self.stored.name}>"


def make_mailboxes(given: Iterable[NewMailbox] | None, servers: tuple[FakeServer, ...]) -> tuple[Mailbox, ...]:
    """Return the mailboxes of an organisation; without ``given`` the Administrator's and three more."""
    wanted = tuple(map(NewMailbox, _DEFAULT)) if given is None else tuple(given)
    by_name = {server.name.casefold(): server for server in servers}
    made = []
    for each in wanted:
        server = by_name.get((each.server or servers[0].name).casefold())
        if server is None:
            raise InvalidValueError("NewMailbox.server", f"one of {', '.join(s.name for s in servers)}", each.server)
        made.append(_make(each, server))
    return tuple(made)


def _make(new: NewMailbox, server: FakeServer) -> Mailbox:
    domain = server.installed.domain
    address = f"{new.alias}@{domain}"
    place = f"CN={new.name},CN=Users,{','.join(f'DC={label}' for label in domain.split('.'))}"
    values: dict[str, Any] = {  # Any: properties of several types
        **dict.fromkeys(_ON, True),
        **dict.fromkeys(_OFF, False),
        **dict.fromkeys(_LISTS, ()),
        "pop_messages_retrieval_mime_format": "BestBodyFormat",
        **new_values(SetCASMailbox, server.installed.version),
        **directory_facts(
            f"{domain}/Users/{new.name}",
            place,
            domain=domain,
            category="Person",
            classes=("top", "person", "organizationalPerson", "user"),
        ),
    }
    values.pop("public_folder_client_access", None)  # a parameter without a property
    stored = CASMailbox(
        name=new.name,
        display_name=new.name,
        sam_account_name=new.alias,
        primary_smtp_address=address,
        email_addresses=(f"{_PRIMARY}{address}",),
        legacy_exchange_dn=f"/o=First Organization/ou=Recipients/cn={directory_guid(place).hex}-{new.alias}",
        server_legacy_dn=server.installed.legacy_dn,
        server_name=server.name.lower(),
        **values,
    )
    return Mailbox(stored, new.alias, address, server, Secret(new.password))
