"""`dramatiq jobs.actors`: Dramatiq's own command does our work."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from jobs.broker import BrokerQueue, redis_broker
from jobs.valkey import embedded
from storage.database import Database
from storage.migrate import migrate
from storage.workers import living
from tests.valkeys import eventually


def test_dramatiqs_own_command_works_and_stops(tmp_path: Path) -> None:
    environment = os.environ | {"HIDDEN_HILL_DATA": str(tmp_path), "LOG_FORMAT": "json"}
    database = Database(None, folder=tmp_path)
    migrate(database)
    with embedded(tmp_path) as url:
        broker = redis_broker(url)
        queue = BrokerQueue(broker)
        command = [sys.executable, "-m", "dramatiq", "jobs.actors", "--processes", "1", "--threads", "5"]
        said = tmp_path / "said"
        with (
            said.open("w") as err,
            subprocess.Popen(command, cwd=Path(__file__).parents[2], env=environment, stderr=err) as process,
        ):
            try:
                eventually(lambda: living(database, 60.0))
                (worker,) = living(database, 60.0)
                assert (worker.io, worker.cpu) == (4, 1)
                eventually(lambda: sweeps(database))
                queue.send("publish", "unknown")
                eventually(lambda: broker.do_qsize("io") == 0)
                process.send_signal(signal.SIGTERM)
                assert process.wait(15) == 0
                assert not living(database, 60.0)
                assert "Traceback" not in said.read_text()
            finally:
                process.kill()
        broker.close()
    database.close()


def sweeps(database: Database) -> bool:
    """Whether somebody has the sweeper's duty."""
    return bool(database.do(lambda: database.run("SELECT owner FROM lease WHERE name = 'sweeper'")))


def test_a_defect_of_dramatiqs_own_worker_is_logged_as_ours_are(tmp_path: Path) -> None:
    environment = os.environ | {"HIDDEN_HILL_DATA": str(tmp_path), "LOG_FORMAT": "json"}
    lines = "import logging, jobs.actors; logging.getLogger('x').warning('here')"
    process = subprocess.run(
        [sys.executable, "-c", lines],
        cwd=Path(__file__).parents[2],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    told = [json.loads(line)["message"] for line in process.stderr.splitlines()]
    assert "here" in told


def test_our_own_code_reads_no_environment_when_imported() -> None:
    lines = "import sys, jobs.stage_actors, jobs.worker; sys.exit('settings' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", lines], cwd=Path(__file__).parents[2], check=False).returncode
        == 0
    )
