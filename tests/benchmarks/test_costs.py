"""docs/costs.md says what the price tables say."""

from __future__ import annotations

from pathlib import Path

from benchmarks.costs import page
from pipeline.prices import R2
from storage.quotas import dollars
from storage.workspaces import Terms

PAGE = Path(__file__).parents[2] / "docs" / "costs.md"


def test_the_page_is_what_the_tables_give() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(), "python -m benchmarks.costs > docs/costs.md"
    cap = Terms().cents_per_job
    assert cap is not None
    assert f"one video may cost {dollars(cap)} at most" in written
    assert (R2.gb_month, R2.writes, R2.reads, R2.gb_out) == (1.5, 450, 36, 0)
