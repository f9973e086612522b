"""Whatever somebody says or presses is answered here: who may, which job is meant, and what happens."""
