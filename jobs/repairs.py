"""What the sweeper mends in the flow: work whose holder, message or leader is gone.

Each function looks first and then mends one job at a time, looking again with the job held: so two
sweepers, or a worker at the same moment, do no harm. Each returns how many it mended.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import structlog

from jobs.admission import admit, concluded
from jobs.claims import is_late
from jobs.consent import settle_consent
from jobs.ending import give_up, hand_on, let_followers_go
from jobs.flow import lost
from jobs.news import News
from jobs.office import Office
from jobs.patience import away_since
from jobs.way import advance, settle
from pipeline.model import StageName
from storage import audit, jobs, ledger, stage_runs
from storage.records import Job, JobState, RunState, StageRun

_log = structlog.get_logger(__name__)
#: Even with messages waiting in its queue, a run that nobody began for so many times `lost_after` is sent again.
_AT_LAST: Final = 10.0


def due_again(office: Office) -> dict[str, int]:
    """Mend whatever is to be mended; how many of each kind."""
    repairs: tuple[Callable[[Office], int], ...] = (
        expired_leases,
        lost_messages,
        forgotten_looks,
        ungiven_approvals,
        unanswered_questions,
        stuck_jobs,
        orphaned_followers,
        admit,
    )
    mended = {repair.__name__.replace("_", " "): repair(office) for repair in repairs}
    if any(mended.values()):
        _log.info("mended", **{name: count for name, count in mended.items() if count})
    return mended


def expired_leases(office: Office) -> int:
    """Runs whose worker vanished are due again, unless it was once too often."""

    def mend(job: Job, run: StageRun, news: News) -> bool:
        if run.state is not RunState.RUNNING or not is_late(office, run):
            return False
        if lost(office, job, run, news):
            news.send(_stage(run), job.id, run.scene)
            settle(office, job.id, news)
        return True

    found = office.database.do(lambda: stage_runs.expired(office.database, lease=office.rules.lease))
    return sum(_with_run(office, run, mend) for run in found)


def lost_messages(office: Office) -> int:
    """Runs that are due for long and that nobody begins: their message is sent again."""
    now = office.database.now()
    patience = office.rules.lost_after
    found = office.database.do(
        lambda: stage_runs.overdue(
            office.database, RunState.DUE, since=now - patience, lease=office.rules.lease
        )
    )
    empty = {stage: _empty(office, stage) for stage in {_stage(run) for run in found}}

    def lost_for_good(run: StageRun) -> bool:
        return empty[_stage(run)] or (run.due_at or 0.0) < now - _AT_LAST * patience

    return sum(_send_again(office, run) for run in found if lost_for_good(run))


def forgotten_looks(office: Office) -> int:
    """Provider's tasks that nobody looked at when it was time: the look is sent again."""
    since = office.database.now() - office.rules.lost_after
    found = office.database.do(
        lambda: stage_runs.overdue(office.database, RunState.WAITING, since=since, lease=office.rules.lease)
    )
    return sum(_send_again(office, run) for run in found)


def ungiven_approvals(office: Office) -> int:
    """Jobs whose script nobody approved in time are cancelled."""
    now = office.database.now()
    days = f"{office.rules.approval_days:g} days"

    def mend(job: Job, news: News) -> bool:
        if job.state is not JobState.AWAITING_APPROVAL or job.waiting is None:
            return False
        if job.waiting.until is None or job.waiting.until >= now:
            return False
        message = f"Nobody approved the script within {days}."
        free = job.spent_cents == 0
        give_up(office, job, JobState.CANCELLED, news, message=message, give_back=free)
        audit.note(office.database, job.workspace, "sweeper", "cancel", job.id, message)
        return True

    found = office.database.do(lambda: jobs.unanswered(JobState.AWAITING_APPROVAL, now))
    return sum(_with_job(office, job, mend) for job in found)


def unanswered_questions(office: Office) -> int:
    """Jobs of which nobody said in time where their file may go: they go on, and nothing of it leaves."""
    now = office.database.now()

    def mend(job: Job, news: News) -> bool:
        if job.state is not JobState.AWAITING_CONSENT or job.waiting is None:
            return False
        if job.waiting.until is None or job.waiting.until >= now:
            return False
        settle_consent(office, job, news, cloud=False)
        hours = f"Nobody answered within {office.rules.consent_hours:g} hours."
        audit.note(office.database, job.workspace, "sweeper", "keep-local", job.id, hours)
        return True

    found = office.database.do(lambda: jobs.unanswered(JobState.AWAITING_CONSENT, now))
    return sum(_with_job(office, job, mend) for job in found)


def stuck_jobs(office: Office) -> int:
    """Jobs at work without a run to wait for go on with what is next."""

    def mend(job: Job, news: News) -> bool:
        runs = stage_runs.of_job(job.id)
        if job.state not in jobs.AT_WORK or job.follows or _unfinished(runs):
            return False
        advance(office, job, news)
        return True

    found = office.database.do(lambda: stage_runs.jobs_without(stage_runs.UNFINISHED))
    return sum(_with_job(office, job, mend) for job in found)


def orphaned_followers(office: Office) -> int:
    """Jobs that follow one that has ended: they get its video, or stand in line themselves."""

    def mend(leader: str, news: News) -> int:
        job = jobs.locked(office.database, leader)
        if job is not None and job.state in jobs.UNFINISHED:
            return 0
        followers = jobs.locked_followers(office.database, leader)
        if job is None or job.state is not JobState.DONE:
            let_followers_go(office, followers, news)
            return len(followers)
        for follower in followers:
            hand_on(office, job, follower, news)
        for follower in followers:
            ledger.release(office.database, job=follower.id, give_back=True)
        return len(followers)

    leaders = sorted({leader for _, leader in office.database.do(jobs.followers)})
    return sum(_mended(office, leader, mend) for leader in leaders)


def _mended(office: Office, leader: str, mend: Callable[[str, News], int]) -> int:
    return concluded(office, lambda news: mend(leader, news))


def _send_again(office: Office, run: StageRun) -> bool:
    def mend(job: Job, now_there: StageRun, news: News) -> bool:
        if now_there.state is not run.state or now_there.due_at != run.due_at:
            return False
        now = office.database.now()
        since = away_since(now_there, now)
        stage_runs.change(run.id, [run.state], due_at=now, began_at=now, away_since=since)
        news.send(_stage(run), job.id, run.scene)
        return True

    return _with_run(office, run, mend)


def _with_run(office: Office, run: StageRun, mend: Callable[[Job, StageRun, News], bool]) -> bool:
    def work(job: Job, news: News) -> bool:
        there = stage_runs.find(run.job, run.stage, run.scene)
        return there is not None and job.state in jobs.AT_WORK and mend(job, there, news)

    return _with_job(office, run.job, work)


def _with_job(office: Office, job_id: str, mend: Callable[[Job, News], bool]) -> bool:
    def work(news: News) -> bool:
        job = jobs.locked(office.database, job_id)
        return job is not None and mend(job, news)

    return concluded(office, work)


def _empty(office: Office, stage: StageName) -> bool:
    """Whether nothing waits in the queue of `stage`; a queue that can't be asked is not called empty."""
    try:
        return office.queue.backlog(stage) == 0
    except Exception as error:  # noqa: BLE001 - whatever ails the queue, the next sweep asks again
        _log.warning("the queue can't be asked", stage=stage, error=repr(error))
        return False


def _unfinished(runs: list[StageRun]) -> bool:
    return any(run.state in stage_runs.UNFINISHED for run in runs)


def _stage(run: StageRun) -> StageName:
    stage: StageName = run.stage  # type: ignore[assignment]
    return stage
