"""Collective communication benchmarks: how each tool is started, and what it prints as typed records."""
