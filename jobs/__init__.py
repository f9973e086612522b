"""Work happens here, once it is queued. Empty so far: `hidden-hill make` runs the stages in one process."""
