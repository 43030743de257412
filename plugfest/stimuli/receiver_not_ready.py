"""Lets a responder refuse SENDs because it has no receives, and posts them afterwards."""

from plugfest.devices.nic_counters import Meaning, growth
from plugfest.devices.records import RdmaCounters
from plugfest.devices.roster import Roster
from plugfest.inventory.plan import HostPair
from plugfest.sessions.deadline import Deadline
from plugfest.stimuli.injected_transfer import Meanwhile
from plugfest.stimuli.rdma_endpoint import RdmaConnection

REFUSAL_SECONDS = 3.0
"""Long enough for a first refusal even where no counter tells of it."""


def post_receives_after_refusal(devices: Roster, pair: HostPair) -> Meanwhile:
    """What to do meanwhile: once the client's NIC has counted a receiver-not-ready NAK, the server posts receives."""
    assert pair.client_nic.rdma_device, f"{pair.client} has no RDMA device"
    host, device = devices.host(pair.client), pair.client_nic.rdma_device

    def counters() -> dict[str, RdmaCounters]:
        return {pair.client: host.rdma_counters(device)}

    before = counters()

    def post(connection: RdmaConnection) -> None:
        Deadline(f"{pair.server} refuses a SEND", REFUSAL_SECONDS).watch(
            lambda: growth(pair.client, Meaning.RNR_NAKS_RECEIVED, before, counters())
        )
        connection.post_receives()

    return post
