"""People talk here. Empty so far: the terminal is the only way in."""
