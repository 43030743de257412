"""Registers the plugins of `fixtures/`; nothing else."""

import pytest

pytest.register_assert_rewrite("fixtures")  # before one of them imports another

pytest_plugins = [
    "fixtures.options",
    "fixtures.selection",
    "fixtures.reservation",
    "fixtures.lab",
    "fixtures.verdict",
    "fixtures.conditions",
    "fixtures.diagnosis",
    "fixtures.configuration",
    "fixtures.changes",
    "fixtures.defects",
    "fixtures.sanity",
    "fixtures.capture",
    "fixtures.traffic",
    "fixtures.injection",
    "fixtures.switch_events",
    "fixtures.report",
    "fixtures.evidence",
    "fixtures.facts",
    "fixtures.nightly",
    "fixtures.known_issues",
    "fixtures.scheduling",
    "fixtures.shards",
    "fixtures.history",
    "fixtures.versions",
    "fixtures.pictures",
]
