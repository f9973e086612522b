"""The `hidden-hill` command: one file a group of commands; the only place that wires everything together."""
