"""Slack: events in, cards out. It only translates; what happens is decided in `bots/desk/desk.py`."""
