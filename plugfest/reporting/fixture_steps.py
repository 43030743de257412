"""Which fixtures the report shows around a test."""

import allure_commons
from allure_commons.model2 import ExecutableItem, Status, TestResultContainer

UNEVENTFUL = (Status.PASSED, Status.SKIPPED, None)


class FixtureSteps:
    """Allure plugin: of the fixtures around a test it keeps those that did, show or broke something."""

    @allure_commons.hookimpl(tryfirst=True)
    def report_container(self, container: TestResultContainer) -> None:
        """Allure is about to write what was set up and torn down; dozens of silent entries would hide the rest."""
        container.befores = [fixture for fixture in container.befores if _eventful(fixture)]
        container.afters = [fixture for fixture in container.afters if _eventful(fixture)]


def _eventful(fixture: ExecutableItem) -> bool:
    return bool(fixture.steps or fixture.attachments) or fixture.status not in UNEVENTFUL
