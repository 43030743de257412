"""What docs/devices.md says about commands and methods is what the code does."""

import re
from pathlib import Path

import pytest

from plugfest.devices import protocols
from plugfest.devices.frr_linux import bgp
from plugfest.devices.frr_linux import routes as frr_routes
from plugfest.devices.frr_linux.switch import FrrLinuxSwitch
from plugfest.devices.linux import driver, interfaces, lldp, queues, rdma
from plugfest.devices.linux.host import LinuxHost
from plugfest.sessions.command_line import for_people

PAGE = (Path(__file__).parents[2] / "docs" / "devices.md").read_text()


@pytest.mark.parametrize(
    "command",
    [
        interfaces.SHOW_INTERFACES,
        interfaces.SHOW_SETTINGS,
        lldp.SHOW_NEIGHBORS,
        bgp.SHOW_SUMMARY,
        frr_routes.SHOW_ROUTES,
        queues.show_queues("PORT"),
        rdma.SHOW_LINKS,
        rdma.show_counters("DEVICE", 1),
        driver.show_driver("PORT")[:2],
        driver.show_counters("PORT")[:2],
        rdma.show_device("DEVICE")[:2],
    ],
)
def test_the_page_names_the_commands(command: tuple[str, ...]) -> None:
    assert f"`{for_people(command)}`" in PAGE


def test_the_page_names_methods_that_exist() -> None:
    named = {name for row in PAGE.splitlines() if row.startswith("| `") for name in re.findall(r"`(\w+)\(", row)}
    missing = {name for name in named if not (hasattr(LinuxHost, name) or hasattr(FrrLinuxSwitch, name))}
    assert (missing, len(named) > 10) == (set(), True)


def test_the_drivers_answer_everything_that_the_protocols_ask() -> None:
    for driver_class, protocol in ((LinuxHost, protocols.Host), (FrrLinuxSwitch, protocols.Switch)):
        asked = {name for name in dir(protocol) if not name.startswith("_")}
        assert {name for name in asked if not hasattr(driver_class, name)} == set()
