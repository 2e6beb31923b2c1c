"""Records as a PSRP session carries them: of the Exchange endpoint with values as text, of Get-Service with enums.

Shapes: real captures (CSS-Exchange), which the Management Shell made; in an ordinary session PowerShell's own
serialiser cuts the same objects at its default depth, where enums, time spans and sizes are strings and a multi-valued
property is a list of strings. The base classes of the settings are those of Microsoft's pages of Imap4AdConfiguration
and PopImapAdConfiguration.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

import attrs

from .._cmdlets.directory import DirectoryObject
from .._cmdlets.services import ServiceState
from .._model.codecs.values import MOMENT
from .._model.declaration import properties
from .._model.snapshot import Snapshot
from .._model.specs import PropertySpec
from .._powershell.record import Record, RecordValue
from .._values import Choice

if TYPE_CHECKING:
    from .._cmdlets.certificates import ExchangeCertificate

__all__ = ["certificate_record", "object_record", "service_record"]

_OBJECT: Final = "System.Object"
_CONFIGURATION: Final = "Microsoft.Exchange.Data.Directory.SystemConfiguration"
_DATA: Final = "Microsoft.Exchange.Data"
_STORED_TYPES: Final = (
    f"{_CONFIGURATION}.ADConfigurationObject",
    f"{_DATA}.Directory.ADObject",
    f"{_DATA}.Directory.ADRawEntry",
    f"{_DATA}.ConfigurableObject",
    _OBJECT,
)
_SETTINGS_TYPES: Final = (
    f"{_CONFIGURATION}.PopImapAdConfiguration",
    f"{_CONFIGURATION}.ADEmailTransport",
    f"{_CONFIGURATION}.ADLegacyVersionableObject",
    *_STORED_TYPES,
)
_X509: Final = "System.Security.Cryptography.X509Certificates"
_BASES: Final = {
    "CASMailbox": (f"{_DATA}.Directory.Management.ADPresentationObject", *_STORED_TYPES[1:]),
    "ComponentState": (f"{_DATA}.ConfigurableObject", _OBJECT),
    "ConnectivityResult": (
        "Microsoft.Exchange.Monitoring.TransactionOutcomeBase",
        f"{_DATA}.ConfigurableObject",
        _OBJECT,
    ),
    "ExchangeCertificate": (f"{_X509}.X509Certificate2", f"{_X509}.X509Certificate", _OBJECT),
    "ExchangeServer": (f"{_DATA}.Directory.Management.ADPresentationObject", *_STORED_TYPES[1:]),
    "ImapSettings": _SETTINGS_TYPES,
    "PopSettings": _SETTINGS_TYPES,
    "ReceiveConnector": _STORED_TYPES,
}
"""The types below each class's own, by the name of the snapshot."""
_EXCHANGE_ASSEMBLY: Final = f"{_DATA}, Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35"
_TEXT_ITEM: Final = "System.String, mscorlib, Version=4.0.0.0, Culture=neutral, PublicKeyToken=b77a5c561934e089"
_ITEM_TYPES: Final = {
    "Bindings": f"{_DATA}.IPBinding, {_EXCHANGE_ASSEMBLY}",
    "ExternalConnectionSettings": f"{_DATA}.ProtocolConnectionSettings, {_EXCHANGE_ASSEMBLY}",
    "InternalConnectionSettings": f"{_DATA}.ProtocolConnectionSettings, {_EXCHANGE_ASSEMBLY}",
    "RemoteIPRanges": f"{_DATA}.IPRange, {_EXCHANGE_ASSEMBLY}",
    "SSLBindings": f"{_DATA}.IPBinding, {_EXCHANGE_ASSEMBLY}",
    "TlsDomainCapabilities": f"{_DATA}.SmtpReceiveDomainCapabilities, {_EXCHANGE_ASSEMBLY}",
    "UnencryptedOrTLSBindings": f"{_DATA}.IPBinding, {_EXCHANGE_ASSEMBLY}",
}
"""What the items of a multi-valued property are in .NET, where they are not text."""
_REQUESTER: Final = (
    f"{_DATA}.Directory.Management.ServerComponentStatePresentationObject+RequesterDetails, "
    f"{_DATA}.Directory, Version=15.0.0.0, Culture=neutral, PublicKeyToken=31bf3856ad364e35"
)
_ADDRESS: Final = f"{_DATA}.NetworkAddress, {_EXCHANGE_ASSEMBLY}"
_ADDRESSES: Final = (
    f"{_DATA}.NetworkAddressCollection",
    f"{_DATA}.ProtocolAddressCollection`1[[{_ADDRESS}]]",
    f"{_DATA}.MultiValuedProperty`1[[{_ADDRESS}]]",
    f"{_DATA}.MultiValuedPropertyBase",
    _OBJECT,
)
_PLAIN_LISTS: Final = {"LocalStates": _REQUESTER, "RemoteStates": _REQUESTER}
"""What the items of a property are that is an ordinary list."""
_SERVICE_TYPES: Final = (
    "System.ServiceProcess.ServiceController",
    "System.ComponentModel.Component",
    "System.MarshalByRefObject",
    _OBJECT,
)
_ENUM_TYPES: Final = ("System.Enum", "System.ValueType", _OBJECT)
_PROCESSES: Final = {"Win32OwnProcess": 16, "Win32ShareProcess": 32}


def object_record(snapshot: Snapshot) -> Record:
    """Make the record that a ``Get-`` cmdlet of the Exchange endpoint returns."""
    cls = type(snapshot)
    shown = {spec.name: _shown(spec, getattr(snapshot, field)) for field, spec in properties(cls).items()}
    text = snapshot.identity if isinstance(snapshot, DirectoryObject) else cls.types[0]
    return Record(type_names=(cls.types[0], *_BASES[cls.__name__]), text=text, properties=shown)


def certificate_record(certificate: ExchangeCertificate, *, bare: bool) -> Record:
    """Make the record that Get-ExchangeCertificate returns; ``bare``: what some remote sessions leave of it."""
    whole = object_record(certificate)
    if bare:
        names = ("Thumbprint", "RawData")
        kept = {"Services": None, **{name: whole.properties[name] for name in names}}
        whole = attrs.evolve(whole, properties=kept)
    return attrs.evolve(whole, text=_printed(certificate))


def _printed(certificate: ExchangeCertificate) -> str:
    """Print as .NET does; the time zone of the fake's servers is UTC."""
    parts = {
        "Subject": certificate.subject,
        "Issuer": certificate.issuer,
        "Serial Number": certificate.serial_number,
        "Not Before": f"{certificate.not_before:%m/%d/%Y %H:%M:%S}",
        "Not After": f"{certificate.not_after:%m/%d/%Y %H:%M:%S}",
        "Thumbprint": certificate.thumbprint,
    }
    return "\r\n".join(f"[{name}]\r\n  {value}\r\n" for name, value in parts.items())


def _shown(spec: PropertySpec, value: object) -> RecordValue:
    if value is None or isinstance(value, UUID | bytes | datetime):
        return value
    if spec.codec == MOMENT:
        return _moment(str(value))
    shown = spec.codec.display(value)
    return _list(spec.name, shown) if isinstance(shown, tuple) else shown


def _moment(text: str) -> datetime | str:
    """Return the moment of a snapshot's text; any other text of a test stays unchanged."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def _list(name: str, items: tuple[str, ...]) -> Record:
    if name in _PLAIN_LISTS:
        return Record(type_names=(f"System.Collections.Generic.List`1[[{_PLAIN_LISTS[name]}]]", _OBJECT), items=items)
    if name == "NetworkAddress":
        return Record(type_names=_ADDRESSES, items=items)
    own = f"{_DATA}.MultiValuedProperty`1[[{_ITEM_TYPES.get(name, _TEXT_ITEM)}]]"
    return Record(type_names=(own, f"{_DATA}.MultiValuedPropertyBase", _OBJECT), items=items)


def service_record(service: ServiceState) -> Record:
    """Make the record that Get-Service returns; PowerShell adds ``Name`` and ``RequiredServices`` after the others."""
    required = _services(service.services_depended_on or ())
    shown: dict[str, RecordValue] = {
        "CanPauseAndContinue": service.can_pause_and_continue,
        "CanShutdown": service.can_shutdown,
        "CanStop": service.can_stop,
        "DisplayName": service.display_name,
        "DependentServices": _services(service.dependent_services or ()),
        "MachineName": service.machine_name,
        "ServiceName": service.name,
        "ServicesDependedOn": required,
        "ServiceHandle": Record(type_names=("SafeServiceHandle", _OBJECT), text="SafeServiceHandle"),
        "Status": _enum("System.ServiceProcess.ServiceControllerStatus", service.status),
        "ServiceType": Record(
            type_names=("System.ServiceProcess.ServiceType", *_ENUM_TYPES),
            text=service.service_type,
            value=_PROCESSES[service.service_type or "Win32OwnProcess"],
        ),
        "StartType": _enum("System.ServiceProcess.ServiceStartMode", service.startup_type),
        "Site": None,
        "Container": None,
        "Name": service.name,
        "RequiredServices": required,
    }
    return Record(type_names=_SERVICE_TYPES, text=service.name, properties=shown)


def _services(names: tuple[str, ...]) -> Record:
    return Record(type_names=("System.ServiceProcess.ServiceController[]", "System.Array", _OBJECT), items=names)


def _enum(name: str, member: Choice) -> Record:
    return Record(type_names=(name, *_ENUM_TYPES), text=str(member), value=member.value)
