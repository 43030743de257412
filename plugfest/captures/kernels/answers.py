"""Follow the answers of a flow: acknowledgements, NAKs, READ and atomic responses, congestion notifications."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.columns import NONE, Role
from plugfest.captures.kernels.compiled import compiled, inlined
from plugfest.captures.kernels.events import note_anomaly, note_cnp
from plugfest.captures.kernels.flows import partner_of
from plugfest.captures.kernels.load import signed
from plugfest.captures.kernels.messages import complete_messages
from plugfest.captures.kernels.opcode_table import CLASS, CLASS_RESPONSE, PART, PART_LAST, PART_ONLY
from plugfest.captures.kernels.reads import close_open_read
from plugfest.captures.kernels.refusals import refuse
from plugfest.captures.kernels.responses import follow_response
from plugfest.captures.kernels.sequence import distance, unwrap
from plugfest.captures.state import Lost, Sort, Tables
from plugfest.packets.aeth import AethType
from plugfest.packets.serial import PSN_MASK, PSN_SPAN

NAK, RNR_NAK = int(AethType.NAK), int(AethType.RNR_NAK)
ROLE_ACK, ROLE_NAK, ROLE_RNR_NAK = int(Role.ACK), int(Role.NAK), int(Role.RNR_NAK)
ROLE_RESPONSE, ROLE_CNP = int(Role.RESPONSE), int(Role.CNP)
NOTICED, WAITED_FOR = int(Lost.NOTICED), int(Lost.WAITED_FOR)
SORT_RESPONSE_GAP = int(Sort.RESPONSE_GAP)


@inlined
def follow_answer(flow: Any, index: int, row: Any, tables: Tables) -> None:
    """Take in one answer packet of flow `index`."""
    follow_message_number(flow, row)
    count_answer(flow, row)
    response = row.role == ROLE_RESPONSE
    refusal = row.role == ROLE_NAK or row.role == ROLE_RNR_NAK
    partner = partner_of(index, row, tables)
    in_order = not response or follow_response(flow, index, row, tables)
    if partner < 0:
        flow.unmatched_refusals += refusal
        return
    requests = tables.flows[partner]
    if requests.open_read >= 0 and flow.path_mtu:
        close_open_read(requests, partner, flow.path_mtu, tables)
    row.sequence = sequence_of_answer(requests, signed(row.psn))
    if flow.response_lost == NOTICED:
        flow.response_lost = WAITED_FOR
        note_anomaly(tables, index, row, SORT_RESPONSE_GAP, distance(row.psn, flow.next_response & PSN_MASK))
    if row.sequence >= requests.next:
        flow.doubtful_answers += 1
    elif refusal:
        refuse(flow, requests, partner, row, tables)
    elif in_order:
        acknowledge(flow, requests, partner, row, response, tables)
    requests.answer_high = max(requests.answer_high, row.sequence)


@inlined
def count_answer(flow: Any, row: Any) -> None:
    """Tell ACKs, NAKs and responses apart."""
    sort = signed(row.aeth) >> 29 & 3
    if CLASS[row.opcode] == CLASS_RESPONSE:
        row.role = ROLE_RESPONSE
        flow.responses += 1
    elif sort == NAK and row.aeth != NONE:
        row.role = ROLE_NAK
        flow.naks += 1
    elif sort == RNR_NAK:
        row.role = ROLE_RNR_NAK
        flow.rnr_naks += 1
    else:
        row.role = ROLE_ACK
        flow.acks += 1


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
def follow_cnp(flow: Any, index: int, row: Any, tables: Tables) -> None:
    """A congestion notification for the requester at the flow's destination."""
    row.role = ROLE_CNP
    if flow.cnps:
        gap = row.time - flow.last_cnp_time
        flow.shortest_cnp_gap = gap if flow.cnps == 1 else min(flow.shortest_cnp_gap, gap)
    flow.cnps += 1
    flow.last_cnp_time = row.time
    note_cnp(tables, index, row)
