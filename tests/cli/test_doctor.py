"""The doctor names what is wrong, says what to set, and shows no secret."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.commands import Answer, House
from tests.databases import PostgresServer
from tests.fakes.s3 import ACCESS_KEY, SECRET_KEY, S3Server

ALL = [
    "settings",
    "data folder",
    "database",
    "queue",
    "object store",
    "ffmpeg",
    "fonts",
    "scanned papers",
    "voice",
    "workers",
]
HUSH = "hush-hush-hush"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "data")


@pytest.fixture(scope="module")
def s3() -> Iterator[S3Server]:
    server = S3Server()
    yield server
    server.close()


def wrong(answer: Answer) -> dict[str, str]:
    """What the doctor found wrong, by name."""
    assert HUSH not in answer.out + answer.err
    assert "Traceback" not in answer.err
    found = {one["name"]: one for one in answer.objects}
    assert list(found) == ALL
    assert answer.status == (0 if all(one["well"] for one in found.values()) else 4)
    return {name: one["text"] for name, one in found.items() if not one["well"]}


def test_it_finds_everything_that_a_video_needs(house: House) -> None:
    answer = house.type("doctor")
    assert answer.status == 0, answer.out
    assert [line.partition(":")[0] for line in answer.out.splitlines()] == [f"✓ {name}" for name in ALL]


def test_a_data_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    answer = House(tmp_path / "file" / "data").type("doctor")
    assert answer.status == 4
    assert "✗ data folder" in answer.out
    assert "HIDDEN_HILL_DATA" in answer.out


def test_a_variable_that_can_not_be_read_is_named(house: House) -> None:
    answer = house.type("doctor", PORT="eighty")
    assert answer.status == 2
    assert answer.out.startswith("✗ settings: PORT can't be used")


def test_it_says_which_data_folder_and_which_settings_it_looked_at(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.data.mkdir()
    (house.data / ".env").write_text("LOG_LEVEL=warning\n")
    monkeypatch.chdir(house.data)
    answer = house.type("doctor")
    assert str(house.data / ".env") in answer.out
    assert f"{house.data} can be written to" in answer.out
    assert "workers: none is running" in answer.out


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("PORT", "eighty", "it has to be a whole number"),
        ("PORT", "99999", "it can be 65535 at most"),
        ("HIDDEN_HILL_LEASE", "0", "it has to be at least 2"),
        ("LOG_FORMAT", "xml", "it has to be 'auto', 'json' or 'text'"),
        ("HIDDEN_HILL_PRODUCTION", "perhaps", "it has to be 1 or 0"),
        ("HIDDEN_HILL_WEB_URL", "videos.example.org", "it has to be a web address"),
        ("HIDDEN_HILL_WEB_URL", "https://", "it has to be a web address"),
        ("PUBLIC_BASE_URL", "ftp://videos.example.org", "it has to be a web address"),
    ],
)
def test_a_setting_that_can_not_be_used_is_told_in_words(
    house: House, variable: str, value: str, words: str
) -> None:
    answer = house.type("doctor", **{variable: value})
    assert answer.status == 2
    assert answer.out.startswith(f"✗ settings: {variable} can't be used: {words}")


def test_addresses_that_are_none_are_told_one_by_one(house: House) -> None:
    found = wrong(
        house.type(
            "doctor",
            "--json",
            REDIS_URL=f"redys://:{HUSH}@host",
            DATABASE_URL=f"mysql://me:{HUSH}@host/db",
            AWS_STORAGE_BUCKET_NAME="hill",
        )
    )
    assert found.keys() == {"database", "queue", "object store"}
    assert "DATABASE_URL" in found["database"]
    assert "REDIS_URL" in found["queue"]
    assert "AWS_SECRET_ACCESS_KEY" in found["object store"]


def test_services_that_let_nobody_in_are_told_one_by_one(
    house: House, s3: S3Server, valkey_url: str, postgres_server: PostgresServer
) -> None:
    found = wrong(
        house.type(
            "doctor",
            "--json",
            REDIS_URL=f"{valkey_url}&password={HUSH}",
            DATABASE_URL=postgres_server.url("no_such_database"),
            AWS_STORAGE_BUCKET_NAME="no-such-bucket",
            AWS_S3_ENDPOINT_URL=s3.url,
            AWS_ACCESS_KEY_ID="somebody",
            AWS_SECRET_ACCESS_KEY=HUSH,
        )
    )
    assert found.keys() == {"database", "queue", "object store"}
    assert "DATABASE_URL" in found["database"]
    assert "REDIS_URL" in found["queue"]
    assert "The bucket doesn't exist." in found["object store"]


def test_a_service_that_works_is_well(
    house: House, s3: S3Server, valkey_url: str, postgres_server: PostgresServer
) -> None:
    with postgres_server.new_database() as url:
        services = {
            "REDIS_URL": valkey_url,
            "DATABASE_URL": url,
            "AWS_STORAGE_BUCKET_NAME": s3.bucket(),
            "AWS_S3_ENDPOINT_URL": s3.url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }
        assert "hidden-hill migrate" in wrong(house.type("doctor", "--json", **services))["database"]
        assert house.type("migrate", **services).status == 0
        assert wrong(house.type("doctor", "--json", **services)) == {}


def test_what_production_would_lose_is_wrong(house: House) -> None:
    found = wrong(house.type("doctor", "--json", HIDDEN_HILL_PRODUCTION="1"))
    assert found.keys() == {"settings"}
    assert "HIDDEN_HILL_EPHEMERAL_OK" in found["settings"]


def test_a_database_that_is_away_is_told_with_its_variable(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    found = wrong(house.type("doctor", "--json", DATABASE_URL=f"postgresql://me:{HUSH}@127.0.0.1:{port}/db"))
    assert "DATABASE_URL" in found["database"]
    assert "disk" not in found["database"]


def test_a_damaged_file_is_told_with_its_folder_and_a_refusal_without(
    house: House, postgres_server: PostgresServer
) -> None:
    house.data.mkdir()
    (house.data / "hidden-hill.db").write_text("no database at all, and long enough to be read as one" * 99)
    assert "HIDDEN_HILL_DATA" in wrong(house.type("doctor", "--json"))["database"]
    url = postgres_server.url("no_such_database")
    refused = wrong(house.type("doctor", "--json", DATABASE_URL=url))["database"]
    assert "DATABASE_URL" in refused
    assert "file" not in refused
