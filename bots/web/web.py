"""The small HTTP process: is it healthy, what are the numbers, and where does a posted link lead now.

/healthz   the process answers
/readyz    database, queue and store answer; 503 and what does not, otherwise
/metrics   for Prometheus
/v/TOKEN   a finished video's page (bots/web/videos.py)
/v/TOKEN/FILE   what lies beside it: video.mp4, captions.srt, post.md …
/slack/events   what Slack posts, in HTTP mode; its signature is checked
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

import anyio
import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from uvicorn.protocols.http.h11_impl import H11Protocol

from bots.web.metrics_door import MetricsDoor
from bots.web.videos import said, videos
from jobs.metrics import exposition
from jobs.office import Rules
from storage.database import Database
from storage.errors import StorageError
from storage.objects import Objects

#: Seconds that answers under way get when the web process stops.
LAST_ANSWERS = 5

Handler = Callable[[Request], Awaitable[Response]]


def application(
    database: Database,
    objects: Objects,
    rules: Rules,
    ready: Mapping[str, Callable[[], object]],
    metrics: MetricsDoor,
    slack: Handler | None = None,
) -> Starlette:
    """The web application. `ready` holds a function for each thing that must answer; one that raises does not.

    `metrics` says who may read /metrics. `slack` answers what Slack posts.
    """
    routes = [
        Route("/healthz", _healthz),
        Route("/readyz", _readyz(ready)),
        Route("/metrics", _metrics(database, rules, metrics)),
        Route("/v/{token}", videos(database, objects)),
        Route("/v/{token}/{name:path}", videos(database, objects)),
    ]
    if slack is not None:
        routes.append(Route("/slack/events", slack, methods=["POST"]))
    return Starlette(
        routes=routes, exception_handlers={StorageError: _away, 404: _nowhere, Exception: _broken}
    )


def http_server(app: Starlette) -> uvicorn.Server:
    """A server of `app`, to be run in a thread. What it needs is imported here, while no other thread imports."""
    anyio.run(anyio.sleep, 0)  # the pool that runs our answers finds its backend when it is first used
    config = uvicorn.Config(
        app,
        http=H11Protocol,
        loop="none",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=LAST_ANSWERS,
        proxy_headers=False,
        server_header=False,
    )
    config.load()
    return uvicorn.Server(config)


async def _healthz(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


def _readyz(ready: Mapping[str, Callable[[], object]]) -> Callable[[Request], object]:
    def look() -> dict[str, str]:
        found = {}
        for name, answers in ready.items():
            try:
                answers()
                found[name] = "ok"
            except Exception as error:  # noqa: BLE001 - whatever it is, it is not ready
                found[name] = type(error).__name__
        return found

    async def readyz(_: Request) -> Response:
        found = await run_in_threadpool(look)
        well = all(state == "ok" for state in found.values())
        return JSONResponse({"ready": well} | found, status_code=200 if well else 503)

    return readyz


def _metrics(database: Database, rules: Rules, door: MetricsDoor) -> Callable[[Request], object]:
    async def metrics(request: Request) -> Response:
        if (refusal := door.refusal(request)) is not None:
            return refusal
        text = await run_in_threadpool(exposition, database, rules)
        return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")

    return metrics


async def _away(_: Request, error: Exception) -> Response:
    assert isinstance(error, StorageError)
    response = said(503, error.sentence, error.advice)
    response.headers["Retry-After"] = "10"
    return response


async def _nowhere(_: Request, __: Exception) -> Response:
    return said(404, "There is nothing here.", "Check that the whole link was copied.")


async def _broken(_: Request, __: Exception) -> Response:
    return said(
        500, "Something broke.", "Try again in a minute; whoever runs Hidden Hill finds it in the log."
    )
