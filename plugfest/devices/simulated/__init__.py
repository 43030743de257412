"""Switches that are not there: SSH servers that behave like a dialect's command line and answer from recordings."""
