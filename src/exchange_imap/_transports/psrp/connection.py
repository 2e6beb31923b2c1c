"""One HTTP connection to a door: pypsrp's WSMan with a deadline, and a way to begin anew."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element

from pypsrp.exceptions import AuthenticationError
from pypsrp.wsman import OptionSet, SelectorSet, WSMan

from .deadline import Deadline
from .options import Door

__all__ = ["Connection"]

_PAUSE: Final = 0.1
_OTHER_SCHEME: Final = "Server responded with the auth protocol"
"""What pypsrp says, as a mere ValueError, where the server offers Kerberos alone and NTLM is asked for."""


class Connection(WSMan):
    """Every request of a session passes here."""

    def __init__(self, door: Door) -> None:
        super().__init__(
            door.host,
            operation_timeout=door.operation_timeout,
            port=door.port,
            username=door.username,
            password=None if door.password is None else door.password.reveal(),
            ssl=door.ssl,
            path=door.path,
            auth=door.auth,
            cert_validation=door.cert_validation,
            connection_timeout=door.connection_timeout,
            read_timeout=door.read_timeout,
            encryption=door.message_encryption,
            proxy=None if door.proxy is None else door.proxy.reveal(),
            no_proxy=door.no_proxy,
            locale=door.locale,
            reconnection_backoff=_PAUSE,
            certificate_pem=door.certificate_pem,
            certificate_key_pem=door.certificate_key_pem,
            negotiate_delegate=door.negotiate_delegate,
            negotiate_hostname_override=door.negotiate_hostname_override,
            negotiate_send_cbt=door.negotiate_send_cbt,
            negotiate_service=door.negotiate_service,
        )
        self.deadline = Deadline()
        self.last_action = ""
        """WSMan's name of the last request."""

    def invoke(  # noqa: PLR0913, PLR0917 - as pypsrp declares it
        self,
        action: str,
        resource_uri: str,
        resource: Element | None,
        option_set: OptionSet | None = None,
        selector_set: SelectorSet | None = None,
        timeout: int | None = None,
        *,
        retries_on_read_timeout: int = 0,
    ) -> Element:
        """Send one request and wait no longer than the deadline allows.

        Of a Receive that was not answered in time pypsrp asks five times for the same data, with longer and longer
        pauses; once more is enough here, and under a deadline there is no time for it.
        """
        self.last_action = action
        limit = self.deadline.within(timeout)
        repeats = min(retries_on_read_timeout, 1) if self.deadline.moment is None else 0
        try:
            return super().invoke(
                action, resource_uri, resource, option_set, selector_set, limit, retries_on_read_timeout=repeats
            )
        except ValueError as error:
            refused = str(error).startswith(_OTHER_SCHEME)
            raise (AuthenticationError(str(error)) if refused else error) from error.__cause__

    def forget(self) -> None:
        """Drop the TCP connection and what was negotiated over it: the next request authenticates anew."""
        self.transport.close()
        self.transport.session = None
        self.transport.encryption = None
