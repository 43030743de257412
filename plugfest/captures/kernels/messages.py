"""Messages: which packets make one, whether they may follow each other, when it was complete."""

# mypy: no-warn-return-any

from math import log2
from typing import Any

from plugfest.captures.columns import NONE
from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.kernels.events import note_anomaly
from plugfest.captures.kernels.load import signed
from plugfest.captures.kernels.opcode_table import (
    PART,
    PART_FIRST,
    PART_LAST,
    PART_MIDDLE,
    PART_ONLY,
    VERB,
    VERB_NONE,
    VERB_READ,
    VERB_UNKNOWN,
    VERB_WRITE,
)
from plugfest.captures.state import DELAY_BINS, OUTSTANDING_MESSAGES, Sort, Tables

SORT_ILLEGAL = int(Sort.ILLEGAL)
SMALLEST_MTU, LARGEST_MTU = 256, 4096


@inlined
def is_path_mtu(size: int) -> bool:
    """True for the five path MTUs of the specification."""
    return SMALLEST_MTU <= size <= LARGEST_MTU and size & (size - 1) == 0


@compiled
def lose_message(flow: Any) -> None:
    """After a gap nobody knows which message is under way."""
    flow.verb = VERB_UNKNOWN


@compiled
def skip_packets(flow: Any, missing: int) -> None:
    """After a gap the message is still the same one only if its announced length says so."""
    flow.message_bytes += missing * flow.path_mtu
    if flow.verb != VERB_WRITE or flow.path_mtu == 0 or flow.message_bytes >= flow.message_length:
        lose_message(flow)


@inlined
def follow_message(flow: Any, index: int, row: Any, tables: Tables) -> None:
    """Take in a request that was never sent before; `flow.next` already counts it."""
    part, verb = PART[row.opcode], VERB[row.opcode]
    starts = part in (PART_FIRST, PART_ONLY)
    if not may_follow(flow.verb, verb, starts):
        flow.illegal_opcodes += 1
        note_illegal(flow, index, row, tables)
        flow.verb = VERB_UNKNOWN
    if starts:
        flow.message_start, flow.message_bytes = row.time, 0
        flow.message_length = row.dma_length if row.dma_length != NONE and verb == VERB_WRITE else -1
    if flow.verb != VERB_UNKNOWN or starts:
        check_length(flow, index, row, part, tables)
        if part in (PART_LAST, PART_ONLY):
            expect_completion(flow, index, tables)
    if part == PART_FIRST:
        flow.verb = verb
    elif part in (PART_LAST, PART_ONLY):
        flow.verb = VERB_NONE


@inlined
def may_follow(under_way: int, verb: int, starts: bool) -> bool:
    """True if a packet of this verb may come now (IBTA volume 1, 9.7.4.1.2)."""
    return under_way == VERB_UNKNOWN or (under_way == VERB_NONE if starts else under_way == verb)


@inlined
def check_length(flow: Any, index: int, row: Any, part: int, tables: Tables) -> None:
    """Packets but the last are full, none is longer, and a WRITE brings what its RETH announced."""
    size = signed(row.payload)
    if VERB[row.opcode] >= VERB_READ:
        return
    full = part in (PART_FIRST, PART_MIDDLE)
    if full and flow.path_mtu == 0 and is_path_mtu(size):
        flow.path_mtu = size
    flow.message_bytes += size
    wrong = size > LARGEST_MTU or (part == PART_LAST and size == 0)
    if flow.path_mtu:
        wrong |= size != flow.path_mtu if full else size > flow.path_mtu
    elif full:
        wrong = True
    if not full and flow.message_length >= 0:
        wrong |= flow.message_bytes != flow.message_length
    if wrong:
        flow.illegal_lengths += 1
        note_illegal(flow, index, row, tables)


@compiled
def note_illegal(flow: Any, index: int, row: Any, tables: Tables) -> None:
    """Remember where to look."""
    if flow.first_illegal_frame == 0:
        flow.first_illegal_frame = row.frame
    note_anomaly(tables, index, row, SORT_ILLEGAL, 0)


@inlined
def expect_completion(flow: Any, index: int, tables: Tables) -> None:
    """A message was sent completely: it waits for the answer to its last sequence."""
    if flow.open_read >= 0:  # whose last sequence is not known yet
        flow.messages_unmeasured += 1
        return
    if flow.queue_tail - flow.queue_head == OUTSTANDING_MESSAGES:
        flow.queue_head += 1
        flow.messages_unmeasured += 1
    place = flow.queue_tail % OUTSTANDING_MESSAGES
    tables.message_ends[index, place] = flow.next - 1
    tables.message_starts[index, place] = flow.message_start
    flow.queue_tail += 1


@inlined
def complete_messages(flow: Any, index: int, answered: int, time: int, tables: Tables) -> None:
    """Everything up to `answered` is acknowledged."""
    while flow.queue_head < flow.queue_tail:
        place = flow.queue_head % OUTSTANDING_MESSAGES
        if tables.message_ends[index, place] > answered:
            break
        flow.queue_head += 1
        measure(flow, index, time - tables.message_starts[index, place], tables)


@inlined
def measure(flow: Any, index: int, delay: int, tables: Tables) -> None:
    """Count one message completion time in ns."""
    if delay < 0:
        flow.messages_unmeasured += 1
        return
    flow.delay_low = delay if flow.messages == 0 else min(flow.delay_low, delay)
    flow.delay_high = max(flow.delay_high, delay)
    flow.messages += 1
    flow.delay_sum += delay
    octave = int(4 * log2(max(delay, 1)))
    tables.delays[index, min(octave, DELAY_BINS - 1)] += 1
