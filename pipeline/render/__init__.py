"""Drawing: a scene becomes frames, frames become a segment, segments and the voice become the video."""
