"""Whole stories in Slack: real processes, a real queue, real videos; only Slack itself is ours."""
