"""Resilience: failures under load."""
