"""Gemini: what is asked of it, what it answers, what that costs, and how it fails."""
