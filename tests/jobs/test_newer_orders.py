"""Orders while two versions are at work: the newer reads the older's, the older leaves the newer's alone."""

from __future__ import annotations

import json

import pytest

from jobs import flow
from jobs.errors import NewerOrderError
from jobs.office import Office
from jobs.order import JobOrder
from storage.models import JobRow
from storage.records import RunState
from tests.jobs.offices import ordered, run_now, sent


def test_an_order_of_any_older_version_is_read() -> None:
    wanted = {name for name, field in JobOrder.model_fields.items() if field.is_required()}
    assert wanted == {"source"}, "a new field needs a default: older versions do not write it"


def test_an_order_that_says_what_nobody_here_knows_is_left_to_others(office: Office) -> None:
    job = ordered(office)
    [(stage, _, scene, _)] = sent(office)

    def newer() -> None:
        row = JobRow.get_by_id(job.id)
        row.order = json.dumps({**json.loads(row.order), "light": True})
        row.save(only=[JobRow.order])

    office.database.do(newer)
    with pytest.raises(NewerOrderError):
        flow.begin(office, stage, job.id, scene, worker="test")
    run = run_now(office, job.id, stage)
    assert (run.state, run.attempt, run.failures) == (RunState.DUE, 0, 0)
