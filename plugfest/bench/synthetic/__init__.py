"""Captures made up from rules, with a count of everything that was put into them: ground truth and benchmark load."""
