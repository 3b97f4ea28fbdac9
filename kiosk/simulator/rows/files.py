"""Files: what ION knows of them, and what lies in its storage."""

from dataclasses import dataclass

__all__ = ["FileAttachment", "StoredObject"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAttachment:
    """A file that was registered; its bytes may not be there yet."""

    id: int
    etag: str
    filename: str
    content_type: str
    s3_key: str
    s3_bucket: str = "ion-files"
    entity_id: int | None = None
    """The entity row it is attached to, whether or not there is one with this id."""
    is_asset: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredObject:
    """Bytes in the storage, under their key."""

    id: int
    s3_key: str
    s3_etag: str
    content_type: str
    content: bytes
