"""What a stage needs to do its work in a process of its own: addresses, keys and folders as plain values.

A kit can be pickled. The tools themselves (a voice, a store's client, a database) are made from it by
the process that uses them, and only there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import SecretStr

from jobs.filming import film_watchers, filmer, films
from jobs.stage_process import StageTask
from jobs.voices import voices
from jobs.writers import writers
from pipeline.errors import OverBudgetError, UncertainPurchaseError
from pipeline.line import LINE, Limit
from pipeline.providers import Artefacts, Ask, Purchases, Watcher
from pipeline.publish.manifest import Software
from pipeline.publish.software import software
from pipeline.visuals.runway.models import listed
from storage.artefacts import FolderArtefacts
from storage.errors import OverBudgetError as OverStorageBudgetError
from storage.errors import UnsurePurchaseError
from storage.objects import FolderObjects, Objects
from storage.shared_artefacts import SharedArtefacts

if TYPE_CHECKING:
    from jobs.provider_limits import RedisLimits
    from pipeline.order import Tools
    from pipeline.paper.pace import Pace
    from settings import Settings


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """An S3 bucket and how it is reached; without `endpoint` it is AWS itself."""

    name: str
    endpoint: str | None
    access_key: SecretStr
    secret_key: SecretStr


@dataclass(frozen=True, kw_only=True)
class Kit:
    """Values out of the settings. `data` is the data folder; without `bucket` objects are files below it.

    `tools` and `watchers` name the functions ("module:function") that make the tools of a task and the
    watchers of its providers; `options` is whatever those functions want to know. `tries`: how often a provider
    that fails in a way that may pass is asked before something embedded takes its place. `limits` are how much of
    each provider may be used at once by all who share the queue at `redis_url`.
    """

    data: Path
    database_url: SecretStr | None = None
    bucket: Bucket | None = None
    ncbi_base_url: str = ""
    pmc_base_url: str = ""
    ncbi_email: str = ""
    ncbi_api_key: SecretStr | None = None
    writer: Literal["auto", "extractive", "gemini"] = "auto"
    gemini_key: SecretStr | None = None
    gemini_base_url: str = ""
    gemini_model: str = ""
    gemini_voice_model: str = ""
    voice: str = "auto"
    voice_style: str = ""
    tries: int = 4
    footage: Literal["auto", "off", "runway"] = "auto"
    runway_key: SecretStr | None = None
    runway_base_url: str = ""
    runway_models: tuple[str, ...] = ()
    runway_hosts: tuple[str, ...] = ()
    on_failure: Literal["fall-back", "fail"] = "fall-back"
    redis_url: SecretStr | None = None
    limits: Mapping[str, Limit] = field(default_factory=dict)
    software: Software = field(default_factory=lambda: Software(version=version("hidden-hill")))
    tools: str = "jobs.kit:default_tools"
    watchers: str = "jobs.kit:default_watchers"
    options: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> Kit:
        """The kit that `settings` describe."""
        bucket = None
        if settings.s3_bucket and settings.s3_access_key and settings.s3_secret_key:
            bucket = Bucket(
                name=settings.s3_bucket,
                endpoint=settings.s3_endpoint,
                access_key=settings.s3_access_key,
                secret_key=settings.s3_secret_key,
            )
        return cls(
            data=settings.data,
            database_url=settings.database_url,
            bucket=bucket,
            ncbi_base_url=settings.ncbi_base_url,
            pmc_base_url=settings.pmc_base_url,
            ncbi_email=settings.ncbi_email or "",
            ncbi_api_key=settings.ncbi_api_key,
            writer=settings.writer,
            gemini_key=settings.gemini_api_key,
            gemini_base_url=settings.gemini_base_url,
            gemini_model=settings.gemini_model,
            gemini_voice_model=settings.gemini_voice_model,
            voice=settings.voice,
            voice_style=settings.voice_style,
            footage=settings.footage,
            runway_key=settings.runway_api_secret,
            runway_base_url=settings.runway_base_url,
            runway_models=listed(settings.runway_models),
            runway_hosts=listed(settings.runway_output_hosts),
            on_failure=settings.on_failure,
            limits={
                "Gemini": Limit(settings.gemini_at_once, settings.gemini_a_minute),
                "Runway": Limit(settings.runway_at_once, settings.runway_a_minute),
            },
            software=software(),
        )

    def objects(self) -> Objects:
        """The object store, opened anew."""
        if self.bucket is None:
            return FolderObjects(self.data / "objects")
        from storage.s3 import S3Objects

        return S3Objects(
            self.bucket.name,
            endpoint_url=self.bucket.endpoint,
            access_key=self.bucket.access_key.get_secret_value(),
            secret_key=self.bucket.secret_key.get_secret_value(),
        )

    def local_artefacts(self, workspace: str) -> FolderArtefacts:
        """What the stages of this workspace made or fetched on this machine."""
        return FolderArtefacts(self.data / "artefacts" / workspace)

    def artefacts(self, workspace: str, objects: Objects) -> Artefacts:
        """What the stages of this workspace made, wherever; `objects` is where others find it."""
        local = self.local_artefacts(workspace)
        return SharedArtefacts(local, objects, f"artefacts/{workspace}") if objects.shared else local

    def tools_of(self, task: StageTask, artefacts: Artefacts) -> Tools:
        """The tools that the task is done with; they keep what they make in `artefacts`."""
        kit = self if task.on_failure is None else replace(self, on_failure=task.on_failure)
        made: Tools = _named(self.tools)(kit, task, artefacts)
        return made

    @cached_property
    def watching(self) -> Mapping[str, Watcher]:
        """Who looks at providers' tasks in this process, by the provider's name; used by several threads."""
        made: Mapping[str, Watcher] = _named(self.watchers)(self)
        return made

    @cached_property
    def shared_limits(self) -> RedisLimits | None:
        """What all workers together may use of the providers; `None` where there is no queue."""
        if self.redis_url is None:
            return None
        from jobs.provider_limits import RedisLimits

        return RedisLimits(self.redis_url.get_secret_value(), self.limits)

    @cached_property
    def ncbi_pace(self) -> Pace:
        """The turns at NCBI: of this machine, and of all workers together where there is a queue."""
        from pipeline.paper.pace import ncbi_pace

        here = ncbi_pace(
            self.ncbi_base_url, with_key=self.ncbi_api_key is not None, folder=self.data / "turns"
        )
        if self.redis_url is None:
            return here
        from jobs.ncbi_pace import SharedPace

        return SharedPace(self.redis_url.get_secret_value(), here)

    def __getstate__(self) -> dict[str, object]:
        """The values; what was made of them stays here."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


def _named(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(module), name)
    return found


def default_tools(
    kit: Kit, task: StageTask, artefacts: Artefacts, purchases: Purchases | None = None
) -> Tools:
    """Who the kit says, and NCBI. A file that was handed in goes to no provider outside unless its owner agreed."""
    from pipeline.order import Tools
    from pipeline.paper.pubmed import Ncbi

    key = kit.ncbi_api_key
    purchases = purchases or LatePurchases(kit, task.workspace, task.job)
    asked, cloud = task.order, task.order.may_leave
    buyer = task.workspace
    writer, spare_writer = writers(kit, artefacts, purchases, cloud=cloud, buyer=buyer)
    voice, spare_voice = voices(
        kit, artefacts, purchases, wish=asked.voice, style=asked.style, cloud=cloud, buyer=buyer
    )
    return Tools(
        ncbi=Ncbi(
            base_url=kit.ncbi_base_url,
            pmc_base_url=kit.pmc_base_url,
            email=kit.ncbi_email,
            api_key=key.get_secret_value() if key else "",
            pace=kit.ncbi_pace,
        ),
        writer=writer,
        spare_writer=spare_writer,
        last_try=task.failures + 1 >= kit.tries,
        voice=voice,
        spare_voice=spare_voice,
        artefacts=artefacts,
        size=(asked.width, asked.height),
        purchases=purchases,
        # A phrase of the paper goes to Runway.
        filmer=filmer(kit, artefacts, purchases, buyer=buyer)
        if films(kit, asked.footage, cloud=cloud)
        else None,
    )


def default_watchers(kit: Kit) -> Mapping[str, Watcher]:
    """Who looks at the lines before the providers, and at Runway's tasks where it makes footage."""
    limits = kit.shared_limits
    if limits is None:
        return film_watchers(kit)
    from jobs.provider_limits import LineWatcher

    return {LINE: LineWatcher(limits), **film_watchers(kit)}


class LatePurchases:
    """The purchases of a job. The database is opened by the first provider that buys something."""

    def __init__(self, kit: Kit, workspace: str, job: str) -> None:
        self._kit = kit
        self._workspace = workspace
        self._job = job

    @cached_property
    def _purchases(self) -> Purchases:
        from storage.database import Database
        from storage.purchases import Purchases as Kept

        url = self._kit.database_url
        database = Database(url.get_secret_value() if url else None, folder=self._kit.data)
        return Kept(database, self._workspace, self._job)

    def once(self, what: str, *, provider: str, cents: int, ask: Ask, repeatable: bool) -> str:
        """See `pipeline.providers.Purchases`. Raises `UncertainPurchaseError` and the storage's errors."""
        try:
            return self._purchases.once(what, provider=provider, cents=cents, ask=ask, repeatable=repeatable)
        except UnsurePurchaseError as error:
            raise UncertainPurchaseError(error.sentence, error.advice) from error
        except OverStorageBudgetError as error:
            raise OverBudgetError(error.sentence, error.advice) from error

    def cost(self, what: str, task: str, cents: int) -> None:
        """See `pipeline.providers.Purchases`."""
        self._purchases.cost(what, task, cents)

    def set_aside(self, what: str, task: str) -> None:
        """See `pipeline.providers.Purchases`."""
        self._purchases.set_aside(what, task)
