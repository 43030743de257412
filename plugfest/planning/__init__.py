"""What a lab allows of what the suites ask, decided from the lab file alone."""
