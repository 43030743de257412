"""Follow the requests of a flow: what is new, what is missing, what is sent again, and what the responder expects."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.columns import NONE, Role
from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.kernels.events import note_anomaly
from plugfest.captures.kernels.goodput import add_goodput
from plugfest.captures.kernels.load import signed
from plugfest.captures.kernels.messages import SMALLEST_MTU, follow_message, lose_message, skip_packets
from plugfest.captures.kernels.opcode_table import VERB, VERB_READ
from plugfest.captures.kernels.reads import close_open_read, mtu_of_step
from plugfest.captures.kernels.recovery import close_episode, resend
from plugfest.captures.kernels.sequence import ABSENT, PASSED, first_unseen, mark, unwrap, was_seen
from plugfest.captures.state import RECENT_HOLES, RESTART_DISTANCE, SEEN_WINDOW, Cause, Recovery, Settings, Sort, Tables
from plugfest.packets.serial import PSN_SPAN

NEW, AHEAD, RETRANSMITTED = int(Role.NEW), int(Role.AHEAD), int(Role.RETRANSMITTED)
DUPLICATE, REORDERED = int(Role.DUPLICATE), int(Role.REORDERED)
SORT_GAP, SORT_REORDERED, SORT_DUPLICATE = int(Sort.GAP), int(Sort.REORDERED), int(Sort.DUPLICATE)
SORT_RESTART = int(Sort.RESTART)
CAUSE_NONE = int(Cause.UNKNOWN)
GO_BACK_N, SELECTIVE_REPEAT = int(Recovery.GO_BACK_N), int(Recovery.SELECTIVE_REPEAT)
ENOUGH_STEPS = 4
"""Packets in order after which a counting identification is believed."""
LARGEST_STEP = 0x1000
"""Other flows between the same hosts may take numbers of the same counter."""
UNKNOWN = 0
EARLIER, SAME, LATER, CANNOT_TELL = -1, 0, 1, 2


@inlined
def follow_request(flow: Any, index: int, row: Any, tables: Tables, settings: Settings) -> None:
    """Take in one request packet."""
    if not flow.started:
        begin_sequence(flow, index, signed(row.psn), tables)
    resolve_open_read(flow, index, signed(row.psn), tables, settings)
    sequence = unwrap(signed(row.psn), flow.next)
    if abs(sequence - flow.next) > RESTART_DISTANCE:
        restart(flow, index, row, tables)
        sequence = flow.next
    row.sequence = sequence
    flow.requests += 1
    flow.payload += row.payload
    psns = packets_of(flow, row, tables, settings)
    if psns == UNKNOWN and sequence >= flow.next:
        flow.open_read, flow.open_read_length, psns = sequence, row.dma_length, 1
    psns = max(1, psns)
    if sequence == flow.next:
        row.role = NEW
        take_new(flow, index, row, psns, tables)
    elif sequence > flow.next:
        row.role = AHEAD
        take_gap(flow, index, row, sequence - flow.next, tables)
        take_new(flow, index, row, psns, tables)
    else:
        take_old(flow, index, row, psns, tables, settings)
    if row.role != REORDERED and row.role != DUPLICATE:
        flow.newest_identification = row.identification
    arrive(flow, index, row, psns, tables)
    tables.identifications[index, sequence & (SEEN_WINDOW - 1)] = row.identification
    flow.last_request, flow.last_request_time = sequence, row.time


@compiled
def begin_sequence(flow: Any, index: int, psn: int, tables: Tables) -> None:
    """The first request that passed sets where everything counts from: one turn above zero, so that none is below."""
    first = unwrap(psn, flow.answer_high) if flow.answer_high else psn + PSN_SPAN
    flow.started, flow.first_psn = 1, psn
    flow.next = flow.expected = flow.expected_selective = flow.first = first
    flow.acked = flow.answer_high = first - 1
    flow.hole_time = flow.hole_time_selective = flow.nak_cause = 0
    flow.queue_head = flow.queue_tail
    flow.holes = 0
    flow.open_read = -1
    tables.seen[index, :] = 0
    lose_message(flow)


@compiled
def restart(flow: Any, index: int, row: Any, tables: Tables) -> None:
    """The queue pair number is used again with another PSN, or so much is missing that it comes to the same."""
    close_episode(flow, row.time, True, tables)
    flow.answer_high = 0
    begin_sequence(flow, index, signed(row.psn), tables)
    flow.restarts += 1
    row.sequence = flow.next
    note_anomaly(tables, index, row, SORT_RESTART, 0)


@inlined
def path_mtu(flow: Any, tables: Tables, settings: Settings) -> int:
    """Path MTU of the flow in bytes, 0 if nothing has shown it yet."""
    if settings.path_mtu:
        return settings.path_mtu
    if flow.path_mtu == 0 and flow.partner >= 0:
        return tables.flows[flow.partner].path_mtu
    return flow.path_mtu


@inlined
def packets_of(flow: Any, row: Any, tables: Tables, settings: Settings) -> int:
    """PSNs a request takes: one per response of a READ, else one (IBTA volume 1, 9.7.2); UNKNOWN without path MTU."""
    if VERB[row.opcode] != VERB_READ or row.dma_length == NONE:
        return 1
    mtu, length = path_mtu(flow, tables, settings), signed(row.dma_length)
    if mtu == 0 and length > SMALLEST_MTU:
        return UNKNOWN
    return max(1, (length + mtu - 1) // max(mtu, SMALLEST_MTU))


@inlined
def resolve_open_read(flow: Any, index: int, psn: int, tables: Tables, settings: Settings) -> None:
    """If the newest request is a READ of unknown length in PSNs, learn it: from responses, or from what follows now."""
    if flow.open_read < 0:
        return
    mtu = path_mtu(flow, tables, settings)
    if mtu == 0:
        mtu = mtu_of_step(flow.open_read_length, unwrap(psn, flow.open_read) - flow.open_read)
        flow.path_mtu = mtu
    if mtu:
        close_open_read(flow, index, mtu, tables)


@inlined
def take_new(flow: Any, index: int, row: Any, psns: int, tables: Tables) -> None:
    """A request that was never sent before."""
    if flow.episode_open:
        close_episode(flow, row.time, False, tables)
    flow.new_requests += 1
    flow.new_payload += row.payload
    add_goodput(flow, index, row.time, row.payload, tables)
    if row.role == NEW:
        count_identification(flow, row)
    mark(tables.seen[index], row.sequence, psns, PASSED)
    flow.next = row.sequence + psns
    follow_message(flow, index, row, tables)


@compiled
def take_gap(flow: Any, index: int, row: Any, missing: int, tables: Tables) -> None:
    """`missing` PSNs before this request did not pass here."""
    mark(tables.seen[index], flow.next, missing, ABSENT)
    flow.gaps += 1
    flow.missing += missing
    skip_packets(flow, missing)
    note_anomaly(tables, index, row, SORT_GAP, missing)


@compiled
def take_old(flow: Any, index: int, row: Any, psns: int, tables: Tables, settings: Settings) -> None:
    """A request older than the newest one: sent again, doubled by the network, or overtaken."""
    seen = was_seen(tables.seen[index], row.sequence, flow.next)
    order = sent_before(flow, index, row, seen, tables)
    if order == CANNOT_TELL:
        order = guess_order(flow, row, seen, settings)
    if order == LATER:
        row.role = RETRANSMITTED
        flow.retransmitted += 1
        resend(flow, index, row, psns, tables)
    elif order == SAME:
        row.role = DUPLICATE
        flow.duplicates += 1
        note_anomaly(tables, index, row, SORT_DUPLICATE, 1)
    else:
        row.role = REORDERED
        flow.reordered += 1
        flow.new_requests += not seen
        note_anomaly(tables, index, row, SORT_REORDERED, flow.next - row.sequence)
    if not seen:
        flow.new_payload += row.payload
        add_goodput(flow, index, row.time, row.payload, tables)
    mark(tables.seen[index], row.sequence, psns, PASSED)


@inlined
def count_identification(flow: Any, row: Any) -> None:
    """See whether the sender counts its IPv4 identification up: then it tells copies from retransmissions."""
    step = signed(row.identification) - flow.newest_identification & 0xFFFF
    if flow.new_requests > 1 and flow.identification_steps >= 0:
        counts = 0 < step < 0x8000
        flow.identification_steps = flow.identification_steps + (step < LARGEST_STEP) if counts else -1


@compiled
def sent_before(flow: Any, index: int, row: Any, seen: bool, tables: Tables) -> int:
    """Whether the sender sent this packet EARLIER or LATER than its newest one, as the identification tells.

    SAME means that this very packet passed before.
    """
    if flow.identification_steps < ENOUGH_STEPS:
        return CANNOT_TELL
    identification = signed(row.identification)
    if seen and tables.identifications[index, row.sequence & (SEEN_WINDOW - 1)] == identification:
        return SAME
    return LATER if (identification - flow.newest_identification & 0xFFFF) < 0x8000 else EARLIER


@compiled
def guess_order(flow: Any, row: Any, seen: bool, settings: Settings) -> int:
    """The same by circumstances, for senders with a constant or random identification."""
    nak_waits = flow.nak_cause != CAUSE_NONE and flow.nak_sequence <= row.sequence
    soon = row.time - flow.last_request_time <= settings.duplicate_ns
    if seen:
        same = row.sequence == flow.last_request and row.identification == flow.newest_identification
        return SAME if same and soon and not nak_waits else LATER
    return EARLIER if soon and not nak_waits and not flow.episode_open else LATER


@inlined
def arrive(flow: Any, index: int, row: Any, psns: int, tables: Tables) -> None:
    """What this packet does to the PSN the responder expects, if it drops what is out of order and if it keeps it."""
    sequence = row.sequence
    expected = responder_expects(flow)
    flow.behind_expected += sequence < expected
    flow.beyond_expected += sequence > expected
    if sequence == flow.expected:
        flow.expected, flow.hole_time = sequence + psns, 0
    elif sequence > flow.expected and flow.hole_time == 0:
        flow.hole_time = row.time
        note_hole(flow, index, flow.expected, row.time, tables)
    if sequence == flow.expected_selective:
        flow.expected_selective = first_unseen(tables.seen[index], sequence + psns, flow.next)
        flow.hole_time_selective = 0
    elif sequence > flow.expected_selective and flow.hole_time_selective == 0:
        flow.hole_time_selective = row.time
        if flow.expected_selective != flow.expected:
            note_hole(flow, index, flow.expected_selective, row.time, tables)


@compiled
def note_hole(flow: Any, index: int, start: int, time: int, tables: Tables) -> None:
    """Remember when the responder could know that `start` is missing."""
    place = flow.holes % RECENT_HOLES
    tables.hole_starts[index, place], tables.hole_times[index, place] = start, time
    flow.holes += 1


@inlined
def selects(flow: Any) -> bool:
    """True if this queue pair has shown selective repeat more often than go-back-N."""
    return flow.episodes[SELECTIVE_REPEAT] > flow.episodes[GO_BACK_N]


@inlined
def responder_expects(flow: Any) -> int:
    """The sequence the responder expects, by the recovery scheme this queue pair has shown."""
    return flow.expected_selective if selects(flow) else flow.expected
