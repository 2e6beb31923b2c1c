class SignalCode:
    PS_CTRL_C: str
    TERMINATE: str

class CommandState:
    DONE: str

class WinRS:
    opened: bool
    resource_uri: str
    def receive(
        self, stream: str, command_id: str | None = ..., timeout: int | None = ...
    ) -> tuple[str, int | None, dict[str, bytes]]: ...
    def signal(self, code: str, command_id: str) -> object: ...
