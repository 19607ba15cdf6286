"""Raise the pinned versions, record again, and report which statements no longer hold."""
