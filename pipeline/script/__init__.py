"""Writing: a `Paper` becomes a `Script` whose every claim quotes the paper, and the checks that hold it to that."""
