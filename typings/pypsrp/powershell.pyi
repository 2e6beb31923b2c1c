from typing import TypeAlias

from .complex_objects import PSCredential
from .serializer import TaggedValue
from .shell import WinRS
from .wsman import WSMan

_Argument: TypeAlias = (
    bool | int | float | str | list[_Argument] | dict[str, _Argument] | PSCredential | TaggedValue | None
)

class RunspacePool:
    id: str
    shell: WinRS
    pipelines: dict[str, PowerShell]
    def __init__(self, connection: WSMan, *, configuration_name: str, no_profile: bool = ...) -> None: ...
    def open(self) -> None: ...
    def exchange_keys(self) -> None: ...

class PowerShell:
    id: str
    def __init__(self, runspace_pool: RunspacePool) -> None: ...
    def add_cmdlet(self, cmdlet: str) -> PowerShell: ...
    def add_parameter(self, parameter_name: str | None, value: _Argument = ...) -> PowerShell: ...
    def add_statement(self) -> PowerShell: ...
    def begin_invoke(self) -> None: ...

class Fragment:
    object_id: int
    fragment_id: int
    start: bool
    end: bool
    data: bytes
    @staticmethod
    def unpack(data: bytes) -> tuple[Fragment, bytes]: ...
