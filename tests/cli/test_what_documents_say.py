"""What documents say of one another, of settings and of prices is so."""

from __future__ import annotations

import re
from pathlib import Path

from pipeline.prices import known_price
from pipeline.visuals.runway.models import film_model, listed
from settings import Settings

ROOT = Path(__file__).parents[2]
#: Variables that are no settings of ours, or a short way of writing several.
_OTHERS = {"HIDDEN_HILL_COMMAND"}


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_has_the_table_of_what_was_verified() -> None:
    whole = read("docs/verified.md")
    table = whole[whole.index("| service |") : whole.index("\n\n", whole.index("| service |"))]
    assert table.count("\n") > 8
    assert table in read("README.md")


def test_documents_name_only_variables_that_are_read() -> None:
    aliases = {str(field.validation_alias) for field in Settings.model_fields.values()}
    for name in ("docs/providers.md", "docs/troubleshooting.md"):
        named = set(
            re.findall(
                r"`((?:HIDDEN_HILL|AWS|RUNWAYML|GEMINI|GOOGLE|NCBI|SLACK|DISCORD)_[A-Z0-9_]+)", read(name)
            )
        )
        assert named <= aliases | _OTHERS, named - aliases


def test_the_defaults_in_the_document_are_those_of_the_settings() -> None:
    told = read("docs/providers.md")
    fields = Settings.model_fields
    for name in ("gemini_model", "gemini_voice_model", "runway_models"):
        assert f"`{fields[name].default}`" in told
    limits = [
        fields[name].default
        for name in ("gemini_at_once", "gemini_a_minute", "runway_at_once", "runway_a_minute")
    ]
    assert f"{limits[0]} and {limits[1]} for Gemini, {limits[2]} and {limits[3]} for Runway" in told


def test_what_is_used_by_default_has_a_price() -> None:
    from datetime import date

    fields = Settings.model_fields
    for day in (date(2026, 11, 23), date(2027, 6, 1)):
        assert known_price(fields["gemini_model"].default, "text", day)
        assert known_price(fields["gemini_voice_model"].default, "speech", day)
    assert all(film_model(name).known for name in listed(fields["runway_models"].default))


def test_links_between_documents_lead_somewhere() -> None:
    for name in ("README.md", "docs/providers.md", "docs/troubleshooting.md", "docs/verified.md"):
        folder = (ROOT / name).parent
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", read(name)):
            assert (folder / target).exists(), f"{name}: {target}"
