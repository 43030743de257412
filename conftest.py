"""Registers the plugins of `fixtures/`; nothing else."""

pytest_plugins = [
    "fixtures.options",
    "fixtures.selection",
    "fixtures.lab",
    "fixtures.verdict",
    "fixtures.conditions",
    "fixtures.diagnosis",
    "fixtures.changes",
    "fixtures.defects",
    "fixtures.capture",
    "fixtures.traffic",
    "fixtures.injection",
    "fixtures.switch_events",
    "fixtures.report",
    "fixtures.evidence",
    "fixtures.nightly",
    "fixtures.known_issues",
    "fixtures.scheduling",
    "fixtures.history",
    "fixtures.versions",
    "fixtures.pictures",
]
