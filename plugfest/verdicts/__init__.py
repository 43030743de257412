"""Pure checks over recorded observations."""
