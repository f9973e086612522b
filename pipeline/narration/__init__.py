"""Speaking: a `Script` becomes a voice track with a time for every word."""
