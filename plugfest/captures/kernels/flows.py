"""Find the flow of a packet, and the partner of a flow."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.kernels.addresses import hashed
from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.kernels.load import signed
from plugfest.captures.kernels.sequence import unwrap
from plugfest.captures.state import FLOWS, Tables

PLAUSIBLE_LAG = 4096
"""An answer's PSN lies at most this far behind the newest request it could answer."""
CANDIDATE_BITS = 62
UNDECIDED = -1


@inlined
def flow_of(row: Any, tables: Tables) -> int:
    """Index of the packet's flow, made if it is new; -1 if there are more flows than the tables hold."""
    mask = tables.flow_slots.size - 1
    slot = hashed(signed(row.source) << 32 | signed(row.destination), signed(row.destination_qp)) & mask
    while tables.flow_slots[slot] >= 0:
        index = tables.flow_slots[slot]
        flow = tables.flows[index]
        if (
            flow.destination_qp == row.destination_qp
            and flow.source == row.source
            and flow.destination == row.destination
            and flow.kind == row.kind
        ):
            return index
        slot = (slot + 1) & mask
    if tables.counts[FLOWS] >= tables.flows.size:
        return -1
    return add_flow(row, slot, tables)


@compiled
def add_flow(row: Any, slot: int, tables: Tables) -> int:
    """A new row for the flow of `row`."""
    index = tables.counts[FLOWS]
    tables.counts[FLOWS] = index + 1
    tables.flow_slots[slot] = index
    flow = tables.flows[index]
    flow.source, flow.destination, flow.destination_qp = row.source, row.destination, row.destination_qp
    flow.kind = row.kind
    flow.partner = flow.nak_index = flow.episode_index = -1
    flow.next_response = flow.message_sequence_number = flow.open_read = -1
    flow.bin_shift = 16
    pair = pair_slot(row.source, row.destination, row.kind, tables)
    flow.next_of_pair = tables.pair_slots[pair]
    if flow.next_of_pair >= 0:
        flow.number_in_pair = tables.flows[flow.next_of_pair].number_in_pair + 1
    tables.pair_slots[pair] = index
    return index


@compiled
def seed_flows(known: Any, tables: Tables) -> None:
    """Make the flows of which source, destination, queue pair, kind and partner are known before reading."""
    for number in range(known.size):
        if flow_of(known[number], tables) == number:
            tables.flows[number].partner = known[number].partner


@compiled
def pair_slot(source: int, destination: int, kind: int, tables: Tables) -> int:
    """Slot of the newest flow from `source` to `destination`, or the free one where it belongs."""
    mask = tables.pair_slots.size - 1
    slot = hashed(signed(source) << 32 | signed(destination), signed(kind)) & mask
    while tables.pair_slots[slot] >= 0:
        flow = tables.flows[tables.pair_slots[slot]]
        if flow.source == source and flow.destination == destination and flow.kind == kind:
            break
        slot = (slot + 1) & mask
    return slot


@inlined
def partner_of(index: int, row: Any, tables: Tables) -> int:
    """Flow whose requests the answers of flow `index` belong to; tried anew with each answer until it is sure."""
    flow = tables.flows[index]
    if flow.partner < 0:
        found = find_partner(flow, row, tables)
        if found >= 0:
            flow.partner = found
            tables.flows[found].partner = index
        else:
            flow.unmatched_answers += 1
    return flow.partner


@compiled
def find_partner(flow: Any, row: Any, tables: Tables) -> int:
    """The only flow of the opposite direction that could be meant, or UNDECIDED.

    BTH names only the destination queue pair, so the partner is inferred: its PSNs must fit (those of this answer and
    of all before it), and if several fit, the same UDP source port decides: both ends derive it from the same numbers.
    """
    kept = same_port = bits = 0
    candidate = port_candidate = UNDECIDED
    index = tables.pair_slots[pair_slot(row.destination, row.source, row.kind, tables)]
    while index >= 0:
        other = tables.flows[index]
        bit = min(other.number_in_pair, CANDIDATE_BITS)
        if other.partner < 0 and (flow.candidates == 0 or flow.candidates >> bit & 1) and fits(other, row.psn):
            kept, candidate, bits = kept + 1, index, bits | 1 << bit
            if other.source_port == row.source_port:
                same_port, port_candidate = same_port + 1, index
        index = other.next_of_pair
    flow.candidates = bits
    if kept == 1:
        return candidate
    return port_candidate if same_port == 1 else UNDECIDED


@compiled
def fits(requests: Any, psn: int) -> bool:
    """True if an answer with this PSN could answer one of the flow's requests so far."""
    if not requests.started:
        return False
    sequence = unwrap(psn, requests.next - 1)
    return requests.next - PLAUSIBLE_LAG <= sequence < requests.next
