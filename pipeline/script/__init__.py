"""Writing: a `Paper` becomes a `Script` whose every claim quotes the paper, and the checks see to it."""
