"""The same paper by its PMID, its PMCID and its DOI."""

from __future__ import annotations

import pytest

from jobs.office import Office
from jobs.order import JobOrder
from jobs.same_paper import known_as
from storage import jobs
from storage.records import Job, JobState, PaperCard
from tests.databases import FakeClock
from tests.jobs.offices import ADA, BEN, finished, ordered

IDS = {"pmid": "32296183", "pmcid": "PMC7224658", "doi": "10.1016/S0140-6736(20)30183-5"}
NAMES = [
    "PMID 32296183",
    "https://pmc.ncbi.nlm.nih.gov/articles/PMC7224658/",
    "doi.org/10.1016/s0140-6736(20)30183-5",
]


def read(office: Office, job: Job, **ids: str) -> None:
    """The job's paper turned out to have these ids."""
    paper = PaperCard(title="Hills", **ids)
    office.database.do(lambda: jobs.change(office.database, job.id, [job.state], paper=paper))


@pytest.mark.parametrize("first", NAMES)
@pytest.mark.parametrize("then", NAMES)
def test_a_paper_is_the_same_by_each_of_its_ids(office: Office, first: str, then: str) -> None:
    made = finished(office, ADA, first)
    read(office, made, **IDS)
    again = ordered(office, BEN, then)
    assert (again.state, again.files) == (JobState.DONE, made.files)


def test_all_who_come_later_are_led_to_the_name_of_the_first(office: Office, clock: FakeClock) -> None:
    # Given two jobs of one paper, begun before either had read it
    first = ordered(office, ADA, NAMES[0])
    clock.advance(1)
    second = ordered(office, ADA, NAMES[1])
    for job in (second, first):
        read(office, job, **IDS)

    # I expect whoever comes now to be led to the first
    names = {known_as(office, "lab", JobOrder(source=name)) for name in NAMES}
    assert names == {"pmid:32296183"}


def test_an_id_that_only_looks_alike_is_another_paper(office: Office) -> None:
    read(office, finished(office, ADA, "PMC7224658"), pmcid="PMC7224658", doi="10.1016/s01", pmid="17")
    for source in ("10.1016/s0", "10.1016/s012", "7224658", "1"):
        assert known_as(office, "lab", JobOrder(source=source)) is None
    assert known_as(office, "other", JobOrder(source="17")) is None
    assert known_as(office, "lab", JobOrder(source="17")) == "pmcid:PMC7224658"


def test_files_are_known_by_their_content_alone(office: Office) -> None:
    made = finished(office, ADA, "32296183")
    read(office, made, **IDS)
    upload = f"uploads/lab/{'ab' * 32}.pdf"
    assert known_as(office, "lab", JobOrder(source="32296183", upload=upload)) is None
    assert known_as(office, "lab", JobOrder(source="article.pdf")) is None
