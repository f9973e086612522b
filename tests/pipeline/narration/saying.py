"""Saying one thing."""

from __future__ import annotations

from pipeline.providers import Speech, Voice


def say(voice: Voice, text: str, *, pace: float = 1.0) -> Speech:
    """`text` alone, as `voice` says it."""
    [speech] = voice.speak([text], pace=pace)
    return speech
