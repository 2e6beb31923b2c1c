"""Get-CASMailbox and Set-CASMailbox as the server carries them out.

What is said of addresses is Microsoft's page of Set-Mailbox: the primary one begins with SMTP in capitals, and the
first is it where none does.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

import attrs

from ..._cmdlets.advertised import submission
from ..._cmdlets.mailboxes import CASMailbox, GetCASMailbox, SetCASMailbox
from ..._model.declaration import writable
from ..._values import UNSET, ConnectionSetting, Limit
from ..changes import changed, invalid, to_store
from ..execution import Execution
from ..handlers import carries_out
from ..mailboxes import Mailbox
from ..refusals import require_modelled
from ..wire import object_record

__all__: list[str] = []

_READ: Final = {"identity", "anr", "protocol_settings", "result_size", "read_from_domain_controller"}
_MOST: Final = 1000
_PRIMARY: Final = "SMTP:"


@carries_out(GetCASMailbox)
def _get(cmdlet: GetCASMailbox, run: Execution) -> None:
    """Return one mailbox, those that a name may begin, or all."""
    require_modelled(cmdlet, {*_READ, "ignore_default_scope"})
    found: list[Mailbox]
    if isinstance(cmdlet.identity, str):
        found = [_only(cmdlet.identity, cmdlet, run)]
    elif isinstance(cmdlet.anr, str):
        beginning = cmdlet.anr.casefold()
        found = [each for each in run.mailboxes if any(word.startswith(beginning) for word in each.words)]
    else:
        found = list(run.mailboxes)
    most = cmdlet.result_size.count if isinstance(cmdlet.result_size, Limit) else _MOST
    for mailbox in islice(found, most):
        shown = _with_settings(mailbox) if cmdlet.protocol_settings is True else mailbox.stored
        run.records.append(object_record(shown))
    if most is not None and len(found) > most:
        run.warnings.append(
            "There are more results available than are currently displayed. To view them, increase the value for the "
            "ResultSize parameter."
        )


def _only(identity: str, cmdlet: GetCASMailbox | SetCASMailbox, run: Execution) -> Mailbox:
    found = run.organization.find_mailboxes(identity)
    if not found:
        raise run.not_found(identity, type(cmdlet))
    if len(found) > 1:
        raise run.ambiguous(identity, type(cmdlet))
    run.server = found[0].server
    return found[0]


def _with_settings(mailbox: Mailbox) -> CASMailbox:
    """Add what clients of each protocol are shown of the mailbox's server."""
    server = mailbox.server
    imap, pop, smtp = server.stored, server.pop.stored, _text(submission(server.connectors.values()))
    return attrs.evolve(
        mailbox.stored,
        external_imap_settings=_text(imap.external_connection_settings),
        internal_imap_settings=_text(imap.internal_connection_settings),
        external_pop_settings=_text(pop.external_connection_settings),
        internal_pop_settings=_text(pop.internal_connection_settings),
        external_smtp_settings=smtp,
        internal_smtp_settings=smtp,
    )


def _text(settings: Iterable[ConnectionSetting]) -> str | None:
    return ", ".join(map(str, settings)) or None


@carries_out(SetCASMailbox)
def _set(cmdlet: SetCASMailbox, run: Execution) -> None:
    """Change how a mailbox may be opened: validate, then ask for confirmation, then write."""
    require_modelled(cmdlet, {*writable(CASMailbox), "identity", "ignore_default_scope"})
    mailbox = _only(str(cmdlet.identity), cmdlet, run)
    before = mailbox.stored
    after = _addressed(_renamed(changed(before, cmdlet, run)), before, cmdlet, run)
    _require_own(after, mailbox, run)
    if (stored := to_store(before, after, cmdlet, run)) is not None:
        mailbox.stored = stored


def _renamed(mailbox: CASMailbox) -> CASMailbox:
    """Let identity and place follow a new name."""
    folder, _, _ = str(mailbox.identity).rpartition("/")
    _, _, container = str(mailbox.distinguished_name).partition(",CN=Users,")
    identity = f"{folder}/{mailbox.name}"
    return attrs.evolve(
        mailbox, identity=identity, id=identity, distinguished_name=f"CN={mailbox.name},CN=Users,{container}"
    )


def _addressed(after: CASMailbox, before: CASMailbox, cmdlet: SetCASMailbox, run: Execution) -> CASMailbox:
    """Keep one primary address, which two properties tell."""
    if cmdlet.primary_smtp_address is not UNSET and cmdlet.email_addresses is not UNSET:
        message = "The EmailAddresses and PrimarySmtpAddress parameters can't be used together."
        raise invalid(message, SetCASMailbox, run)
    addresses = tuple(each if ":" in each else f"smtp:{each}" for each in after.email_addresses or ())
    if after.primary_smtp_address != before.primary_smtp_address:
        primary = str(after.primary_smtp_address)
        others = (each for each in addresses if each.partition(":")[2].casefold() != primary.casefold())
        addresses = (_PRIMARY + primary, *(each.replace(_PRIMARY, "smtp:", 1) for each in others))
    elif not any(each.startswith(_PRIMARY) for each in addresses):
        first = next((each for each in addresses if each.startswith("smtp:")), "")
        addresses = tuple(_PRIMARY + each[5:] if each is first else each for each in addresses)
    primaries = [each[5:] for each in addresses if each.startswith(_PRIMARY)]
    if len(primaries) != 1:
        raise invalid("A mailbox must have one primary SMTP address.", SetCASMailbox, run)
    return attrs.evolve(after, email_addresses=addresses, primary_smtp_address=primaries[0])


def _require_own(after: CASMailbox, mailbox: Mailbox, run: Execution) -> None:
    """Refuse a name or an address that another mailbox has, or that is none."""
    if not after.name or "@" not in str(after.primary_smtp_address):
        raise invalid("A mailbox must have a name and a primary SMTP address.", SetCASMailbox, run)
    for other in run.mailboxes:
        if other is mailbox:
            continue
        taken = {each.casefold() for each in other.stored.email_addresses or ()}
        if taken & {each.casefold() for each in after.email_addresses or ()}:
            message = f"An address is already being used by the proxy addresses of '{other.stored.identity}'."
            raise run.failure("ProxyAddressExistsException", message, SetCASMailbox)
        if str(other.stored.identity).casefold() == str(after.identity).casefold():
            message = f"'{after.identity}' exists already."
            raise run.failure("ADObjectAlreadyExistsException", message, SetCASMailbox)
