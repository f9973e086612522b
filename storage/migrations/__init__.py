"""Numbered steps of the schema: `NNNN_name.py`, each with `up(dialect)`, the SQL statements that take it there.

A migration that was released is never changed. A change of `storage.models` needs a new one; a test
compares what all of them make with what the models say, on both databases.
"""
