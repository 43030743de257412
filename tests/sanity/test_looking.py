"""A switch that cannot answer a question is not sick for that reason; one that is away is."""

from typing import cast

import pytest

from plugfest.devices.protocols import Unsupported
from plugfest.devices.records import InterfaceState
from plugfest.devices.roster import Roster
from plugfest.errors import CommandError, SessionError
from plugfest.inventory.loader import load
from plugfest.inventory.plan import Plan
from plugfest.sanity.checks import findings
from plugfest.sanity.looking import Eyes, designs_of
from plugfest.sanity.records import Condition


class Switch:
    """Answers with what the test says, or raises it."""

    def __init__(self, interfaces: object, bgp: object) -> None:
        self._interfaces, self._bgp = interfaces, bgp

    def interfaces(self) -> object:
        return said(self._interfaces)

    def bgp_neighbors(self) -> object:
        return said(self._bgp)


def said(answer: object) -> object:
    if isinstance(answer, Exception):
        raise answer
    return answer


def seen(switch: Switch, monkeypatch: pytest.MonkeyPatch) -> Condition:
    lab = load("embedded").lab
    roster = Roster(lab, cast(object, None))  # type: ignore[arg-type]
    monkeypatch.setattr(Eyes, "is_linux", lambda eyes, name: False)
    monkeypatch.setattr(Roster, "switch", lambda roster, name: switch)
    return Eyes(roster, designs_of(Plan.of(lab))).look(["leaf1"])["leaf1"]


def test_what_a_switch_does_not_answer_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    condition = seen(Switch(Unsupported("no command for it"), CommandError("rejected")), monkeypatch)
    assert condition.unmeasured == ("no command for it", "rejected")
    assert findings(condition, designs_of(Plan.of(load("embedded").lab))["leaf1"]) == ()


def test_a_port_that_is_down_is_seen_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    down = InterfaceState(name="swp1", admin_up=True, oper_up=False, mtu=1500, mac=None)
    condition = seen(Switch({"swp1": down}, CommandError("rejected")), monkeypatch)
    assert condition.links == {"swp1": "down"}


def test_a_switch_that_is_away_is_sick(monkeypatch: pytest.MonkeyPatch) -> None:
    condition = seen(Switch(SessionError("leaf1: cannot connect"), ()), monkeypatch)
    assert condition.unreachable == "leaf1: cannot connect"
