"""The settings of IMAP4 and POP3 as the server reads and changes them: the same for both.

The two warnings are known only in German and are translated.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..._cmdlets.protocol_settings import ProtocolSettings, SetProtocolSettings
from ..._values import Binding, CalendarItemRetrievalOption, ConnectionSetting, Encryption
from ..changes import changed, invalid, to_store
from ..execution import Execution
from ..protocol_state import ProtocolState, S
from ..wire import object_record

__all__ = ["read_settings", "write_settings"]


def read_settings(state: ProtocolState[S], run: Execution) -> None:
    """Return the stored settings."""
    run.records.append(object_record(state.stored))


def write_settings(state: ProtocolState[S], cmdlet: SetProtocolSettings, run: Execution) -> None:
    """Store the stated settings: validate, then ask for confirmation, then write, then warn."""
    before = state.stored
    after = changed(before, cmdlet, run)
    _require_owa_server_url(after, cmdlet, run)
    stored = to_store(before, after, cmdlet, run, _mismatches(after))
    if stored is None:
        return
    state.stored = stored
    run.warnings.append(
        f"Changes to {before.protocol_name} settings will only take effect after all Microsoft Exchange "
        f"{before.protocol_name} services are restarted on server {before.server}."
    )


def _require_owa_server_url(settings: ProtocolSettings, cmdlet: SetProtocolSettings, run: Execution) -> None:
    custom = settings.calendar_item_retrieval_option is CalendarItemRetrievalOption.Custom
    if custom and not settings.owa_server_url:
        message = "CalendarItemRetrievalOption can be Custom only when OwaServerUrl is set."
        raise invalid(message, type(cmdlet), run)


def _mismatches(settings: ProtocolSettings) -> Iterator[str]:
    """Warn for each of the two lists about a port that no binding of its method has; addresses do not count."""
    for name, advertised in (
        ("InternalConnectionSettings", settings.internal_connection_settings),
        ("ExternalConnectionSettings", settings.external_connection_settings),
    ):
        if not all(_is_bound(setting, settings) for setting in advertised):
            yield (
                f"The port number specified for {name} doesn't match the port number specified for "
                f"'UnEncryptedOrTLSBindings/SSLBindings'. {settings.protocol_name} clients may be unable to connect "
                "to the service."
            )


def _is_bound(setting: ConnectionSetting, settings: ProtocolSettings) -> bool:
    implicit = setting.encryption is Encryption.SSL
    bindings: tuple[Binding, ...] = settings.ssl_bindings if implicit else settings.unencrypted_or_tls_bindings
    return any(binding.port == setting.port for binding in bindings)
