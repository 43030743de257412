from collections.abc import Callable
from typing import cast

import pytest

from plugfest.devices.changes import Change, make, revert
from plugfest.devices.frr_linux import changes as frr
from plugfest.devices.linux import changes as linux
from plugfest.devices.records import InterfaceState, NextHop, Route
from plugfest.errors import CommandError, ConnectionLostError, LabError
from plugfest.sessions.command_line import for_people
from plugfest.sessions.protocol import SessionProtocol
from plugfest.sessions.result import CommandResult
from tests.devices.recorded import said

UP = InterfaceState(name="swp1", admin_up=True, oper_up=True, mtu=4200, mac=None)


class Device:
    """Runs commands against a piece of state that the test chooses."""

    def __init__(self, answer: Callable[[str], str]) -> None:
        self.answer, self.commands = answer, list[str]()

    def run(self, *argv: str, check: bool = True, **_: object) -> CommandResult:
        """Note the command; failing ones say so."""
        command = for_people(argv)
        self.commands.append(command)
        text = self.answer(command)
        result = said("", *argv, err=text, exit_status=1) if text.startswith("error") else said(text, *argv)
        return result.require_ok() if check else result


def session(device: Device) -> SessionProtocol:
    return cast(SessionProtocol, device)


def port_with_mtu() -> Device:
    state = {"mtu": "4200"}

    def answer(command: str) -> str:
        if command.startswith("ip link set"):
            state["mtu"] = command.rpartition(" ")[2]
            return ""
        return f"3: swp1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu {state['mtu']} qdisc noqueue"

    return Device(answer)


def test_an_mtu_is_set_read_back_and_restored() -> None:
    device, change = port_with_mtu(), linux.set_mtu("leaf1", UP, 1500)
    assert change.description == "MTU of leaf1:swp1 from 4200 to 1500 bytes"
    make(change, session(device))
    revert(change, session(device))
    assert device.commands == [
        "ip link set dev swp1 mtu 1500",
        "ip link show dev swp1",
        "ip link set dev swp1 mtu 4200",
        "ip link show dev swp1",
    ]


def test_a_change_without_effect_is_the_labs_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugfest.devices.changes.EFFECT_SECONDS", 0.01)
    stubborn = Device(lambda command: "3: swp1: <UP> mtu 4200 qdisc noqueue")
    with pytest.raises(LabError, match=r"'MTU of .* was made but `ip link show dev swp1` does not show it: .*mtu 1500"):
        make(linux.set_mtu("leaf1", UP, 1500), session(stubborn))


def test_a_refused_command_tells_what_the_device_said() -> None:
    with pytest.raises(CommandError, match="error: No such device"):
        make(linux.set_mtu("leaf1", UP, 1500), session(Device(lambda command: "error: No such device")))


def test_every_undo_runs_even_if_one_fails() -> None:
    device = Device(lambda command: "error: busy" if command == "first" else "")
    change = Change(device="leaf1", description="two things", do=(("do",),), undo=(("first",), ("second",)))
    with pytest.raises(LabError, match="could not undo 'two things': `first` said: error: busy"):
        revert(change, session(device))
    assert device.commands == ["first", "second"]


def test_switching_a_port_off_puts_its_static_routes_back() -> None:
    default = Route(prefix="0.0.0.0/0", protocol="boot", next_hops=(NextHop(address="10.1.1.1", interface="eth1"),))
    change = linux.set_admin("h1", UP.model_copy(update={"name": "eth1"}), False, (default,))
    assert change.do == (("ip", "link", "set", "dev", "eth1", "down"),)
    assert change.undo == (
        ("ip", "link", "set", "dev", "eth1", "up"),
        ("ip", "route", "replace", "0.0.0.0/0", "via", "10.1.1.1", "dev", "eth1"),
    )


@pytest.mark.parametrize(
    ("shown", "made"),
    [
        ("3: eth1: <BROADCAST,MULTICAST> mtu 1500", True),
        ("3: eth1: <BROADCAST,MULTICAST,LOWER_UP> mtu 1500", True),
        ("3: eth1: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500", False),
        ("3: eth1: <NO-CARRIER,BROADCAST,UP> mtu 1500", False),
    ],
)
def test_the_flag_up_is_not_mistaken_for_lower_up(shown: str, made: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugfest.devices.changes.EFFECT_SECONDS", 0.01)
    device = session(Device(lambda command: shown))
    change = linux.set_admin("h1", UP, False)
    if made:
        make(change, device)
    else:
        with pytest.raises(LabError):
            make(change, device)


def test_removing_a_route_restores_metric_and_all_next_hops() -> None:
    hops = (NextHop(address="fe80::1", interface="swp49"), NextHop(address="10.0.0.9", interface="swp50"))
    route = Route(prefix="10.2.1.0/24", protocol="static", next_hops=hops, metric=20)
    change = linux.remove_route("leaf1", route)
    assert change.do == (("ip", "route", "del", "10.2.1.0/24", "metric", "20"),)
    assert change.undo == (
        (
            *("ip", "route", "replace", "10.2.1.0/24", "metric", "20"),
            *("nexthop", "via", "inet6", "fe80::1", "dev", "swp49"),
            *("nexthop", "via", "10.0.0.9", "dev", "swp50"),
        ),
    )


def test_added_routes_are_removed_again() -> None:
    change = linux.add_route("h1", "10.9.0.0/24", NextHop(address="10.1.1.1", interface="eth1"))
    assert change.do == (("ip", "route", "add", "10.9.0.0/24", "via", "10.1.1.1", "dev", "eth1"),)
    assert change.undo == (("ip", "route", "del", "10.9.0.0/24", "via", "10.1.1.1", "dev", "eth1"),)


def test_frr_is_told_in_one_call_and_back_with_the_opposite_lines() -> None:
    shut = frr.set_bgp_neighbor("leaf1", 65101, "swp49", up=False)
    assert for_people(shut.do[0]) == (
        "vtysh -c 'configure terminal' -c 'router bgp 65101' -c 'neighbor swp49 shutdown'"
    )
    assert shut.undo[0][-1] == "no neighbor swp49 shutdown"


def test_a_blackhole_beats_the_routing_daemons_route_and_leaves_it_alone() -> None:
    routes = ["10.2.1.0/24 nhid 18 via inet6 fe80::1 dev swp50 proto bgp metric 20\n"]

    def answer(command: str) -> str:
        if command == "ip route add blackhole 10.2.1.0/24 metric 5":
            routes.insert(0, "blackhole 10.2.1.0/24 metric 5\n")
        elif command == "ip route del blackhole 10.2.1.0/24 metric 5":
            routes.remove("blackhole 10.2.1.0/24 metric 5\n")
        return "".join(routes) if "show" in command else ""

    device, hole = Device(answer), linux.blackhole("leaf1", "10.2.1.0/24")
    make(hole, session(device))
    assert len(routes) == 2
    revert(hole, session(device))
    assert len(routes) == 1


def test_lldp_is_paused_or_switched_off_port_by_port() -> None:
    assert linux.pause_lldp("leaf1").undo == (("lldpcli", "resume"),)
    off = linux.set_lldp("leaf1", "swp1", enabled=False)
    assert off.do[0][-1] == "disabled"
    assert off.undo[0][-1] == "rx-and-tx"


def test_a_change_survives_the_journal() -> None:
    change = linux.set_mtu("leaf1", UP, 1500)
    assert Change.model_validate_json(change.model_dump_json()) == change


RUNNING_CONFIG = """\
router bgp 65101
 neighbor swp4 interface remote-as external
 neighbor swp49 interface remote-as external
{}exit
"""
LLDP_PORT = "Interface:    swp4\n  Administrative status: {}\n  Chassis:     \n"


@pytest.mark.parametrize(
    ("change", "made", "undone"),
    [
        (
            frr.set_bgp_neighbor("leaf1", 65101, "swp49", up=False),
            RUNNING_CONFIG.format(" neighbor swp49 shutdown\n"),
            RUNNING_CONFIG.format(""),
        ),
        (
            frr.set_bgp_neighbor("leaf1", 65101, "swp49", up=True),
            RUNNING_CONFIG.format(""),
            RUNNING_CONFIG.format(" neighbor swp49 shutdown\n"),
        ),
        (linux.set_lldp("leaf1", "swp4", False), LLDP_PORT.format("disabled"), LLDP_PORT.format("RX and TX")),
        (linux.set_lldp("leaf1", "swp4", True), LLDP_PORT.format("RX and TX"), LLDP_PORT.format("disabled")),
    ],
)
def test_daemons_show_what_they_were_told(
    change: Change, made: str, undone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugfest.devices.changes.EFFECT_SECONDS", 0.01)
    make(change, session(Device(lambda command: made)))
    revert(change, session(Device(lambda command: undone)))
    with pytest.raises(LabError, match="was made but"):
        make(change, session(Device(lambda command: undone)))
    with pytest.raises(LabError, match="was undone but"):
        revert(change, session(Device(lambda command: made)))


def test_an_undo_is_repeated_over_a_new_connection() -> None:
    commands = []

    class Breaking(Device):
        def run(self, *argv: str, check: bool = True, **_: object) -> CommandResult:
            commands.append(argv)
            if len(commands) == 1:
                raise ConnectionLostError("leaf1: connection lost")
            return said("", *argv)

    change = Change(device="leaf1", description="two", do=(), undo=(("first",), ("second",)))
    revert(change, session(Breaking(lambda command: "")))
    assert commands == [("first",), ("first",), ("second",)]
