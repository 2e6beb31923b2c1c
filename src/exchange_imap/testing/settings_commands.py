"""Get-ImapSettings and Set-ImapSettings as the server carries them out.

Where the real behaviour is not known, the fake is stricter: it refuses to add an entry twice, to remove one that is
not there, and a list that names an entry twice. Texts are Exchange's own where they have been seen in English. The two
warnings are known only in German and are translated.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, TypeVar

import attrs

from .._cmdlets.imap_settings import GetImapSettings, ImapSettings, SetImapSettings
from .._model.declaration import writable
from .._model.specs import PropertySpec
from .._values import (
    UNSET,
    Binding,
    CalendarItemRetrievalOption,
    ConnectionSetting,
    Encryption,
    ListEdit,
)
from .execution import Execution
from .refusals import RefusalError
from .wire import settings_record

__all__ = ["get_imap_settings", "set_imap_settings"]

T = TypeVar("T")

_WRITABLE: Final = writable(ImapSettings)
_EMPTY: Final = {"x509_certificate_name": None, "owa_server_url": None, "banner": ""}


def get_imap_settings(cmdlet: GetImapSettings, run: Execution) -> None:
    """Return the stored settings."""
    server = run.find_server(cmdlet.server, GetImapSettings)
    run.records.append(settings_record(server.stored))


def set_imap_settings(cmdlet: SetImapSettings, run: Execution) -> None:
    """Store the stated settings: validate, then ask for confirmation, then write, then warn."""
    server = run.find_server(cmdlet.server, SetImapSettings)
    before = server.stored
    after = attrs.evolve(before, **_stated(before, cmdlet, run))
    _require_owa_server_url(after, run)
    if not run.may_change(cmdlet, str(before.identity)):
        return
    run.warnings += _mismatches(after)
    if not _differ(before, after):
        # Every Set- cmdlet of Exchange gives this warning; the sentence is the one that administrators quote.
        run.warnings.append(
            f"The command completed successfully but no settings of '{before.identity}' have been modified."
        )
        return
    when = run.now.isoformat()
    server.stored = attrs.evolve(after, when_changed=when, when_changed_utc=when)
    run.effect = True
    run.warnings.append(
        "Changes to IMAP4 settings will only take effect after all Microsoft Exchange IMAP4 services are restarted on "
        f"server {server.name}."
    )


def _stated(before: ImapSettings, cmdlet: SetImapSettings, run: Execution) -> dict[str, Any]:  # Any: fields of any type
    given = {field: getattr(cmdlet, field) for field in _WRITABLE}
    return {
        field: _result(field, getattr(before, field), value, run)
        for field, value in given.items()
        if value is not UNSET
    }


def _result(field: str, before: object, given: object, run: Execution) -> object:
    """Return the new value of a setting: ``$null`` empties it, and an edit changes some entries of a list."""
    if isinstance(before, tuple):
        return _list(_WRITABLE[field], before, given, run)
    return _EMPTY.get(field, given) if given in (None, "") else given


def _list(spec: PropertySpec, before: tuple[T, ...], given: object, run: Execution) -> tuple[T, ...]:
    if isinstance(given, ListEdit):
        return _edited(spec.name, before, given, run)
    whole: tuple[T, ...] = given if isinstance(given, tuple) else ()
    _require_unlike(spec.name, whole, run)
    return whole


def _edited(name: str, before: tuple[T, ...], edit: ListEdit[T], run: Execution) -> tuple[T, ...]:
    """Remove, then append. Entries with the same meaning are equal, however they are spelt."""
    _require_unlike(name, (*edit.add, *edit.remove), run)
    for item in edit.remove:
        if item not in before:
            raise _invalid(f"The value \"{item}\" can't be removed from {name} because it isn't there.", run)
    kept = tuple(item for item in before if item not in edit.remove)
    _require_unlike(name, (*kept, *edit.add), run)
    return (*kept, *edit.add)


def _require_unlike(name: str, items: tuple[object, ...], run: Execution) -> None:
    for place, item in enumerate(items):
        if item in items[:place]:
            raise _invalid(f'The value "{item}" is already present in the collection {name}.', run)


def _require_owa_server_url(settings: ImapSettings, run: Execution) -> None:
    custom = settings.calendar_item_retrieval_option is CalendarItemRetrievalOption.Custom
    if custom and not settings.owa_server_url:
        raise _invalid("CalendarItemRetrievalOption can be Custom only when OwaServerUrl is set.", run)


def _invalid(message: str, run: Execution) -> RefusalError:
    return run.failure("DataValidationException", message, SetImapSettings)


def _mismatches(settings: ImapSettings) -> Iterator[str]:
    """Warn for each of the two lists about a port that no binding of its method has; addresses do not count."""
    for name, advertised in (
        ("InternalConnectionSettings", settings.internal_connection_settings),
        ("ExternalConnectionSettings", settings.external_connection_settings),
    ):
        if not all(_is_bound(setting, settings) for setting in advertised):
            yield (
                f"The port number specified for {name} doesn't match the port number specified for "
                "'UnEncryptedOrTLSBindings/SSLBindings'. IMAP4 clients may be unable to connect to the service."
            )


def _is_bound(setting: ConnectionSetting, settings: ImapSettings) -> bool:
    implicit = setting.encryption is Encryption.SSL
    bindings: tuple[Binding, ...] = settings.ssl_bindings if implicit else settings.unencrypted_or_tls_bindings
    return any(binding.port == setting.port for binding in bindings)


def _differ(before: ImapSettings, after: ImapSettings) -> bool:
    """Compare as the directory does, by the exact text: another order or case is a change."""
    return any(
        _text(spec, getattr(before, field)) != _text(spec, getattr(after, field)) for field, spec in _WRITABLE.items()
    )


def _text(spec: PropertySpec, value: object) -> object:
    return None if value is None else spec.codec.display(value)
