"""A process whose files may grow no more for a second: `python full_disk.py FOLDER`. It writes all the same."""

import resource
import sys
import threading
from pathlib import Path

from storage import seen
from storage.database import Database
from storage.migrate import migrate


def write() -> str:
    for number in range(2000):
        seen.first_time(database, "slack", f"{number}" * 20)
    return "written"


folder = Path(sys.argv[1])
database = Database(None, folder=folder)
migrate(database)
_, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
room = max(file.stat().st_size for file in folder.iterdir()) + 8192
resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
threading.Timer(1.0, resource.setrlimit, (resource.RLIMIT_FSIZE, (hard, hard))).start()
print(database.do(write))
database.close()
