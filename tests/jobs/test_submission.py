"""Asking for a video: quotas, the same video twice, the line, and fairness in it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from jobs import flow
from jobs.control import cancel
from jobs.failures import Verdict
from jobs.office import Office
from jobs.order import JobOrder
from jobs.submission import admit, place_in_line, submit
from storage import jobs, workers, workspaces
from storage.objects import FolderObjects, ObjectInfo
from storage.quotas import Refusal
from storage.records import Job, JobState, Requester
from storage.workers import WorkerSign
from storage.workspaces import Terms
from tests.databases import FakeClock
from tests.jobs.offices import ADA, BEN, begun, finished, job_now, ordered, outcome, put, sent, work_through

LASTS = Verdict(code="no-paper", sentence="There is no such paper.", reference="HH-AAAA")


@pytest.fixture
def tight(office: Office) -> Office:
    """An office with room for one job."""
    return replace(office, rules=replace(office.rules, jobs_per_worker=1))


def test_ids_are_easy_to_say_and_tokens_hard_to_guess(office: Office) -> None:
    job = ordered(office)
    assert len(job.id) == 8
    assert not set(job.id) & set("01ilo")
    assert len(job.token) == 32


def test_a_refused_order_leaves_no_job(office: Office, clock: FakeClock) -> None:
    workspaces.set_terms(office.database, "lab", Terms(videos_per_user_day=2))
    ordered(office, source="1")
    ordered(office, source="2")
    refusal = submit(office, ADA, JobOrder(source="3"))
    assert isinstance(refusal, Refusal)
    assert refusal.limit == "videos_per_user_day"
    assert len(office.database.do(lambda: jobs.recent("lab"))) == 2
    clock.advance(16 * 3600)
    assert isinstance(submit(office, ADA, JobOrder(source="3")), Job)


def test_however_many_ask_at_once_the_cap_holds(office: Office) -> None:
    workspaces.set_terms(office.database, "lab", Terms(videos_per_day=4))
    people = [ADA.model_copy(update={"user": f"u{number}"}) for number in range(12)]
    orders = [JobOrder(source=str(number + 1)) for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda who, order: submit(office, who, order), people, orders))
    assert sum(isinstance(answer, Job) for answer in answers) == 4


def test_a_paused_workspace_takes_nothing(office: Office) -> None:
    workspaces.set_terms(office.database, "lab", Terms(paused=True))
    refusal = submit(office, ADA, JobOrder(source="1"))
    assert isinstance(refusal, Refusal)
    assert (refusal.limit, refusal.possible_at) == ("paused", None)


def test_the_same_paper_again_is_there_at_once_and_free(office: Office) -> None:
    workspaces.set_terms(office.database, "lab", Terms(videos_per_user_day=1, retention_days=30))
    first = finished(office, ADA, "pmid:32296183")
    again = ordered(office, ADA, "https://pubmed.ncbi.nlm.nih.gov/32296183/")
    assert again.state is JobState.DONE
    assert again.id != first.id
    assert again.files == first.files
    assert again.link == f"https://hill.example/v/{again.token}"
    assert again.paper == first.paper
    assert again.expires_at == office.database.now() + 30 * 24 * 3600
    assert sent(office) == []


def test_other_settings_or_another_workspace_make_another_video(office: Office) -> None:
    finished(office)
    assert ordered(office, seconds=75).state is JobState.RUNNING
    elsewhere = ADA.model_copy(update={"workspace": "other lab"})
    assert ordered(office, elsewhere).state is JobState.RUNNING


def test_a_private_video_is_shown_to_nobody_else(office: Office) -> None:
    private = finished(office, ADA, private=True)
    assert ordered(office, BEN).state is JobState.RUNNING
    assert ordered(office, ADA).files == private.files


def test_a_video_whose_file_is_gone_is_made_again(office: Office) -> None:
    done = finished(office)
    office.objects.delete(done.files[0].key)
    assert ordered(office, BEN).state is JobState.RUNNING


class Counting(FolderObjects):
    """A store that remembers what it was asked for."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.asked: list[str] = []

    def head(self, key: str) -> ObjectInfo | None:
        self.asked.append(key)
        return super().head(key)


def test_the_store_is_asked_once_for_what_many_jobs_share(office: Office, tmp_path: Path) -> None:
    key = finished(office).files[0].key
    for number in range(5):
        ordered(office, ADA.model_copy(update={"user": str(number)}))
    store = Counting(tmp_path / "objects")
    assert ordered(replace(office, objects=store), BEN).state is JobState.DONE
    assert store.asked == [key]
    store.delete(key)
    store.asked.clear()
    assert ordered(replace(office, objects=store), BEN).state is JobState.RUNNING
    assert store.asked == [key]


def test_the_latest_video_that_is_whole_is_handed_out(
    office: Office, clock: FakeClock, tmp_path: Path
) -> None:
    first = finished(office)
    videos: list[Job] = []
    for _ in range(3):  # the same order, made anew while nobody has its file
        clock.advance(1)
        with hidden(office, [first, *videos]):
            videos.append(finished(office))
    office.objects.delete(videos[2].files[0].key)
    store = Counting(tmp_path / "objects")
    assert ordered(replace(office, objects=store), BEN).files == videos[1].files
    assert store.asked == [videos[2].files[0].key, videos[1].files[0].key]


@contextmanager
def hidden(office: Office, those: list[Job]) -> Iterator[None]:
    """While it lasts, the store does not have the videos of `those`."""
    for job in those:
        office.objects.delete(job.files[0].key)
    yield
    for job in those:
        put(office, job.files[0].key)


def test_what_is_being_made_for_another_is_followed_and_costs_nothing(office: Office) -> None:
    leader = ordered(office, ADA, estimate_cents=40)
    follower = ordered(office, BEN, estimate_cents=40)
    own = ordered(office, ADA, estimate_cents=40)
    assert (follower.state, follower.follows) == (JobState.WAITING, leader.id)
    assert follower.waiting is not None
    assert own.waiting is not None
    assert follower.waiting.why == "the same video is being made for somebody else here"
    assert own.waiting.why == "this video is already being made for you"
    assert follower.reserved_cents == 40
    work_through(office)
    made, served = job_now(office, leader.id), job_now(office, follower.id)
    assert (served.state, served.fraction, served.files) == (JobState.DONE, 1.0, made.files)
    assert served.reserved_cents == 0
    assert office.database.do(lambda: jobs.held_videos(follower.id)) == 0
    assert office.database.do(lambda: jobs.held_videos(leader.id)) == 1


def test_when_the_leader_ends_badly_the_first_follower_leads(office: Office, clock: FakeClock) -> None:
    leader = ordered(office, ADA)
    first = ordered(office, BEN)
    clock.advance(1)
    second = ordered(office, ADA)
    cancel(office, leader.id, by="Ada")
    assert job_now(office, first.id).state is JobState.RUNNING
    assert job_now(office, second.id).follows == first.id
    message = sent(office)[-1]
    assert message[1] == first.id
    flow.fail(office, begun(office, message), LASTS)
    assert job_now(office, second.id).state is JobState.RUNNING
    work_through(office)
    assert job_now(office, second.id).state is JobState.DONE


def test_nobody_follows_a_private_job_of_another(office: Office, clock: FakeClock) -> None:
    leader = ordered(office, ADA)
    private = ordered(office, BEN, private=True)
    clock.advance(1)
    third = ordered(office, ADA.model_copy(update={"user": "eve"}))
    cancel(office, leader.id, by="Ada")
    assert job_now(office, private.id).follows is None
    assert job_now(office, third.id).follows is None


@pytest.mark.parametrize("approval", [True, False])
def test_nobody_follows_a_job_that_is_approved_otherwise(office: Office, approval: bool) -> None:
    leader = ordered(office, ADA, needs_approval=approval)
    other = ordered(office, BEN, needs_approval=not approval)
    alike = ordered(office, ADA, needs_approval=approval)
    assert (other.follows, alike.follows) == (None, leader.id)
    work_through(office)
    asking, going_on = (leader, other) if approval else (other, leader)
    assert job_now(office, asking.id).state is JobState.AWAITING_APPROVAL
    assert job_now(office, going_on.id).state is JobState.DONE


def test_a_follower_that_comes_as_its_leader_ends_is_not_forgotten(office: Office) -> None:
    leader = ordered(office, ADA)
    work_through(office, until="publish")
    claim = begun(office, sent(office)[0])
    made = outcome(office, claim)
    people = [ADA.model_copy(update={"user": f"u{number}"}) for number in range(5)]
    with ThreadPoolExecutor(6) as pool:
        ending = pool.submit(flow.finish, office, claim, made)
        answers = list(pool.map(lambda who: ordered(office, who), people))
        ending.result()
    assert job_now(office, leader.id).state is JobState.DONE
    assert {job_now(office, answer.id).state for answer in answers} == {JobState.DONE}


def test_room_grows_with_the_workers_that_live(tight: Office, clock: FakeClock) -> None:
    submitted = []
    for number in range(1, 5):
        submitted.append(ordered(tight, ADA, str(number)))
        clock.advance(1)
    for name in ("a", "b", "c"):
        workers.seen(tight.database, WorkerSign(id=name, host="h", pid=1, io=1, cpu=1))
    assert admit(tight) == 2
    clock.advance(61)
    assert admit(tight) == 0
    states = [job_now(tight, job.id).state for job in submitted]
    assert states == [JobState.RUNNING] * 3 + [JobState.QUEUED]


def test_places_in_line(tight: Office, clock: FakeClock) -> None:
    first = ordered(tight, ADA, "1")
    second = ordered(tight, ADA, "2")
    clock.advance(1)
    third = ordered(tight, ADA, "3")
    clock.advance(1)
    bens = ordered(tight, BEN, "4")
    places = [place_in_line(tight.database, job.id) for job in (first, bens, second, third)]
    assert places == [None, 1, 2, 3]


def test_twenty_jobs_of_one_person_delay_anothers_first_by_one_at_most(
    tight: Office, clock: FakeClock
) -> None:
    workspaces.set_terms(tight.database, "lab", Terms(videos_per_user_day=None))
    hers = [ordered(tight, ADA, str(number)).id for number in range(1, 21)]
    begun_jobs: list[str] = []
    his = ""
    while messages := sent(tight):
        for message in messages:
            clock.advance(1)
            claim = begun(tight, message)
            if claim.stage == "fetch-paper":
                begun_jobs.append(claim.job)
            if len(begun_jobs) == 3 and not his:
                his = ordered(tight, BEN, "99").id
                clock.advance(1)
                later = [ordered(tight, BEN, str(number)).id for number in (97, 98)]
            flow.finish(tight, claim, outcome(tight, claim, scenes=1))
    assert len(begun_jobs) == 23
    assert begun_jobs.index(his) == 3
    # From then on they take turns.
    turns = ["his" if job in later else "hers" for job in begun_jobs[4:8]]
    assert turns == ["hers", "his", "hers", "his"]
    assert {job_now(tight, job).state for job in hers} == {JobState.DONE}


def test_people_on_two_platforms_are_two(office: Office) -> None:
    slack = Requester(workspace="lab", platform="slack", user="ada", name="Ada")
    workspaces.set_terms(office.database, "lab", Terms(videos_per_user_day=1))
    ordered(office, ADA, "1")
    ordered(office, slack, "2")
