"""Cisco NX-OS: BGP sessions."""

from plugfest.devices.dialects.bgp_state import state_or_prefixes
from plugfest.devices.dialects.bgp_summary import neighbor
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.devices.dialects.row import Row, build
from plugfest.devices.dialects.textfsm_table import textfsm_rows
from plugfest.devices.records import BgpNeighbor


def summary(output: Output) -> tuple[BgpNeighbor, ...]:
    """`show ip bgp summary`: one record a session, VRFs and address families one after the other."""
    return build(output, textfsm_rows(output, "cisco_nxos/show_ip_bgp_summary"), _neighbor)


def _neighbor(row: Row) -> BgpNeighbor:
    return neighbor(row, *state_or_prefixes(row["STATE"]))


READINGS = (
    Reading(
        (
            "show ip bgp summary [vrf {vrf}]",
            "show bgp ipv4 unicast summary [vrf {vrf}]",
            "show bgp {more} summary [vrf {vrf}]",
            "show bgp summary [vrf {vrf}]",
        ),
        (Question.BGP,),
        summary,
        Evidence.DEVICE,
    ),
)
