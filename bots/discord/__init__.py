"""Discord: what a card looks like there, and what was pressed in it. It only translates."""
