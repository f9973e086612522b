"""Footage by Runway: what is asked for, bought, waited for and fetched."""
