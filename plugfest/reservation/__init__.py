"""Who may touch what, and the promise to leave everything as it was."""
