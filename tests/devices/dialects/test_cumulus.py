"""Cumulus Linux: what its recordings do not show."""

import json
from typing import Any

import pytest

from plugfest.devices.dialects import registry
from plugfest.devices.dialects.probing import READ_ONLY
from plugfest.devices.dialects.switch import DialectSwitch
from plugfest.devices.records import InterfaceState
from plugfest.errors import CommandError, ParseError
from plugfest.sessions.result import NO_STATUS, CommandResult

CUMULUS = registry.dialect("cumulus_nvue")
COUNTERS = """Interface  MTU   RX_OK  RX_ERR  RX_DRP  TX_OK  TX_ERR  TX_DRP
---------  ----  -----  ------  ------  -----  ------  ------
swp1       9216  731    1       2       644    0       5
"""


class Typed:
    """Answers of a switch by command."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.answers = answers

    def run(self, *command: str, timeout: float = 30.0, check: bool = True) -> CommandResult:
        (typed,) = command
        out = self.answers[typed]
        return CommandResult(
            device="leaf2", command=typed, out=out, err="", exit_status=NO_STATUS, duration=0.0, started=0.0
        )


def port(**link: Any) -> InterfaceState:
    (state,) = CUMULUS.parse("nv show interface -o json", json.dumps({"swp1": {"link": link}}) + "\n", device="leaf2")
    assert isinstance(state, InterfaceState)
    return state


@pytest.mark.parametrize("typed", ["vtysh", "sudo vtysh", "sudo -n vtysh", "sudo -n /usr/bin/vtysh"])
def test_tools_of_linux_are_known_as_any_user_and_by_path(typed: str) -> None:
    reading, _ = CUMULUS.find(f"{typed} -c 'show ip route json'")
    assert reading.command == "sudo -n vtysh -c 'show ip route json'"


@pytest.mark.parametrize(
    "command", ["sudo -n vtysh -c 'configure terminal'", "sudo -n lldpcli -f json0 pause", "sudo reboot", "nv set x"]
)
def test_a_probe_does_not_type_what_changes_the_switch(command: str) -> None:
    assert not READ_ONLY.match(command)


def test_what_a_port_does_not_say_is_unmeasured() -> None:
    bare = port()
    assert (bare.admin_up, bare.oper_up, bare.mtu, bare.speed_mbps, bare.duplex, bare.fec) == (None,) * 6
    assert bare.counters is None
    assert port(**{"oper-status": "unknown", "speed": "auto"}).oper_up is None
    assert port(**{"oper-status": "lowerlayerdown"}).oper_up is False


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"state": {"up": {}, "down": {}}}, "swp1: expected one state, got up, down"),
        ({"state": {}}, "swp1: expected one state, got none"),
        ({"admin-status": "maybe"}, "'maybe' is not a known administrative state"),
        ({"fec": "hamming"}, "field 'swp1.link.fec'"),
        ({"mtu": -1}, "field 'swp1.link.mtu'"),
        ({"stats": {"in-pkts": 5}}, "field 'swp1.link.stats.carrier-transitions': Field required"),
        ({"stats": {"carrier-transitions": True}}, "field 'swp1.link.stats.carrier-transitions'"),
    ],
)
def test_unknown_values_of_a_port_are_refused(fields: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ParseError, match=complaint):
        port(**fields)


def test_counters_come_from_the_table_where_the_object_has_none() -> None:
    answers = {
        "nv show interface -o json": json.dumps({"swp1": {"link": {"oper-status": "up"}}}),
        "nv show interface --view counters": COUNTERS,
    }
    counters = DialectSwitch("leaf2", CUMULUS, Typed(answers)).interfaces()["swp1"].counters
    assert counters is not None
    assert (counters.rx_packets, counters.rx_errors, counters.tx_dropped, counters.rx_bytes) == (731, 1, 5, None)


@pytest.mark.parametrize(
    "said",
    [
        "sudo: a password is required",
        "% Unknown command: show ip route json",
        "Exiting: failed to connect to any daemons.",
    ],
)
def test_refusals_of_the_tools_are_no_answers(said: str) -> None:
    with pytest.raises(CommandError, match="was rejected"):
        CUMULUS.parse("sudo -n vtysh -c 'show ip route json'", f"{said}\n", device="leaf2")
