"""Follow a chunk of parsed frames: the loop over packets, and what every packet of a flow counts towards."""

# mypy: no-warn-return-any

from typing import Any

import numpy as np

from plugfest.captures.columns import Kind
from plugfest.captures.kernels.answers import follow_answer, follow_cnp
from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.kernels.flows import flow_of
from plugfest.captures.kernels.opcode_table import (
    CLASS,
    CLASS_ACK,
    CLASS_CNP,
    CLASS_IGNORED,
    CLASS_REQUEST,
    CLASS_RESPONSE,
)
from plugfest.captures.kernels.recovery import close_episode
from plugfest.captures.kernels.requests import follow_request
from plugfest.captures.state import FLOWS, UNFOLLOWED, Settings, Tables

ROCE_IPV4, ROCE_IPV6 = int(Kind.ROCE_IPV4), int(Kind.ROCE_IPV6)


@compiled
def follow(rows: Any, tables: Tables, settings: Settings) -> None:
    """Take in `rows`, in the order in which they were captured, and fill their columns flow, sequence and role."""
    for number in range(rows.size):
        row = rows[number]
        if row.kind == ROCE_IPV4 or row.kind == ROCE_IPV6:
            follow_packet(row, tables, settings)


@inlined
def follow_packet(row: Any, tables: Tables, settings: Settings) -> None:
    """Take in one RoCEv2 packet."""
    index = flow_of(row, tables)
    row.flow = index
    if index < 0:
        tables.counts[UNFOLLOWED] += 1
        return
    flow = tables.flows[index]
    count_packet(flow, row)
    sort = CLASS[row.opcode]
    if sort == CLASS_REQUEST:
        flow.ecn[row.tos & 3] += 1
        flow.request_dscps |= np.int64(1) << (row.tos >> 2)
        follow_request(flow, index, row, tables, settings)
    elif sort in (CLASS_ACK, CLASS_RESPONSE):
        flow.answer_ecn[row.tos & 3] += 1
        flow.answer_dscps |= np.int64(1) << (row.tos >> 2)
        follow_answer(flow, index, row, tables)
    elif sort == CLASS_CNP:
        flow.cnp_dscps |= np.int64(1) << (row.tos >> 2)
        follow_cnp(flow, index, row, tables)
    elif sort == CLASS_IGNORED:
        flow.ecn[row.tos & 3] += 1
        flow.request_dscps |= np.int64(1) << (row.tos >> 2)
        flow.payload += row.payload


@inlined
def count_packet(flow: Any, row: Any) -> None:
    """What every packet of a flow counts towards."""
    if flow.packets == 0:
        flow.first_time, flow.first_frame = row.time, row.frame
        flow.transport, flow.source_port = row.opcode >> 5, row.source_port
        flow.ttl_low = flow.ttl_high = row.ttl
    flow.packets += 1
    flow.wire_bytes += row.wire
    flow.last_time = row.time
    flow.ttl_low = min(flow.ttl_low, row.ttl)
    flow.ttl_high = max(flow.ttl_high, row.ttl)
    flow.other_source_ports += row.source_port != flow.source_port
    flow.migreqs |= 1 << (row.bth_flags >> 6 & 1)
    flow.flaws |= row.flaws


@compiled
def finish(tables: Tables) -> None:
    """The file is over: episodes under way end here."""
    for index in range(tables.counts[FLOWS]):
        flow = tables.flows[index]
        close_episode(flow, flow.last_time, True, tables)
