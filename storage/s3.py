"""Objects in a bucket of any S3 endpoint: Cloudflare R2, AWS, MinIO."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote

from storage.errors import ObjectMissingError, StoreRefusedError
from storage.objects import ObjectInfo, check_key

#: A presigned address lives this long at most (seconds): Signature Version 4, R2 and AWS alike.
LONGEST_ADDRESS: Final = 7 * 24 * 3600

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})


class S3Objects:
    """Objects in `bucket`. Safe to use from several threads; not to be sent to another process.

    Without `endpoint_url` it is AWS itself. A request is tried `attempts` times in all, with backoff,
    and waits `connect_seconds` and `read_seconds` at most. Raises `StoreRefusedError` when boto3 is not
    installed or the endpoint is no address.
    """

    shared: bool = True

    def __init__(
        self,
        bucket: str,
        *,
        endpoint_url: str | None,
        access_key: str | None,
        secret_key: str | None,
        region: str = "auto",
        attempts: int = 5,
        connect_seconds: float = 10.0,
        read_seconds: float = 60.0,
    ) -> None:
        try:
            from storage.s3_client import client, transfers
        except ImportError as error:
            raise StoreRefusedError(
                "A bucket needs boto3, which is not installed.",
                "Install it: pip install 'hidden-hill[cloud]'",
            ) from error
        self._bucket = bucket
        self._transfers = transfers(attempts=attempts)
        try:
            self._client = client(
                endpoint_url,
                access_key,
                secret_key,
                region=region,
                attempts=attempts,
                connect_seconds=connect_seconds,
                read_seconds=read_seconds,
            )
        except ValueError as error:
            raise StoreRefusedError(
                "The object store's address is none.", "Check AWS_S3_ENDPOINT_URL: https://…"
            ) from error

    def put(
        self,
        key: str,
        file: Path,
        *,
        content_type: str,
        cache_control: str = "",
        metadata: Mapping[str, str] = _NOTHING,
    ) -> None:
        """Upload `file`, in parts when it is large. Nobody sees it before it is whole.

        `metadata` is ASCII: it travels in headers.
        """
        extra: dict[str, Any] = {"ContentType": content_type, "Metadata": dict(metadata)}
        if cache_control:
            extra["CacheControl"] = cache_control
        with _understood():
            self._client.upload_file(
                str(file), self._bucket, check_key(key), ExtraArgs=extra, Config=self._transfers
            )

    def get(self, key: str, to: Path) -> None:
        """Download the object to `to`, whole or not at all. Raises `ObjectMissingError`."""
        to.parent.mkdir(parents=True, exist_ok=True)
        with _understood(key):
            # It is written beside `to` and renamed once it is whole.
            self._client.download_file(self._bucket, check_key(key), str(to), Config=self._transfers)

    def head(self, key: str) -> ObjectInfo | None:
        """What the store says of the object, with its metadata."""
        try:
            with _understood(key):
                answer = self._client.head_object(Bucket=self._bucket, Key=check_key(key))
        except ObjectMissingError:
            return None
        return ObjectInfo(
            key=key,
            bytes=answer["ContentLength"],
            modified=answer["LastModified"].timestamp(),
            metadata=answer["Metadata"],
        )

    def delete(self, key: str) -> None:
        """Delete the object; S3 says the same whether it was there or not."""
        with _understood():
            self._client.delete_object(Bucket=self._bucket, Key=check_key(key))

    def list(self, prefix: str) -> Iterator[ObjectInfo]:
        """Every object whose key begins with `prefix`, a thousand a request, without metadata."""
        pages = iter(
            self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        )
        while True:
            with _understood():
                page = next(pages, None)
            if page is None:
                return
            for entry in page.get("Contents", ()):
                yield ObjectInfo(
                    key=entry["Key"], bytes=entry["Size"], modified=entry["LastModified"].timestamp()
                )

    def address(self, key: str, *, seconds: int, filename: str | None = None) -> str:
        """A presigned address for `seconds`, or for 7 days when that is less. Nothing is asked of the store."""
        wanted: dict[str, Any] = {"Bucket": self._bucket, "Key": check_key(key)}
        if filename is not None:
            wanted["ResponseContentDisposition"] = f"attachment; filename*=UTF-8''{quote(filename, safe='')}"
        with _understood():
            return str(
                self._client.generate_presigned_url(
                    "get_object", Params=wanted, ExpiresIn=max(1, min(seconds, LONGEST_ADDRESS))
                )
            )

    def path(self, key: str) -> None:
        """`None`: objects of a bucket are no files here."""
        check_key(key)


@contextmanager
def _understood(key: str = "") -> Iterator[None]:
    """Turn boto3's errors into ours; with `key`, a missing object into `ObjectMissingError`."""
    from storage.s3_errors import BOTO_ERRORS, is_missing, meaning

    try:
        yield
    except BOTO_ERRORS as error:
        if key and is_missing(error):
            raise ObjectMissingError(
                f"The store holds no {key}.", "It may have been deleted; make it again."
            ) from None
        raise meaning(error) from error
