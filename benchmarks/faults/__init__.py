"""How well the guards on a script do: right sentences that must pass, and the same broken in known ways."""
