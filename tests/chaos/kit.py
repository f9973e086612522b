"""A kit for chaos: the embedded tools, a writer that buys its script, and little patience.

`kit.options`: "shop" is the address of `tests.fakes.shop`, "repeatable" whether it knows an order that it has seen,
"worker" the process id of the worker. Every process of a stage imports this module, so it is light.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from jobs.kit import Kit, LatePurchases, default_tools, default_watchers
from jobs.stage_process import StageTask
from pipeline.errors import ProviderError, TransientProviderError
from pipeline.providers import Artefacts, Purchases, Watcher
from storage.objects import Objects

if TYPE_CHECKING:
    from pipeline.order import Tools
    from settings import Settings

#: What a script costs, and what is reserved for a job (US cents).
CENTS, ESTIMATE = 7, 10
#: Seconds between two looks at the shop.
AGAIN = 0.3


class ChaosKit(Kit):
    """A kit whose bucket is given up on after two seconds, not after a minute."""

    def objects(self) -> Objects:
        """The object store, opened anew."""
        if self.bucket is None:
            return super().objects()
        from storage.s3 import S3Objects

        return S3Objects(
            self.bucket.name,
            endpoint_url=self.bucket.endpoint,
            access_key=self.bucket.access_key.get_secret_value(),
            secret_key=self.bucket.secret_key.get_secret_value(),
            attempts=3,
            connect_seconds=2.0,
            read_seconds=2.0,
        )


def kit_of(settings: Settings, *, shop: str, repeatable: bool) -> Kit:
    """The kit of a worker; to be called by the worker's own process."""
    return replace(
        ChaosKit.of(settings),
        tools=os.environ.get("CHAOS_TOOLS", "tests.chaos.kit:tools"),
        watchers="tests.chaos.kit:watchers",
        options={"shop": shop, "repeatable": "yes" if repeatable else "", "worker": str(os.getpid())},
    )


@dataclass
class ShopWatcher:
    """Looks whether the shop is ready."""

    shop: str
    again: float = AGAIN

    def check(self, task: str) -> Literal["ready", "not-yet"]:
        """See `pipeline.providers.Watcher`."""
        return state_of(self.shop, task)

    def call_off(self, task: str, sure: Callable[[], bool]) -> int | None:
        """See `pipeline.providers.Watcher`."""
        return None


class ShortLeases(LatePurchases):
    """Purchases whose asker is given up after three seconds without a sign."""

    @cached_property
    def _purchases(self) -> Purchases:
        from storage.database import Database
        from storage.purchases import Purchases as Kept

        url = self._kit.database_url
        database = Database(url.get_secret_value() if url else None, folder=self._kit.data)
        return Kept(database, self._workspace, self._job, lease=3.0)


def tools(kit: Kit, task: StageTask, artefacts: Artefacts) -> Tools:
    """The embedded tools, and the writer that buys."""
    from tests.chaos.writer import BuyingWriter

    usual = default_tools(kit, task, artefacts)
    purchases = ShortLeases(kit, task.workspace, task.job)
    return replace(usual, writer=BuyingWriter(options=kit.options, purchases=purchases), purchases=purchases)


def usual_tools(kit: Kit, task: StageTask, artefacts: Artefacts) -> Tools:
    """Those of production."""
    return default_tools(kit, task, artefacts, ShortLeases(kit, task.workspace, task.job))


def watchers(kit: Kit) -> Mapping[str, Watcher]:
    """Who looks at the shop, and those of production."""
    return {**default_watchers(kit), "shop": ShopWatcher(kit.options["shop"])}


def state_of(shop: str, task: str) -> Literal["ready", "not-yet"]:
    """Whether the shop is ready with `task`. Raises `ProviderError` when it failed."""
    state = json.loads(ask(f"{shop}/tasks/{task}"))["state"]
    if state == "failed":
        raise ProviderError("The shop could not write the script.")
    return "ready" if state == "ready" else "not-yet"


def ask(url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
    """What the shop answers. Raises `ProviderError`, transient when the shop is away."""
    with _understood(), urlopen(Request(url, body, dict(headers or {})), timeout=20) as answer:
        content: Any = answer.read()
        return bytes(content)


@contextmanager
def _understood() -> Iterator[None]:
    try:
        yield
    except HTTPError as error:
        error.close()
        raise ProviderError(f"The shop answered {error.code}.") from None
    except (URLError, OSError):
        raise TransientProviderError("The shop does not answer.") from None
