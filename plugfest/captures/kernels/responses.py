"""READ responses: in order, missing, or sent again."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.kernels.compiled import compiled
from plugfest.captures.kernels.goodput import add_goodput
from plugfest.captures.kernels.load import signed
from plugfest.captures.kernels.messages import is_path_mtu
from plugfest.captures.kernels.opcode_table import PART, PART_FIRST, PART_LAST, PART_MIDDLE, VERB, VERB_READ
from plugfest.captures.kernels.sequence import unwrap
from plugfest.captures.state import Lost, Tables

NOTICED = int(Lost.NOTICED)


@compiled
def follow_response(flow: Any, index: int, row: Any, tables: Tables) -> bool:
    """True if the response is in order: those of a READ follow each other from FIRST to LAST (9.7.5.1.6)."""
    if VERB[row.opcode] != VERB_READ:
        return True
    part = PART[row.opcode]
    if (part in (PART_FIRST, PART_MIDDLE)) and flow.path_mtu == 0 and is_path_mtu(row.payload):
        flow.path_mtu = row.payload
    begun = flow.next_response >= 0
    sequence = unwrap(signed(row.psn), flow.next_response) if begun else signed(row.psn)
    if begun and sequence < flow.next_response:
        return False  # repeated because its request was
    continues = part in (PART_MIDDLE, PART_LAST)
    if begun and breaks_off(flow, sequence, continues, tables):
        return False
    flow.response_lost = 0
    flow.response_payload += row.payload
    add_goodput(flow, index, row.time, row.payload, tables)
    flow.next_response = sequence + 1
    flow.response_open = part in (PART_FIRST, PART_MIDDLE)
    return True


@compiled
def breaks_off(flow: Any, sequence: int, continues: bool, tables: Tables) -> bool:
    """True if a response before this one is missing; the requester drops what comes until it was sent again.

    Some responders go on with a MIDDLE where a repeated request demands a FIRST, so the PSN alone tells.  Responses
    to a request that was made after the loss show that the requester has got over it in some other way.
    """
    if flow.response_lost:
        return sequence != flow.next_response and sequence < flow.lost_before
    if flow.response_open and sequence == flow.next_response and not continues:
        flow.illegal_responses += 1
        return False
    missing = (flow.response_open and sequence != flow.next_response) or (continues and not flow.response_open)
    if missing:
        flow.response_gaps += 1
        flow.response_lost, flow.response_open = NOTICED, 0
        flow.lost_before = tables.flows[flow.partner].next if flow.partner >= 0 else sequence
    return missing
