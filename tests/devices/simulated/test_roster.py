"""A lab's switch with a network dialect is asked through its own command line."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from plugfest.devices.dialects import registry
from plugfest.devices.dialects.switch import DialectSwitch
from plugfest.devices.roster import Roster
from plugfest.devices.simulated.switch import PASSWORD, USER, simulated_switch
from plugfest.inventory.loader import load
from plugfest.sessions.endpoint import Endpoint
from plugfest.sessions.pool import SessionPool
from tests.devices.dialects.saved import saved


@pytest.mark.parametrize(
    ("dialect", "model"), [("arista_eos", "DCS-7060X6-64PE-F"), ("huawei_vrp", "CE8851-32CQ8DQ-P")]
)
def test_a_lab_switch_with_a_network_dialect_tells_who_it_is(dialect: str, model: str, tmp_path: Path) -> None:
    lab = load("embedded").lab
    leaf = lab.switches["leaf1"].model_copy(update={"dialect": dialect})
    lab = lab.model_copy(update={"devices": {**lab.devices, "leaf1": leaf}})
    answers = {each.command: each.answer for each in reversed(saved("good")) if each.dialect.name == dialect}
    with simulated_switch(dialect, answers, tmp_path) as simulated:
        endpoint = Endpoint(
            name="leaf1",
            address="127.0.0.1",
            port=simulated.port,
            user=USER,
            password=SecretStr(PASSWORD),
            known_hosts=simulated.known_hosts,
        )
        with SessionPool({"leaf1": endpoint}) as pool:
            switch = Roster(lab, pool).switch("leaf1")
            assert isinstance(switch, DialectSwitch)
            assert switch.facts().model == model
            assert switch.dialect is registry.dialect(dialect)
