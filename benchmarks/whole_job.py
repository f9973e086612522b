"""The whole job, as shares of the video's own length: new, again, and with one scene edited.

    python -m benchmarks.whole_job

Wall-clock seconds of `hidden-hill make` on the example paper at full size, divided by the seconds of the
video that came out; and peak memory of the largest process.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pipeline.publish.manifest import Manifest

EXAMPLE = Path(__file__).parent.parent / "examples" / "caption-times.xml"


def run(folder: Path, *options: str) -> float:
    """Wall-clock seconds of one run."""
    began = time.monotonic()
    command = [sys.executable, "-m", "cli.main", "make", str(EXAMPLE), "--json", "--out", str(folder)]
    subprocess.run([*command, *options], check=True, capture_output=True, timeout=1800)
    return time.monotonic() - began


def edited(folder: Path, target: Path) -> Path:
    """The run's own script without the last word of its third scene."""
    script = json.loads((folder / "script.json").read_text(encoding="utf-8"))
    scene = script["scenes"][2]
    scene["narration"] = scene["narration"].rstrip(".").rsplit(" ", 1)[0] + "."
    target.write_text(json.dumps(script), encoding="utf-8")
    return target


def main() -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "out"
        new = run(folder)
        again = run(folder)
        one_scene = run(folder, "--script", str(edited(folder, Path(scratch) / "edited.json")))
        manifest = Manifest.model_validate_json((folder / "manifest.json").read_bytes())
    length = manifest.scenes[-1].end
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{'run':28s} {'seconds':>8s} {'× length':>9s}")
    for name, seconds in (
        ("new", new),
        ("again, nothing changed", again),
        ("one scene's words changed", one_scene),
    ):
        print(f"{name:28s} {seconds:8.1f} {seconds / length:9.2f}")
    print(f"{length:.1f} s of video; largest process {memory:.0f} MB")


if __name__ == "__main__":
    main()
