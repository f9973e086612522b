"""How scientific English is written: sentences, brackets, units. Knows nothing of papers or scripts."""
