"""docs/deploy.md says what there is: settings, files, and what production needs (commands: tests/cli)."""

from __future__ import annotations

import re
from pathlib import Path

from jobs.opening import what_would_be_lost
from jobs.worker import IO
from settings import Settings
from tests.deploy.document import ROOT, TEXT

#: Names in the document that are not ours: of compose, of Postgres' image.
FOREIGN = {"POSTGRES_PASSWORD", "COMPOSE_PROFILES"}
#: What production has to be told, or is better told.
NEEDED = {
    *("DATABASE_URL", "REDIS_URL", "PUBLIC_BASE_URL", "HIDDEN_HILL_WEB_URL", "HIDDEN_HILL_WEB_HOST", "PORT"),
    *("AWS_S3_ENDPOINT_URL", "AWS_STORAGE_BUCKET_NAME", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    *(
        "SLACK_BOT_TOKEN",
        "SLACK_APP_TOKEN",
        "SLACK_SIGNING_SECRET",
        "DISCORD_TOKEN",
        "DISCORD_ALLOWED_GUILDS",
    ),
    *("GEMINI_API_KEY", "RUNWAYML_API_SECRET", "NCBI_EMAIL", "NCBI_API_KEY", "SENTRY_DSN", "LOG_FORMAT"),
    *("HIDDEN_HILL_DATA", "HIDDEN_HILL_PRODUCTION", "HIDDEN_HILL_EPHEMERAL_OK", "HIDDEN_HILL_METRICS_TOKEN"),
    *("HIDDEN_HILL_WORKERS", "HIDDEN_HILL_JOBS_PER_WORKER", "HIDDEN_HILL_LEASE", "HIDDEN_HILL_ARTEFACT_DAYS"),
}
#: What a link into the document may name after #.
ANCHORS = {
    re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")
    for title in re.findall(r"(?m)^#+ (.*)$", TEXT)
}
VARIABLES = {str(field.validation_alias) for field in Settings.model_fields.values()}


def test_every_variable_in_it_is_one_and_none_that_is_needed_is_missing() -> None:
    named = set(re.findall(r"(?<![A-Za-z-])[A-Z][A-Z0-9]*_[A-Z0-9_]*[A-Z0-9]\b", TEXT))
    assert named - VARIABLES - FOREIGN == set()
    assert NEEDED <= VARIABLES
    assert {name for name in NEEDED if name not in TEXT} == set()


def test_what_production_refuses_to_do_without_is_told(tmp_path: Path) -> None:
    losses = what_would_be_lost(Settings(production=True, data=tmp_path, _env_file=None))  # type: ignore[call-arg]
    assert len(losses) == 3
    wanted = {name for loss in losses for name in re.findall(r"[A-Z][A-Z0-9_]{5,}", loss)}
    assert wanted
    assert {name for name in wanted if name not in TEXT} == set()


def test_every_file_and_place_that_it_leads_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)", TEXT):
        if "://" not in target:
            assert (ROOT / "docs" / target).exists(), target
    assert set(re.findall(r"\]\(#([^)]+)\)", TEXT)) <= ANCHORS
    for name in re.findall(r"`/?((?:deploy|tests)/[a-z/_]+\.[a-z]+)`", TEXT):
        assert (ROOT / name).is_file(), name


def test_numbers_in_it_are_those_of_the_settings() -> None:
    assert f"`HIDDEN_HILL_JOBS_PER_WORKER` ({Settings.model_fields['jobs_per_worker'].default})" in TEXT
    assert f"`HIDDEN_HILL_LEASE`, {Settings.model_fields['lease'].default:.0f} s" in TEXT
    assert f"`hidden-hill worker --io {IO}`" in TEXT


def test_others_lead_to_places_that_are_there() -> None:
    for file in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]:
        for anchor in re.findall(r"deploy\.md#([a-z0-9-]+)", file.read_text(encoding="utf-8")):
            assert anchor in ANCHORS, file
        assert "deployment.md" not in file.read_text(encoding="utf-8"), file
