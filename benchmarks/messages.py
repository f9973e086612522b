"""The messenger in crowded channels, on a platform in memory that counts what is written to it.

    python -m benchmarks.messages [--jobs 100] [--seconds 120]

Every job makes progress once a second and comes to a stage now and then; then all end. Bars: with 5 jobs in a
channel a new stage is seen within 2 s (p95); with 100, one write a second (and a burst of 4), and
every end is shown. The rows are those of a real house on SQLite.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

from bots.cards.card import Card
from bots.messenger.messenger import Messenger
from bots.people import Place
from bots.port import Attachment, Tag, Uploads
from jobs.kit import Kit
from jobs.office import Office
from jobs.progress import STAGES
from pipeline.model import StageName
from storage import chat, jobs, workspaces
from storage.database import Database
from storage.job_ids import random_id
from storage.jobs import NewJob
from storage.migrate import migrate
from storage.objects import FolderObjects, Links
from storage.records import WHOLE, JobState, Requester

SPAN: Final = 60.0
#: One a second, a burst of 4, and one that was on its way when the minute began.
ALLOWED: Final = 60 + 4 + 1
WORKSPACE: Final = "slack:T1"
#: Seconds that the platform takes for a call.
CALL: Final = 0.15


class Quiet:
    """A queue and hints that nobody hears."""

    def send(self, stage: StageName, job: str, scene: int = WHOLE, *, after: float = 0.0) -> None:
        """Announced to nobody."""

    def backlog(self, stage: StageName) -> int:  # noqa: ARG002
        """Nothing."""
        return 0

    def changed(self, job: str) -> None:
        """Heard by nobody."""


class Counting:
    """A `bots.port.Port` that notes when what was written."""

    platform = "slack"

    def __init__(self) -> None:
        self.writes: list[float] = []
        self.texts: dict[str, str] = {}
        #: When each job's message first said each text.
        self.seen: dict[tuple[str, str], float] = {}

    async def _write(self, tag: Tag, card: Card) -> None:
        await asyncio.sleep(CALL)
        self.writes.append(time.monotonic())
        if tag.what == "message":
            words = card.model_dump_json().replace("\u2011", "-")
            self.texts[tag.job] = words
            for stage in STAGES:
                if f"▸\u00a0{stage}" in words:
                    self.seen.setdefault((tag.job, stage), self.writes[-1])

    def uploads(self, place: Place) -> Uploads:  # noqa: ARG002
        """Nothing."""
        return Uploads(largest=0)

    async def post(self, place: Place, card: Card, *, tag: Tag) -> str:  # noqa: ARG002
        """Note it."""
        await self._write(tag, card)
        return f"{tag.job}-{tag.what}"

    async def edit(self, place: Place, message: str, card: Card, *, tag: Tag) -> None:  # noqa: ARG002
        """Note it."""
        await self._write(tag, card)

    async def find(self, place: Place, tag: Tag, *, since: float) -> str | None:  # noqa: ARG002
        """Nothing was posted before."""
        return None

    async def upload(self, place: Place, files: Sequence[Attachment], *, tag: Tag) -> str:  # noqa: ARG002
        """Nothing is uploaded here."""
        return tag.what

    async def remove(self, place: Place, handle: str) -> None:
        """Nothing is deleted here."""

    async def react(self, place: Place, message: str, name: Literal["retry"]) -> None:
        """Nothing fails here."""

    async def unreact(self, place: Place, message: str, name: Literal["retry"]) -> None:
        """Nothing fails here."""

    async def dm(self, user: str) -> Place:
        """Where one person reads."""
        return Place(platform=self.platform, workspace=WORKSPACE, channel=f"D{user}", kind="dm")

    async def permalink(self, place: Place, message: str) -> str | None:  # noqa: ARG002
        """Messages have no address here."""
        return None

    async def admins(self, workspace: str) -> Sequence[str]:  # noqa: ARG002
        """Nobody."""
        return ()


def opened_office(folder: Path) -> Office:
    """A house without workers."""
    database = Database(None, folder=folder)
    migrate(database)
    objects = FolderObjects(folder / "objects")
    quiet = Quiet()
    return Office(
        database=database,
        objects=objects,
        links=Links(objects, None, "https://hill.example"),
        queue=quiet,
        hints=quiet,
    )


def begun(office: Office) -> str:
    """A running job with its message in the one channel; its id."""
    db, job = office.database, random_id()
    ada = Requester(workspace=WORKSPACE, platform="slack", user="UADA", name="Ada")

    def work() -> None:
        new = NewJob(
            id=job,
            workspace=WORKSPACE,
            user=workspaces.user_id(db, ada),
            private=False,
            order='{"source": "1"}',
            source="1",
            sameness=job,
            state=JobState.RUNNING,
            stage="fetch-paper",
            needs_approval=False,
            estimate_cents=0,
            token=job,
        )
        jobs.add(db, new)
        chat.open_chat(
            db, job=job, platform="slack", workspace=WORKSPACE, channel="C1", kind="public", thread=None
        )

    db.do(work)
    return job


async def crowd(count: int, seconds: float) -> tuple[Counting, list[float], float, int]:
    """`count` jobs for so many seconds, then their ends.

    Returns the platform, how late each new stage was seen (seconds), how long it took until every end was
    shown, and how many ends were not.
    """
    with tempfile.TemporaryDirectory() as folder:
        office = opened_office(Path(folder))
        port = Counting()
        messenger = Messenger(office, Kit(data=Path(folder)), port)
        stop = asyncio.Event()
        running = asyncio.create_task(messenger.run(stop))
        ids = [await asyncio.to_thread(begun, office) for _ in range(count)]
        while len(port.texts) < count:
            await asyncio.sleep(0.1)
        came = await asyncio.to_thread(_work, office, messenger, ids, seconds)
        ended = time.monotonic()
        await asyncio.to_thread(_end, office, messenger, ids)
        while any("Cancelled" not in text for text in port.texts.values()):
            if time.monotonic() - ended > 10 * count + 60:
                break
            await asyncio.sleep(0.1)
        shown = time.monotonic() - ended
        stop.set()
        await running
        office.database.close()
    late = [port.seen[which] - at for which, at in came.items() if which in port.seen]
    return port, late, shown, sum("Cancelled" not in text for text in port.texts.values())


def _work(
    office: Office, messenger: Messenger, ids: list[str], seconds: float
) -> dict[tuple[str, str], float]:
    """Progress once a second, a new stage about every ten; when each came."""
    chance, ends = random.Random(7), time.monotonic() + seconds
    came: dict[tuple[str, str], float] = {}
    at = dict.fromkeys(ids, 0)
    while time.monotonic() < ends:
        round_ends = time.monotonic() + 1.0
        for job in ids:
            time.sleep(max(chance.uniform(0, 2.0 / len(ids)) - 0.001, 0.0))
            if at[job] + 1 < len(STAGES) and chance.random() < 0.1:
                at[job] += 1
                came[job, STAGES[at[job]]] = time.monotonic()
            fraction = at[job] / len(STAGES) + chance.random() / 10
            stage, message = STAGES[at[job]], f"step {chance.random()}"
            office.database.do(
                lambda job=job, stage=stage, fraction=fraction, message=message: jobs.change(  # type: ignore[misc]
                    office.database,
                    job,
                    [JobState.RUNNING],
                    stage=stage,
                    fraction=fraction,
                    message=message,
                )
            )
            messenger.hint(job)
        time.sleep(max(round_ends - time.monotonic(), 0.0))
    return came


def _end(office: Office, messenger: Messenger, ids: list[str]) -> None:
    for job in ids:
        office.database.do(
            lambda job=job: jobs.change(  # type: ignore[misc]
                office.database, job, [JobState.RUNNING], state=JobState.CANCELLED
            )
        )
        messenger.hint(job)


def most_within(moments: list[float], seconds: float) -> int:
    """The most of the moments that lie in any span of so many seconds."""
    return max(sum(start <= moment < start + seconds for moment in moments) for start in moments)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=120.0)
    said = parser.parse_args()
    for count in (5, said.jobs):
        port, late, shown, missing = asyncio.run(crowd(count, said.seconds))
        late.sort()
        p95 = f"{late[int(len(late) * 0.95)]:.2f} s" if late else "none"
        print(f"{count} jobs in one channel:")
        print(f"  a new stage is seen after (p95 of {len(late)}): {p95}")
        print(f"  most writes in a minute: {most_within(port.writes, SPAN)} (bar {ALLOWED})")
        print(f"  every end shown after {shown:.0f} s; not shown: {missing}")


if __name__ == "__main__":
    main()
