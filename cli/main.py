"""The entry point of the installed command."""

from __future__ import annotations

import io
import sys

#: What a shell reports for a program that was interrupted (128 + SIGINT).
INTERRUPTED = 130


def main() -> None:
    """Run the command. Imports come late, so that Ctrl-C is answered from the first moment."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no “–” shows a “?”
    try:
        from cli.app import app

        app()
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
