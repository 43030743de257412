"""A pytest plugin for runs against simulated labs: their tables are true at once, so no test need wait a minute."""

import pytest

SECONDS = 2.0
CONSTANTS = dict.fromkeys(("DISCOVERY_SECONDS", "WATCH_SECONDS", "CONVERGENCE_SECONDS"), SECONDS)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Shorten what the suites wait for neighbours and packets."""
    for plugin in session.config.pluginmanager.get_plugins():
        if getattr(plugin, "__name__", "").startswith("testsuites."):
            for name in CONSTANTS.keys() & vars(plugin).keys():
                setattr(plugin, name, CONSTANTS[name])
