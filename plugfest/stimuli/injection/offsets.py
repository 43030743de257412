"""Which PSN a packet of a planned message gets, counted from the connection's first."""

from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaPlan


def packets_of(operation: RdmaOperation, path_mtu: int) -> int:
    """PSNs that one message takes: its packets or, for a READ, those of the response (IBTA volume 1, 9.7.4.1.2)."""
    return max(1, -(-operation.size // path_mtu))


def offset(plan: RdmaPlan, message: int, packet: int = 0, operation: int = 0) -> int:
    """PSNs from the connection's first to packet number `packet` (from 0) of a message of an operation."""
    before = sum(each.messages * packets_of(each, plan.path_mtu) for each in plan.operations[:operation])
    return before + message * packets_of(plan.operations[operation], plan.path_mtu) + packet


def packets_planned(plan: RdmaPlan) -> int:
    """PSNs that each queue pair uses."""
    return sum(each.messages * packets_of(each, plan.path_mtu) for each in plan.operations)
