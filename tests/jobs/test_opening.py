"""From settings to an office: what is refused, and what is never shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from jobs.opening import object_store, opened, opened_database, refuse_to_lose, secrets_of, what_would_be_lost
from pipeline.errors import UsageError
from settings import Settings
from storage.errors import SchemaError
from storage.objects import FolderObjects
from storage.s3 import S3Objects
from tests.databases import PostgresServer

BUCKET = {"s3_bucket": "hill", "s3_access_key": SecretStr("key"), "s3_secret_key": SecretStr("secret")}


def settings(folder: Path, **fields: Any) -> Settings:
    """Settings that the machine's environment says nothing about."""
    return Settings.model_construct(
        **{name: field.default for name, field in Settings.model_fields.items()},
    ).model_copy(update={"data": folder, "workers": 1, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {"slack_bot_token": SecretStr("xoxb-1")},
        {"discord_token": SecretStr("token")},
        {"production": True},
    ],
)
def test_on_defaults_that_a_redeployment_wipes_nothing_starts(tmp_path: Path, fields: dict[str, Any]) -> None:
    public = settings(tmp_path, **fields)
    with pytest.raises(UsageError) as refused:
        refuse_to_lose(public)
    for name in ("AWS_S3_ENDPOINT_URL", "DATABASE_URL", "REDIS_URL"):
        assert name in refused.value.sentence
    assert "HIDDEN_HILL_EPHEMERAL_OK" in refused.value.advice
    refuse_to_lose(public.model_copy(update={"ephemeral_ok": True}))


def test_what_is_set_is_not_missed(tmp_path: Path) -> None:
    public = settings(
        tmp_path,
        production=True,
        database_url=SecretStr("postgresql://host/db"),
        redis_url=SecretStr("redis://host"),
        **BUCKET,
    )
    (only,) = what_would_be_lost(public)
    assert "PUBLIC_BASE_URL" in only
    assert what_would_be_lost(public.model_copy(update={"web_url": "https://hill.example"})) == []


def test_nothing_is_at_stake_without_a_chat(tmp_path: Path) -> None:
    refuse_to_lose(settings(tmp_path))
    refuse_to_lose(settings(tmp_path, slack_bot_token=SecretStr("")))


def test_a_store_is_a_folder_a_bucket_or_a_sentence(tmp_path: Path) -> None:
    assert isinstance(object_store(settings(tmp_path)), FolderObjects)
    assert isinstance(object_store(settings(tmp_path, **BUCKET), hasty=True), S3Objects)
    for name in BUCKET:
        half = {**BUCKET, name: None}
        with pytest.raises(UsageError, match="half described"):
            object_store(settings(tmp_path, **half))
    with pytest.raises(UsageError, match="half described"):
        object_store(settings(tmp_path, s3_endpoint="https://account.r2.cloudflarestorage.com"))


def test_all_that_is_secret_is_known_as_such(tmp_path: Path) -> None:
    found = secrets_of(
        settings(
            tmp_path,
            ncbi_api_key=SecretStr("ncbi-key"),
            database_url=SecretStr("postgresql://me:p%40ss@host/db"),
            redis_url=SecretStr("rediss://host/0?password=hush"),
            sentry_dsn=SecretStr("http://[broken"),
        )
    )
    assert {"ncbi-key", "p%40ss", "p@ss", "hush", "http://[broken"} <= set(found)


def test_an_office_stands_on_nothing_but_a_folder(tmp_path: Path) -> None:
    with opened(settings(tmp_path, lease=5.0)) as found:
        assert found.office.database.dialect == "sqlite"
        assert found.office.rules.lease == 5.0
        assert found.redis_url.startswith("unix://")
        found.office.queue.send("fetch-paper", "nobody")
        assert found.office.queue.backlog("fetch-paper") == 1


def test_a_postgres_is_not_migrated_by_the_way(tmp_path: Path, postgres_server: PostgresServer) -> None:
    with postgres_server.new_database() as url:
        plain = settings(tmp_path, database_url=SecretStr(url))
        with pytest.raises(SchemaError, match="not up to date"), opened_database(plain):
            pass
