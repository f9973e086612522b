"""Run every paper of a folder through `hidden-hill make` and hold the outcome against what is due.

The folder is HIDDEN_HILL_PAPERS, else ../shared/papers, else out/papers (filled by `make papers`). Its
MANIFEST.tsv has the columns path, kind and expect: a video, an abstract-only video, a video from the
English abstract, or a refusal and its reason. Videos are small here (270×480) so that the table is
ready in minutes; everything else is as a user gets it.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.model import Paper
from pipeline.publish.manifest import Manifest

#: Words of an expected refusal → the error codes that mean it.
REFUSALS = {
    "a notice": {"notice"},
    "not a paper": {"not-a-paper"},
    "no text layer": {"pdf-without-text", "not-a-paper"},
    "encrypted": {"pdf-encrypted", "docx-encrypted"},
    "not a pdf": {"not-a-pdf"},
    "not a word file": {"not-a-docx"},
    "language": {"language"},
    "several papers": {"several-papers"},
}

#: Share of the length that was asked for by which a video may differ; a short paper may fall short.
TOLERANCE = 0.10


@dataclass(frozen=True)
class Row:
    """One paper: what was due, what came, and whether they agree. `seconds` is the video's length."""

    path: str
    due: str
    got: str
    agrees: bool
    seconds: float | None
    wall: float
    remark: str


def papers_folder() -> Path:
    """The first of the folders that is there; ends the program with a sentence if none is."""
    named = os.environ.get("HIDDEN_HILL_PAPERS")
    root = Path(__file__).parent.parent
    for folder in [Path(named)] if named else [root.parent / "shared" / "papers", root / "out" / "papers"]:
        if (folder / "MANIFEST.tsv").is_file():
            return folder
    sys.exit("No papers found. Set HIDDEN_HILL_PAPERS, or run `make papers` with a network to fetch some.")


def cases(folder: Path) -> list[tuple[str, str]]:
    """(path, expect) of each paper in the manifest that we read."""
    with (folder / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [(row["path"], row["expect"]) for row in rows if row["kind"] in ("jats", "pair", "pdf", "docx")]


def run(folder: Path, path: str, due: str, out: Path, arguments: Iterable[str]) -> Row:
    """Make one paper's video and judge it."""
    command = [
        sys.executable,
        "-m",
        "cli.main",
        "make",
        str(folder / path),
        "--json",
        "--out",
        str(out),
        *arguments,
    ]
    figures = folder / "figures" / Path(path).parent.name
    if figures.is_dir():
        command += ["--figures-dir", str(figures)]
    began = time.monotonic()
    environment = {"HIDDEN_HILL_HEIGHT": "480", **os.environ, "HIDDEN_HILL_WORKERS": "1"}
    asked = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=900, check=False)
    wall = time.monotonic() - began
    events = [json.loads(line) for line in asked.stdout.splitlines()]
    last = events[-1] if events else {"event": "failed", "code": "silent", "message": asked.stderr[-200:]}
    if last["event"] == "failed":
        got = f"refused: {last['code']}"
        agrees = asked.returncode == 3 and last["code"] in refusals_due(due)
        return Row(path, due, got, agrees, None, wall, last["message"])
    if not (out / "manifest.json").is_file():
        return Row(
            path, due, "read", any("video" in one for one in outcomes_due(due)), None, wall, last["message"]
        )
    manifest = Manifest.model_validate_json((out / "manifest.json").read_bytes())
    paper = Paper.model_validate_json((out / "paper.json").read_bytes())
    got = kind_of_video(paper)
    faults = list(faults_of(manifest, paper))
    agrees = got in outcomes_due(due) and not faults
    return Row(path, due, got, agrees, manifest.scenes[-1].end, wall, "; ".join(faults) or _summary(manifest))


def refusals_due(due: str) -> set[str]:
    """The error codes that an `expect` allows."""
    if "refused" not in due:
        return set()
    reasons = due.lower().split("refused:", 1)[1]
    return {code for words, codes in REFUSALS.items() if words in reasons for code in codes}


def outcomes_due(due: str) -> set[str]:
    """The outcomes that an `expect` allows: "a, or b" allows both. "a video of the first" is a video."""
    outcomes = {outcome.strip() for outcome in due.split(", or ")}
    return {"video" if outcome == "a video of the first" else outcome for outcome in outcomes}


def kind_of_video(paper: Paper) -> str:
    """The outcome in the manifest's words."""
    if paper.language != "en":
        return "video from the English abstract"
    return "abstract-only video" if paper.abstract_only else "video"


def faults_of(manifest: Manifest, paper: Paper) -> Iterable[str]:
    """What is wrong with a finished video, by its own manifest."""
    asked = manifest.settings["seconds"]
    assert isinstance(asked, int)
    length = manifest.scenes[-1].end
    if length > asked * (1 + TOLERANCE):
        yield f"{length:.0f} s for {asked}"
    if length < asked * (1 - TOLERANCE) and sum(len(p.text.split()) for p in paper.passages()) > 600:
        yield f"only {length:.0f} s for {asked} though the paper has more to say"
    text = [" ".join(passage.text.split()) for passage in paper.passages()]
    for scene in manifest.scenes:
        for evidence in (e for claim in scene.claims for e in claim.evidence):
            if not any(" ".join(evidence.quote.split()) in passage for passage in text):
                yield f"scene {scene.index + 1} quotes what is not there"
        if scene.kind in ("background", "method", "finding", "limitation", "takeaway") and not scene.claims:
            yield f"scene {scene.index + 1} ({scene.kind}) claims nothing"
    yield from (f.sentence for f in manifest.checks if f.severity == "block")


def _summary(manifest: Manifest) -> str:
    kinds = [scene.visual.kind for scene in manifest.scenes]
    shown = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    return f"{len(kinds)} scenes ({shown})"


def main() -> int:
    """Print the table; the exit status is 1 when a row disagrees."""
    parser = argparse.ArgumentParser(description="Run the corpus and print what came of it.")
    parser.add_argument("--only", default="", help="a regular expression that the path must match")
    parser.add_argument("--out", type=Path, help="keep the videos here (a temporary folder else)")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    parser.add_argument("make_options", nargs="*", help="passed on to hidden-hill make, after --")
    options = parser.parse_args()
    folder = papers_folder()
    chosen = [(path, due) for path, due in cases(folder) if re.search(options.only, path)]
    with tempfile.TemporaryDirectory() as scratch, ThreadPoolExecutor(options.at_once) as pool:
        out = options.out or Path(scratch)
        waiting = [
            pool.submit(run, folder, path, due, out / path.replace("/", "-"), options.make_options)
            for path, due in chosen
        ]
        rows = []
        for future in waiting:
            row = future.result()
            rows.append(row)
            length = f"{row.seconds:5.1f} s" if row.seconds else "       "
            mark = "agrees  " if row.agrees else "DIFFERS "
            print(
                f"{mark} {row.path:42s} {row.got:32s} {length} in {row.wall:5.1f} s  {row.remark}", flush=True
            )
            if not row.agrees:
                print(f"         due: {row.due}", flush=True)
    agreeing = sum(row.agrees for row in rows)
    print(f"{agreeing} of {len(rows)} as due")
    return 0 if agreeing == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
