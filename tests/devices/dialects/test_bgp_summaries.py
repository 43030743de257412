"""BGP summaries: a session's row that lost a cell is an error, whatever the columns of the release."""

import re
from collections.abc import Iterator

import pytest

from plugfest.devices.dialects import registry
from plugfest.errors import ParseError
from tests.devices.dialects.saved import saved

SAVED = [
    each for each in saved("good") if re.search(r"bgp (summary|peer)", each.command) and "json" not in each.command
]
EOS = "BGP summary information for VRF default\nRouter identifier 192.0.2.5, local AS number 64905\n"
EOS_COLUMNS = "Neighbor V AS MsgRcvd MsgSent InQ OutQ Up/Down State"
VRP = " BGP local router ID : 192.0.2.9\n Local AS number : 64901\n Total number of peers : 1\n"
TEXTS = {
    **{str(each): (each.dialect.name, each.command, each.answer) for each in SAVED},
    "eos-joined": (
        "arista_eos",
        "show ip bgp summary",
        f"{EOS} {EOS_COLUMNS}/PfxRcd\n 192.0.2.200 4 64980 14900 15202 0 0 12d04h 41\n",
    ),
    "eos-received": (
        "arista_eos",
        "show ip bgp summary",
        f"{EOS} {EOS_COLUMNS} PfxRcd\n 192.0.2.200 4 64980 14900 15202 0 0 12d04h Estab 41\n",
    ),
    "eos-advertised": (
        "arista_eos",
        "show ip bgp summary",
        f"{EOS} {EOS_COLUMNS} PfxRcd PfxAcc PfxAdv\n"
        " 192.0.2.200 4 64980 14900 15202 0 0 12d04h Estab 41 40 39\n"
        " 192.0.2.202 4 64981 9 8 0 0 never Idle(Admin) 0 0 0\n",
    ),
    "vrp-advertised": (
        "huawei_vrp",
        "display bgp peer",
        f"{VRP} Peer AS MsgRcvd MsgSent OutQ Up/Down State RtRcv RtAdv\n"
        " 192.0.2.130 64980 20711 20698 0 172h04m Established 41 7\n",
    ),
}
FREE_TEXT = r"spine|Ethernet5/1|NotAvailable|\(Admin\)"
"""Words that a device or its operator may leave out: a description, a reason."""


def lost_cells(text: str) -> Iterator[tuple[str, str]]:
    """Each cell of the rows of sessions, and the text without it: gone, or blanked so that its neighbours stay put."""
    for row in re.finditer(r"^ *(?:\w.* )?192\.0\.2\.\d+ +\d.*(?:\n {20,}\d.*)?$", text, re.MULTILINE):
        for cell in re.finditer(r"\S+", row[0]):
            place = slice(row.start() + cell.start(), row.start() + cell.end())
            if not re.match(FREE_TEXT, cell[0]) and not re.search(r"spine $", text[: place.start]):
                for left in ("", " " * len(cell[0])):
                    yield cell[0], text[: place.start] + left + text[place.stop :]


@pytest.mark.parametrize(("name", "command", "text"), TEXTS.values(), ids=TEXTS)
def test_a_row_without_one_of_its_cells_is_refused(name: str, command: str, text: str) -> None:
    dialect = registry.dialect(name)
    assert dialect.parse(command, text, device="leaf1")
    cases = list(lost_cells(text))
    assert len(cases) >= 18
    for cell, damaged in cases:
        with pytest.raises(ParseError):
            pytest.fail(f"without {cell!r}: {dialect.parse(command, damaged, device='leaf1')}")


@pytest.mark.parametrize("counts", ["", "41", "41 40 39"])
def test_an_established_session_needs_a_number_in_every_prefix_column(counts: str) -> None:
    text = f"{EOS} {EOS_COLUMNS} PfxRcd PfxAcc\n 192.0.2.200 4 64980 14900 15202 0 0 12d04h Estab {counts}\n"
    with pytest.raises(ParseError, match="expected a number under each of PfxRcd PfxAcc"):
        registry.dialect("arista_eos").parse("show ip bgp summary", text, device="leaf1")


def test_a_wrapped_session_without_its_second_line_is_refused() -> None:
    (recording,) = [each for each in SAVED if each.dialect.name == "cisco_nxos"]
    *whole, _ = recording.answer.splitlines(keepends=True)
    with pytest.raises(ParseError, match="'STATE' is empty"):
        recording.parse("".join(whole))
