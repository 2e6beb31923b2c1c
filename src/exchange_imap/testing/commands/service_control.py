"""Start and stop services as Windows PowerShell 5.1 does, with its ids: dependencies first, dependents last."""

from __future__ import annotations

from typing import Final

import attrs

from ..._cmdlets.services import ServiceState
from ..._model.cmdlet import Cmdlet
from ..._transports.errors import TransportTimeoutError
from ..._values import ServiceStatus, StartupType
from ..execution import Execution
from ..fake_server import FakeServer

__all__ = ["ServiceControl"]

_AT_REST: Final = {ServiceStatus.Stopped, ServiceStatus.Running, ServiceStatus.Paused}


@attrs.frozen
class ServiceControl:
    """One server's services, under the cmdlet that controls them."""

    server: FakeServer
    cmdlet: type[Cmdlet]
    run: Execution

    def start(self, name: str) -> bool:
        """Start a service and what it depends on; say whether it runs.

        PowerShell waits for a service that is starting, so for one that hangs there is no answer:
        :class:`TransportTimeoutError`.
        """
        service = self.server.service(name)
        match service.status:
            case ServiceStatus.Running:
                return True
            case ServiceStatus.StartPending:
                raise TransportTimeoutError(f"{service.name} is starting and does not come to run", sent=True)
            case ServiceStatus.Stopped:
                return self._start_stopped(service)
            case _:
                self._refuse("StartServiceFailed", "OpenError", service, f"Failed to start service '{_both(service)}'.")
                return False

    def _start_stopped(self, service: ServiceState) -> bool:
        if not self._can_start(service):
            reason = f"Cannot start service {service.name} on computer '{service.machine_name}'."
            message = f"Service '{_both(service)}' cannot be started due to the following error: {reason}"
            self._refuse("CouldNotStartService", "OpenError", service, message)
            return False
        for dependency in self._dependencies(service):
            self._set(dependency, ServiceStatus.Running)
        self._set(service, ServiceStatus.Running)
        return True

    def _can_start(self, service: ServiceState) -> bool:
        """Apply Windows' rule: neither the service nor a stopped one that it depends on may be Disabled."""
        stopped = [service, *(each for each in self._dependencies(service) if each.status is not ServiceStatus.Running)]
        return all(
            each.startup_type is not StartupType.Disabled and each.status is ServiceStatus.Stopped for each in stopped
        )

    def _dependencies(self, service: ServiceState) -> list[ServiceState]:
        names = service.services_depended_on or ()
        return [self.server.service(name) for name in names if self.server.has_service(name)]

    def stop(self, name: str, *, force: bool) -> tuple[str, ...]:
        """Stop a service; return the names of the stopped services, dependent ones first.

        A service that was stopped before counts too, so that Restart-Service starts it.
        """
        service = self.server.service(name)
        dependents = self.running_dependents(service)
        if dependents and not force:
            message = (
                f"Cannot stop service '{_both(service)}' because it has dependent services. "
                "It can only be stopped if the Force flag is set."
            )
            self._refuse("ServiceHasDependentServices", "InvalidOperation", service, message)
            return ()
        if not all(each.status in _AT_REST for each in (service, *dependents)):
            reason = f"Cannot stop {service.name} service on computer '{service.machine_name}'."
            message = f"Service '{_both(service)}' cannot be stopped due to the following error: {reason}"
            self._refuse("CouldNotStopService", "CloseError", service, message)
            return ()
        for each in (*dependents, service):
            self._set(each, ServiceStatus.Stopped)
        return (*(each.name for each in dependents if each.status is ServiceStatus.Running), service.name)

    def running_dependents(self, service: ServiceState) -> list[ServiceState]:
        """Return the dependent services that are not stopped."""
        found = map(self.server.service, service.dependent_services or ())
        return [each for each in found if each.status is not ServiceStatus.Stopped]

    def set_status(self, service: ServiceState, wanted: ServiceStatus) -> None:
        """Bring a service to a status as Set-Service does, which has no ``-Force``."""
        if service.status is wanted:
            return
        if wanted is ServiceStatus.Stopped:
            self._stop_alone(service)
        elif service.can_pause_and_continue:
            self._set(service, wanted)
        elif wanted is ServiceStatus.Running:
            self.start(service.name)
        else:
            self._refuse_to_pause(service)

    def _stop_alone(self, service: ServiceState) -> None:
        """Stop only a service without dependencies in either direction: Set-Service of 5.1 is that strict."""
        if service.dependent_services:
            message = f"Cannot stop service '{_both(service)}' because it has dependent services."
            self._refuse("ServiceHasDependentServicesNoForce", "InvalidOperation", service, message)
        else:  # every service here has a dependency in one direction
            message = f"Cannot stop service '{_both(service)}' because it is dependent on other services."
            self._refuse("ServiceIsDependentOnNoForce", "InvalidOperation", service, message)

    def _refuse_to_pause(self, service: ServiceState) -> None:
        """Refuse to pause a service that cannot be paused; PowerShell reports that twice."""
        message = f"Service '{_both(service)}' cannot be suspended"
        if service.status is ServiceStatus.Stopped:
            first, why = "CouldNotSuspendServiceNotRunning", "because it is not currently running"
        else:
            first, why = "CouldNotSuspendServiceNotSupported", "because the service does not support being suspended"
        self._refuse(first, "CloseError", service, f"{message} {why}.")
        self._refuse("CouldNotSuspendService", "CloseError", service, f"{message}.")

    def _set(self, service: ServiceState, status: ServiceStatus) -> None:
        if service.status is not status:
            self.server.set_service(service.name, status=status)
            self.run.effect = True

    def _refuse(self, error_id: str, category: str, service: ServiceState, message: str) -> None:
        self.run.report(error_id, category, message, cmdlet=self.cmdlet, target=service.name)


def _both(service: ServiceState) -> str:
    return f"{service.display_name} ({service.name})"
