from xml.etree.ElementTree import Element

NAMESPACES: dict[str, str]

class WSManAction:
    DELETE: str
    RECEIVE: str
    SEND: str

class OptionSet: ...

class SelectorSet:
    def add_option(self, name: str, value: str) -> None: ...

class WSMan:
    transport: object
    operation_timeout: int
    def __init__(
        self,
        server: str,
        *,
        operation_timeout: int,
        port: int,
        ssl: bool,
        path: str,
        locale: str,
    ) -> None: ...
    def invoke(
        self,
        action: str,
        resource_uri: str,
        resource: Element | None,
        option_set: OptionSet | None = ...,
        selector_set: SelectorSet | None = ...,
        timeout: int | None = ...,
        *,
        retries_on_read_timeout: int = ...,
    ) -> Element: ...
    def get(
        self,
        resource_uri: str,
        resource: Element | None = ...,
        option_set: OptionSet | None = ...,
        selector_set: SelectorSet | None = ...,
        timeout: int | None = ...,
    ) -> Element: ...
    def delete(
        self,
        resource_uri: str,
        resource: Element | None = ...,
        option_set: OptionSet | None = ...,
        selector_set: SelectorSet | None = ...,
        timeout: int | None = ...,
    ) -> Element: ...
