"""A disk without room is waited out like a lock."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_a_transaction_waits_for_room_on_the_disk(tmp_path: Path) -> None:
    script = Path(__file__).with_name("full_disk.py")
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path)],
        cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": "."},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.stdout == "written\n", done.stderr
    # It did not fit before.
    assert done.stderr.count("trying again") == 2
