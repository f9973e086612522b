"""A process whose files may not grow until it has tried twice: `python full_disk.py FOLDER`. It writes all the same."""

import logging
import resource
import sys
from pathlib import Path

from storage import seen
from storage.database import Database
from storage.migrate import migrate


def write() -> str:
    for number in range(2000):
        seen.first_time(database, "slack", f"{number}" * 20)
    return "written"


class Room(logging.Handler):
    """Lets files grow again once it was said so often that something is tried again."""

    def __init__(self, times: int, limit: int) -> None:
        super().__init__()
        self.left = times
        self.limit = limit

    def emit(self, record: logging.LogRecord) -> None:
        print(record.getMessage(), file=sys.stderr)
        self.left -= 1
        if not self.left:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.limit, self.limit))


folder = Path(sys.argv[1])
database = Database(None, folder=folder)
migrate(database)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
room = max(file.stat().st_size for file in folder.iterdir()) + 8192
resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
logging.getLogger("storage.database").addHandler(Room(2, hard))
print(database.do(write))
database.close()
