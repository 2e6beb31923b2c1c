r"""A server as the installer leaves it: its names in the directory, and the IMAP4 settings that it begins with.

Defaults: the declarations of Set-ImapSettings have them, from Microsoft's reference page, which gives the same ones
for Exchange 2016, 2019 and Subscription Edition. No complete output of Get-ImapSettings of a new server has been
published, so three values are decisions: X509CertificateName is the server's name, which its self-signed certificate
has; Name is ``1`` and Identity ``Server\1``, as the object's place in the directory suggests;
LiveIdBasicAuthReplacement is false.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, get_args

import attrs

from .._cmdlets.imap_settings import ImapSettings, SetImapSettings
from .._entry import entry
from .._errors import InvalidValueError
from .._model.cmdlet import Cmdlet
from .._model.declaration import own_parameters
from .._values import (
    UNSET,
    ConnectionSetting,
    Encryption,
    is_host_name,
)
from .directory import directory_facts, directory_guid

if TYPE_CHECKING:
    from .._cmdlets.pop_settings import PopSettings

__all__ = ["NewServer", "Version", "new_values"]

Version = Literal["2016", "2019", "SE"]
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
        place = self.distinguished_name
        names = (self.name, self.fqdn, place, self.legacy_dn, str(directory_guid(place)))
        return frozenset(name.casefold() for name in names)

    @property
    def settings(self) -> ImapSettings:
        """The IMAP4 settings that the installer stores."""
        return ImapSettings(**self._protocol("IMAP4", 993, 143, "IMAP"), **new_values(SetImapSettings, self.version))

    @property
    def pop_settings(self) -> PopSettings:
        """The POP3 settings that the installer stores."""
        from .._cmdlets.pop_settings import PopSettings, SetPopSettings  # noqa: PLC0415 - few tests are about POP3

        banner = "The Microsoft Exchange POP3 service is ready."
        declared = new_values(SetPopSettings, self.version)
        return PopSettings(**self._protocol("POP3", 995, 110, "POP"), banner=banner, **declared)

    def _protocol(self, name: str, ssl: int, tls: int, kind: str) -> dict[str, Any]:  # Any: settings of several types
        """Return what differs between the settings of the two protocols, or from server to server."""
        return {
            "server": self.name,
            "name": "1",
            "protocol_name": name,
            "internal_connection_settings": (
                ConnectionSetting(self.fqdn, ssl, Encryption.SSL),
                ConnectionSetting(self.fqdn, tls, Encryption.TLS),
            ),
            "x509_certificate_name": self.name,
            "live_id_basic_auth_replacement": False,
            **directory_facts(
                f"{self.name}\\1",
                f"CN=1,CN={name},CN=Protocols,{self.distinguished_name}",
                domain=self.domain,
                category=f"ms-Exch-Protocol-Cfg-{kind}-Server",
                classes=("top", "protocolCfg", f"protocolCfg{kind}", f"protocolCfg{kind}Server"),
            ),
        }


def new_values(cmdlet: type[Cmdlet], version: str) -> dict[str, Any]:  # Any: settings of several types
    """Return what the declarations of a ``Set-`` cmdlet say of a new server, or of a new object, by field name."""
    declared = {field: spec.value_when_new(version) for field, spec in own_parameters(cmdlet).items()}
    return {field: value for field, value in declared.items() if value is not UNSET}
