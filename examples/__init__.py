"""The example paper, and the small measurement that it reports."""
