"""What a process may use of the machine: processor time, memory, and the size of a file that it writes."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Limits:
    """`cpu_seconds` of processor time, `memory` bytes beyond what the process has when it begins, and `file_bytes` for
    each file that it writes.

    Beyond its time the process is killed by SIGXCPU, even in native code that lets no Python run. Beyond its memory it
    gets a `MemoryError`, or native code ends it.
    """

    cpu_seconds: int
    memory: int
    file_bytes: int

    def begin(self) -> None:
        """Have them hold for this process, and for each that it starts."""
        # Not RLIMIT_AS: that counts the libraries, mapped files and 64 MB that each thread's heap sets aside, none of
        # which take memory. RLIMIT_DATA counts what is private and can be written (since Linux 4.7 mappings too).
        _lower(resource.RLIMIT_DATA, _data_bytes() + self.memory)
        _lower(resource.RLIMIT_CPU, int(time.process_time()) + self.cpu_seconds)
        _lower(resource.RLIMIT_FSIZE, self.file_bytes)
        _lower(resource.RLIMIT_CORE, 0)  # the memory of whoever crashed holds the file, which may be private


def lift_memory_limit() -> None:
    """Let this process take memory again, so that it can say that it had too little."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))


def _lower(which: int, to: int) -> None:
    _, hard = resource.getrlimit(which)
    resource.setrlimit(which, (to if hard == resource.RLIM_INFINITY else min(to, hard), hard))


def _data_bytes() -> int:
    """What RLIMIT_DATA counts of this process by now; 0 where the system doesn't tell (then nor does it count)."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[5])
    except OSError:
        return 0
    return pages * resource.getpagesize()
