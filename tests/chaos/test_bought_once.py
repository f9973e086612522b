"""Workers killed at each point of a purchase from Gemini and Runway: each thing is bought once at most."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock

import pytest

from jobs.order import JobOrder
from jobs.submission import submit
from jobs.uploads import take_in
from pipeline.publish.manifest import Manifest
from storage.models import Purchase
from storage.records import Job, JobState, Requester
from tests.chaos.processes import stage_processes
from tests.chaos.site import WORKSPACE, Site, opened_site
from tests.fakes.gemini import KEY as GEMINI_KEY
from tests.fakes.gemini import open_gemini
from tests.fakes.gemini.server import Request as Question
from tests.fakes.runway.server import KEY as RUNWAY_KEY
from tests.fakes.runway.server import FakeRunway, Fate, Request, fake_runway
from tests.scenarios.papers import PDF


@dataclass
class Deaths:
    """Kills the worker once at each of these moments; somebody else hires the next."""

    site: Site
    runway: FakeRunway
    struck: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def strike(self, moment: str) -> bool:
        """Kill, unless that was done: the worker, and with it the process of its stage. Whether it was done now."""
        with self._lock:
            if moment in self.struck:
                return False
            victims = self.site.living()
            for one in victims:
                one.kill()
            ending = time.monotonic() + 10
            while stage_processes(self.site.mark, [one.pid for one in victims]):
                assert time.monotonic() < ending, "the stage outlives its worker"
                time.sleep(0.02)
            self.struck.append(moment)
            self.site.tally.faults[f"kill when {moment}"] += 1
            return True

    def gemini_sold(self, question: Question) -> None:
        if not question.speaks:
            self.strike("a script was sold and not noted")

    def at_gemini(self, question: Question) -> None:
        if question.speaks and self.strike("a recording was about to be sold"):
            raise ConnectionError

    def runway_sold(self) -> None:
        if len(self.runway.sales) == 1:
            self.strike("a clip was sold and not noted")

    def at_runway(self, request: Request) -> None:
        orders = len([one for one in self.runway.requests if one.method == "POST"])
        if request.method == "GET" and request.path.startswith("/v1/tasks/"):
            self.strike("a clip was sold and noted")
        elif request.method == "POST" and orders == 3 and self.strike("a clip was about to be sold"):
            raise ConnectionError


MOMENTS = 5


def test_workers_killed_at_every_point_of_a_purchase_buy_nothing_twice(tmp_path: Path) -> None:
    pytest.importorskip("google.genai")
    pytest.importorskip("runwayml")
    with ExitStack() as stack:
        gemini = stack.enter_context(open_gemini())
        runway = stack.enter_context(fake_runway())
        runway.usual = Fate(states=("SUCCEEDED",))
        site = stack.enter_context(
            opened_site(
                tmp_path,
                "kills while buying from Gemini and Runway",
                CHAOS_TOOLS="tests.chaos.kit:usual_tools",
                GEMINI_API_KEY=GEMINI_KEY,
                GOOGLE_GEMINI_BASE_URL=gemini.url,
                RUNWAYML_API_SECRET=RUNWAY_KEY,
                RUNWAYML_BASE_URL=runway.url,
            )
        )
        deaths = Deaths(site, runway)
        gemini.before_answer, gemini.at_the_door = deaths.gemini_sold, deaths.at_gemini
        runway.before_answer, runway.at_the_door = deaths.runway_sold, deaths.at_runway
        job = ordered(site)
        for died in range(MOMENTS + 1):
            site.hire()
            site.until(
                lambda died=died: len(deaths.struck) > died or not site.unfinished(), "the next moment"
            )  # type: ignore[misc]
        site.until_all_ended()

        done = site.job(job.id)
        assert (done.state, done.failure) == (JobState.DONE, None)
        assert len(deaths.struck) == MOMENTS
        assert [len(gemini.sold), len(runway.sales)] == [1, 2], "no more than was sold when they died"
        states = site.office.database.do(
            lambda: sorted((row.provider, row.state) for row in Purchase.select())
        )
        assert states == [("Gemini", "unsure")] * 2 + [("Runway", "bought")] + [("Runway", "unsure")] * 2
        spent = site.office.database.do(lambda: sum(row.cents for row in Purchase.select()))
        assert (done.reserved_cents, done.spent_cents) == (0, spent), "what may be bought counts as spent"
        file = next(file for file in done.files if file.name == "manifest.json")
        stored = site.office.objects.path(file.key)
        assert stored is not None
        manifest = Manifest.model_validate_json(stored.read_bytes())
        assert sum(scene.visual.kind == "clip" for scene in manifest.scenes) == 1
        in_doubt = [one.check for one in manifest.checks if "may have been bought" in one.sentence]
        assert sorted(in_doubt) == ["footage", "footage", "voice", "writer"]
        site.tally.publish()


def ordered(site: Site) -> Job:
    """A job for the example paper, whose owner agreed that it is sent to providers."""
    order = JobOrder(
        source=PDF.name,
        upload=take_in(site.office.objects, WORKSPACE, PDF),
        upload_name=PDF.name,
        cloud=True,
        seconds=30,
        width=134,
        height=240,
    )
    who = Requester(workspace=WORKSPACE, platform="terminal", user="ada")
    job = submit(site.office, who, order, estimate_cents=500)
    assert isinstance(job, Job), job
    site.submitted[job.id] = order
    return job
