"""When two orders make the same video."""

from __future__ import annotations

import pytest

from jobs.order import JobOrder, changed_sameness

ONE = JobOrder(source="32296183")
SHA = "ab" * 32


@pytest.mark.parametrize(
    "source", ["pmid:32296183", "PMID 32296183", " 032296183 ", "https://pubmed.ncbi.nlm.nih.gov/32296183/"]
)
def test_a_paper_is_the_same_however_it_is_named(source: str) -> None:
    assert JobOrder(source=source).sameness("lab") == ONE.sameness("lab")


@pytest.mark.parametrize(
    "other",
    [
        {"source": "32296184"},
        {"seconds": 75},
        {"audience": "peer"},
        {"figures": "off"},
        {"force": True},
        {"script": "uploads/lab/1.json"},
        {"takes": {2: 1}},
        {"height": 640},
        {"upload": f"uploads/lab/{SHA}.pdf"},
    ],
)
def test_every_setting_makes_another_video(other: dict[str, object]) -> None:
    assert JobOrder.model_validate({"source": "32296183"} | other).sameness("lab") != ONE.sameness("lab")


def test_workspaces_and_versions_make_another_video() -> None:
    assert len({ONE.sameness("a"), ONE.sameness("b"), ONE.sameness("a", ("writer 2",))}) == 3


def test_an_upload_is_known_by_its_content() -> None:
    first = JobOrder(source="a.pdf", upload=f"uploads/lab/{SHA}.pdf", upload_name="a.pdf")
    second = JobOrder(source="b.pdf", upload=f"uploads/lab/{SHA}.pdf", upload_name="b.pdf")
    assert first.sameness("lab") == second.sameness("lab")


def test_a_name_of_a_file_without_upload_is_no_trouble() -> None:
    assert JobOrder(source="x" * 5000).sameness("lab") != JobOrder(source="article.pdf").sameness("lab")


def test_what_a_person_changed_is_the_same_as_nothing_but_the_same_change() -> None:
    before = ONE.sameness("lab")
    assert changed_sameness(before, {"take": 1}) == changed_sameness(before, {"take": 1}) != before


def test_an_order_survives_being_written_down() -> None:
    order = JobOrder(source="1", takes={3: 2}, script="uploads/lab/1.json")
    assert JobOrder.model_validate_json(order.model_dump_json()) == order
