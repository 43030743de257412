"""``@requires(condition…)`` above a test or a fixture: without that, the lab cannot serve it and it is skipped.

A condition looks at the plan of a lab and at the subject of a test (a link, a pair of hosts …) and returns the reason
why the test cannot run, or None if it can.  It asks no device, so that skips are known when tests are collected.
A module's tests all require what its constant ``REQUIRES`` lists.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from plugfest.inventory.plan import Plan

Condition = Callable[[Plan, Any], str | None]
"""``(plan, subject) -> reason``; the subject is None for tests without one."""

ATTRIBUTE = "plugfest_requires"
MODULE_CONSTANT = "REQUIRES"

Function = TypeVar("Function", bound=Callable[..., Any])


def requires(*conditions: Condition) -> Callable[[Function], Function]:
    """Skip the decorated test, or every test that uses the decorated fixture, unless all conditions hold.

    On a fixture it stands below ``@pytest.fixture``.
    """

    def decorate(function: Function) -> Function:
        setattr(function, ATTRIBUTE, (*conditions, *conditions_of(function)))
        return function

    return decorate


def conditions_of(function: object) -> tuple[Condition, ...]:
    """The conditions of a test or fixture function."""
    found: tuple[Condition, ...] = getattr(function, ATTRIBUTE, ())
    return found
