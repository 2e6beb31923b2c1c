"""What every object that Exchange keeps in Active Directory says of itself."""

from __future__ import annotations

from uuid import UUID

import attrs

from .._model.codecs.lists import ListCodec
from .._model.codecs.literals import BOOLEAN
from .._model.codecs.values import GUID, MOMENT, TEXT
from .._model.declaration import checked, property_
from .._model.snapshot import Snapshot

__all__ = ["DirectoryObject"]


@attrs.frozen(kw_only=True, repr=False, field_transformer=checked)
class DirectoryObject(Snapshot):
    """The base of the snapshots of such objects; what a server does not tell is ``None``."""

    identity: str | None = attrs.field(default=None, metadata=property_("Identity", TEXT))
    id: str | None = attrs.field(default=None, metadata=property_("Id", TEXT))
    guid: UUID | None = attrs.field(default=None, metadata=property_("Guid", GUID))
    distinguished_name: str | None = attrs.field(default=None, metadata=property_("DistinguishedName", TEXT))
    exchange_version: str | None = attrs.field(default=None, metadata=property_("ExchangeVersion", TEXT))
    object_category: str | None = attrs.field(default=None, metadata=property_("ObjectCategory", TEXT))
    object_class: tuple[str, ...] | None = attrs.field(
        default=None, metadata=property_("ObjectClass", ListCodec(TEXT, bare=True))
    )
    organization_id: str | None = attrs.field(default=None, metadata=property_("OrganizationId", TEXT))
    originating_server: str | None = attrs.field(default=None, metadata=property_("OriginatingServer", TEXT))
    when_changed: str | None = attrs.field(default=None, metadata=property_("WhenChanged", MOMENT))
    when_created: str | None = attrs.field(default=None, metadata=property_("WhenCreated", MOMENT))
    when_changed_utc: str | None = attrs.field(default=None, metadata=property_("WhenChangedUTC", MOMENT))
    when_created_utc: str | None = attrs.field(default=None, metadata=property_("WhenCreatedUTC", MOMENT))
    is_valid: bool | None = attrs.field(default=None, metadata=property_("IsValid", BOOLEAN))
    object_state: str | None = attrs.field(default=None, metadata=property_("ObjectState", TEXT))
