"""Changes of single ports as suites ask for them, on a simulated switch of every dialect."""

from pathlib import Path

import pytest

from plugfest.configuration.switch import ConfigurableSwitch
from plugfest.devices.changes import make, revert
from plugfest.devices.protocols import Unsupported
from plugfest.inventory.models import Lab
from tests.configuration.switches import FULL, PORTS, bench, state


def lab(dialect: str) -> Lab:
    switch = {
        "role": "switch",
        "vendor": "Maker",
        "model": "M1",
        "chip": "Tomahawk 4",
        "nos": "NOS 1",
        "dialect": dialect,
        "ports": {port: {} for port in PORTS[dialect]},
    }
    return Lab.model_validate({"version": 1, "name": "bench", "kind": "hardware", "devices": {"leaf1": switch}})


@pytest.mark.parametrize("dialect", FULL)
def test_a_port_gets_another_mtu_goes_down_and_is_as_before_again(dialect: str, tmp_path: Path) -> None:
    port = PORTS[dialect][0]
    with bench(dialect, tmp_path) as at:
        switch, before = ConfigurableSwitch(lab(dialect), "leaf1", at.cli), state(at.configured)
        for change in (switch.set_mtu(port, 4200), switch.set_admin(port, up=False)):
            assert state(at.configured) == before  # preparing changes nothing
            assert change.device == "leaf1"
            assert port in change.description
            make(change, at.cli)
            assert state(at.configured) != before
            revert(change, at.cli)
            assert state(at.configured) == before


def test_what_no_template_knows_is_unsupported(tmp_path: Path) -> None:
    with bench("centec", tmp_path) as at:
        switch = ConfigurableSwitch(lab("centec"), "leaf1", at.cli)
        with pytest.raises(Unsupported, match="centec"):
            switch.set_mtu(PORTS["centec"][0], 4200)
        with pytest.raises(Unsupported, match="only read, not configured"):
            switch.blackhole("192.0.2.0/24")
