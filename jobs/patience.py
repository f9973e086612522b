"""How long a run is tried again that failed in a way that may pass, and who may work meanwhile. Inside `do`."""

from __future__ import annotations

from jobs.failures import Verdict
from jobs.office import Rules
from storage import stage_runs
from storage.records import RunState, StageRun
from storage.stage_runs import RunChanges


def away_since(run: StageRun, now: float) -> float | None:
    """When what `run` needs was first found away; the time in which nobody tried counts for nothing.

    That is the time since it was due, or since its holder gave no sign: the machine slept, no worker was up.
    """
    if run.away_since is None:
        return None
    last = run.lease_until if run.state is RunState.RUNNING else run.due_at
    return min(run.away_since + max(now - (now if last is None else last), 0.0), now)


def counted(run: StageRun, failure: Verdict, now: float) -> RunChanges:
    """What is to be written down of `run` after one failure more."""
    since = away_since(run, now)
    if failure.tries is not None:
        return {"failures": run.failures + 1, "defects": run.defects + 1, "away": 0, "away_since": None}
    return {
        "failures": run.failures + 1,
        "away": 1 if since is None else run.away + 1,
        "away_since": now if since is None else since,
    }


def is_over(counts: RunChanges, failure: Verdict, rules: Rules, now: float) -> bool:
    """Whether a run that stands as `counts` say was tried often and long enough."""
    if failure.tries is not None:
        return counts["defects"] > min(failure.tries, rules.max_failures)
    since = counts["away_since"]
    return since is not None and now - since >= rules.away_for and counts["away"] >= rules.max_failures


def keeps_room(run: StageRun, failure: Verdict, counts: RunChanges, *, pause: float, rules: Rules) -> bool:
    """Whether the job keeps its room through the pause: only where another job would fail in its place.

    That is while something is away that all jobs need, and no other job got through `run`'s stage meanwhile.
    Who asks for a long pause speaks of us, or of this one paper.
    """
    since = counts["away_since"]
    if not failure.shared or since is None or pause > rules.longest_backoff:
        return False
    return not stage_runs.was_done(run.stage, since=since)


def gave_room_up(run: StageRun) -> bool:
    """Whether `run` waits for another try while others have its job's room."""
    return run.state is RunState.WAITING and run.task is None
