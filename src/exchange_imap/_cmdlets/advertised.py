"""What a server tells clients and their users about the protocols: the same rules for a real server and the fake.

Source: Microsoft's pages of enabling IMAP4 and of authenticated SMTP. Where 993/SSL is among the external settings,
Outlook on the web shows no 143/TLS; a connector is shown where ``AdvertiseClientSettings`` is on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .._values import AuthMechanism, ConnectionSetting, Encryption, is_host_name
from .receive_connectors import ReceiveConnector

__all__ = ["shown_to_users", "submission"]


def shown_to_users(settings: Iterable[ConnectionSetting]) -> tuple[ConnectionSetting, ...]:
    """Leave out other methods where TLS from the first byte is offered, as Outlook on the web does."""
    everything = tuple(settings)
    return tuple(each for each in everything if each.encryption is Encryption.SSL) or everything


def submission(connectors: Iterable[ReceiveConnector]) -> Iterator[ConnectionSetting]:
    """Yield the name, port and method of each connector that advertises them; a wrong name is left out."""
    for connector in connectors:
        host = connector.fqdn or ""
        if connector.advertise_client_settings and connector.enabled and is_host_name(host):
            method = Encryption.TLS if AuthMechanism.Tls in connector.auth_mechanism else None
            for port in dict.fromkeys(binding.port for binding in connector.bindings):
                yield ConnectionSetting(host, port, method)
