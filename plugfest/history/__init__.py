"""The lab database: every result of every run, what changed between runs, and what is only noise."""
