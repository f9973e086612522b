"""Keeps each job's message and its thread equal to the job's row."""
