"""Measurements, run by hand: ratios within one run, and the corpus table. None of it is a timed test."""
