"""The desired state of a server; what it does not state stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self, TypeVar

import attrs

from .._cmdlets.imap_settings import SetImapSettings
from .._cmdlets.services import IMAP4_SERVICES, SetService
from .._entry import entry
from .._json import Json
from .._model.cmdlet import Cmdlet
from .._shown import LONGEST_SHORT, counted, glance, legible
from .._values import UNSET, Binding, ConnectionSetting, ServiceStatus, StartupType, Unset
from .._values.given import require_instance
from .._viewed import Viewed
from .parts import PART, keys_of
from .resource import resource, resources_in
from .state import ServerState

if TYPE_CHECKING:
    from .._cmdlets.certificates import EnableExchangeCertificate
    from .._cmdlets.components import SetServerComponentState
    from .._cmdlets.mailboxes import SetCASMailbox
    from .._cmdlets.pop_settings import SetPopSettings
    from .._cmdlets.receive_connectors import SetReceiveConnector
    from .._html.facts import Facts
    from .._values import CertificateService, TlsCertificateName
else:  # loaded by who states them; typing.get_type_hints gives their base
    EnableExchangeCertificate = SetServerComponentState = SetCASMailbox = SetPopSettings = SetReceiveConnector = Cmdlet

__all__ = ["DesiredState"]

T = TypeVar("T")


def _several(given: Sequence[T]) -> tuple[T, ...]:
    """Make a tuple of a list; anything else is refused when the parts are checked."""
    return tuple(given) if isinstance(given, list) else given  # type: ignore[return-value]  # see above


# A converter for each class: the type checkers take from it what the constructor takes, and know no generic one.
def _services(given: Sequence[SetService]) -> tuple[SetService, ...]:
    return _several(given)


def _connectors(given: Sequence[SetReceiveConnector]) -> tuple[SetReceiveConnector, ...]:
    return _several(given)


def _certificates(given: Sequence[EnableExchangeCertificate]) -> tuple[EnableExchangeCertificate, ...]:
    return _several(given)


def _components(given: Sequence[SetServerComponentState]) -> tuple[SetServerComponentState, ...]:
    return _several(given)


def _mailboxes(given: Sequence[SetCASMailbox]) -> tuple[SetCASMailbox, ...]:
    return _several(given)


@entry(settings="SetImapSettings.parse(text) reads a line.")
@attrs.frozen(kw_only=True, repr=False)
class DesiredState(Viewed):
    """A desired state: the ``Set-`` cmdlets that would bring it about are its parts.

    ``services`` name services of IMAP4 or POP3 with the start type and status that they should have, ``connectors``
    Receive connectors (``Client Frontend <server>`` if they name none), ``certificates`` what certificates shall be
    enabled for, ``components`` who wants a component active, and ``mailboxes`` how these may be opened. Each is a list
    or tuple. ``restart`` asks for a restart of the services even if nothing is known to be pending.

    A plan carries out all that is stated; anything that it cannot carry out, such as ``-WhatIf`` or ``-ComputerName``,
    raises :class:`InvalidValueError`. Only the common parameters, such as ``-ErrorAction``, are ignored: they say how a
    command runs, and nothing about a state.

    >>> DesiredState(settings=SetImapSettings.parse("Set-ImapSettings -LoginType SecureLogin")).services
    ()
    """

    # Two are equal if they state the same, whatever the order.
    settings: SetImapSettings | None = attrs.field(default=None, metadata=PART)
    pop_settings: SetPopSettings | None = attrs.field(default=None, metadata=PART)
    services: tuple[SetService, ...] = attrs.field(default=(), converter=_services, eq=frozenset, metadata=PART)
    connectors: tuple[SetReceiveConnector, ...] = attrs.field(
        default=(), converter=_connectors, eq=frozenset, metadata=PART
    )
    certificates: tuple[EnableExchangeCertificate, ...] = attrs.field(
        default=(), converter=_certificates, eq=frozenset, metadata=PART
    )
    components: tuple[SetServerComponentState, ...] = attrs.field(
        default=(), converter=_components, eq=frozenset, metadata=PART
    )
    mailboxes: tuple[SetCASMailbox, ...] = attrs.field(default=(), converter=_mailboxes, eq=frozenset, metadata=PART)
    restart: bool = False

    def __attrs_post_init__(self) -> None:
        for key, given in self.stated.items():
            found = resource(key)
            hint = f"Write {key}=[{found.states.__name__}(...)]."
            expected = f"a list or tuple of {found.states.__name__}"
            require_instance(f"DesiredState.{key}", expected, given, tuple, hint)
            for each in given:
                require_instance(f"DesiredState.{key}", expected, each, found.states, hint)
            found.check(given)

    def _facts(self) -> Facts:
        from .facts_of_state import facts_of_desired  # noqa: PLC0415 - loaded by who looks

        return facts_of_desired(self.stated, restart=self.restart)

    def __str__(self) -> str:
        from .._html.text import as_text  # noqa: PLC0415 - loaded by who looks

        return as_text(self._facts())

    def __repr__(self) -> str:
        lines = {
            part: str(commands[0]) if len(commands) == 1 else counted(len(commands), "command")
            for part, commands in self.stated.items()
        }
        stated = [f"{part}={legible(line, LONGEST_SHORT)}" for part, line in lines.items()]
        return glance(self, [*stated, f"restart={self.restart}"])

    @property
    def stated(self) -> Mapping[str, tuple[Cmdlet, ...]]:
        """The cmdlets of each part that states something, by the part's name."""
        fields = attrs.fields_dict(DesiredState)
        parts = {key: getattr(self, key) for key in keys_of(DesiredState)}
        stated = {key: each for key, each in parts.items() if each is not None and each != ()}
        return {key: (each,) if fields[key].default is None else each for key, each in stated.items()}

    def to_dict(self) -> dict[str, Json]:
        """Return what JSON can hold, under PowerShell's names: the parts that state something, and ``restart``.

        ``services``, ``certificates``, ``connectors``, ``mailboxes`` and ``components`` have each object under its
        name; the name is empty where none is stated.

        >>> running = SetService(name="MSExchangeIMAP4", status=ServiceStatus.Running)
        >>> DesiredState(services=[running]).to_dict()
        {'services': {'MSExchangeIMAP4': {'Status': 'Running'}}, 'restart': False}
        """
        from .as_data.desired import write_desired  # noqa: PLC0415 - only those who need plain data load it

        return write_desired(self.stated, {"restart": self.restart})

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Self:
        """Read what :meth:`to_dict` returned, or what a person wrote.

        Names may have any case, values may be those of JSON or the texts that the cmdlet takes, and an edit of a list
        is an object with ``Add`` and ``Remove``. A component with several requesters has a list of objects. Raises
        :class:`InvalidValueError`. Its ``field`` is the path of what is wrong, such as ``$.settings.SSLBindings[1]``,
        and its ``hint`` names what was probably meant.

        >>> DesiredState.from_dict({"Services": {"MSExchangeIMAP4": {"startuptype": "Automatic"}}}).services
        (SetService(name='MSExchangeIMAP4', startup_type=StartupType.Automatic),)
        >>> DesiredState.from_dict({"settings": {"SSLBinding": ["0.0.0.0:993"]}})
        Traceback (most recent call last):
        exchange_imap.InvalidValueError: $.settings.SSLBinding: expected a parameter of Set-ImapSettings, ... mean ...
        """
        from .as_data.desired import read_desired  # noqa: PLC0415 - as above

        return cls(**read_desired(cls, data))

    @classmethod
    def enabled(
        cls,
        *,
        external: Iterable[ConnectionSetting | str] | str,
        certificate: str | None = None,
        ssl_bindings: Iterable[Binding | str] | Unset = UNSET,
        unencrypted_or_tls_bindings: Iterable[Binding | str] | Unset = UNSET,
        smtp: str | None = None,
    ) -> Self:
        """Describe a server with IMAP4 enabled, as Microsoft's procedure leaves it.

        Both services run and start automatically; ``external`` are the settings that external clients get, and
        ``certificate`` is the host name by which the certificate is found (unchanged if not given). The
        bindings stay as they are unless given. ``smtp`` is the host name to which clients send: the connector
        ``Client Frontend <server>`` gets it, and Outlook on the web shows it.

        >>> desired = DesiredState.enabled(external=["mail.contoso.com:993:SSL"], certificate="mail.contoso.com")
        >>> str(desired.settings)
        'Set-ImapSettings -ExternalConnectionSettings "mail.contoso.com:993:SSL" -X509CertificateName mail.contoso.com'
        """
        settings = SetImapSettings(
            external_connection_settings=tuple(
                map(_connection_setting, (external,) if isinstance(external, str) else external)
            ),
            x509_certificate_name=UNSET if certificate is None else certificate,
            ssl_bindings=_bindings(ssl_bindings),
            unencrypted_or_tls_bindings=_bindings(unencrypted_or_tls_bindings),
        )
        sending = {} if smtp is None else {"fqdn": smtp, "advertise_client_settings": True}
        services = _both(StartupType.Automatic, ServiceStatus.Running)
        return cls(settings=settings, services=services, connectors=_connector(sending))

    @classmethod
    def disabled(cls) -> Self:
        """Describe a server without IMAP4, as it is installed: both services are stopped and start by hand.

        No external settings are shown to users. The bindings, the certificate and the internal settings stay as they
        are, and so does the connector through which clients send, since POP3's use it too.

        >>> print(DesiredState.disabled().settings)
        Set-ImapSettings -ExternalConnectionSettings @()
        """
        settings = SetImapSettings(external_connection_settings=())
        return cls(settings=settings, services=_both(StartupType.Manual, ServiceStatus.Stopped))

    @classmethod
    def certificate(  # noqa: PLR0913 - one argument for each place that has a certificate
        cls,
        thumbprint: str,
        *,
        services: Iterable[CertificateService | str] | Unset = UNSET,
        name: str | None = None,
        tls_certificate_name: TlsCertificateName | str | None = None,
        connector: str | None = None,
        restart: bool | None = None,
    ) -> Self:
        r"""Describe a server on which IMAP4 uses another certificate.

        The certificate is enabled for ``services``: for IMAP, and also for SMTP if there is a
        ``tls_certificate_name``, unless they are given. ``name`` is the host name by which IMAP4 finds it; without one,
        enabling it for IMAP stores the name of its subject. ``tls_certificate_name`` is the certificate that the
        connector (``Client Frontend <server>``, unless it is given) presents to clients that send.

        Exchange leaves IMAP out of a certificate whose subject is no host name, such as a wildcard: give
        ``services=()`` or ``["SMTP"]``, and the ``name``. Then no setting may differ, and the services have to restart
        all the same: ``restart`` asks for that, and is true unless the certificate is enabled for IMAP. If it is, they
        restart when something has changed.

        >>> desired = DesiredState.certificate("434AC224C8459924B26521298CE8834C514856AB", name="mail.contoso.com")
        >>> print(desired.certificates[0], desired.settings, sep="\n")
        Enable-ExchangeCertificate -Thumbprint 434AC224C8459924B26521298CE8834C514856AB -Services IMAP
        Set-ImapSettings -X509CertificateName mail.contoso.com
        """
        from .._cmdlets.certificates import EnableExchangeCertificate  # noqa: PLC0415 - loaded by who states them
        from .._values import CertificateService  # noqa: PLC0415 - the same

        usual = ("IMAP",) if tls_certificate_name is None else ("IMAP", "SMTP")
        enable = EnableExchangeCertificate(
            thumbprint=thumbprint, services=tuple(usual if isinstance(services, Unset) else services)
        )
        presented = {} if tls_certificate_name is None else {"tls_certificate_name": tls_certificate_name}
        return cls(
            certificates=[enable],
            settings=None if name is None else SetImapSettings(x509_certificate_name=name),
            connectors=_connector(presented, connector),
            restart=CertificateService.IMAP not in enable.services if restart is None else restart,
        )

    @classmethod
    def of(cls, state: ServerState) -> Self:
        """Describe a server that is like the one with this state: what it has, without what belongs to it alone.

        Left out is each value with the server's name in it, or an address of one host: such bindings, connection
        settings, host names and certificates. Of a list with such an item the whole list is left out. So are connectors
        with the server's name, but for ``Client Frontend <server>``, self-signed certificates, names and descriptions,
        and what is null, which may be unknown. Mailboxes and what was asked of components are stated as they are.

        Raises :class:`InvalidValueError` for a value that the server holds and no longer takes.

        >>> from exchange_imap.testing import FakeExchange
        >>> transport = FakeExchange(servers=["MBX01"]).transport()
        >>> model = DesiredState.of(ImapServer("MBX01", exchange=transport, windows=transport).state())
        >>> assert model.settings is not None
        >>> model.settings.max_connections_per_user, model.settings.internal_connection_settings
        (16, UNSET)
        """
        fields = attrs.fields_dict(cls)
        parts: dict[str, Any] = {}  # Any: each of the field of its name
        for found in resources_in(state):
            shared = tuple(found.shared(state))
            parts[found.key] = shared[0] if fields[found.key].default is None else shared
        return cls(**parts)


def _both(startup_type: StartupType, status: ServiceStatus) -> tuple[SetService, ...]:
    """Desire the same of both services."""
    return tuple(SetService(name=name, startup_type=startup_type, status=status) for name in IMAP4_SERVICES)


def _connector(properties: Mapping[str, object], identity: str | None = None) -> tuple[SetReceiveConnector, ...]:
    """Desire properties of a connector, if there are any: of that through which clients send, unless one is named."""
    if not properties:
        return ()
    from .._cmdlets.receive_connectors import SetReceiveConnector  # noqa: PLC0415 - loaded by who states them

    named = {} if identity is None else {"identity": identity}
    return (SetReceiveConnector.build({**named, **properties}),)


def _connection_setting(value: ConnectionSetting | str) -> ConnectionSetting:
    return ConnectionSetting.parse(value) if isinstance(value, str) else value


def _bindings(values: Iterable[Binding | str] | Unset) -> tuple[Binding, ...] | Unset:
    if isinstance(values, Unset):
        return UNSET
    return tuple(Binding.parse(value) if isinstance(value, str) else value for value in values)
