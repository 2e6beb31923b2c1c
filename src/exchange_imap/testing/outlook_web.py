"""What users of Outlook on the web are shown of IMAP4, POP3 and SMTP: what IIS read when it started.

Source: Microsoft's page of enabling IMAP4, by which a change of external settings may show only after IIS has been
restarted, and by which 993/SSL hides 143/TLS.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from .._cmdlets.receive_connectors import ReceiveConnector
from .._values import AuthMechanism, ConnectionSetting, Encryption

__all__ = ["OutlookWeb", "submission"]


def _shown(settings: tuple[ConnectionSetting, ...]) -> tuple[ConnectionSetting, ...]:
    """Leave out other methods where TLS from the first byte is offered."""
    return tuple(each for each in settings if each.encryption is Encryption.SSL) or settings


@attrs.frozen
class OutlookWeb:
    """The settings under Settings > Options > Mail > Accounts > POP and IMAP."""

    imap: tuple[ConnectionSetting, ...] = attrs.field(converter=_shown)
    pop: tuple[ConnectionSetting, ...] = attrs.field(converter=_shown)
    smtp: tuple[ConnectionSetting, ...]


def submission(connectors: Iterable[ReceiveConnector]) -> Iterator[ConnectionSetting]:
    """Yield the name, port and method of each connector that advertises them."""
    for connector in connectors:
        if connector.advertise_client_settings and connector.enabled and connector.fqdn:
            method = Encryption.TLS if AuthMechanism.Tls in connector.auth_mechanism else None
            for port in dict.fromkeys(binding.port for binding in connector.bindings):
                yield ConnectionSetting(connector.fqdn, port, method)
