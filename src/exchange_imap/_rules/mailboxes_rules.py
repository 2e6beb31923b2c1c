"""Rules about mailboxes: after a change of their access the services of the protocol should restart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from .._cmdlets.mailboxes import SetCASMailbox
from .._cmdlets.services import IMAP4_SERVICES
from .._finding import Severity
from .._span import Span
from .._values import UNSET, ServiceStatus
from .evidence import evidence_of, written
from .found import Found
from .registry import Example, PlanExample, StateExample, review_rule, state_rule
from .restarts import not_started
from .script import Placed, Script
from .situation import Situation

__all__: list[str] = []

_PAGE: Final = "Microsoft Learn: Enable or disable POP3 or IMAP4 access to mailboxes"
_BUILT_IN: Final = frozenset({"administrator", "guest"})
_POP3: Final = ("MSExchangePOP3", "MSExchangePOP3BE")
_ACCESS: Final = {"imap_enabled": ("ImapEnabled", IMAP4_SERVICES), "pop_enabled": ("PopEnabled", _POP3)}


def _reason(name: str) -> str:
    return f"{name}: until they restart, the services may admit or refuse clients as before"


def _restart(services: Iterable[str]) -> str:
    return f"Restart-Service {','.join(services)} after it"


def _in_script(script: Script) -> Iterator[Found[Span]]:
    """Yield the last change of each protocol if its services do not restart afterwards."""
    for field, (name, services) in _ACCESS.items():
        switches = [at for at, placed in enumerate(script.commands) if _switches(placed, field)]
        if switches and not_started(script.commands, switches[-1], services):
            yield Found(_reason(name), f"Write {_restart(services)}", script.commands[switches[-1]].span_of(field))


def _switches(placed: Placed, field: str) -> bool:
    cmdlet = placed.cmdlet
    if not isinstance(cmdlet, SetCASMailbox) or cmdlet.what_if is True:
        return False
    return getattr(cmdlet, field) is not UNSET


@state_rule(
    "mailbox-access",
    Severity.NOTE,
    "A change of a mailbox's access by IMAP4 or POP3, after which the services should restart.",
    PlanExample(
        desired=("Set-CASMailbox kim@contoso.com -ImapEnabled $false",),
        instead=(
            "Set-CASMailbox kim@contoso.com -ImapEnabled $false",
            "Set-Service MSExchangeIMAP4 -Status Stopped",
            "Set-Service MSExchangeIMAP4BE -Status Stopped",
        ),
        before=("Start-Service MSExchangeIMAP4", "Start-Service MSExchangeIMAP4BE"),
    ),
    script=_in_script,
    example=Example("Set-CASMailbox kim@contoso.com -ImapEnabled $false", "$false"),
    source=_PAGE,
)
def mailbox_access(situation: Situation) -> Iterator[Found[str]]:
    """Yield each change of a plan after which services go on running: stopped ones read it when they start."""
    for asked, mailbox in situation.objects("mailboxes").items():
        for field, (name, services) in _ACCESS.items():
            left = [service for service in services if _goes_on(situation, service)]
            if left and situation.changes("mailboxes", asked, field):
                right = f"Plan with restart=True, or run {_restart(left)}"
                evidence = (*evidence_of(mailbox, field), ("Identity", written(asked)))
                yield Found(_reason(name), right, asked, evidence)


def _goes_on(situation: Situation, name: str) -> bool:
    """Say whether a service may run and is not started by the plan; nothing is known of one that was not read."""
    service = situation.service(name)
    stopped = service is not None and service.status is ServiceStatus.Stopped
    return not stopped and not situation.starts(name)


@review_rule(
    "mailbox-without-access",
    Severity.WARNING,
    "A mailbox that may not be opened over IMAP4.",
    StateExample(
        broken=("Set-CASMailbox kim@contoso.com -ImapEnabled $false",),
        right=("Set-CASMailbox kim@contoso.com -ImapEnabled $true",),
    ),
    source=_PAGE,
)
def mailbox_without_access(situation: Situation) -> Iterator[Found[str]]:
    """Yield each mailbox of the state whose access by IMAP4 is switched off."""
    for asked, mailbox in situation.objects("mailboxes").items():
        if not mailbox.imap_enabled:
            reason = f"ImapEnabled: {asked} may not be opened over IMAP4"
            fix = (SetCASMailbox(identity=asked, imap_enabled=True),)
            evidence = (*evidence_of(mailbox, "imap_enabled"), ("Identity", written(asked)))
            yield Found(
                reason, "Write $true if its user shall use IMAP4, and restart the services", asked, evidence, fix
            )


@review_rule(
    "administrator-mailbox",
    Severity.WARNING,
    "The mailbox of a built-in account, such as Administrator, which Exchange does not open over IMAP4.",
    StateExample(broken=("Get-CASMailbox administrator@contoso.com",), right=("Get-CASMailbox kim@contoso.com",)),
    source="Microsoft Learn: POP3 and IMAP4 in Exchange Server",
)
def administrator_mailbox(situation: Situation) -> Iterator[Found[str]]:
    """Yield each mailbox of such an account; another administrator's can be opened."""
    for asked, mailbox in situation.objects("mailboxes").items():
        account = mailbox.sam_account_name
        if account is not None and account.casefold() in _BUILT_IN:
            reason = f"{asked} is the mailbox of the account {account}, which cannot log in over IMAP4"
            evidence = (*evidence_of(mailbox, "sam_account_name"), ("Identity", written(asked)))
            yield Found(reason, "Use the mailbox of another account", asked, evidence)
