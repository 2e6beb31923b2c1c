from xml.etree.ElementTree import Element

import requests

class WSManAction:
    DELETE: str
    RECEIVE: str
    SEND: str

class OptionSet: ...

class SelectorSet:
    def add_option(self, name: str, value: str) -> None: ...

class _TransportHTTP:
    session: requests.Session | None
    encryption: object | None
    def close(self) -> None: ...

class WSMan:
    transport: _TransportHTTP
    def __init__(
        self,
        server: str,
        *,
        operation_timeout: int,
        port: int,
        username: str | None,
        password: str | None,
        ssl: bool,
        path: str,
        auth: str,
        cert_validation: bool | str,
        connection_timeout: int,
        read_timeout: int,
        encryption: str,
        proxy: str | None,
        no_proxy: bool,
        locale: str,
        reconnection_backoff: float,
        certificate_pem: str | None = ...,
        certificate_key_pem: str | None = ...,
        negotiate_delegate: bool | None = ...,
        negotiate_hostname_override: str | None = ...,
        negotiate_send_cbt: bool | None = ...,
        negotiate_service: str | None = ...,
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
