"""NAKs and RNR NAKs: is their PSN right, since when could the responder know, and what must the requester do."""

# mypy: no-warn-return-any

from typing import Any

from plugfest.captures.columns import Role
from plugfest.captures.kernels.compiled import compiled
from plugfest.captures.kernels.events import take_row
from plugfest.captures.kernels.load import signed
from plugfest.captures.kernels.messages import complete_messages
from plugfest.captures.kernels.sequence import LOST, mark, was_seen
from plugfest.captures.state import NAKS, RECENT_HOLES, Cause, Tables
from plugfest.packets.aeth import NakCode

ROLE_NAK = int(Role.NAK)
CAUSE_NAK, CAUSE_RNR_NAK = int(Cause.NAK), int(Cause.RNR_NAK)
WRONG, RIGHT, CANNOT_TELL = 0, 1, -1
SEQUENCE_ERROR = int(NakCode.PSN_SEQUENCE_ERROR)


@compiled
def refuse(flow: Any, requests: Any, partner: int, row: Any, tables: Tables) -> None:
    """A NAK or RNR NAK: judge its PSN, note it, and remember that the requester must react."""
    out_of_sequence = row.role == ROLE_NAK and signed(row.aeth) >> 24 & 31 == SEQUENCE_ERROR
    noticed = noticed_at(requests, partner, row.sequence, tables) if out_of_sequence else 0
    correct = RIGHT if noticed else judge_psn(requests, tables.seen[partner], row.sequence)
    flow.wrong_naks += correct == WRONG
    number = take_row(tables.counts, NAKS, tables.naks.size)
    if number >= 0:
        note_nak(tables.naks[number], requests, partner, row, noticed, correct)
    must_wait = requests.nak_cause == CAUSE_RNR_NAK and requests.nak_sequence == row.sequence
    if not must_wait:  # a NAK for what came behind does not shorten the wait an RNR NAK demands
        requests.nak_cause = CAUSE_NAK if row.role == ROLE_NAK else CAUSE_RNR_NAK
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
