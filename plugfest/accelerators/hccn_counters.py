"""``hccn_tool -stat``: MAC, PFC and RoCE counters of a port that an Ascend NPU owns."""

import re

from plugfest.accelerators.hccn import forms, port_name
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.physical_records import PortCounters
from plugfest.devices.qos_records import PfcCounters
from plugfest.devices.records import InterfaceCounters, RdmaCounters
from plugfest.records import Record

COUNTER = re.compile(r"(?P<name>[a-z][a-z0-9_]*_num):(?P<value>\d+)", re.ASCII)
TITLE = "packet statistics:"


def counters(output: Output) -> tuple[Record, ...]:
    """Port counters, PFC frames by priority and RoCE counters, the last by the tool's own names."""
    said: dict[str, int] = {}
    for line in output.lines:
        found = COUNTER.fullmatch(line.text)
        if found:
            if found["name"] in said:
                raise output.error("this counter stands twice", line)
            said[found["name"]] = int(found["value"])
        elif line.text and not (line.text == TITLE and not said):
            raise output.error("expected a line NAME:NUMBER", line)
    if not said:
        raise output.error("no counter was found")
    port = port_name(output)
    roce = {name: value for name, value in said.items() if name.startswith("roce_")}
    return (
        PortCounters(port=port, counters=_interface(said), details=_rest(said)),
        *_pfc(port, said),
        *((RdmaCounters(device=port, port=1, values=roce),) if roce else ()),
    )


def _interface(said: dict[str, int]) -> InterfaceCounters:
    return InterfaceCounters(
        rx_packets=said.get("mac_rx_total_pkt_num"),
        rx_bytes=said.get("mac_rx_total_oct_num"),
        rx_errors=said.get("mac_rx_bad_pkt_num"),
        rx_dropped=None,
        tx_packets=said.get("mac_tx_total_pkt_num"),
        tx_bytes=said.get("mac_tx_total_oct_num"),
        tx_errors=said.get("mac_tx_bad_pkt_num"),
        tx_dropped=None,
        fcs_errors=said.get("mac_rx_fcs_err_pkt_num"),
    )


def _rest(said: dict[str, int]) -> dict[str, int]:
    return {name: value for name, value in said.items() if not name.startswith("roce_") and "_pfc_" not in name}


def _pfc(port: str, said: dict[str, int]) -> list[PfcCounters]:
    places: list[tuple[int | None, str]] = [(None, "pfc_pkt_num")]
    places += [(priority, f"pfc_pri{priority}_pkt_num") for priority in range(8)]
    return [
        PfcCounters(
            port=port, priority=priority, rx_frames=said.get(f"mac_rx_{name}"), tx_frames=said.get(f"mac_tx_{name}")
        )
        for priority, name in places
        if f"mac_rx_{name}" in said or f"mac_tx_{name}" in said
    ]


READINGS = (
    Reading(
        forms("stat"),
        (Question.INTERFACE_COUNTERS, Question.PFC_COUNTERS, Question.RDMA_COUNTERS),
        counters,
        Evidence.DEVICE,
    ),
)
