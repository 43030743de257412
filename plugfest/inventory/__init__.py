"""Lab files: models, loader and the planner that says what can be tested."""
