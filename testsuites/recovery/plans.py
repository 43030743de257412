"""The transfers that events are injected into: small, so that every packet can be reasoned about."""

from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.injection.offsets import packets_planned
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan

WRAP = 64
"""The packet number (from 0) that has PSN 0 in all plans here: the wrap lies inside."""
ACK_TIMEOUT = 17
"""Local ACK timeout exponent: 0.54 s, longer than anything an emulated fabric does by itself."""


def plan(*operations: RdmaOperation, queue_pairs: int = 1, **settings: int | bool) -> RdmaPlan:
    """A plan with 1024-byte packets and a PSN wrap inside."""
    return RdmaPlan(
        operations=operations,
        queue_pairs=queue_pairs,
        path_mtu=1024,
        start_psn=2**24 - WRAP,
        timeout=ACK_TIMEOUT,
        traffic_class=106,
        **settings,
    )


WRITES = plan(RdmaOperation(verb=Verb.WRITE, size=16_384, messages=8))
"""128 packets: eight messages of sixteen."""
MANY_WRITES = plan(RdmaOperation(verb=Verb.WRITE, size=65_536, messages=16))
"""1024 packets, so that losses can be further apart than any window."""
SENDS = plan(RdmaOperation(verb=Verb.SEND, size=4096, messages=4), late_receives=True)
READS = plan(RdmaOperation(verb=Verb.READ, size=32_768, messages=3))
"""96 response packets in three messages."""
ATOMICS = plan(RdmaOperation(verb=Verb.FETCH_ADD, size=8, messages=12))
TWO_QUEUE_PAIRS = plan(RdmaOperation(verb=Verb.WRITE, size=65_536, messages=4), queue_pairs=2)
LAST = packets_planned(WRITES) - 1
