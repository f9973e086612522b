"""docs/troubleshooting.md: every line of it is provoked, and what the doctor then says is what stands there."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bots.discord.invite import integer
from jobs import flow
from jobs.failures import verdict
from pipeline.errors import ModerationError
from storage import workers
from tests.bots.discord.labs import populated
from tests.chaos.test_disk import on_a_small_disk
from tests.cli.clinic import NCBI_KEY, Clinic, open_clinic
from tests.cli.commands import Answer
from tests.databases import PostgresServer
from tests.fakes.discord import FakeDiscord
from tests.fakes.gemini import Broken, Refused, Slow
from tests.fakes.s3 import SECRET_KEY, Status
from tests.jobs.offices import begun, ordered, sent, work_through

DOCUMENT = Path(__file__).parents[2] / "docs" / "troubleshooting.md"
_LINE = re.compile(
    r"^\| (?!what you see|---)(?P<symptom>[^|]+) \| `(?P<says>[^`]+)` \| (?P<to_do>[^|]+) \|$", re.MULTILINE
)
DISCORD_TOKEN = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.wrong.secret"

Provoke = Callable[[Clinic], Answer]


def written() -> dict[str, str]:
    """What the document says that the doctor says, by the symptom."""
    return {found["symptom"]: found["says"] for found in _LINE.finditer(DOCUMENT.read_text())}


def as_pattern(says: str) -> re.Pattern[str]:
    """What stands in the document, … for anything; a line may go on."""
    return re.compile("^" + ".*".join(re.escape(part) for part in says.split("…")), re.MULTILINE)


def keys_are_refused(clinic: Clinic) -> Answer:
    clinic.slack.revoke()
    clinic.wire.faults.extend([Status(403, "SignatureDoesNotMatch")] * 2)
    return clinic.doctor(
        GEMINI_API_KEY="AIza-revoked",
        RUNWAYML_API_SECRET="key_revoked",
        NCBI_API_KEY=f"{NCBI_KEY}-revoked",
        DISCORD_TOKEN=DISCORD_TOKEN,
    )


def money_is_gone(clinic: Clinic) -> Answer:
    clinic.gemini.tell(Refused.too_many(per="Day"), Refused.too_many())
    clinic.runway.credits = 3
    clinic.ncbi.failures.extend([503] * 4)
    clinic.wire.strikes = lambda method, _: method == "PUT"
    clinic.wire.faults.append(Status(403, "AccessDenied"))
    with clinic.house.office() as office:
        ordered(office)
    return clinic.doctor()


def addresses_are_wrong(clinic: Clinic) -> Answer:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    return clinic.doctor(
        HIDDEN_HILL_GEMINI_MODEL="gemini-0",
        NCBI_BASE_URL=clinic.ncbi.eutils.replace("/eutils", "/elsewhere"),
        REDIS_URL=f"redis://127.0.0.1:{port}",
        AWS_STORAGE_BUCKET_NAME="no-such-bucket",
        SLACK_APP_TOKEN="xapp-wrong",
        DATABASE_URL=clinic.postgres.url("no_such_database"),
    )


def places_are_refused(clinic: Clinic) -> Answer:
    clinic.gemini.tell(Refused.abroad(), Refused.overloaded())
    clinic.wire.faults.extend([Status(400, "AuthorizationHeaderMalformed")] * 2)
    clinic.slack.workspace.scopes.discard("files:read")
    with clinic.house.office() as office:
        ordered(office)
        work_through(office, until="generate-script")
        [message] = sent(office)
        refused = ModerationError(
            "Gemini’s rules refused this paper (SAFETY).", "Its answer would be the same."
        )
        flow.fail(office, begun(office, message), verdict(refused, "generate-script"))
    with FakeDiscord(intents=set(), permissions=integer() & ~(1 << 35), everyone=0) as discord:
        populated(discord)
        return clinic.doctor(**discord.environment)


def clocks_and_lines(clinic: Clinic) -> Answer:
    clinic.gemini.tell(Broken())
    clinic.wire.faults.extend([Status(403, "RequestTimeTooSkewed")] * 2)
    with clinic.house.office() as office:
        database = office.database
        ordered(office)
        workers.seen(database, workers.WorkerSign(id="worker-1", host="here", pid=1, io=1, cpu=1))
        database.do(lambda: database.run("UPDATE stage_run SET due_at = due_at - 600"))
    return clinic.doctor()


def links_are_refused(clinic: Clinic) -> Answer:
    closed = clinic.s3.bucket()
    return clinic.doctor(
        GOOGLE_GEMINI_BASE_URL=f"{clinic.gemini.url}/elsewhere",
        AWS_STORAGE_BUCKET_NAME=closed,
        PUBLIC_BASE_URL=f"{clinic.wire.url}/{closed}",
        HIDDEN_HILL_EPHEMERAL_OK="",
    )


def links_lead_elsewhere(clinic: Clinic) -> Answer:
    return clinic.doctor(PUBLIC_BASE_URL=clinic.ncbi.pmc)


def the_key_is_unknown(clinic: Clinic) -> Answer:
    clinic.wire.faults.append(Status(403, "InvalidAccessKeyId"))
    return clinic.doctor()


def the_endpoint_names_the_bucket(clinic: Clinic) -> Answer:
    bucket = clinic.variables["AWS_STORAGE_BUCKET_NAME"]
    clinic.gemini.tell(Slow(60), Slow(60))
    with pytest.MonkeyPatch.context() as hurry, clinic.postgres.new_database() as empty:
        hurry.setattr("cli.live.PATIENCE", 0.3)
        return clinic.doctor(AWS_S3_ENDPOINT_URL=f"{clinic.wire.url}/{bucket}", DATABASE_URL=empty)


def addresses_end_with_a_slash(clinic: Clinic) -> Answer:
    addresses = {name: value for name, value in clinic.variables.items() if value.startswith("http")}
    answer = clinic.doctor(**{name: f"{value.rstrip('/')}/" for name, value in addresses.items()})
    assert answer.status == 0, answer.out
    return answer


def the_disk_is_small(clinic: Clinic) -> Answer:
    house = clinic.house
    nothing = house.data.parent / "nothing"
    nothing.mkdir()
    house.data.mkdir()
    command = [*on_a_small_disk(house.data, nothing), sys.executable, "-P", "-m", "cli.main", "doctor"]
    said = subprocess.run(
        command, capture_output=True, text=True, timeout=100, check=False, env=house.environment, cwd=nothing
    )
    return Answer(said.returncode, said.stdout, said.stderr)


#: What is provoked, and of which symptoms doctor then speaks.
SCENARIOS: dict[Provoke, tuple[str, ...]] = {
    keys_are_refused: (
        "the embedded writer and voice made the video, though a Gemini key is set",
        "no scene has generated footage, though a Runway key is set",
        "papers by PMID fail, files work",
        "Slack answers nothing; the app was taken out, or its token replaced",
        "Discord answers nothing; the token was reset",
        "nothing is uploaded: the secret is wrong",
    ),
    money_is_gone: (
        "“Gemini’s quota for today, or the money for it, is used up”",
        "Gemini is slow in coming, jobs wait in its line",
        "“Runway’s account has no credits left”",
        "NCBI is away or busy",
        "nothing is uploaded: the key may not write",
        "jobs stay in line for ever: no worker",
    ),
    addresses_are_wrong: (
        "Gemini has renamed or retired a model",
        "something else stands at NCBI’s address",
        "commands say that the queue is away",
        "wrong bucket",
        "Slack hears nothing",
        "the database lets nobody in",
    ),
    places_are_refused: (
        "Gemini is not to be had where the server stands",
        "Gemini is overloaded",
        "the bucket is in another region",
        "a job says that Gemini’s rules refused the paper",
        "Slack refuses one thing (missing_scope)",
        "a PDF dropped in a Discord channel is not seen",
        "Discord gets no thread, or no file",
    ),
    clocks_and_lines: ("the line breaks", "uploads fail on one machine only", "the bar stands still"),
    links_are_refused: (
        "the link to a video answers 403",
        "a proxy or a wrong address stands before Gemini",
        "videos vanish when the host deploys again",
    ),
    links_lead_elsewhere: ("the link to a video leads somewhere else",),
    the_key_is_unknown: ("nothing is uploaded: the key is gone",),
    the_endpoint_names_the_bucket: (
        "the endpoint was copied with the bucket’s name at its end",
        "Gemini takes too long",
        "nothing starts after an update",
    ),
    addresses_end_with_a_slash: ("an address was set with a trailing slash",),
    the_disk_is_small: ("jobs fail with “The worker’s disk is full”",),
}


@pytest.fixture
def clinic(tmp_path: Path, postgres_server: PostgresServer, valkey_url: str) -> Iterator[Clinic]:
    with open_clinic(tmp_path, postgres_server, valkey_url) as clinic:
        yield clinic


@pytest.mark.parametrize("provoke", SCENARIOS, ids=lambda one: one.__name__)
def test_doctor_says_what_the_document_says(clinic: Clinic, provoke: Provoke) -> None:
    answer = provoke(clinic)
    says = written()
    for symptom in SCENARIOS[provoke]:
        assert as_pattern(says[symptom]).search(answer.out), f"{symptom}: {answer.out}"
    wrong = [line for line in answer.out.splitlines() if line.startswith("✗")]
    assert answer.status == (4 if wrong else 0)
    for key in (NCBI_KEY, SECRET_KEY, DISCORD_TOKEN, "AIza", "key_", clinic.slack.bot_token, "fake.token"):
        assert key not in answer.out + answer.err


def test_every_line_of_the_document_is_provoked() -> None:
    provoked = [symptom for symptoms in SCENARIOS.values() for symptom in symptoms]
    assert sorted(provoked) == sorted(written())
    lines = [line for line in DOCUMENT.read_text().splitlines() if line.startswith("| ")]
    assert not [line for line in lines if "| what to do |" not in line and not _LINE.match(line)]
