"""Retention: what is kept of old runs, and what is never deleted."""
