"""Gemini on the wire: what google-genai says to it and hears from it."""

from tests.fakes.gemini.orders import Broken, Refused, Reply, Slow
from tests.fakes.gemini.server import KEY, FakeGemini, Request, open_gemini

__all__ = ["KEY", "Broken", "FakeGemini", "Refused", "Reply", "Request", "Slow", "open_gemini"]
