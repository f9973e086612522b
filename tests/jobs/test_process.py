from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from jobs.process import Stopped, UnforeseenError, run_in_process
from pipeline.errors import (
    DamagedFileError,
    InputError,
    StageTimeoutError,
    TooLargeToReadError,
    TooSlowToReadError,
    WorkerProcessDiedError,
)
from pipeline.providers import Pending
from storage.errors import StoreAwayError
from tests.jobs import works


def run(work: Any, argument: object, tell: Callable[[Any], None] = lambda _: None, **more: Any) -> Any:
    options: dict[str, Any] = {"should_stop": lambda: False, "limit": 60.0, **more}
    return run_in_process(work, argument, tell=tell, **options)


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie doesn't."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def processes(*, parent: int | None = None, session: int | None = None) -> list[int]:
    """The processes of one parent, or of one session."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent or int(fields[3]) == session:
                found.append(int(entry.parent.name))
    return found


def until(condition: Callable[[], bool], seconds: float = 30.0) -> bool:
    ending = time.monotonic() + seconds
    while not (found := condition()) and time.monotonic() < ending:
        time.sleep(0.02)
    return found


def test_what_the_work_returns_comes_back_and_so_does_what_it_tells() -> None:
    told: list[object] = []
    assert run(works.double, 21, told.append) == 42
    assert told == ["doubling"]


def test_of_many_things_told_the_last_one_is_never_lost() -> None:
    told: list[int] = []
    assert run(works.tell_many, 5_000, told.append) == 5_000
    assert told == sorted(told)
    assert told[-1] == 4_999


def test_the_imports_are_there_already_and_nothing_that_a_fork_would_break(tmp_path: Path) -> None:
    # In a process of its own: this one may have had a server before, with other imports.
    script = (
        "from jobs.process import run_in_process, warm_up\n"
        "from tests.jobs import works\n"
        "if __name__ == '__main__':\n"
        "    warm_up()\n"
        "    print(*run_in_process(works.loaded_modules, None, tell=print, should_stop=bool, limit=60))\n"
    )
    (tmp_path / "warm.py").write_text(script)
    root = str(Path(__file__).parents[2])
    said = subprocess.run(
        [sys.executable, tmp_path / "warm.py"],
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=100,
        check=True,
    )
    modules = said.stdout.split()
    assert {"pipeline.steps", "pipeline.render.segment", "pipeline.script.extractive"} <= set(modules)
    assert "onnxruntime" not in modules


@pytest.mark.parametrize(
    ("how", "kind"),
    [
        ("pipeline", DamagedFileError),
        ("storage", StoreAwayError),
        ("pending", Pending),
        ("system", OSError),
    ],
)
def test_an_error_comes_back_as_it_is_with_its_traceback_for_the_log(how: str, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught:
        run(works.fail, how)
    assert "in fail" in "".join(caught.value.__notes__)
    if isinstance(caught.value, DamagedFileError):
        assert (caught.value.sentence, caught.value.advice) == ("It is cut off.", "Send it again.")
    if isinstance(caught.value, Pending):
        assert (caught.value.task, caught.value.again, caught.value.until) == ("task-1", 5.0, 600.0)
    if isinstance(caught.value, OSError) and not isinstance(caught.value, ConnectionError):
        assert caught.value.errno == 28


def test_an_error_that_cannot_travel_comes_back_as_its_traceback() -> None:
    with pytest.raises(UnforeseenError, match="this and that"):
        run(works.fail, "homemade")


def test_a_process_that_is_killed_says_so_with_its_last_words_for_the_log() -> None:
    with pytest.raises(WorkerProcessDiedError) as caught:
        run(works.die, "out of cheese")
    assert "out of cheese" in "".join(caught.value.__notes__)
    assert caught.value.retryable


def test_what_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(StageTimeoutError, match="Drawing took longer than 1 s"):
        run(works.encode_forever, tmp_path / "pids", limit=1.0, what="Drawing")


def test_stopping_ends_the_process_and_its_ffmpeg_within_two_seconds(tmp_path: Path) -> None:
    pids: list[int] = []
    asked: list[float] = []

    def stop_once_it_encodes() -> bool:
        if not pids and (tmp_path / "pids").exists():
            pids.extend(int(pid) for pid in (tmp_path / "pids").read_text().split())
            assert all(alive(pid) for pid in pids)
            asked.append(time.monotonic())
        return bool(pids)

    with pytest.raises(Stopped):
        run(works.encode_forever, tmp_path / "pids", should_stop=stop_once_it_encodes)
    assert until(lambda: not any(alive(pid) for pid in pids))
    assert time.monotonic() - asked[0] < 2.0 * 5, "a busy machine is allowed five times the promise"


def test_what_the_work_left_running_is_gone_when_it_ends_well(tmp_path: Path) -> None:
    assert run(works.leave_something_behind, tmp_path / "pid") == "well"
    left = int((tmp_path / "pid").read_text())
    assert until(lambda: not alive(left))


def test_fifty_rounds_leave_no_process_and_no_open_file() -> None:
    run(works.double, 1)
    before = {file.name for file in Path("/proc/self/fd").iterdir()}
    children = processes(parent=os.getpid())
    for number in range(48):
        assert run(works.double, number) == 2 * number
    with pytest.raises(OSError, match="No space"):
        run(works.fail, "system")
    with pytest.raises(WorkerProcessDiedError):
        run(works.die, "")
    assert {file.name for file in Path("/proc/self/fd").iterdir()} == before
    assert processes(parent=os.getpid()) == children


def test_several_threads_run_processes_side_by_side() -> None:
    found: dict[int, int] = {}

    def one(number: int) -> None:
        found[number] = run(works.double, number)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert found == {number: 2 * number for number in range(8)}


def test_a_process_may_have_one_of_its_own_and_no_second_server() -> None:
    told: list[object] = []
    assert run(works.double_apart, 21, told.append) == 42
    assert told == ["doubling"]
    assert run(works.children_after_a_process, None) == ""


@pytest.mark.parametrize(
    ("deed", "kind"),
    [
        ("SIGABRT", DamagedFileError),
        ("much memory", TooLargeToReadError),
        ("endless match", TooSlowToReadError),
    ],
)
def test_a_file_that_harms_its_reader_fails_its_stage_for_good(deed: str, kind: type[InputError]) -> None:
    with pytest.raises(kind) as caught:
        run(works.read_apart_in_here, deed)
    assert type(caught.value) is kind
    assert not caught.value.retryable


def test_stopping_ends_the_process_of_a_process_and_its_ffmpeg(tmp_path: Path) -> None:
    pids: list[int] = []

    def stop_once_it_encodes() -> bool:
        if not pids and (tmp_path / "pids").exists():
            pids.extend(int(pid) for pid in (tmp_path / "pids").read_text().split())
            assert len(pids) == 3
            assert all(alive(pid) for pid in pids)
        return bool(pids)

    with pytest.raises(Stopped):
        run(works.encode_apart, tmp_path / "pids", should_stop=stop_once_it_encodes)
    assert until(lambda: not any(alive(pid) for pid in pids))


PARENT = """
import sys
from pathlib import Path
from jobs.process import run_in_process
from tests.jobs import works
if __name__ == "__main__":
    run_in_process(getattr(works, sys.argv[2]), Path(sys.argv[1]), tell=print, should_stop=lambda: False, limit=600.0)
"""


@pytest.mark.parametrize("work", ["encode_forever", "encode_apart"])
def test_when_the_parent_is_killed_everything_is_gone(work: str, tmp_path: Path) -> None:
    script, pids_file = tmp_path / "parent.py", tmp_path / "pids"
    script.write_text(PARENT)
    root = Path(__file__).parents[2]
    parent = subprocess.Popen(
        [sys.executable, str(script), str(pids_file), work],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert until(pids_file.exists, 60)
        pids = [*map(int, pids_file.read_text().split()), *processes(session=parent.pid)]
        assert len(pids) >= 4, "the work, its ffmpeg, the parent and the server"
        parent.send_signal(signal.SIGKILL)
        parent.wait(10)
        assert until(lambda: not any(alive(pid) for pid in pids), 30)
    finally:
        parent.kill()
        parent.wait(10)
