"""What is read from the environment, where, and how it is told of."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from cli.environment import env_example
from settings import Settings
from tests.cli.commands import House

ROOT = Path(__file__).parents[2]
ROOMS = ("bots", "cli", "jobs", "pipeline", "storage")
#: What only looking at jobs must not carry: engines, renderers, clouds.
HEAVY = {"onnxruntime", "cv2", "av", "hibari", "pypdfium2", "Bio", "lxml", "boto3", "uvicorn"}
#: What `make` must not carry: queues, databases, providers.
WORKERS = {"redis", "dramatiq", "peewee", "psycopg", "structlog", "google", "runwayml", "boto3", "starlette"}


def test_the_list_of_variables_is_up_to_date() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "cli.environment"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert (ROOT / ".env.example").read_text() == printed == env_example()


def test_every_variable_has_a_sentence_and_is_listed() -> None:
    listed = env_example()
    for name, field in Settings.model_fields.items():
        assert (field.description or "").endswith("."), name
        assert f"\n#{field.validation_alias}=" in listed, name


def test_no_other_file_reads_the_environment() -> None:
    readers, builders = set(), set()
    for path in [ROOT / "settings.py", *(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))]:
        name = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv"}:
                readers.add(name)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Settings":
                builders.add(name)
    assert readers == set()
    assert builders == {"cli/environment.py", "jobs/actors.py"}


@pytest.mark.parametrize("words", [("status",), ("list",), ("cancel",), ("quota",)])
def test_looking_at_jobs_carries_nothing_heavy(tmp_path: Path, words: tuple[str, ...]) -> None:
    house = House(tmp_path / "data")
    program = (
        "import sys; from cli.app import app\n"
        f"try: app({list(words)!r})\n"
        "except SystemExit: pass\n"
        "print(*{name.partition('.')[0] for name in sys.modules})"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        env=house.environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert HEAVY & set(result.stdout.split()) == set()


def test_making_a_video_carries_nothing_that_only_workers_or_providers_need() -> None:
    program = "import sys, cli.make; print(*{name.partition('.')[0] for name in sys.modules})"
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert WORKERS & set(result.stdout.split()) == set()


@pytest.mark.parametrize("command", ["worker", "web", "up", "sweeper"])
def test_on_defaults_that_a_redeployment_wipes_nothing_starts(tmp_path: Path, command: str) -> None:
    answer = House(tmp_path / "data").run(command, SLACK_BOT_TOKEN="xoxb-very-secret")
    assert answer.status == 2
    assert "Videos would be lost at the next restart. Set AWS_S3_ENDPOINT_URL" in answer.err
    assert "Set DATABASE_URL." in answer.err
    assert "Set REDIS_URL." in answer.err
    assert "HIDDEN_HILL_EPHEMERAL_OK=1" in answer.err
    assert "xoxb" not in answer.err
    assert not (tmp_path / "data").exists()


def test_the_list_of_processes_names_commands_that_there_are() -> None:
    from cli.app import COMMANDS

    lines = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())
    assert lines.keys() >= {"web", "worker", "sweeper", "release"}
    for command in lines.values():
        program, name = command.split()[:2]
        assert (program, name in COMMANDS) == ("hidden-hill", True)
