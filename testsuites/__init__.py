"""Interop suites, one folder per layer."""
