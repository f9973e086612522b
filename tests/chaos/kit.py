"""A kit for chaos: the embedded tools, a writer that buys its script, and little patience.

`kit.options`: "shop" is the address of `tests.fakes.shop`, "repeatable" whether it knows an order that it has seen,
"worker" the process id of the worker.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Literal
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from jobs.kit import Kit, LatePurchases, default_tools
from jobs.stage_process import StageTask
from pipeline.errors import ProviderError, TransientProviderError
from pipeline.keys import key_of
from pipeline.model import Paper, Script
from pipeline.providers import Brief, Pending, Purchases, Watcher
from pipeline.script.extractive import ExtractiveWriter
from pipeline.stages import Tools
from settings import Settings
from storage.database import Database
from storage.objects import Objects
from storage.purchases import Purchases as Kept
from storage.s3 import S3Objects
from tests.fakes.shop import ware

#: What a script costs (US cents), and what is reserved for a job.
CENTS, ESTIMATE = 7, 10
#: Seconds between two looks at the shop.
_AGAIN = 0.3


class ChaosKit(Kit):
    """A kit whose bucket is given up on after two seconds, not after a minute."""

    def objects(self) -> Objects:
        """The object store, opened anew."""
        if self.bucket is None:
            return super().objects()
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
        tools="tests.chaos.kit:tools",
        watchers="tests.chaos.kit:watchers",
        options={"shop": shop, "repeatable": "yes" if repeatable else "", "worker": str(os.getpid())},
    )


@dataclass
class BuyingWriter(ExtractiveWriter):
    """Writes what the embedded writer does, once the shop has sold and delivered it."""

    options: Mapping[str, str]
    purchases: Purchases

    def write(self, paper: Paper, brief: Brief, *, spoken_seconds: Callable[[str], float]) -> Script:
        """Raises `Pending` until the shop is ready."""
        what = key_of("bought-script", [paper.title, brief.seconds, brief.audience])
        repeatable = bool(self.options["repeatable"])

        def ask(purchase: str) -> str:
            order = json.dumps({"kind": "script", "what": what}).encode()
            headers = {"X-Worker": self.options["worker"], "Idempotency-Key": purchase}
            return str(json.loads(_ask(f"{self.options['shop']}/buys", order, headers))["task"])

        task = self.purchases.once(
            f"script:{what}", provider="shop", cents=CENTS, ask=ask, repeatable=repeatable
        )
        if _state(self.options["shop"], task) == "not-yet":
            raise Pending(task, "shop", "the shop writes the script", _AGAIN, 300.0)
        delivered = _ask(f"{self.options['shop']}/tasks/{task}/result")
        assert delivered == ware("script", what), "the shop delivered something else"
        return super().write(paper, brief, spoken_seconds=spoken_seconds)


@dataclass
class ShopWatcher:
    """Looks whether the shop is ready."""

    shop: str
    again: float = _AGAIN

    def check(self, task: str) -> Literal["ready", "not-yet"]:
        """See `pipeline.providers.Watcher`."""
        return _state(self.shop, task)


class ShortLeases(LatePurchases):
    """Purchases whose asker is given up after three seconds without a sign."""

    @cached_property
    def _purchases(self) -> Purchases:
        url = self._kit.database_url
        database = Database(url.get_secret_value() if url else None, folder=self._kit.data)
        return Kept(database, self._workspace, self._job, lease=3.0)


def tools(kit: Kit, task: StageTask, objects: Objects) -> Tools:
    """The embedded tools, and the writer that buys."""
    usual = default_tools(kit, task, objects)
    purchases = ShortLeases(kit, task.workspace, task.job)
    return replace(usual, writer=BuyingWriter(options=kit.options, purchases=purchases), purchases=purchases)


def watchers(kit: Kit) -> Mapping[str, Watcher]:
    """Who looks at the shop."""
    return {"shop": ShopWatcher(kit.options["shop"])}


def _state(shop: str, task: str) -> Literal["ready", "not-yet"]:
    state = json.loads(_ask(f"{shop}/tasks/{task}"))["state"]
    if state == "failed":
        raise ProviderError("The shop could not write the script.")
    return "ready" if state == "ready" else "not-yet"


def _ask(url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> bytes:
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
