"""What Exchange keeps in Active Directory: the parameter of its cmdlets, and what every object says of itself."""

from __future__ import annotations

from uuid import UUID

from .._model.cmdlet import Cmdlet, ShouldProcessCmdlet
from .._model.codecs.lists import ListCodec
from .._model.codecs.literals import BOOLEAN
from .._model.codecs.values import GUID, MOMENT, TEXT
from .._model.declaration import fields, parameter, property_
from .._model.field_types import ItemsOr, Of
from .._model.snapshot import Snapshot
from .._values import Unset

__all__ = ["DirectoryObject", "ReadingCmdlet", "WritingCmdlet"]


@fields
class ReadingCmdlet(Cmdlet):
    """The base of the cmdlets that read from Active Directory."""

    domain_controller: str | Unset = parameter("DomainController", TEXT, last=True)
    """FQDN of the domain controller to read from."""


@fields
class WritingCmdlet(ShouldProcessCmdlet):
    """The base of the cmdlets that write to Active Directory."""

    domain_controller: str | Unset = parameter("DomainController", TEXT, last=True)
    """FQDN of the domain controller to write to."""


@fields
class DirectoryObject(Snapshot):
    """The base of the snapshots of such objects; what a server does not tell is ``None``."""

    identity: str | None = property_("Identity", TEXT)
    id: str | None = property_("Id", TEXT)
    guid: Of[UUID | None] = property_("Guid", GUID)
    distinguished_name: str | None = property_("DistinguishedName", TEXT)
    exchange_version: str | None = property_("ExchangeVersion", TEXT)
    object_category: str | None = property_("ObjectCategory", TEXT)
    object_class: ItemsOr[str, None] = property_("ObjectClass", ListCodec(TEXT, bare=True))
    organization_id: str | None = property_("OrganizationId", TEXT)
    originating_server: str | None = property_("OriginatingServer", TEXT)
    when_changed: str | None = property_("WhenChanged", MOMENT)
    when_created: str | None = property_("WhenCreated", MOMENT)
    when_changed_utc: str | None = property_("WhenChangedUTC", MOMENT)
    when_created_utc: str | None = property_("WhenCreatedUTC", MOMENT)
    is_valid: bool | None = property_("IsValid", BOOLEAN)
    object_state: str | None = property_("ObjectState", TEXT)
