"""What is sent over all paths while every hop is watched."""

from collections.abc import Callable

from plugfest.inventory.plan import HostPair
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.rdma_endpoint import RdmaConnection
from plugfest.stimuli.rdma_endpoints import RdmaEndpoints
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan

Probe = Callable[[], object]
"""Sends something; LabError if it breaks off, which is what we are here to explain."""

EVERYTHING = RdmaPlan(
    operations=(
        RdmaOperation(verb=Verb.WRITE, size=1024, messages=4),
        RdmaOperation(verb=Verb.WRITE, size=32_768, messages=2),
        RdmaOperation(verb=Verb.SEND, size=4096, messages=2),
        RdmaOperation(verb=Verb.READ, size=16_384),
    ),
    queue_pairs=8,
    path_mtu=4096,
    start_psn=2**24 - 8,
    timeout=20,
    retry_count=2,
    traffic_classes=(106, 104),
    seconds=8,
)
"""Small and large packets, ECN-capable or not, in both directions on enough queue pairs to use every equal path.

The PSN wraps inside.  The timer of 4.3 s outlasts answers that are merely late.
"""
MANY = RdmaPlan(
    operations=(RdmaOperation(verb=Verb.WRITE, size=256, messages=300),),
    queue_pairs=8,
    path_mtu=256,
    timeout=20,
    retry_count=2,
    traffic_classes=(106, 104),
    seconds=20,
)
"""2400 small packets: for what happens to one in a thousand."""


def transfer(pair: HostPair, endpoints: RdmaEndpoints, plan: RdmaPlan) -> Probe:
    """The probe that carries out `plan` from client to server."""

    def send() -> object:
        ends = endpoints.of(pair.client, pair.client_nic), endpoints.of(pair.server, pair.server_nic)
        return RdmaConnection(*ends, plan).run()

    return send
