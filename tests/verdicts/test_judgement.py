"""Every check's observations survive JSON, and judging again gives the same verdict."""

import inspect
import pkgutil
from importlib import import_module
from typing import get_type_hints

import pytest
from pydantic import TypeAdapter

import plugfest.verdicts
from plugfest.errors import UsageError
from plugfest.inventory.models import Link
from plugfest.verdicts import lldp
from plugfest.verdicts.judgement import Check, Judgement, judge, judge_again
from plugfest.verdicts.verdict import Outcome, Verdict
from tests.verdicts.test_lldp import GOOD, LINK


def test_a_recorded_judgement_is_judged_again_bit_for_bit() -> None:
    recorded = judge(lldp.matches_cabling, LINK, GOOD).model_dump_json()
    judgement = Judgement.model_validate_json(recorded)
    assert judgement.verdict.outcome is Outcome.PASSED
    assert judge_again(judgement).model_dump_json() == judgement.verdict.model_dump_json()


def test_changed_observations_change_the_verdict() -> None:
    judgement = judge(lldp.matches_cabling, LINK, GOOD)
    swapped = Link.model_validate("h1:eth1 <-> leaf1:swp2").model_dump(mode="json")
    doctored = judgement.model_copy(update={"observations": {**judgement.observations, "link": swapped}})
    assert judge_again(doctored).outcome is Outcome.FAILED


@pytest.mark.parametrize("name", ["os:system", "plugfest.verdicts.link:gone"])
def test_only_checks_are_called(name: str) -> None:
    judgement = judge(lldp.matches_cabling, LINK, GOOD).model_copy(update={"check": name})
    with pytest.raises(UsageError):
        judge_again(judgement)


def checks() -> list[Check]:
    modules = [
        import_module(f"plugfest.verdicts.{info.name}") for info in pkgutil.iter_modules(plugfest.verdicts.__path__)
    ]
    return [
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and module.__name__ not in ("plugfest.verdicts.verdict", "plugfest.verdicts.judgement")
        and get_type_hints(function).get("return") is Verdict
    ]


@pytest.mark.parametrize("check", checks(), ids=lambda check: f"{check.__module__}.{check.__name__}")
def test_every_check_takes_observations_that_have_a_json_form(check: Check) -> None:
    hints = get_type_hints(check)
    for name in inspect.signature(check).parameters:
        TypeAdapter(hints[name]).json_schema()
