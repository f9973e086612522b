"""A process that asks NCBI again and again: `python -m tests.pipeline.paper.asker ADDRESS FOLDER TIMES [KEY [REDIS]]`.

It says "ready" when it is about to begin, and begins when it is told a line.
"""

from __future__ import annotations

import sys
from pathlib import Path

from jobs.ncbi_pace import SharedPace
from pipeline.paper.ncbi_http import NcbiHttp
from pipeline.paper.pace import Pace, ncbi_pace


def main(address: str, folder: str, times: str, key: str = "", redis: str = "") -> None:
    here = ncbi_pace(address, with_key=bool(key), folder=Path(folder))
    pace: Pace = SharedPace(redis, here) if redis else here
    http = NcbiHttp(setting="NCBI_BASE_URL", pace=pace, first_wait=0.01)
    http.get(f"{address}/espell.fcgi", {}, most_bytes=1_000)  # a connection is made before it counts
    print("ready", flush=True)
    sys.stdin.readline()
    for _ in range(int(times)):
        http.get(f"{address}/espell.fcgi", {}, most_bytes=1_000)


if __name__ == "__main__":
    main(*sys.argv[1:])
