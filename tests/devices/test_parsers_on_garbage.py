"""Whatever a device answers, a reader gives records or says in one ParseError that it does not know the form."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugfest.devices.frr_linux import bgp
from plugfest.devices.frr_linux import routes as frr_routes
from plugfest.devices.linux import driver, interfaces, lldp, queues, rdma, routes
from plugfest.errors import ParseError
from plugfest.sessions.result import CommandResult
from tests.devices.recorded import RECORDINGS, said

READERS: dict[str, Callable[[CommandResult], object]] = {
    "ip_addr.json": interfaces.parse_interfaces,
    "ethtool_settings.txt": interfaces.parse_settings,
    "ethtool_counters.txt": driver.parse_counters,
    "ethtool_driver.txt": driver.parse_driver,
    "lldp_neighbors.json": lldp.parse_neighbors,
    "ip_route.json": routes.parse_routes,
    "tc_qdisc.json": lambda result: queues.parse_queues(result, "swp1"),
    "rdma_link.json": rdma.parse_links,
    "rdma_statistic.json": lambda result: rdma.parse_counters(result, "rxe1", 1),
    "ibv_devinfo.txt": lambda result: rdma.parse_device(result, {}),
    "frr_bgp_summary.json": bgp.parse_summary,
    "frr_routes.json": frr_routes.parse_routes,
}


def test_every_recording_has_a_reader() -> None:
    assert set(READERS) == {file.name for file in RECORDINGS.iterdir()}


@pytest.mark.parametrize("file", READERS)
@settings(max_examples=40)
@given(data=st.data())
def test_garbled_answers_are_read_or_refused(file: str, data: st.DataObject) -> None:
    text = (RECORDINGS / file).read_text()
    start = data.draw(st.integers(0, len(text)), label="start")
    end = start + data.draw(st.integers(0, 60), label="length")
    noise = data.draw(st.text(max_size=8), label="noise")
    try:
        READERS[file](said(text[:start] + noise + text[end:], device="h1"))
    except ParseError as error:
        assert str(error).startswith("h1: `show something`: ")


@pytest.mark.parametrize("file", READERS)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.6, 0.95])
def test_truncated_json_is_refused(file: str, share: float) -> None:
    text = (RECORDINGS / file).read_text()
    if file.endswith(".json"):
        with pytest.raises(ParseError, match="Invalid JSON"):
            READERS[file](said(text[: int(len(text) * share)]))
