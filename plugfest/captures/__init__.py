"""Columnar capture tables and per-queue-pair analysis."""
