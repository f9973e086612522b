"""Files damaged in thousands of ways, each read as in earnest; what came of each, and of this process."""

from __future__ import annotations

import os
import tempfile
import threading
import time
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from pipeline.errors import InputError
from pipeline.paper import reading
from pipeline.paper.pubmed import Ncbi
from pipeline.paper.sandbox import PATIENCE
from pipeline.paper.source import Source
from tests.fuzz.mutations import MUTATIONS

#: Larger files take too long for thousands of tries.
_LARGEST: Final = {".pdf": 1_600_000, ".xml": 500_000, ".docx": 3_000_000}


@dataclass(frozen=True)
class Outcome:
    """What came of one input: `said` is "paper" or the error's code, `fault` what is wrong with that, if anything."""

    number: int
    seed: str
    mutation: str
    said: str
    seconds: float
    fault: str = ""


def papers_folder() -> Path | None:
    """The shared papers: `HIDDEN_HILL_PAPERS`, else `../shared/papers`, if they are there."""
    named = os.environ.get("HIDDEN_HILL_PAPERS")
    folder = Path(named) if named else Path(__file__).parents[3] / "shared" / "papers"
    return folder if (folder / "MANIFEST.tsv").is_file() else None


def seeds(papers: Path | None, made: Sequence[Path]) -> list[Path]:
    """The files to damage: the real papers that are small enough, and those that were made for it."""
    real: list[Path] = []
    if papers is not None:
        for pattern in (
            "pairs/*/article.pdf",
            "pairs/*/article.xml",
            "pdf/*.pdf",
            "jats/*.xml",
            "docx/*.docx",
        ):
            real += papers.glob(pattern)
    return [*sorted(path for path in real if 0 < path.stat().st_size <= _LARGEST[path.suffix]), *made]


def damage(files: Sequence[Path], number: int, seed: int) -> tuple[Path, str, bytes]:
    """Input `number` of the campaign `seed`: the file that it comes from, what was done to it, and what it holds."""
    chance = Random(f"{seed}-{number}")
    suffixes = sorted({path.suffix for path in files})
    suffix = chance.choice([s for s in suffixes if s in MUTATIONS])
    of_kind = [path for path in files if path.suffix == suffix]
    file, other = chance.choice(of_kind), chance.choice(of_kind)
    data, done = file.read_bytes(), []
    for _ in range(chance.choice([1, 1, 1, 2, 3])):
        mutation = chance.choice(MUTATIONS[suffix])
        if data:
            data = mutation(data, other.read_bytes(), chance)
            done.append(mutation.__name__)
    return file, "+".join(done), data


def campaign(files: Sequence[Path], numbers: Sequence[int], *, seed: int, workers: int) -> Iterator[Outcome]:
    """Read them all, several at once, and tell of each."""
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(lambda number: _tried(files, number, seed), numbers)


def _tried(files: Sequence[Path], number: int, seed: int) -> Outcome:
    file, mutation, data = damage(files, number, seed)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as scratch:
        path = Path(scratch, "in", f"paper{file.suffix}")
        path.parent.mkdir()
        path.write_bytes(data)
        began = time.monotonic()
        said, fault = _read(path, Path(scratch, "out"))
        seconds = time.monotonic() - began
        strays = [p.name for p in Path(scratch).rglob("*") if p.is_file() and not _due(p, path)]
        if strays and not fault:
            fault = f"left behind {strays}"
        if seconds > PATIENCE + 15 and not fault:
            fault = f"took {seconds:.0f} s"
    return Outcome(number, f"{file.parent.name}/{file.name}", mutation, said, seconds, fault)


def _due(found: Path, source: Path) -> bool:
    return found == source or (found.parent.name == "figures" and found.suffix == ".png")


def _read(path: Path, out: Path) -> tuple[str, str]:
    """What is said of the file, and what is wrong with that."""
    out.mkdir()
    nobody = Ncbi(base_url="http://127.0.0.1:9/", pmc_base_url="http://127.0.0.1:9/", email="a@hill.example")
    try:
        paper = reading.read(Source("file", path.name, path), out, ncbi=nobody, recognising=False)
    except InputError as error:
        whole = (
            error.sentence.endswith(".")
            and error.advice.endswith(".")
            and str(path.parent) not in error.sentence
        )
        return (
            error.code,
            "" if whole and not error.retryable else f"unclear: {error.sentence} {error.advice}",
        )
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is a fault
        return type(error).__name__, "".join(traceback.format_exception(error))[-3000:]
    missing = [figure.file for figure in paper.figures if figure.file and not (out / figure.file).is_file()]
    if missing or not paper.title or type(paper).model_validate_json(paper.model_dump_json()) != paper:
        return "paper", f"a paper that is none: title {paper.title!r}, missing {missing}"
    return "paper", ""


def open_things() -> tuple[int, int, int]:
    """How many files, threads and children this process has: the same before and after."""
    children = [child for task in Path("/proc/self/task").iterdir() for child in _children(task)]
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), len(children)


def _children(task: Path) -> list[str]:
    try:
        return (task / "children").read_text().split()
    except OSError:  # the thread has ended; its children are another's by now
        return []
