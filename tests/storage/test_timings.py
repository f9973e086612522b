from __future__ import annotations

from pathlib import Path

from storage.timings import KEPT, Timings


def test_the_default_serves_until_a_stage_was_seen(tmp_path: Path) -> None:
    timings = Timings(tmp_path / "t.json", {"a": 5.0}, kind="67 s")
    assert timings.expected("a") == 5.0
    timings.learn("a", 9.0)
    assert Timings(tmp_path / "t.json", {"a": 5.0}, kind="67 s").expected("a") == 9.0


def test_another_kind_of_run_has_times_of_its_own(tmp_path: Path) -> None:
    Timings(tmp_path / "t.json", {"a": 5.0}, kind="67 s").learn("a", 9.0)
    assert Timings(tmp_path / "t.json", {"a": 5.0}, kind="30 s").expected("a") == 5.0


def test_old_runs_are_forgotten(tmp_path: Path) -> None:
    timings = Timings(tmp_path / "t.json", {"a": 5.0}, kind="k")
    for seconds in [100.0] * KEPT + [1.0] * KEPT:
        timings.learn("a", seconds)
    assert timings.expected("a") == 1.0


def test_a_damaged_or_unwritable_file_is_no_error(tmp_path: Path) -> None:
    for content in ("not json", "[]", '{"k": {"a": "x"}}', '{"k": 3}'):
        (tmp_path / "t.json").write_text(content)
        assert Timings(tmp_path / "t.json", {"a": 5.0}, kind="k").expected("a") == 5.0
    (tmp_path / "file").write_text("")
    blocked = Timings(tmp_path / "file" / "t.json", {"a": 5.0}, kind="k")
    blocked.learn("a", 2.0)
    assert blocked.expected("a") == 2.0
