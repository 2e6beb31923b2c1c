"""The two Windows services of IMAP4: Get-, Start-, Stop-, Restart- and Set-Service, and their state."""

from __future__ import annotations

from typing import Final

import attrs

from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet, ShouldProcessCmdlet, cmdlet
from .._model.codecs.lists import ListCodec
from .._model.codecs.literals import BOOLEAN, SWITCH, IntegerCodec
from .._model.codecs.values import TEXT, Bounds, TextCodec, choice, plain
from .._model.common_parameters import CONFIRM, WHAT_IF
from .._model.declaration import fields, parameter, property_, required_property
from .._model.field_types import ItemsOr, Of
from .._model.snapshot import Snapshot
from .._model.snapshots import snapshot
from .._model.specs import Endpoint
from .._powershell.record import RecordValue
from .._values import UNSET, ServiceStatus, StartupType, Unset

__all__ = [
    "IMAP4_BACKEND_SERVICE",
    "IMAP4_SERVICE",
    "IMAP4_SERVICES",
    "GetService",
    "RestartService",
    "ServiceState",
    "SetService",
    "StartService",
    "StopService",
]

IMAP4_SERVICE: Final = "MSExchangeIMAP4"
"""Microsoft Exchange IMAP4: the front end that clients connect to."""
IMAP4_BACKEND_SERVICE: Final = "MSExchangeIMAP4BE"
"""Microsoft Exchange IMAP4 Backend: where the front end forwards each session to."""
IMAP4_SERVICES: Final = (IMAP4_SERVICE, IMAP4_BACKEND_SERVICE)

# System.ServiceProcess.ServiceType, in the order in which .NET writes several.
_SERVICE_TYPES: Final = {
    1: "KernelDriver",
    2: "FileSystemDriver",
    4: "Adapter",
    8: "RecognizerDriver",
    16: "Win32OwnProcess",
    32: "Win32ShareProcess",
    256: "InteractiveProcess",
}


@attrs.frozen
class _ServiceTypeCodec(TextCodec):
    """The names of a service's type, which ConvertTo-Json writes as a number."""

    def decode(self, value: RecordValue) -> str:
        """Name a number's bits; one with a bit that has no name stays a number, as .NET writes it."""
        bare = plain(value)
        if type(bare) is not int:
            return self.check(bare)
        _INT32.check(bare)
        names = [name for bit, name in _SERVICE_TYPES.items() if bare & bit]
        return ", ".join(names) if names and bare | _NAMED_BITS == _NAMED_BITS else str(bare)


_NAMED_BITS: Final = sum(_SERVICE_TYPES)
_INT32: Final = IntegerCodec()
_SERVICE_TYPE = _ServiceTypeCodec()
_NAMES = ListCodec(TEXT, bare=True)
_STATUS = choice(ServiceStatus)
_STARTUP_TYPE = choice(StartupType)
_SETTABLE_STATUS = attrs.evolve(
    _STATUS,
    bounds=Bounds(
        "Running, Stopped or Paused",
        lambda status: status in {ServiceStatus.Running, ServiceStatus.Stopped, ServiceStatus.Paused},
    ),
)
_SERVICES: Final = ("name", ("ServiceState",))


@fields
class _ByName(Cmdlet):
    """A command about services that are named, by their names or by their display names."""

    name: ItemsOr[str, Unset] = parameter("Name", _NAMES, aliases=("ServiceName",), position=0, unnamed=True)
    """Service names; ``*`` and ``?`` stand for any text."""
    display_name: ItemsOr[str, Unset] = parameter("DisplayName", _NAMES)
    """Display names, instead of ``name``."""
    include: ItemsOr[str, Unset] = parameter("Include", _NAMES)
    """Of those named, only these."""
    exclude: ItemsOr[str, Unset] = parameter("Exclude", _NAMES)
    """Of those named, all but these."""

    def __attrs_post_init__(self) -> None:
        if self.name is not UNSET and self.display_name is not UNSET:
            raise InvalidValueError(self.cmdlet, "-Name or -DisplayName", "both", "Leave one out.")


@fields
class _Control(_ByName):
    """A command that starts or stops services."""

    pass_thru: bool | Unset = parameter("PassThru", SWITCH)
    """Answer the service afterwards; otherwise nothing is answered."""
    what_if: bool | Unset = WHAT_IF
    """Say what would happen, and change nothing."""
    confirm: bool | Unset = CONFIRM
    """Ask before the change. Over remoting there is no way to answer."""

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if () in (self.name, self.display_name):
            raise self._nameless()

    def require_whole(self) -> None:
        """Refuse a command that names no service; behind a pipe they come with the objects."""
        if self.name is UNSET and self.display_name is UNSET:
            raise self._nameless()

    def _nameless(self) -> InvalidValueError:
        return InvalidValueError(self.cmdlet, "the name of a service", "none", f"Write {self.cmdlet} {IMAP4_SERVICE}.")


@cmdlet(
    "Get-Service", aliases=("gsv",), endpoint=Endpoint.WINDOWS, changes=False, objects="InputObject", accepts=_SERVICES
)
class GetService(_ByName):
    """Get-Service: read what services there are and what they are doing.

    Source: Windows PowerShell 5.1. The name is compared without regard to case.

    >>> str(GetService(name=IMAP4_SERVICES))
    'Get-Service MSExchangeIMAP4,MSExchangeIMAP4BE'
    """

    computer_name: ItemsOr[str, Unset] = parameter("ComputerName", _NAMES, aliases=("Cn",))
    """Other computers to ask."""
    dependent_services: bool | Unset = parameter("DependentServices", SWITCH, aliases=("DS",))
    """The services that depend on it instead."""
    required_services: bool | Unset = parameter("RequiredServices", SWITCH, aliases=("SDO", "ServicesDependedOn"))
    """The services that it depends on instead."""


@cmdlet(
    "Start-Service",
    aliases=("sasv",),
    endpoint=Endpoint.WINDOWS,
    changes=True,
    objects="InputObject",
    accepts=_SERVICES,
)
class StartService(_Control):
    """Start-Service: start services. A Disabled service is refused; a running one is left alone.

    Source: Microsoft's reference page of Start-Service.

    >>> str(StartService(name=("MSExchangeIMAP4",)))
    'Start-Service MSExchangeIMAP4'
    """


@cmdlet(
    "Stop-Service", aliases=("spsv",), endpoint=Endpoint.WINDOWS, changes=True, objects="InputObject", accepts=_SERVICES
)
class StopService(_Control):
    """Stop-Service: stop services. A stopped one is left alone.

    Source: Microsoft's reference page of Stop-Service.

    >>> str(StopService(name=("MSExchangeIMAP4",), force=True))
    'Stop-Service MSExchangeIMAP4 -Force'
    """

    force: bool | Unset = parameter("Force", SWITCH, after="exclude")
    """Also when running services depend on it."""
    no_wait: bool | Unset = parameter("NoWait", SWITCH, after="force")
    """Do not wait until it has stopped."""


@cmdlet("Restart-Service", endpoint=Endpoint.WINDOWS, changes=True, objects="InputObject", accepts=_SERVICES)
class RestartService(_Control):
    """Restart-Service: stop and start services. A stopped one is started.

    It is never sent again when its answer is lost: no cmdlet here shows whether a service has restarted. Where you need
    to know, send Stop-Service and then Start-Service, each of which shows in the status of the service.
    Source: Microsoft's reference page of Restart-Service.

    >>> str(RestartService(name=("MSExchangeIMAP4BE",)))
    'Restart-Service MSExchangeIMAP4BE'
    """

    force: bool | Unset = parameter("Force", SWITCH, after="exclude")
    """Also when running services depend on it."""


@cmdlet("Set-Service", endpoint=Endpoint.WINDOWS, changes=True, objects="InputObject", accepts=_SERVICES)
class SetService(ShouldProcessCmdlet):
    """Set-Service: change how a service starts, or what it is doing; also a partial desired state of the service.

    Source: Microsoft's reference page of Set-Service.

    >>> str(SetService(name="MSExchangeIMAP4", startup_type=StartupType.Automatic))
    'Set-Service MSExchangeIMAP4 -StartupType Automatic'
    """

    name: str | Unset = parameter("Name", TEXT, aliases=("ServiceName", "SN"), position=0, unnamed=True, mandatory=True)
    """One service; ``*`` and ``?`` stand for nothing but themselves. Behind a pipe it comes with the objects."""
    startup_type: Of[StartupType | Unset] = parameter("StartupType", _STARTUP_TYPE, aliases=("StartMode", "SM", "ST"))
    """When Windows starts it: Automatic, Manual or Disabled."""
    status: Of[ServiceStatus | Unset] = parameter("Status", _SETTABLE_STATUS)
    """Running, Stopped or Paused; Windows refuses ``Stopped`` of a service that depends on another, as both do."""
    display_name: str | Unset = parameter("DisplayName", TEXT, aliases=("DN",))
    """A new display name."""
    description: str | Unset = parameter("Description", TEXT)
    """A new description."""
    computer_name: ItemsOr[str, Unset] = parameter("ComputerName", _NAMES, aliases=("Cn",))
    """Other computers to change it on."""
    pass_thru: bool | Unset = parameter("PassThru", SWITCH)
    """Answer the service afterwards; otherwise nothing is answered."""


@snapshot("System.ServiceProcess.ServiceController", read_by=GetService, named_by="Name", name_is_pattern=True)
class ServiceState(Snapshot):
    r"""A Windows service as Get-Service answers it. Only what 5.1 always answers is certain to be there.

    ``Format-List`` without names leaves the start type out: ask for ``Format-List *``. No property has the process or
    its start time, so a service looks the same before and after a restart.

    >>> state = ServiceState.parse(
    ...     "Name        : MSExchangeImap4\n"
    ...     "DisplayName : Microsoft Exchange IMAP4\n"
    ...     "Status      : Stopped\n"
    ...     "StartType   : Manual\n"
    ... )
    >>> state.status, state.startup_type
    (ServiceStatus.Stopped, StartupType.Manual)
    """

    name: str = required_property("Name", TEXT, aliases=("ServiceName",), first=True)
    """The registered name, such as ``MSExchangeImap4``: compare without regard to case."""
    display_name: str = required_property("DisplayName", TEXT)
    status: Of[ServiceStatus] = required_property("Status", _STATUS, first=True)
    startup_type: Of[StartupType] = required_property("StartType", _STARTUP_TYPE, aliases=("StartupType",), first=True)
    """When Windows starts it; a delayed automatic start looks like ``Automatic``."""
    services_depended_on: ItemsOr[str, None] = property_("ServicesDependedOn", _NAMES, aliases=("RequiredServices",))
    """The services that must run for it to run."""
    dependent_services: ItemsOr[str, None] = property_("DependentServices", _NAMES)
    """The services that need it."""
    can_stop: bool | None = property_("CanStop", BOOLEAN)
    """Whether it can be stopped now; false of a stopped service."""
    can_shutdown: bool | None = property_("CanShutdown", BOOLEAN)
    can_pause_and_continue: bool | None = property_("CanPauseAndContinue", BOOLEAN)
    service_type: str | None = property_("ServiceType", _SERVICE_TYPE)
    machine_name: str | None = property_("MachineName", TEXT)
