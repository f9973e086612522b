"""From settings to an office: which database, which store, which queue. The one place that joins them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from pydantic import SecretStr

from jobs.office import Office, Rules
from pipeline.errors import UsageError
from settings import Settings
from storage.database import Database
from storage.migrate import check, migrate
from storage.objects import FolderObjects, Links, Objects

if TYPE_CHECKING:
    from jobs.broker import StageBroker
    from jobs.kit import Kit


#: Seconds that a database may be away before its absence is told.
PATIENCE = 60.0
#: How a bucket is asked while somebody waits.
_HASTY: Final[dict[str, Any]] = {"attempts": 2, "connect_seconds": 2.0, "read_seconds": 5.0}


@dataclass(frozen=True)
class Opened:
    """An office at work: what it is made of, and where its queue is."""

    office: Office
    kit: Kit
    broker: StageBroker
    redis_url: str


@contextmanager
def opened(settings: Settings, *, patience: float = PATIENCE) -> Iterator[Opened]:
    """The office that `settings` describe; closed when the block ends.

    Raises `UsageError` for settings that contradict each other, `SchemaError` when a Postgres
    database was not migrated (SQLite is migrated here), and the errors of whatever is away.
    """
    from jobs.broker import BrokerQueue, redis_broker
    from jobs.hints import RedisHints
    from jobs.kit import Kit
    from jobs.stage_actors import declare

    with ExitStack() as stack:
        database = stack.enter_context(opened_database(settings, patience=patience))
        objects = object_store(settings)
        redis_url = stack.enter_context(queue_server(settings))
        broker = redis_broker(redis_url, heartbeat=settings.lease)
        stack.callback(broker.close)
        kit = replace(Kit.of(settings), redis_url=SecretStr(redis_url))
        queue = BrokerQueue(broker)
        hints = RedisHints(redis_url)
        stack.callback(hints.close)
        office = Office(
            database=database,
            objects=objects,
            links=Links(objects, settings.public_base_url, settings.web_url),
            queue=queue,
            hints=hints,
            rules=rules(settings),
            local_artefacts=kit.local_artefacts,
        )
        declare(broker, office, kit)
        yield Opened(office, kit, broker, redis_url)


@contextmanager
def opened_database(
    settings: Settings, *, migrated: bool = True, patience: float = PATIENCE
) -> Iterator[Database]:
    """The database alone. Unless `migrated` is False, its schema is what the code expects, or `SchemaError`."""
    url = settings.database_url
    settings.data.mkdir(parents=True, exist_ok=True)
    database = Database(url.get_secret_value() if url else None, folder=settings.data, patience=patience)
    try:
        if migrated:
            if database.dialect == "sqlite":
                migrate(database)
            check(database)
        yield database
    finally:
        database.close()


def object_store(settings: Settings, *, hasty: bool = False) -> Objects:
    """The bucket when one is named, else a folder. Raises `UsageError` when only half of a bucket is.

    `hasty`: for those whom somebody waits for; the bucket is asked twice at most, for a few seconds.
    """
    parts = {
        "AWS_STORAGE_BUCKET_NAME": settings.s3_bucket,
        "AWS_ACCESS_KEY_ID": settings.s3_access_key,
        "AWS_SECRET_ACCESS_KEY": settings.s3_secret_key,
    }
    if not any(parts.values()) and not settings.s3_endpoint:
        return FolderObjects(settings.data / "objects")
    bucket, access_key, secret_key = settings.s3_bucket, settings.s3_access_key, settings.s3_secret_key
    if bucket is None or access_key is None or secret_key is None:
        missing = [name for name, value in parts.items() if not value]
        raise UsageError(
            f"The object store is half described: {' and '.join(missing)} missing.",
            "Set all of AWS_STORAGE_BUCKET_NAME, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, or none of them.",
        )
    if urlsplit(settings.s3_endpoint or "").path.strip("/").split("/")[-1] == bucket:
        raise UsageError(
            "AWS_S3_ENDPOINT_URL ends with the bucket’s name.",
            "Leave the name out there: AWS_STORAGE_BUCKET_NAME has it.",
        )
    from storage.s3 import S3Objects

    return S3Objects(
        bucket,
        endpoint_url=settings.s3_endpoint,
        access_key=access_key.get_secret_value(),
        secret_key=secret_key.get_secret_value(),
        **(_HASTY if hasty else {}),
    )


@contextmanager
def queue_server(settings: Settings) -> Iterator[str]:
    """The address of the queue: REDIS_URL, else the embedded Valkey, which runs until the block ends."""
    if settings.redis_url is not None:
        yield settings.redis_url.get_secret_value()
        return
    from jobs.valkey import embedded

    with embedded(settings.data) as url:
        yield url


def rules(settings: Settings) -> Rules:
    """The flow's numbers, as far as the environment sets them."""
    return Rules(
        lease=settings.lease,
        lost_after=settings.lease,
        jobs_per_worker=settings.jobs_per_worker,
        artefact_days=settings.artefact_days,
    )


def what_would_be_lost(settings: Settings) -> list[str]:
    """Why production must not start like this: one sentence for each default that a redeployment wipes.

    Empty when nothing is at stake: no chat platform, no production flag, or somebody said it is fine.
    """
    public = settings.slack_bot_token or settings.discord_token or settings.production
    if not public or settings.ephemeral_ok:
        return []
    losses = []
    if settings.s3_bucket is None:
        losses.append(
            "Videos would be lost at the next restart. Set AWS_S3_ENDPOINT_URL, AWS_STORAGE_BUCKET_NAME and their keys."
        )
    elif settings.public_base_url is None and settings.web_url is None:
        losses.append(
            "Videos would have no link. Set PUBLIC_BASE_URL, or HIDDEN_HILL_WEB_URL for `hidden-hill web`."
        )
    if settings.database_url is None:
        losses.append("Jobs and quotas would be lost at the next restart. Set DATABASE_URL.")
    if settings.redis_url is None:
        losses.append("Workers and bots on other machines would share no queue. Set REDIS_URL.")
    return losses


def refuse_to_lose(settings: Settings) -> None:
    """Raise `UsageError` with everything that `what_would_be_lost` says."""
    losses = what_would_be_lost(settings)
    if losses:
        raise UsageError(
            " ".join(losses),
            "Or set HIDDEN_HILL_EPHEMERAL_OK=1, if HIDDEN_HILL_DATA is on a disk that stays.",
        )


def secrets_of(settings: Settings) -> list[str]:
    """Every secret value, and the passwords inside of addresses: what must never be logged."""
    values = [value for value in vars(settings).values() if isinstance(value, SecretStr)]
    plain = [value.get_secret_value() for value in values]
    inside = [password for text in plain if "://" in text for password in _passwords(text)]
    return [*plain, *inside]


def _passwords(address: str) -> list[str]:
    """What an address holds of passwords, as it is written there and decoded."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return []
    found = [parts.password or "", unquote(parts.password or "")]
    for name, values in parse_qs(parts.query).items():
        found += values if "password" in name.lower() else []
    return [text for text in found if text]
