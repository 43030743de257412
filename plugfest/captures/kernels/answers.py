"""Follow the answers of a flow: acknowledgements, NAKs, READ and atomic responses, congestion notifications."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.columns import NONE, Role
from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.kernels.events import note_cnp, take_row
from plugfest.captures.kernels.flows import partner_of
from plugfest.captures.kernels.goodput import add_goodput
from plugfest.captures.kernels.load import signed
from plugfest.captures.kernels.messages import complete_messages, is_path_mtu
from plugfest.captures.kernels.opcode_table import (
    CLASS,
    CLASS_RESPONSE,
    PART,
    PART_FIRST,
    PART_LAST,
    PART_MIDDLE,
    PART_ONLY,
    VERB,
    VERB_READ,
)
from plugfest.captures.kernels.reads import close_open_read
from plugfest.captures.kernels.sequence import LOST, distance, mark, unwrap, was_seen
from plugfest.captures.state import NAKS, RECENT_HOLES, Cause, Tables
from plugfest.packets.aeth import AethType
from plugfest.packets.serial import PSN_SPAN

ACK, NAK, RNR_NAK = int(AethType.ACK), int(AethType.NAK), int(AethType.RNR_NAK)
ROLE_ACK, ROLE_NAK, ROLE_RNR_NAK = int(Role.ACK), int(Role.NAK), int(Role.RNR_NAK)
ROLE_RESPONSE, ROLE_CNP = int(Role.RESPONSE), int(Role.CNP)
CAUSE_NAK, CAUSE_RNR_NAK = int(Cause.NAK), int(Cause.RNR_NAK)
WRONG, RIGHT, CANNOT_TELL = 0, 1, -1
SEQUENCE_ERROR = 0


@inlined
def follow_answer(flow: Any, index: int, row: Any, tables: Tables) -> None:
    """Take in one answer packet of flow `index`."""
    follow_message_number(flow, row)
    response = CLASS[row.opcode] == CLASS_RESPONSE
    sort = ACK if response or row.aeth == NONE else signed(row.aeth) >> 29 & 3
    row.role = ROLE_RESPONSE if response else ROLE_NAK if sort == NAK else ROLE_RNR_NAK if sort == RNR_NAK else ROLE_ACK
    partner = partner_of(index, row, tables)
    in_order = True
    if response:
        in_order = follow_response(flow, index, row, tables)
    elif sort == NAK:
        flow.naks += 1
    elif sort == RNR_NAK:
        flow.rnr_naks += 1
    else:
        flow.acks += 1
    if partner < 0:
        flow.unmatched_refusals += sort in (NAK, RNR_NAK)
        return
    requests = tables.flows[partner]
    if requests.open_read >= 0 and flow.path_mtu:
        close_open_read(requests, partner, flow.path_mtu, tables)
    sequence = sequence_of_answer(requests, signed(row.psn))
    row.sequence = sequence
    if sequence >= requests.next:
        flow.doubtful_answers += 1
        return
    if sort in (NAK, RNR_NAK):
        refuse(flow, requests, partner, row, sort, tables)
    elif in_order:
        acknowledge(flow, requests, partner, row, response, tables)
    requests.answer_high = max(requests.answer_high, sequence)


@inlined
def sequence_of_answer(requests: Any, psn: int) -> int:
    """The answered sequence; an answer that passes before any request sets where their sequences will begin."""
    if requests.started:
        return unwrap(psn, requests.next - 1)
    if requests.answer_high == 0:
        requests.answer_high = psn + PSN_SPAN
    return unwrap(psn, requests.answer_high)


@inlined
def follow_message_number(flow: Any, row: Any) -> None:
    """The message sequence number of an AETH never goes back, modulo 2^24, except that responses repeated repeat it."""
    if row.aeth == NONE:
        return
    number = signed(row.aeth) & 0xFFFFFF
    if flow.message_sequence_number >= 0 and distance(number, flow.message_sequence_number) < 0:
        flow.msn_steps_back += 1
    else:
        flow.message_sequence_number = number


@inlined
def acknowledge(flow: Any, requests: Any, partner: int, row: Any, response: bool, tables: Tables) -> None:
    """An ACK covers everything up to its PSN; a response covers everything before its own request (9.7.5.1.1)."""
    covered = row.sequence
    ends_message = PART[row.opcode] == PART_LAST or PART[row.opcode] == PART_ONLY
    if response and not ends_message:
        covered -= 1
    progress = covered - requests.acked
    if progress > 0:
        requests.acked, requests.last_ack_time = covered, row.time
        complete_messages(requests, partner, covered, row.time, tables)
        catch_up(requests, covered + 1)
    if not response:
        flow.acked_psns += max(0, progress)
        flow.acks_without_progress += progress <= 0


@inlined
def catch_up(requests: Any, expected: int) -> None:
    """The responder has said that it expects no less than this."""
    if requests.expected < expected:
        requests.expected, requests.hole_time = expected, 0
    if requests.expected_selective < expected:
        requests.expected_selective, requests.hole_time_selective = expected, 0


@compiled
def refuse(flow: Any, requests: Any, partner: int, row: Any, sort: int, tables: Tables) -> None:
    """A NAK or RNR NAK: judge its PSN, note it, and remember that the requester must react."""
    out_of_sequence = sort == NAK and signed(row.aeth) >> 24 & 31 == SEQUENCE_ERROR
    noticed = noticed_at(requests, partner, row.sequence, tables) if out_of_sequence else 0
    correct = RIGHT if noticed else judge_psn(requests, tables.seen[partner], row.sequence)
    flow.wrong_naks += correct == WRONG
    number = take_row(tables.counts, NAKS, tables.naks.size)
    if number >= 0:
        note_nak(tables.naks[number], requests, partner, row, noticed, correct)
    must_wait = requests.nak_cause == CAUSE_RNR_NAK and requests.nak_sequence == row.sequence
    if not must_wait:  # a NAK for what came behind does not shorten the wait an RNR NAK demands
        requests.nak_cause = CAUSE_NAK if sort == NAK else CAUSE_RNR_NAK
        requests.nak_index, requests.nak_sequence, requests.nak_time = number, row.sequence, row.time
    if correct != WRONG:
        accept_refusal(requests, partner, row, noticed, tables)


@compiled
def note_nak(nak: Any, requests: Any, partner: int, row: Any, noticed: int, correct: int) -> None:
    """Fill the row of a NAK."""
    nak.time, nak.frame, nak.flow, nak.sequence = row.time, row.frame, partner, row.sequence
    nak.syndrome, nak.expected, nak.correct = signed(row.aeth) >> 24, requests.expected, correct
    nak.generation = row.time - noticed if noticed else -1
    nak.reaction = -1


@compiled
def noticed_at(requests: Any, partner: int, sequence: int, tables: Tables) -> int:
    """When the first packet passed that told the responder that `sequence` is missing; 0 if none did.

    The hole may be filled by now: the responder's answer passes later than what it answers.
    """
    for back in range(1, min(requests.holes, RECENT_HOLES) + 1):
        place = (requests.holes - back) % RECENT_HOLES
        if tables.hole_starts[partner, place] == sequence:
            return tables.hole_times[partner, place]
    return 0


@compiled
def judge_psn(requests: Any, seen: Any, sequence: int) -> int:
    """WRONG if it was acknowledged, or if a request before it never passed; else it may be lost behind this point."""
    if requests.last_ack_time == 0 and sequence < requests.first:
        return CANNOT_TELL  # the first requests did not pass here
    if sequence <= requests.acked:
        return WRONG
    for before in range(requests.acked + 1, sequence):
        if not was_seen(seen, before, requests.next):
            return WRONG
    return CANNOT_TELL


@compiled
def accept_refusal(requests: Any, partner: int, row: Any, noticed: int, tables: Tables) -> None:
    """A NAK acknowledges everything before its PSN (9.7.5.1.1) and says what the responder expects."""
    sequence = row.sequence
    if sequence - 1 > requests.acked:
        requests.acked = sequence - 1
        requests.last_ack_time = row.time
        complete_messages(requests, partner, sequence - 1, row.time, tables)
    if noticed == 0:  # lost behind this point
        requests.expected = requests.expected_selective = sequence
        if was_seen(tables.seen[partner], sequence, requests.next):
            mark(tables.seen[partner], sequence, 1, LOST)


@compiled
def follow_response(flow: Any, index: int, row: Any, tables: Tables) -> bool:
    """True if the response is in order: those of a READ follow each other from FIRST to LAST (9.7.5.1.6)."""
    flow.responses += 1
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
        flow.response_lost, flow.response_open = 1, 0
        flow.lost_before = tables.flows[flow.partner].next if flow.partner >= 0 else sequence
    return missing


@compiled
def follow_cnp(flow: Any, index: int, row: Any, tables: Tables) -> None:
    """A congestion notification for the requester at the flow's destination."""
    row.role = ROLE_CNP
    if flow.cnps:
        gap = row.time - flow.last_cnp_time
        flow.shortest_cnp_gap = gap if flow.cnps == 1 else min(flow.shortest_cnp_gap, gap)
    flow.cnps += 1
    flow.last_cnp_time = row.time
    note_cnp(tables, index, row)
