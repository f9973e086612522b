"""What reaches the log, and what must not."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from jobs.logs import HIDDEN, configure
from jobs.process import UnforeseenError, run_in_process
from tests.jobs.works import HomemadeError

SECRET = 'pa"ss/wörd'


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def logged(form: str, **settings: object) -> tuple[io.StringIO, structlog.stdlib.BoundLogger]:
    stream = io.StringIO()
    configure(form, secrets=[SECRET], stream=stream, **settings)  # type: ignore[arg-type]
    return stream, structlog.get_logger("jobs.flow")


def test_a_line_of_json_names_job_and_stage() -> None:
    stream, log = logged("json")
    with structlog.contextvars.bound_contextvars(job="k7f3m2qd", stage="fetch-paper"):
        log.info("stage done", seconds=3.2)
        logging.getLogger("some.library").warning("slow: %s", "12 s")
    ours, theirs = (json.loads(line) for line in stream.getvalue().splitlines())
    assert ours["message"] == "stage done"
    assert (ours["job"], ours["stage"], ours["seconds"]) == ("k7f3m2qd", "fetch-paper", 3.2)
    assert theirs["message"] == "slow: 12 s"
    assert theirs["job"] == "k7f3m2qd"


@pytest.mark.parametrize("form", ["json", "text"])
def test_no_secret_is_logged_in_any_of_its_spellings(form: str) -> None:
    stream, log = logged(form)
    log.warning("connecting", password=SECRET, address="postgres://u:pa%22ss%2Fw%C3%B6rd@host/db")
    try:
        int(SECRET)
    except ValueError:
        log.exception("broke")
    text = stream.getvalue()
    assert text.count(HIDDEN) >= 2
    for spelled in (SECRET, json.dumps(SECRET)[1:-1], "pa%22ss%2Fw%C3%B6rd", 'pa\\"ss/wörd'):
        assert spelled not in text


def work_on_a_title(_: None, tell: object) -> None:
    raise HomemadeError("A private title", "its text")


@pytest.mark.parametrize("form", ["json", "text"])
def test_of_an_exception_kinds_and_places_are_logged_and_no_text(form: str) -> None:
    stream, log = logged(form)
    try:
        run_in_process(work_on_a_title, None, tell=print, should_stop=lambda: False, limit=60.0)
    except UnforeseenError:
        log.exception("it broke in a process of its own")
    try:
        int("A private title")
    except ValueError:
        log.exception("it broke here")
    text = stream.getvalue()
    assert "private title" not in text
    for known in ("HomemadeError", "ValueError", "in work_on_a_title", "test_logs.py"):
        assert known in text


def test_chatty_libraries_are_quiet_and_the_level_holds() -> None:
    stream, log = logged("json", level="warning")
    logging.getLogger("botocore.endpoint").info("a request with a signature")
    logging.getLogger("dramatiq.worker").info("arguments")
    log.info("not now")
    log.error("this one")
    assert [json.loads(line)["message"] for line in stream.getvalue().splitlines()] == ["this one"]
