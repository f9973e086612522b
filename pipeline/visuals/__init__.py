"""Choosing: what each scene shows."""
