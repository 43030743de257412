"""The simulated fabric: queue pairs take turns to send; loss, marks, copies and swaps happen on the way to the tap.

One compiled state machine per queue pair.  It shares no code with the analysis it puts to the test but the ICRC.
"""

# mypy: no-warn-return-any

from typing import Any, NamedTuple

import numpy as np

from plugfest.bench.synthetic.scenario import Scenario
from plugfest.captures.kernels.compiled import compiled
from plugfest.captures.kernels.icrc import icrc_of

RECORD, ETHERNET, IPV4, UDP, BTH, RETH, AETH, ICRC = 16, 14, 20, 8, 12, 16, 4, 4
WRITE_FIRST, WRITE_MIDDLE, WRITE_LAST, READ_REQUEST = 0x06, 0x07, 0x08, 0x0C
RESPONSE_FIRST, RESPONSE_MIDDLE, RESPONSE_LAST, ACKNOWLEDGE, CNP = 0x0D, 0x0E, 0x0F, 0x11, 0x81
NAK_SEQUENCE_ERROR, RNR_NAK, ACK = 0x60, 0x2E, 0x1F
TO_SERVER, TO_CLIENT = 0, 1
SELECTIVE_EVERY, READ_EVERY = 4, 8
NONE = -1

QUEUE_PAIR = np.dtype(
    [
        (name, "i8")
        for name in (
            "number",
            "first",  # first sequence
            "high",  # next sequence never sent
            "hole",  # sequence that was lost, NONE
            "announce",  # 1: the next packet reveals the hole
            "nak_lost",
            "countdown",  # packets until the requester reacts
            "resend",  # next sequence to send again, NONE
            "wake",  # sleeps until then, ns
            "last_cnp",
            "refused",  # sequence an RNR NAK was sent for, NONE
            "refusals",  # message that was refused already
            "response",  # next READ response, NONE
            "response_start",  # first response of the request under way
            "identification",
        )
    ],
    align=True,
)


class Fabric(NamedTuple):
    """Everything the simulation writes to."""

    queue_pairs: np.ndarray
    truth: np.ndarray
    buffer: np.ndarray
    """Bytes of pcap records not written to disk yet."""
    clock: np.ndarray
    """[now in ns, bytes in buffer, packets so far]"""
    scratch: np.ndarray


@compiled
def put16(buffer: Any, at: int, value: int) -> None:
    """Two bytes, most significant first."""
    buffer[at], buffer[at + 1] = value >> 8 & 0xFF, value & 0xFF


@compiled
def put32(buffer: Any, at: int, value: int) -> None:
    """Four bytes, most significant first."""
    put16(buffer, at, value >> 16)
    put16(buffer, at + 2, value)


@compiled
def put32_little(buffer: Any, at: int, value: int) -> None:
    """Four bytes, least significant first."""
    for place in range(4):
        buffer[at + place] = value >> 8 * place & 0xFF


@compiled
def address(queue_pair: int, side: int) -> int:
    """IPv4 address of one side: 10.0.c.1 and 10.1.s.1, eight queue pairs per pair of hosts."""
    return 0x0A000001 + (side << 16) + (queue_pair // 8 << 8)


@compiled
def packet(fabric: Fabric, s: Scenario, qp: Any, side: int, opcode: int, sequence: int, body: int, ecn: int) -> int:
    """Append a frame up to the BTH; return the position after the BTH in the buffer.  `body` is what follows it."""
    buffer, start = fabric.buffer, fabric.clock[1]
    wire = ETHERNET + IPV4 + UDP + BTH + body + ICRC
    captured = min(wire, s.snap_length)
    put32_little(buffer, start, fabric.clock[0] // 1_000_000_000)
    put32_little(buffer, start + 4, fabric.clock[0] % 1_000_000_000)
    put32_little(buffer, start + 8, captured)
    put32_little(buffer, start + 12, wire)
    frame = start + RECORD
    buffer[frame : frame + captured] = 0
    buffer[frame], buffer[frame + 6], buffer[frame + 12] = 2, 2, 8
    put_ip(fabric, s, qp, frame + ETHERNET, side, wire - ETHERNET, ecn)
    put_bth(fabric, qp, frame + ETHERNET + IPV4 + UDP, side, opcode, sequence)
    fabric.clock[0] += s.packet_ns
    fabric.clock[1] = frame + captured
    fabric.clock[2] += 1
    return frame + ETHERNET + IPV4 + UDP + BTH


@compiled
def put_ip(fabric: Fabric, s: Scenario, qp: Any, at: int, side: int, length: int, ecn: int) -> None:
    """IPv4 and UDP headers."""
    buffer = fabric.buffer
    buffer[at], buffer[at + 1] = 0x45, 26 << 2 | ecn
    put16(buffer, at + 2, length)
    if s.counting_identification:
        put16(buffer, at + 4, qp.identification)
    buffer[at + 6], buffer[at + 8], buffer[at + 9] = 0x40, 63, 17
    put32(buffer, at + 12, address(qp.number, side))
    put32(buffer, at + 16, address(qp.number, 1 - side))
    total = 0
    for word in range(at, at + IPV4, 2):
        total += np.int64(buffer[word]) << 8 | buffer[word + 1]
    total = (total & 0xFFFF) + (total >> 16)
    put16(buffer, at + 10, ~((total & 0xFFFF) + (total >> 16)))
    put16(buffer, at + IPV4, 0xC000 + qp.number % 0x3FFF)
    put16(buffer, at + IPV4 + 2, 4791)
    put16(buffer, at + IPV4 + 4, length - IPV4)


@compiled
def put_bth(fabric: Fabric, qp: Any, at: int, side: int, opcode: int, sequence: int) -> None:
    """Base transport header."""
    truth = fabric.truth[qp.number]
    fabric.buffer[at], fabric.buffer[at + 1] = opcode, 0x40
    put16(fabric.buffer, at + 2, 0xFFFF)
    put32(fabric.buffer, at + 4, truth.server_qp if side == TO_SERVER else truth.client_qp)
    put32(fabric.buffer, at + 8, sequence & 0xFFFFFF)


@compiled
def seal(fabric: Fabric, s: Scenario, bth_end: int, body: int) -> None:
    """Write the ICRC, where the whole frame is kept."""
    end = bth_end + body
    if end + ICRC == fabric.clock[1]:
        put32_little(fabric.buffer, end, icrc_of(fabric.buffer, bth_end - BTH - UDP - IPV4, end, 1, fabric.scratch, 0))


@compiled
def data(fabric: Fabric, s: Scenario, qp: Any, sequence: int) -> None:
    """One WRITE packet of the message that `sequence` belongs to."""
    part = (sequence - qp.first) % s.message_packets
    opcode = WRITE_FIRST if part == 0 else WRITE_LAST if part == s.message_packets - 1 else WRITE_MIDDLE
    header = RETH if part == 0 else 0
    marked = np.random.random() < s.mark
    fabric.truth[qp.number].marked += marked
    at = packet(fabric, s, qp, TO_SERVER, opcode, sequence, header + s.path_mtu, 3 if marked else 2)
    if part == 0:
        put32(fabric.buffer, at + 12, s.message_packets * s.path_mtu)
    seal(fabric, s, at, header + s.path_mtu)
    if marked and fabric.clock[0] - qp.last_cnp >= s.cnp_gap_ns:
        qp.last_cnp = fabric.clock[0]
        fabric.truth[qp.number].cnps += 1
        seal(fabric, s, packet(fabric, s, qp, TO_CLIENT, CNP, 0, 16, 0), 16)


@compiled
def answer(fabric: Fabric, s: Scenario, qp: Any, syndrome: int, sequence: int) -> None:
    """An ACK or NAK."""
    at = packet(fabric, s, qp, TO_CLIENT, ACKNOWLEDGE, sequence, AETH, 2)
    fabric.buffer[at] = syndrome
    seal(fabric, s, at, AETH)


@compiled
def turn(fabric: Fabric, s: Scenario, qp: Any) -> None:
    """Let one queue pair send its next packet."""
    if fabric.clock[0] < qp.wake:
        return
    if qp.number % READ_EVERY == READ_EVERY - 1:
        read_turn(fabric, s, qp)
    elif qp.resend != NONE:
        resend(fabric, s, qp)
    else:
        react(fabric, s, qp)
        if qp.resend == NONE and fabric.clock[0] >= qp.wake:
            send_new(fabric, s, qp)


@compiled
def react(fabric: Fabric, s: Scenario, qp: Any) -> None:
    """Count down to the moment at which the requester learns of the loss."""
    if qp.countdown == 0:
        return
    qp.countdown -= 1
    if qp.countdown == 0:
        qp.resend = qp.hole
        truth = fabric.truth[qp.number]
        if selective(qp) and qp.high - qp.hole == 2:
            truth.undecidable += 1
        elif selective(qp):
            truth.selective_repeat += 1
        else:
            truth.go_back_n += 1
        if qp.nak_lost:
            qp.wake = fabric.clock[0] + s.timeout_ns
            truth.timeouts += 1


@compiled
def selective(qp: Any) -> bool:
    """True if this queue pair resends only what was lost."""
    return qp.number % SELECTIVE_EVERY == SELECTIVE_EVERY - 1


@compiled
def resend(fabric: Fabric, s: Scenario, qp: Any) -> None:
    """Send the next packet of a recovery."""
    qp.identification += 1
    data(fabric, s, qp, qp.resend)
    fabric.truth[qp.number].retransmitted += 1
    qp.resend = NONE if selective(qp) or qp.resend + 1 == qp.high else qp.resend + 1
    if qp.resend == NONE:
        qp.hole = NONE
        acknowledge(fabric, s, qp, qp.high - 1)


@compiled
def acknowledge(fabric: Fabric, s: Scenario, qp: Any, sequence: int) -> None:
    """ACK up to `sequence`."""
    fabric.truth[qp.number].acks += 1
    answer(fabric, s, qp, ACK, sequence)


@compiled
def send_new(fabric: Fabric, s: Scenario, qp: Any) -> None:
    """Send the next packet of the message, if fate does not take it."""
    truth, sequence, chance = fabric.truth[qp.number], qp.high, np.random.random()
    part = (sequence - qp.first) % s.message_packets
    inside = qp.hole == NONE and 0 < part < s.message_packets - 2
    qp.identification += 1
    truth.new_payload += s.path_mtu
    if inside and chance < s.drop + s.silent_drop:
        truth.dropped += 1
        qp.hole, qp.announce, qp.nak_lost, qp.high = sequence, 1, chance >= s.drop, sequence + 1
        return
    truth.new += 1
    if inside and chance > 1 - s.reorder:
        swap(fabric, s, qp)
        return
    data(fabric, s, qp, sequence)
    qp.high = sequence + 1
    if inside and chance > 1 - s.reorder - s.duplicate:
        truth.duplicates += 1
        data(fabric, s, qp, sequence)
    respond(fabric, s, qp, sequence, part)


@compiled
def swap(fabric: Fabric, s: Scenario, qp: Any) -> None:
    """The next two packets arrive in the wrong order; the responder takes both."""
    truth = fabric.truth[qp.number]
    qp.identification += 1
    data(fabric, s, qp, qp.high + 1)
    qp.identification -= 1
    data(fabric, s, qp, qp.high)
    qp.identification += 1
    truth.new += 1
    truth.reordered += 1
    truth.new_payload += s.path_mtu
    qp.high += 2


@compiled
def respond(fabric: Fabric, s: Scenario, qp: Any, sequence: int, part: int) -> None:
    """What the responder says to a packet that arrived."""
    truth = fabric.truth[qp.number]
    if qp.hole != NONE:
        if qp.announce:
            qp.announce, qp.countdown = 0, 1 + np.random.randint(0, 8)
            if not qp.nak_lost:
                fabric.clock[0] += s.nak_ns
                truth.naks += 1
                answer(fabric, s, qp, NAK_SEQUENCE_ERROR, qp.hole)
    elif part == s.message_packets - 1:
        acknowledge(fabric, s, qp, sequence)
    elif part == 0 and qp.refusals != sequence and np.random.random() < s.receiver_not_ready:
        truth.rnr_naks += 1
        truth.undecidable += 1
        answer(fabric, s, qp, RNR_NAK, sequence)
        qp.hole = qp.resend = qp.refusals = sequence
        qp.wake = fabric.clock[0] + s.rnr_ns
    truth.messages += part == s.message_packets - 1


@compiled
def read_turn(fabric: Fabric, s: Scenario, qp: Any) -> None:
    """A reading queue pair asks for a message and gets it packet by packet; a lost response is asked for again."""
    truth = fabric.truth[qp.number]
    if qp.countdown:
        qp.countdown -= 1
        if qp.countdown == 0 or qp.response == qp.high:
            ask_again(fabric, s, qp)
            return
    if qp.response == NONE:
        truth.new += 1
        ask(fabric, s, qp, qp.high, s.message_packets)
        qp.response = qp.response_start = qp.high
        qp.high += s.message_packets
        return
    inside = qp.hole == NONE and qp.response_start < qp.response < qp.high - 2
    if inside and np.random.random() < s.drop:
        qp.hole = qp.response
        qp.countdown = 3 + np.random.randint(0, 6)
        truth.dropped += 1
    else:
        give(fabric, s, qp)
    qp.response += 1
    if qp.response == qp.high and qp.hole == NONE:
        qp.response = NONE
        truth.messages += 1


@compiled
def ask(fabric: Fabric, s: Scenario, qp: Any, sequence: int, responses: int) -> None:
    """A READ request for so many responses."""
    qp.identification += 1
    at = packet(fabric, s, qp, TO_SERVER, READ_REQUEST, sequence, RETH, 2)
    put32(fabric.buffer, at + 12, responses * s.path_mtu)
    seal(fabric, s, at, RETH)


@compiled
def ask_again(fabric: Fabric, s: Scenario, qp: Any) -> None:
    """The requester has noticed the missing response."""
    truth = fabric.truth[qp.number]
    truth.retransmitted += 1
    truth.implied_naks += 1
    truth.go_back_n += 1
    ask(fabric, s, qp, qp.hole, qp.high - qp.hole)
    qp.response = qp.response_start = qp.hole
    qp.hole, qp.countdown = NONE, 0


@compiled
def give(fabric: Fabric, s: Scenario, qp: Any) -> None:
    """The next READ response."""
    first, last = qp.response == qp.response_start, qp.response == qp.high - 1
    opcode = RESPONSE_FIRST if first else RESPONSE_LAST if last else RESPONSE_MIDDLE
    header = AETH if first or last else 0
    truth = fabric.truth[qp.number]
    truth.responses += 1
    at = packet(fabric, s, qp, TO_CLIENT, opcode, qp.response, header + s.path_mtu, 2)
    seal(fabric, s, at, header + s.path_mtu)


@compiled
def run(fabric: Fabric, s: Scenario, packets: int) -> None:
    """Go on until the capture has `packets` or the buffer is nearly full."""
    room = fabric.buffer.size - 4 * (RECORD + s.snap_length)
    while fabric.clock[2] < packets and fabric.clock[1] < room:
        turn(fabric, s, fabric.queue_pairs[np.random.randint(0, fabric.queue_pairs.size)])
        fabric.clock[0] += 1


@compiled
def drain(fabric: Fabric, s: Scenario) -> None:
    """Let every queue pair end what it is in the middle of, and send once more, which shows that it has ended."""
    for number in range(fabric.queue_pairs.size):
        qp = fabric.queue_pairs[number]
        settle(fabric, s, qp)
        turn(fabric, s, qp)
        settle(fabric, s, qp)


@compiled
def settle(fabric: Fabric, s: Scenario, qp: Any) -> None:
    """Give the queue pair turns until nothing is pending."""
    while qp.hole != NONE or qp.resend != NONE or qp.response != NONE:
        fabric.clock[0] = max(fabric.clock[0] + 1, qp.wake)
        turn(fabric, s, qp)


@compiled
def set_up(fabric: Fabric, s: Scenario) -> None:
    """Give every queue pair its numbers."""
    np.random.seed(s.seed)
    for number in range(fabric.queue_pairs.size):
        qp, truth = fabric.queue_pairs[number], fabric.truth[number]
        truth.client_qp, truth.server_qp = 0x1000 + 3 * number, 0x2000 + 5 * number
        psn = np.random.randint(0, 1 << 24)
        qp.first = s.first_psn if s.first_psn >= 0 else 0xFFFF80 if number == 0 else psn
        qp.number, qp.high, truth.first_psn = number, qp.first, qp.first & 0xFFFFFF
        qp.hole = qp.resend = qp.refused = qp.refusals = qp.response = NONE
        qp.last_cnp = -(1 << 60)
        qp.identification = number * 977
