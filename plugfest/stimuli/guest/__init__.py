"""Programs that run on the hosts under test: the standard library and pyverbs only."""
