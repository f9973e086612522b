"""What a worker is told of a run that it takes, and when a run may be taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import ValidationError

from jobs.errors import NewerOrderError
from jobs.office import Office
from jobs.order import JobOrder
from jobs.progress import SCENES, STAGES
from jobs.way import EARLY
from pipeline.model import StageName
from pipeline.publish.manifest import StageRecord
from storage import spending, stage_runs
from storage.database import Database
from storage.records import Job, OnFailure, Record, RunState, StageRun
from storage.workspaces import terms

#: Who sells footage, as purchases know it.
_FILMS: Final = "Runway"


class Claim(Record):
    """A run that is the caller's, until it gives no sign of life for `Rules.lease` seconds.

    `order` is the JSON of `JobOrder`. `known` are the keys of what is made ("generate-script",
    "scene:3"), `stages` the records of it for the manifest. `task` of `provider` is to be looked at.
    `failures` is how often it failed in a way that may pass. `user` is the requester's platform and id.
    `token` names the folder of the published files; `job_token` is the secret of the job's link.
    `on_failure` is what the workspace prefers where a provider failed for good, `None`: as the worker is set up.
    """

    run: int
    job: str
    stage: StageName
    scene: int
    owner: str
    attempt: int
    failures: int = 0
    task: str | None
    provider: str | None
    workspace: str
    user: str
    order: str
    known: dict[str, str]
    stages: tuple[StageRecord, ...]
    token: str
    job_token: str
    created_at: float
    private: bool
    on_failure: OnFailure | None = None


def is_late(office: Office, run: StageRun) -> bool:
    """Whether a running run's holder is gone: its lease ran out, or is longer than any (a clock went back)."""
    now, lease = office.database.now(), office.rules.lease
    return run.lease_until is None or not now <= run.lease_until <= now + 3 * lease


def may_begin(office: Office, run: StageRun) -> bool:
    """Whether a due or waiting run's time has come; also when a clock went back since it was begun or put off.

    Only what was begun before is ever put off: a run that never was begun may begin.
    """
    if run.state not in (RunState.DUE, RunState.WAITING):
        return False
    if run.began_at is None or run.due_at is None:
        return True
    now = office.database.now()
    return run.due_at <= now + EARLY or run.began_at > now + office.rules.lease


def claim_of(db: Database, job: Job, run: StageRun, *, owner: str) -> Claim:
    """The claim on `run`, as it is told to the worker. Inside `do`. Raises `NewerOrderError`.

    What the workspace prefers is looked up now, so that a preference that was changed holds for a retry.
    """
    runs = stage_runs.of_job(job.id)
    edition = _edition(job)
    return Claim.model_validate(
        {
            "run": run.id,
            "job": job.id,
            "stage": run.stage,
            "scene": run.scene,
            "owner": owner,
            "attempt": run.attempt + 1,
            "failures": run.failures,
            "task": run.task,
            "provider": run.provider,
            "workspace": job.workspace,
            "user": f"{job.requester.platform}:{job.requester.user}",
            "order": job.order,
            "known": _known(runs),
            "stages": _records(runs, _costs(job.id, runs) if run.stage == "publish" else {}),
            "token": f"{job.token}-{edition}" if edition else job.token,
            "job_token": job.token,
            "created_at": job.created_at,
            "private": job.private,
            "on_failure": terms(db, job.workspace).on_failure,
        }
    )


def _edition(job: Job) -> int:
    """The order's edition. Raises `NewerOrderError` for an order that this version can't read."""
    try:
        return JobOrder.model_validate_json(job.order).edition
    except ValidationError:
        raise NewerOrderError(
            "A newer version of Hidden Hill wrote this order.", "Update Hidden Hill on this machine."
        ) from None


def _known(runs: Sequence[StageRun]) -> dict[str, str]:
    return {
        f"scene:{run.scene}" if run.stage == SCENES else run.stage: run.key
        for run in runs
        if run.state is RunState.DONE and run.key is not None
    }


def _costs(job: str, runs: Sequence[StageRun]) -> Mapping[StageName, int]:
    """US cents of each stage's purchases: footage is the scenes', and until the script was there Gemini wrote."""
    written = next((run.ended_at for run in runs if run.stage == "generate-script"), None)
    costs: dict[StageName, int] = {}
    for one in spending.bought(job):
        stage: StageName = "generate-audio"
        if one.provider == _FILMS:
            stage = SCENES
        elif written is not None and one.at <= written:
            stage = "generate-script"
        costs[stage] = costs.get(stage, 0) + one.cents
    return costs


def _records(runs: Sequence[StageRun], costs: Mapping[StageName, int]) -> tuple[StageRecord, ...]:
    """A record for each stage with something done; of the scenes, one for all."""
    records = []
    for stage in STAGES:
        done = [run for run in runs if run.stage == stage and run.state is RunState.DONE]
        if done:
            records.append(
                StageRecord(
                    name=stage,
                    provider=done[0].provider or "",
                    version=done[0].version or "",
                    seconds=round(sum(run.seconds or 0.0 for run in done), 3),
                    cost_cents=costs.get(stage, 0),
                    reused=all(run.reused is True for run in done),
                )
            )
    return tuple(records)
