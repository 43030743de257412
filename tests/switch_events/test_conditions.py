"""Which labs have a switch that drops or marks by itself, and a third host."""

from pathlib import Path

import pytest

from plugfest.inventory.loader import load
from plugfest.inventory.models import Capability, Lab
from plugfest.inventory.plan import Plan
from plugfest.planning.requires import Condition
from plugfest.planning.stimuli import first_switch_drops, last_switch_marks, third_party

HERE = Path(__file__).parent


def reason(condition: Condition, lab: Lab) -> str | None:
    plan = Plan.of(lab)
    return condition(plan, plan.host_pairs[0])


def other(lab: Lab, name: str, **changes: object) -> Lab:
    return lab.model_copy(update={"devices": {**lab.devices, name: lab.device(name).model_copy(update=changes)}})


@pytest.fixture
def small_lab(tmp_path: Path) -> Lab:
    (tmp_path / "known_hosts").touch()
    file = tmp_path / "lab.yaml"
    file.write_text((HERE / "no_injector.yaml").read_text())
    return load(str(file)).lab


@pytest.mark.parametrize("condition", [first_switch_drops, last_switch_marks, third_party])
def test_the_embedded_lab_can_do_everything(condition: Condition) -> None:
    assert reason(condition, load("embedded").lab) is None


def test_sonic_can_mark_but_not_drop(small_lab: Lab) -> None:
    lab = other(small_lab, "leaf1", dialect="sonic")
    assert reason(last_switch_marks, lab) is None
    assert reason(first_switch_drops, lab) == "leaf1: plugfest cannot set access lists in sonic"


def test_a_switch_that_may_not_be_configured_is_left_alone(small_lab: Lab) -> None:
    lab = other(small_lab, "leaf1", dialect="sonic", capabilities=frozenset({Capability.ECN}))
    assert reason(first_switch_drops, lab) == "needs a switch with the capability configuration beside h1"
    assert reason(last_switch_marks, lab) == "needs a switch with the capability configuration beside h2"


def test_two_hosts_have_no_third(small_lab: Lab) -> None:
    assert reason(third_party, small_lab) == "the lab has no third host with the capability capture that reaches h1"
