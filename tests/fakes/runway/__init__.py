"""Runway on the wire, as runwayml 5.24 speaks it."""
