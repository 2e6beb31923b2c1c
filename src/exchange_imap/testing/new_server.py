r"""A server as the installer leaves it: its names in the directory, and the IMAP4 settings that it begins with.

Defaults: the declarations of Set-ImapSettings have them, from Microsoft's reference page, which gives the same ones
for Exchange 2016, 2019 and Subscription Edition. No complete output of Get-ImapSettings of a new server has been
published, so three values are decisions: X509CertificateName is the server's name, which its self-signed certificate
has; Name is ``1`` and Identity ``Server\1``, as the object's place in the directory suggests;
LiveIdBasicAuthReplacement is false.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any, Final, Literal, get_args

import attrs

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._entry import entry
from .._errors import InvalidValueError
from .._model.declaration import own_parameters
from .._values import (
    UNSET,
    ConnectionSetting,
    Encryption,
    is_host_name,
)

__all__ = ["INSTALLED", "NewServer", "Version"]

Version = Literal["2016", "2019", "SE"]
INSTALLED: Final = datetime(2025, 1, 1, 9, tzinfo=UTC)
"""When every fake server was installed, and where the fake's clock begins."""

_GROUP: Final = "Exchange Administrative Group (FYDIBOHF23SPDLT)"  # what every Exchange since 2007 calls it


def _check_label(_server: NewServer, _attribute: object, name: str) -> None:
    if "." in name or not is_host_name(name):
        raise InvalidValueError("NewServer.name", "a name without its domain, such as MBX01", name)


def _check_domain(_server: NewServer, _attribute: object, domain: str) -> None:
    if not is_host_name(domain):
        raise InvalidValueError("NewServer.domain", "a DNS domain, such as contoso.com", domain)


def _check_version(_server: NewServer, _attribute: object, version: str) -> None:
    if version not in get_args(Version):
        raise InvalidValueError("NewServer.version", f"one of {', '.join(get_args(Version))}", version)


@entry
@attrs.frozen
class NewServer:
    """A freshly installed Exchange server: its name, the domain it is in, and its version.

    The version decides which services there are; the IMAP4 settings are the same in all.

    >>> from exchange_imap.testing import NewServer
    >>> server = NewServer("MBX01", version="2016")
    >>> server.fqdn, str(server.settings.internal_connection_settings[0])
    ('mbx01.contoso.com', 'mbx01.contoso.com:993:SSL')
    """

    name: str = attrs.field(validator=_check_label)
    domain: str = attrs.field(default="contoso.com", validator=_check_domain, kw_only=True)
    version: Version = attrs.field(default="2019", validator=_check_version, kw_only=True)

    @property
    def fqdn(self) -> str:
        """The name with its domain, in lower case."""
        return f"{self.name}.{self.domain}".lower()

    @property
    def distinguished_name(self) -> str:
        """Where the server's object is in Active Directory."""
        root = ",".join(f"DC={label}" for label in self.domain.split("."))
        return (
            f"CN={self.name},CN=Servers,CN={_GROUP},CN=Administrative Groups,CN=First Organization,"
            f"CN=Microsoft Exchange,CN=Services,CN=Configuration,{root}"
        )

    @property
    def legacy_dn(self) -> str:
        """The Exchange legacy DN of the server."""
        return f"/o=First Organization/ou={_GROUP}/cn=Configuration/cn=Servers/cn={self.name}"

    @property
    def names(self) -> frozenset[str]:
        """Everything that ``-Server`` takes for this server, folded for a comparison without regard to case."""
        return frozenset(name.casefold() for name in (self.name, self.fqdn, self.distinguished_name, self.legacy_dn))

    @property
    def settings(self) -> ImapSettings:
        """The IMAP4 settings that the installer stores."""
        return ImapSettings(
            server=self.name,
            name="1",
            protocol_name="IMAP4",
            internal_connection_settings=(
                ConnectionSetting(self.fqdn, 993, Encryption.SSL),
                ConnectionSetting(self.fqdn, 143, Encryption.TLS),
            ),
            x509_certificate_name=self.name,
            live_id_basic_auth_replacement=False,
            **self._defaults(),
            **self._directory_facts(),
        )

    def _defaults(self) -> dict[str, Any]:  # Any: settings of several types
        """Return what the settings' declarations say of a new server."""
        declared = {field: spec.value_when_new(self.version) for field, spec in own_parameters(SetImapSettings).items()}
        return {field: value for field, value in declared.items() if value is not UNSET}

    def _directory_facts(self) -> dict[str, Any]:  # Any: properties of several types
        """Return what the directory says of the settings' object: as of any other configuration object."""
        when = INSTALLED.isoformat()
        return {
            "identity": f"{self.name}\\1",
            "id": f"{self.name}\\1",
            "guid": uuid.uuid5(uuid.NAMESPACE_DNS, f"imap4.{self.fqdn}"),
            "distinguished_name": f"CN=1,CN=IMAP4,CN=Protocols,{self.distinguished_name}",
            "exchange_version": "0.1 (8.0.535.0)",
            "object_category": f"{self.domain}/Configuration/Schema/ms-Exch-Protocol-Cfg-IMAP-Server",
            "object_class": ("top", "protocolCfg", "protocolCfgIMAP", "protocolCfgIMAPServer"),
            "originating_server": f"DC01.{self.domain}",
            "when_changed": when,
            "when_created": when,
            "when_changed_utc": when,
            "when_created_utc": when,
            "is_valid": True,
            "object_state": "Unchanged",
        }
