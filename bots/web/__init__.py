"""The small HTTP process."""
