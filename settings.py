"""The one place that reads the environment. Everything below gets values, never variables."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the environment (or a `.env` file in the working folder) says. Every field has a default."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, populate_by_name=True)

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

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the video in pixels, both even (H.264 with 4:2:0 needs it)."""
        height = self.height // 2 * 2
        return height * 9 // 16 // 2 * 2, height
