"""What the videos must be: each order made once, in one process, without queue, database, store and faults."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from jobs.order import JobOrder
from pipeline.keys import digest_of
from pipeline.model import Audience, StageName
from pipeline.narration.hibari import HibariVoice
from pipeline.order import Order, Tools
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.source import Source
from pipeline.publish.manifest import Software
from pipeline.run import Run
from pipeline.script.extractive import ExtractiveWriter
from storage.artefacts import FolderArtefacts

EXAMPLE = Path(__file__).parents[2] / "examples" / "caption-times.xml"
#: Nobody listens there: these tests need no internet.
NOWHERE = "http://127.0.0.1:9"


@dataclass
class Reference:
    """The sha256 of each order's video. Processes that share `folder` make each only once."""

    folder: Path

    def video(self, order: JobOrder) -> str:
        """The digest of the video of `order`, which is for the example paper."""
        known = self.folder / f"{order.seconds}-{order.audience}-{order.width}x{order.height}"
        with self._alone():
            if not known.exists():
                known.write_text(self._made(order))
            return known.read_text()

    def lend(self, folder: Path, orders: Sequence[tuple[int, Audience]]) -> None:
        """Copy what the stages before the drawing make of orders (seconds, audience) into `folder`."""
        for seconds, audience in orders:
            self.video(JobOrder(source="", seconds=seconds, audience=audience, width=134, height=240))
        with self._alone():
            for stage in ("fetch-paper", "generate-script", "speech", "generate-audio"):
                shutil.copytree(self.folder / "artefacts" / stage, folder / stage)

    def _made(self, order: JobOrder) -> str:
        paper = self.folder / "paper" / EXAMPLE.name
        paper.parent.mkdir(exist_ok=True)
        shutil.copy(EXAMPLE, paper)
        tools = Tools(
            ncbi=Ncbi(base_url=NOWHERE, pmc_base_url=NOWHERE, email="", api_key=""),
            writer=ExtractiveWriter(),
            voice=HibariVoice(),
            artefacts=FolderArtefacts(self.folder / "artefacts"),
            size=(order.width, order.height),
            workers=2,
        )
        asked = Order(
            source=Source("file", paper.name, paper), seconds=order.seconds, audience=order.audience
        )
        out = _Out(self.folder / "video.mp4")
        Run(asked, tools, out, Software(version="chaos"), _quiet).until("publish")
        return digest_of(out.video)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


@dataclass
class _Out:
    """Keeps the video and nothing else."""

    video: Path

    def put(self, name: str, file: Path, content_type: str) -> str:
        if name == "video.mp4":
            shutil.copy(file, self.video)
        return name

    def withdraw(self, name: str) -> None: ...


def _quiet(
    stage: StageName, fraction: float, message: str, *, reused: bool | None = None, partly: bool = False
) -> None: ...
