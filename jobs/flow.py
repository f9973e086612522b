"""A run's way: begun by one worker at a time, then done, failed, put off or let go.

Each function does its row work in one transaction that holds the job, and speaks to queue and
watchers only after the commit. Whoever lost its lease changes nothing any more.
"""

from __future__ import annotations

import secrets
from typing import Unpack

import structlog

from jobs.admission import concluded, is_room
from jobs.claims import Claim, claim_of, is_late, may_begin
from jobs.ending import deliver, give_up, shown_of, video_of
from jobs.errors import DeadLinkError
from jobs.failures import Verdict, backoff, overdue, vanished
from jobs.news import News
from jobs.office import Office
from jobs.patience import away_since, counted, gave_room_up, is_over, keeps_room
from jobs.progress import SCENES, overall, pace
from jobs.stage_process import Outcome
from jobs.way import advance, fan_out, settle, stand_in_line
from pipeline.model import StageName
from storage import artefact_uses, jobs, stage_runs
from storage.records import WHOLE, Job, JobState, RunState, StageRun

__all__ = [
    "Claim",
    "begin",
    "fail",
    "finish",
    "let_go",
    "look_at_link",
    "may_go_on",
    "progress",
    "still_waiting",
    "wait",
]

#: Artefacts, (stage, key).
Uses = tuple[tuple[str, str], ...]
_log = structlog.get_logger(__name__)


def begin(office: Office, stage: StageName, job_id: str, scene: int = WHOLE, *, worker: str) -> Claim | None:
    """Take a run: it is the caller's for `Rules.lease` seconds from every sign of life.

    `None`: it isn't due, somebody holds it, it is done, or its job is over. With `Claim.task` a
    provider's task is to be looked at, which is no work: the job goes on waiting meanwhile.
    """
    return concluded(office, lambda news: _begin(office, stage, job_id, scene, worker, news))


def _begin(
    office: Office, stage: StageName, job_id: str, scene: int, worker: str, news: News
) -> Claim | None:
    db = office.database
    run = stage_runs.find(job_id, stage, scene)
    if run is not None and gave_room_up(run):
        db.alone("admission")  # before the job is held, as everywhere
    job = jobs.locked(db, job_id)
    run = stage_runs.find(job_id, stage, scene)
    if job is None or run is None or job.state not in jobs.AT_WORK:
        return None
    if run.state is RunState.RUNNING:
        if not is_late(office, run) or not lost(office, job, run, news):
            return None
    elif not may_begin(office, run):
        if run.state in stage_runs.UNFINISHED:  # a clock that runs ahead brought the message
            news.send(stage, job_id, scene, after=max((run.due_at or 0.0) - db.now(), 0.0))
        return None
    if gave_room_up(run) and job.state is JobState.WAITING and not is_room(office, besides=job.id):
        stand_in_line(office, job, run, news)
        return None
    owner = f"{worker[:40]}/{secrets.token_hex(8)}"
    stage_runs.change(
        run.id,
        stage_runs.UNFINISHED,
        state=RunState.RUNNING,
        owner=owner,
        attempt=run.attempt + 1,
        lease_until=db.now() + office.rules.lease,
        began_at=db.now(),
        away_since=away_since(run, db.now()),
        fraction=0.0,
    )
    if run.task is None and (
        job.state is not JobState.RUNNING or job.stage != stage or job.started_at is None
    ):
        began = job.started_at or db.now()
        jobs.change(
            db, job_id, jobs.AT_WORK, state=JobState.RUNNING, stage=stage, waiting=None, started_at=began
        )
        news.change(job_id)
    return claim_of(db, job, run, owner=owner)


def lost(office: Office, job: Job, run: StageRun, news: News) -> bool:
    """The run's holder vanished: it is due again. False when that was once too often and the job failed."""
    times = run.lost + 1
    why = f"its worker vanished ({times} so far)"
    stage_runs.change(
        run.id,
        [RunState.RUNNING],
        state=RunState.DUE,
        due_at=office.database.now(),
        began_at=office.database.now(),
        away_since=away_since(run, office.database.now()),
        lost=times,
        error=why,
    )
    if times <= office.rules.max_lost:
        return True
    _fail_job(office, job, run, vanished(_stage(run), run.scene, times), news)
    return False


def progress(office: Office, claim: Claim, fraction: float, message: str) -> bool:
    """A sign of life, and how far the run is. False: stop at once, the work is another's or nobody's."""
    return concluded(office, lambda news: _progress(office, claim, fraction, message, news))


def _progress(office: Office, claim: Claim, fraction: float, message: str, news: News) -> bool:
    db = office.database
    fraction = min(max(fraction, 0.0), 1.0)
    lease_until = db.now() + office.rules.lease
    state, said = jobs.glance(claim.job) or (None, "")
    nothing_new = state is JobState.RUNNING and (claim.stage == SCENES or message in ("", said))
    if nothing_new and stage_runs.sign(claim.run, claim.owner, lease_until=lease_until, near=fraction):
        return True
    job = _held(office, claim)
    if job is None:
        return False
    stage_runs.change(claim.run, [RunState.RUNNING], fraction=fraction, lease_until=lease_until, task=None)
    runs = stage_runs.of_job(job.id)
    together = max(job.fraction, overall(runs, job.scenes, pace(db)))
    if claim.stage == SCENES:
        drawn = sum(run.stage == SCENES and run.state is RunState.DONE for run in runs)
        message = f"scene {min(drawn + 1, job.scenes or 1)} of {job.scenes}"
    message = message or job.message
    if together - job.fraction >= 0.001 or message != job.message or job.state is not JobState.RUNNING:
        jobs.change(
            db, job.id, jobs.AT_WORK, state=JobState.RUNNING, waiting=None, fraction=together, message=message
        )
        news.change(job.id)
    return True


def finish(office: Office, claim: Claim, outcome: Outcome) -> None:
    """The run is done. What is next is written down with it, and announced. Nothing happens without the lease.

    Raises `ValueError` when publish hands over no video: that is a mistake of ours.
    """
    concluded(office, lambda news: _finish(office, claim, outcome, news))


def look_at_link(office: Office, claim: Claim, outcome: Outcome) -> None:
    """Make sure that the links to page and video work, before they are delivered. Takes as long as the store takes.

    Raises `DeadLinkError` when it doesn't, `StoreAwayError` when the store can't be asked.
    """
    files, links = outcome.files or (), office.links
    linked = {file.key: file for file in (shown_of(files), video_of(files))}
    if not all(links.works(links.link(claim.job_token, file), key) for key, file in linked.items()):
        raise DeadLinkError(
            "The video was uploaded, but its link doesn't work.",
            "Whoever runs Hidden Hill can look at PUBLIC_BASE_URL and the bucket; then retry.",
        )


def _finish(office: Office, claim: Claim, outcome: Outcome, news: News) -> None:
    db = office.database
    job = _held(office, claim)
    if job is None:
        return
    stage_runs.change(
        claim.run,
        [RunState.RUNNING],
        state=RunState.DONE,
        due_at=None,
        error=None,
        fraction=1.0,
        key=outcome.key,
        provider=outcome.provider,
        version=outcome.version,
        seconds=outcome.seconds,
        reused=True if outcome.reused else None if outcome.partly else False,
        ended_at=db.now(),
        task=None,
    )
    artefact_uses.note(db, job.workspace, job.id, _artefacts(claim, outcome))
    if claim.stage == "publish":
        deliver(office, job, outcome.files or (), news, message=outcome.message)
        return
    if claim.stage == "fetch-paper" and outcome.paper is not None:
        jobs.change(db, job.id, jobs.AT_WORK, paper=outcome.paper)
    if claim.stage == "generate-audio":
        job = fan_out(office, job, outcome.scene_frames or (), news)
    advance(office, job, news)


def fail(office: Office, claim: Claim, failure: Verdict, *, uses: Uses = ()) -> None:
    """The run failed. What may pass is tried again after a pause, within the budget; else the job fails.

    `uses` are the artefacts that it had found or made. The budget is `Rules.away_for` seconds of trying in a row
    where something is away or busy, else a number of tries. Meanwhile the job keeps its room if others would
    fail in its place; else it stands in line again.
    """
    concluded(office, lambda news: _fail(office, claim, failure, uses, news))


def _fail(office: Office, claim: Claim, failure: Verdict, uses: Uses, news: News) -> None:
    job = _held(office, claim)
    run = stage_runs.find(claim.job, claim.stage, claim.scene)
    if job is None or run is None:
        return
    artefact_uses.note(office.database, job.workspace, job.id, uses)
    now, rules = office.database.now(), office.rules
    counts = counted(run, failure, now)
    failures = counts["failures"]
    if not failure.transient or is_over(counts, failure, rules, now):
        if failure.transient:
            words = f"{failure.sentence} It was tried {failures} times."
            failure = failure.model_copy(update={"sentence": words})
        _fail_job(office, job, run.model_copy(update={"failures": failures}), failure, news)
        return
    pause = backoff(failures, rules, wish=failure.retry_after)
    keeps = keeps_room(run, failure, counts, pause=pause, rules=rules)
    counts["state"], counts["task"] = RunState.DUE if keeps else RunState.WAITING, None
    _put_off(office, claim, failure.sentence, pause, news, **counts)


def wait(
    office: Office,
    claim: Claim,
    *,
    task: str,
    provider: str,
    why: str,
    again: float,
    until: float | None = None,
    place: int | None = None,
    uses: Uses = (),
) -> None:
    """The run waits for a provider's task: thread and lease are free, and it is looked at in `again` seconds.

    `until`: how long it may take at most (seconds from now); then the job fails, and can be retried. `uses`: as
    with `fail`.
    """

    def work(news: News) -> None:
        job = _held(office, claim)
        if job is None:
            return
        artefact_uses.note(office.database, job.workspace, job.id, uses)
        limit = None if until is None else office.database.now() + until
        to: stage_runs.RunChanges = {"task": task, "provider": provider, "give_up_at": limit}
        to["state"], to["away_since"] = RunState.WAITING, None
        _put_off(office, claim, why, again, news, **to)
        _say_place(office, claim.job, why, place, news)

    concluded(office, work)


def still_waiting(
    office: Office, claim: Claim, *, again: float, why: str | None = None, place: int | None = None
) -> None:
    """A look found the task unfinished: look again in `again` seconds, unless it took too long by now.

    Without `why` and `place` the job goes on saying what it said.
    """

    def work(news: News) -> None:
        now = office.database.now()
        if (why, place) == (None, None) and stage_runs.put_off_look(
            claim.run, claim.owner, now=now, due_at=now + again
        ):
            news.send(claim.stage, claim.job, claim.scene, after=again)
            return
        job = _held(office, claim)
        run = stage_runs.find(claim.job, claim.stage, claim.scene)
        if job is None or run is None:
            return
        said = why or run.error or "a provider"
        if run.give_up_at is not None and now >= run.give_up_at:
            _fail_job(office, job, run, overdue(claim.provider or "The provider", said), news)
            return
        _put_off(office, claim, said, again, news, state=RunState.WAITING, away_since=None)
        _say_place(office, claim.job, said, place, news)

    concluded(office, work)


def may_go_on(office: Office, claim: Claim) -> bool:
    """Whether what waited for a task may be worked on now. It is where its job is at work, or there is room.

    Else the job stands in line where it stood before, and the run is due once it is admitted.
    """

    def work(news: News) -> bool:
        db = office.database
        db.alone("admission")
        job = jobs.locked(db, claim.job)
        run = stage_runs.find(claim.job, claim.stage, claim.scene)
        if job is None or run is None or (run.state, run.owner) != (RunState.RUNNING, claim.owner):
            return False
        if job.state is JobState.RUNNING:
            return True
        if job.state is JobState.WAITING and is_room(office, besides=job.id):
            jobs.change(db, job.id, [job.state], state=JobState.RUNNING, waiting=None)
            news.change(job.id)
            return True
        stand_in_line(office, job, run, news)
        return False

    return concluded(office, work)


def let_go(office: Office, claim: Claim) -> None:
    """The worker stops: the run is due again at once, for another. It counts as nothing."""

    def work(news: News) -> None:
        if _held(office, claim) is None:
            return
        stage_runs.change(
            claim.run,
            [RunState.RUNNING],
            state=RunState.DUE,
            due_at=office.database.now(),
            began_at=office.database.now(),
            away_since=None,
        )
        news.send(claim.stage, claim.job, claim.scene)
        settle(office, claim.job, news)

    concluded(office, work)


def _held(office: Office, claim: Claim) -> Job | None:
    """The job, locked, if the run is still the claim's and the job still wants it."""
    job = jobs.locked(office.database, claim.job)
    run = stage_runs.find(claim.job, claim.stage, claim.scene)
    if job is None or run is None or job.state not in jobs.AT_WORK:
        return None
    return job if run.state is RunState.RUNNING and run.owner == claim.owner else None


def _put_off(
    office: Office, claim: Claim, why: str, pause: float, news: News, **to: Unpack[stage_runs.RunChanges]
) -> None:
    to["began_at"] = office.database.now()
    to["due_at"] = office.database.now() + pause
    to["error"] = why
    stage_runs.change(claim.run, [RunState.RUNNING], **to)
    news.send(claim.stage, claim.job, claim.scene, after=pause)
    settle(office, claim.job, news)


def _say_place(office: Office, job_id: str, why: str, place: int | None, news: News) -> None:
    job = jobs.find(job_id)
    # What another scene waits for may be what is told.
    if job is not None and job.waiting is not None and job.waiting.why == why and job.waiting.place != place:
        waiting = job.waiting.model_copy(update={"place": place})
        jobs.change(office.database, job_id, [JobState.WAITING], waiting=waiting)
        news.change(job_id)


def _fail_job(office: Office, job: Job, run: StageRun, failure: Verdict, news: News) -> None:
    stage_runs.change(
        run.id,
        stage_runs.UNFINISHED,
        state=RunState.FAILED,
        due_at=None,
        failures=run.failures,
        error=failure.sentence,
        ended_at=office.database.now(),
        task=None,
    )
    _log.warning(
        "job failed", job=job.id, stage=run.stage, scene=run.scene, code=failure.code, ref=failure.reference
    )
    give_up(office, job, JobState.FAILED, news, failure=failure.failure(run.stage), give_back=True)


def _artefacts(claim: Claim, outcome: Outcome) -> set[tuple[str, str]]:
    uses = set(outcome.uses)
    if claim.stage != "publish":
        uses.add(("scene" if claim.stage == SCENES else claim.stage, outcome.key))
    return uses


def _stage(run: StageRun) -> StageName:
    stage: StageName = run.stage  # type: ignore[assignment]
    return stage
