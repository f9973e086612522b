"""Clients of boto3. Importing this takes half a second, the first client of a process a quarter."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import boto3  # type: ignore[import-untyped]
import botocore.loaders  # type: ignore[import-untyped]
import botocore.session  # type: ignore[import-untyped]
from boto3.s3.transfer import TransferConfig  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

_MB: Final = 1024 * 1024


def client(
    endpoint_url: str | None,
    access_key: str | None,
    secret_key: str | None,
    *,
    region: str,
    attempts: int,
    connect_seconds: float,
    read_seconds: float,
) -> Any:
    """A client for S3, safe to use from several threads. Raises `ValueError` for an endpoint that is no address."""
    core = botocore.session.Session()
    core.register_component("data_loader", _loader())
    session = boto3.session.Session(
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        region_name=None if endpoint_url is None and region == "auto" else region,
        botocore_session=core,
    )
    # Checksums as R2 takes them: only where the protocol demands one.
    config = Config(
        signature_version="s3v4",
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"mode": "standard", "total_max_attempts": attempts},
        connect_timeout=connect_seconds,
        read_timeout=read_seconds,
    )
    return session.client("s3", endpoint_url=endpoint_url, config=config)


def transfers(*, attempts: int) -> Any:
    """How files travel: in parts from 8 MB on, by four threads at most."""
    return TransferConfig(
        multipart_threshold=8 * _MB,
        multipart_chunksize=8 * _MB,
        max_concurrency=4,
        num_download_attempts=attempts,
    )


@cache
def _loader() -> Any:
    """The descriptions of services, read once a process: the second client takes 6 ms."""
    return botocore.loaders.create_loader()
