"""The one place that reads the environment. `Settings` is built where a process begins, and handed down as a value."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import platformdirs
from pydantic import AfterValidator, Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def _web_address(value: str) -> str:
    """The address as it is; raises `ValueError` for what no browser opens."""
    try:
        parts = urlsplit(value)
        there = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        there = False
    if not there or not value.isprintable() or " " in value:
        raise ValueError("it has to be a web address, like https://videos.example.org")
    return value


#: An address that links to videos begin with.
WebAddress = Annotated[str, AfterValidator(_web_address)]


class Settings(BaseSettings):
    """What the environment (or a `.env` file in the working folder) says. Every field has a default."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, populate_by_name=True
    )

    data: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_path("hidden-hill")),
        validation_alias="HIDDEN_HILL_DATA",
        description="The data folder: what is remembered between runs.",
    )
    height: int = Field(
        default=1920,
        ge=240,
        le=1920,
        validation_alias="HIDDEN_HILL_HEIGHT",
        description="Height of the video in pixels; the width is 9/16 of it. Small ones are for tests.",
    )
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 8),
        ge=1,
        validation_alias="HIDDEN_HILL_WORKERS",
        description="How many scenes are drawn at once, each by a process of its own.",
    )
    ncbi_api_key: SecretStr | None = Field(
        default=None,
        validation_alias="NCBI_API_KEY",
        description="Raises NCBI's limit from 3 to 10 requests a second.",
    )
    ncbi_email: str | None = Field(
        default=None,
        validation_alias="NCBI_EMAIL",
        description="Whom NCBI may write to about our requests; they ask for it.",
    )
    ncbi_base_url: str = Field(
        default="https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
        validation_alias="NCBI_BASE_URL",
        description="Where E-utilities are asked.",
    )
    pmc_base_url: str = Field(
        default="https://pmc-oa-opendata.s3.amazonaws.com",
        validation_alias="PMC_BASE_URL",
        description="Where figure files are fetched: PMC_BASE_URL/PMCID/FILE.",
    )

    redis_url: SecretStr | None = Field(
        default=None,
        validation_alias="REDIS_URL",
        description="The queue: redis://, rediss:// or unix://. Without it an embedded Valkey in the data folder.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="The database: postgresql://user:password@host/name. Without it SQLite in the data folder.",
    )
    s3_access_key: SecretStr | None = Field(
        default=None,
        validation_alias="AWS_ACCESS_KEY_ID",
        description="The object store's key. Without a bucket finished videos live in the data folder.",
    )
    s3_secret_key: SecretStr | None = Field(
        default=None,
        validation_alias="AWS_SECRET_ACCESS_KEY",
        description="The object store's secret.",
    )
    s3_bucket: str | None = Field(
        default=None,
        validation_alias="AWS_STORAGE_BUCKET_NAME",
        description="The bucket for finished videos and for what workers hand to each other.",
    )
    s3_endpoint: str | None = Field(
        default=None,
        validation_alias="AWS_S3_ENDPOINT_URL",
        description="The object store's address; for Cloudflare R2 https://ACCOUNT.r2.cloudflarestorage.com.",
    )
    public_base_url: WebAddress | None = Field(
        default=None,
        validation_alias="PUBLIC_BASE_URL",
        description="The bucket's public domain, if it has one: links to a video's page then begin with it.",
    )
    web_url: WebAddress | None = Field(
        default=None,
        validation_alias="HIDDEN_HILL_WEB_URL",
        description="Where people reach `hidden-hill web`: without PUBLIC_BASE_URL, a video's page is at WEB_URL/v/….",
    )
    web_host: str = Field(
        default="127.0.0.1",
        validation_alias="HIDDEN_HILL_WEB_HOST",
        description="The address that `hidden-hill web` listens on; 0.0.0.0 behind a platform's router.",
    )
    port: int = Field(
        default=8000,
        ge=0,
        le=65535,
        validation_alias="PORT",
        description="The port that `hidden-hill web` listens on.",
    )
    metrics_token: SecretStr | None = Field(
        default=None,
        validation_alias="HIDDEN_HILL_METRICS_TOKEN",
        description="What a scraper of /metrics must send: Authorization: Bearer TOKEN. "
        "Without it, in production /metrics answers this machine alone.",
    )
    slack_bot_token: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_BOT_TOKEN",
        description="Slack's bot token (xoxb-…).",
    )
    slack_app_token: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_APP_TOKEN",
        description="Slack's app-level token (xapp-…, scope connections:write): Socket Mode, no public address needed.",
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        validation_alias="SLACK_SIGNING_SECRET",
        description="Slack's signing secret: HTTP mode, in `hidden-hill web` at /slack/events, instead of Socket Mode.",
    )
    slack_api_url: str = Field(
        default="https://slack.com/api/",
        validation_alias="SLACK_API_URL",
        description="Where Slack's Web API is asked.",
    )
    slack_file_hosts: str = Field(
        default="files.slack.com",
        validation_alias="SLACK_FILE_HOSTS",
        description="The hosts, separated by commas, that files are fetched from with the bot token.",
    )
    slack_allowed_teams: str = Field(
        default="",
        validation_alias="SLACK_ALLOWED_TEAMS",
        description="Ids of Slack teams or Enterprise orgs, separated by commas, that may use the app; "
        "empty: the bot token's own.",
    )
    command: str = Field(
        default="/paper",
        pattern=r"^/[a-z0-9_-]{1,31}$",
        validation_alias="HIDDEN_HILL_COMMAND",
        description="The slash command's name, as it is in the app's manifest.",
    )
    discord_token: SecretStr | None = Field(
        default=None,
        validation_alias="DISCORD_TOKEN",
        description="Discord's bot token.",
    )
    discord_api_url: str = Field(
        default="https://discord.com/api/v10",
        validation_alias="DISCORD_API_URL",
        description="Where Discord's HTTP API is asked.",
    )
    discord_gateway_url: str = Field(
        default="wss://gateway.discord.gg/",
        validation_alias="DISCORD_GATEWAY_URL",
        description="Where Discord's gateway is, which tells what happens.",
    )
    discord_cdn_hosts: str = Field(
        default="cdn.discordapp.com,media.discordapp.net",
        validation_alias="DISCORD_CDN_HOSTS",
        description="The hosts, separated by commas, that files are fetched from.",
    )
    discord_allowed_guilds: str = Field(
        default="",
        validation_alias="DISCORD_ALLOWED_GUILDS",
        description="Ids of Discord servers, separated by commas, that may use the app; "
        "empty: all that it was added to.",
    )
    discord_dev_guild: str = Field(
        default="",
        pattern=r"^\d*$",
        validation_alias="HIDDEN_HILL_DISCORD_DEV_GUILD",
        description="The id of a server where the slash commands are put at once, and nowhere else; "
        "for those who work on Hidden Hill.",
    )
    gemini_api_key: SecretStr | None = Field(
        default=None,
        validation_alias="GEMINI_API_KEY",
        description="Gemini's key: a better writer and voice. Without it the embedded ones.",
    )
    gemini_base_url: WebAddress = Field(
        default="https://generativelanguage.googleapis.com",
        validation_alias="GOOGLE_GEMINI_BASE_URL",
        description="Where Gemini is asked.",
    )
    gemini_model: str = Field(
        default="gemini-3.8-flash",
        validation_alias="HIDDEN_HILL_GEMINI_MODEL",
        description="The model of Gemini that writes.",
    )
    gemini_voice_model: str = Field(
        default="gemini-3.8-flash-tts",
        validation_alias="HIDDEN_HILL_GEMINI_VOICE_MODEL",
        description="The model of Gemini that speaks.",
    )
    runway_api_secret: SecretStr | None = Field(
        default=None,
        validation_alias="RUNWAYML_API_SECRET",
        description="Runway's key: footage for the scenes that show no data. Without it none.",
    )
    runway_base_url: WebAddress = Field(
        default="https://api.dev.runwayml.com",
        validation_alias="RUNWAYML_BASE_URL",
        description="Where Runway is asked.",
    )
    runway_models: str = Field(
        default="gen4.5,veo3.1_fast",
        validation_alias="HIDDEN_HILL_RUNWAY_MODELS",
        description="Runway's models, separated by commas: the first is preferred, others are asked where it refuses.",
    )
    runway_output_hosts: str = Field(
        default="dnznrvs05pmza.cloudfront.net,*.runwayml.com,*.cloudfront.net",
        validation_alias="HIDDEN_HILL_RUNWAY_HOSTS",
        description="The hosts, separated by commas, that Runway's footage is fetched from.",
    )
    gemini_at_once: int = Field(
        default=3,
        ge=1,
        validation_alias="HIDDEN_HILL_GEMINI_AT_ONCE",
        description="How many calls of Gemini's all workers together have under way at once.",
    )
    gemini_a_minute: int = Field(
        default=10,
        ge=1,
        validation_alias="HIDDEN_HILL_GEMINI_A_MINUTE",
        description="How many calls of Gemini's all workers together begin in a minute, as its tier allows.",
    )
    runway_at_once: int = Field(
        default=3,
        ge=1,
        validation_alias="HIDDEN_HILL_RUNWAY_AT_ONCE",
        description="How many tasks Runway works on at once for all workers together, as its tier allows.",
    )
    runway_a_minute: int = Field(
        default=30,
        ge=1,
        validation_alias="HIDDEN_HILL_RUNWAY_A_MINUTE",
        description="How many tasks all workers together hand to Runway in a minute.",
    )
    writer: Literal["auto", "extractive", "gemini"] = Field(
        default="auto",
        validation_alias="HIDDEN_HILL_WRITER",
        description="Who writes the script; auto: Gemini where GEMINI_API_KEY is set, else the embedded writer.",
    )
    voice: str = Field(
        default="auto",
        pattern=r"^(auto|hibari|gemini(:[A-Za-z]+)?)$",
        validation_alias="HIDDEN_HILL_VOICE",
        description="Who speaks: hibari (the embedded voice); gemini, or one of its voices, like gemini:Kore; "
        "auto: Gemini where GEMINI_API_KEY is set, else the embedded voice.",
    )
    voice_style: str = Field(
        default="",
        validation_alias="HIDDEN_HILL_VOICE_STYLE",
        description="How Gemini speaks, in a few plain words: calm and clear.",
    )
    footage: Literal["auto", "off", "runway"] = Field(
        default="auto",
        validation_alias="HIDDEN_HILL_FOOTAGE",
        description="Who makes footage; auto: Runway where RUNWAYML_API_SECRET is set, else nobody.",
    )
    on_failure: Literal["fall-back", "fail"] = Field(
        default="fall-back",
        validation_alias="HIDDEN_HILL_ON_FAILURE",
        description="When a provider fails for good: fall-back goes on with what is embedded and says so; "
        "fail ends the job.",
    )
    production: bool = Field(
        default=False,
        validation_alias="HIDDEN_HILL_PRODUCTION",
        description="Refuse to start on defaults that a redeployment would wipe.",
    )
    ephemeral_ok: bool = Field(
        default=False,
        validation_alias="HIDDEN_HILL_EPHEMERAL_OK",
        description="Start on such defaults all the same: the data folder is on a disk that stays.",
    )
    lease: float = Field(
        default=30.0,
        ge=2.0,
        le=600.0,
        validation_alias="HIDDEN_HILL_LEASE",
        description="Seconds until the work of a worker that vanished is given to another.",
    )
    jobs_per_worker: int = Field(
        default=2,
        ge=1,
        le=64,
        validation_alias="HIDDEN_HILL_JOBS_PER_WORKER",
        description="How many jobs are at work at once for each worker process.",
    )
    artefact_days: float = Field(
        default=30.0,
        gt=0,
        validation_alias="HIDDEN_HILL_ARTEFACT_DAYS",
        description="Days until what a job made on its way, and nobody used since, is deleted.",
    )
    sentry_dsn: SecretStr | None = Field(
        default=None,
        validation_alias="SENTRY_DSN",
        description="Where Sentry hears of failures. Without it nobody is told.",
    )
    sentry_traces: float = Field(
        default=0.1,
        ge=0,
        le=1,
        validation_alias="SENTRY_TRACES_SAMPLE_RATE",
        description="The share of stages whose duration Sentry is told.",
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto",
        validation_alias="LOG_FORMAT",
        description="json: one object a line; text: for people; auto: text on a terminal, else json.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        validation_alias="LOG_LEVEL",
        description="The least that is logged.",
    )

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the video in pixels, both even (H.264 with 4:2:0 needs it)."""
        height = self.height // 2 * 2
        return height * 9 // 16 // 2 * 2, height
