"""Everything that Hidden Hill speaks to, well, on loopback: for trying what the doctor says when a part of it isn't."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bots.discord.labs import populated as discord_populated
from tests.bots.slack.labs import MANIFEST
from tests.bots.slack.labs import populated as slack_populated
from tests.cli.commands import Answer, House
from tests.databases import PostgresServer
from tests.fakes.discord import GUILD, FakeDiscord
from tests.fakes.eutils import FakeNcbi
from tests.fakes.gemini import KEY as GEMINI_KEY
from tests.fakes.gemini import FakeGemini, open_gemini
from tests.fakes.runway.server import KEY as RUNWAY_KEY
from tests.fakes.runway.server import FakeRunway, fake_runway
from tests.fakes.s3 import ACCESS_KEY, SECRET_KEY, FaultyWire, S3Server
from tests.fakes.slack import FakeSlack

NCBI_KEY = "ncbi-key-that-no-log-shows"


@dataclass
class Clinic:
    """A house, and the services that it has keys for. `variables` are those of the house."""

    house: House
    gemini: FakeGemini
    runway: FakeRunway
    ncbi: FakeNcbi
    slack: FakeSlack
    discord: FakeDiscord
    s3: S3Server
    wire: FaultyWire
    variables: dict[str, str]
    postgres: PostgresServer

    def doctor(self, *words: str, **variables: str) -> Answer:
        """What `doctor --live` says."""
        return self.house.type("doctor", "--live", *words, **{**self.variables, **variables})


@contextmanager
def open_clinic(folder: Path, postgres: PostgresServer, redis_url: str) -> Iterator[Clinic]:
    """A clinic in `folder` where everybody is well. Its database is SQLite; `postgres` stands by."""
    with ExitStack() as stack:
        gemini, runway = stack.enter_context(open_gemini()), stack.enter_context(fake_runway())
        ncbi = stack.enter_context(FakeNcbi())
        ncbi.key = NCBI_KEY
        slack = stack.enter_context(FakeSlack(manifest=MANIFEST))
        slack_populated(slack)
        discord = stack.enter_context(FakeDiscord())
        discord_populated(discord)
        s3 = S3Server()
        stack.callback(s3.close)
        wire = stack.enter_context(s3.wire())
        bucket = s3.bucket(public=True)
        variables = {
            "GEMINI_API_KEY": GEMINI_KEY,
            "GOOGLE_GEMINI_BASE_URL": gemini.url,
            "RUNWAYML_API_SECRET": RUNWAY_KEY,
            "RUNWAYML_BASE_URL": runway.url,
            "NCBI_API_KEY": NCBI_KEY,
            "NCBI_BASE_URL": ncbi.eutils,
            "PMC_BASE_URL": ncbi.pmc,
            "AWS_S3_ENDPOINT_URL": wire.url,
            "AWS_STORAGE_BUCKET_NAME": bucket,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
            "PUBLIC_BASE_URL": f"{wire.url}/{bucket}",
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_APP_TOKEN": slack.app_token,
            "SLACK_API_URL": slack.api_url,
            "SLACK_FILE_HOSTS": slack.file_host,
            **discord.environment,
            "DISCORD_ALLOWED_GUILDS": GUILD,
            "REDIS_URL": redis_url,
            "HIDDEN_HILL_EPHEMERAL_OK": "1",
        }
        house = House(folder / "data")
        yield Clinic(house, gemini, runway, ncbi, slack, discord, s3, wire, variables, postgres)
