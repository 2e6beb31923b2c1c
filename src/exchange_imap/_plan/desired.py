"""The desired state of a server; what it does not state stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Self, TypeVar

import attrs

from .._cmdlets.imap_settings import SetImapSettings
from .._cmdlets.services import IMAP4_SERVICES, SetService
from .._entry import entry
from .._json import Json
from .._model.cmdlet import Cmdlet
from .._values import UNSET, Binding, ConnectionSetting, ServiceStatus, StartupType, Unset
from .._values.given import require_instance
from .parts import PART, keys_of
from .resource import resource

if TYPE_CHECKING:
    from .._cmdlets.certificates import EnableExchangeCertificate
    from .._cmdlets.components import SetServerComponentState
    from .._cmdlets.mailboxes import SetCASMailbox
    from .._cmdlets.receive_connectors import SetReceiveConnector
else:  # loaded by who states them; typing.get_type_hints gives their base
    EnableExchangeCertificate = SetServerComponentState = SetCASMailbox = SetReceiveConnector = Cmdlet

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
@attrs.frozen(kw_only=True)
class DesiredState:
    """A desired state: the ``Set-`` cmdlets that would bring it about are its parts.

    ``services`` name services of IMAP4 with the start type and status that they should have, ``connectors`` Receive
    connectors (``Client Frontend <server>`` if they name none), ``certificates`` what certificates shall be enabled
    for, ``components`` who wants a component active, and ``mailboxes`` how these may be opened. Each is a list or
    tuple. ``restart`` asks for a restart of the services even if nothing is known to be pending.

    A plan carries out all that is stated; anything that it cannot carry out, such as ``-WhatIf`` or ``-ComputerName``,
    raises :class:`InvalidValueError`. Only the common parameters, such as ``-ErrorAction``, are ignored: they say how a
    command runs, and nothing about a state.

    >>> DesiredState(settings=SetImapSettings.parse("Set-ImapSettings -LoginType SecureLogin")).services
    ()
    """

    # Two are equal if they state the same, whatever the order.
    settings: SetImapSettings | None = attrs.field(default=None, metadata=PART)
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
    ) -> Self:
        """Describe a server with IMAP4 enabled, as Microsoft's procedure leaves it.

        Both services run and start automatically; ``external`` are the settings that external clients get, and
        ``certificate`` is the host name by which the certificate is found (unchanged if not given). The
        bindings stay as they are unless given.

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
        running = (
            SetService(name=name, startup_type=StartupType.Automatic, status=ServiceStatus.Running)
            for name in IMAP4_SERVICES
        )
        return cls(settings=settings, services=tuple(running))


def _connection_setting(value: ConnectionSetting | str) -> ConnectionSetting:
    return ConnectionSetting.parse(value) if isinstance(value, str) else value


def _bindings(values: Iterable[Binding | str] | Unset) -> tuple[Binding, ...] | Unset:
    if isinstance(values, Unset):
        return UNSET
    return tuple(Binding.parse(value) if isinstance(value, str) else value for value in values)
