"""Captions: words with times become cues on screen and subtitle files."""
