"""What the analysis remembers: one row per flow, and one row per event worth telling.

A *flow* is everything from one address to another for one destination queue pair.  A reliable connection is two
flows, each the other's *partner*: requests of one are answered in the other.
"""

import mmap
from enum import IntEnum
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

SEEN_WINDOW = 2048
"""PSNs behind the newest one of which we know whether they passed: more than any NIC has outstanding."""
RESTART_DISTANCE = 1 << 17
"""A PSN this far from the expected one is a new connection on the same queue pair number."""
RECENT_HOLES = 16
"""A NAK may leave the responder after many more packets have passed the capture point: holes are kept that long."""
GOODPUT_BINS = 256
OUTSTANDING_MESSAGES = 64
DELAY_BINS = 160
"""Quarter octaves from 1 ns: 2^40 ns is 18 minutes."""


class Cause(IntEnum):
    """Why a requester went back to an earlier PSN."""

    UNKNOWN = 0
    """The answers of this queue pair are not in the capture."""
    NAK = 1
    RNR_NAK = 2
    IMPLIED_NAK = 3
    """A response went missing, which a later response showed."""
    TIMEOUT = 4
    """Nothing told the requester: its timer did."""


class Recovery(IntEnum):
    """How a requester resends."""

    UNDECIDABLE = 0
    """Too short to tell."""
    GO_BACK_N = 1
    SELECTIVE_REPEAT = 2


FLOW = np.dtype(
    [
        # identity
        ("source", "u4"),
        ("destination", "u4"),
        ("destination_qp", "u4"),
        ("kind", "u4"),  # Kind of its first packet: IPv4 or IPv6
        ("partner", "i4"),  # flow of the opposite direction, -1 unknown
        ("next_of_pair", "i4"),  # next flow between the same addresses, -1 last
        ("transport", "u4"),  # upper three bits of the first opcode
        ("source_port", "u4"),  # of the first packet
        ("number_in_pair", "i8"),  # counts the flows between the same addresses
        ("candidates", "i8"),  # while unpaired: bit n, the opposite flow of that number may be the partner; 0 all may
        # everything
        ("first_time", "i8"),  # ns
        ("last_time", "i8"),  # ns
        ("first_frame", "i8"),  # position in the file
        ("packets", "i8"),
        ("wire_bytes", "i8"),
        ("ecn", "i8", 4),  # request packets by ECN field: not-ECT, ECT(1), ECT(0), CE
        ("answer_ecn", "i8", 4),  # the same for answers
        ("request_dscps", "i8"),  # bit n: DSCP n was seen on a request
        ("answer_dscps", "i8"),
        ("cnp_dscps", "i8"),
        ("other_source_ports", "i8"),  # packets whose UDP source port is not the first one
        ("migreqs", "u4"),  # bit n: MigReq n was seen
        ("flaws", "u4"),  # all bits of Flaw seen
        ("ttl_low", "u4"),
        ("ttl_high", "u4"),
        # requests
        ("started", "u4"),
        ("first_psn", "u4"),
        ("first", "i8"),  # its sequence
        ("path_mtu", "i8"),  # bytes, 0 not known yet
        ("next", "i8"),  # sequence after the newest one sent
        ("requests", "i8"),
        ("new_requests", "i8"),
        ("retransmitted", "i8"),
        ("duplicates", "i8"),
        ("reordered", "i8"),
        ("gaps", "i8"),
        ("missing", "i8"),  # PSNs that the gaps jumped over
        ("restarts", "i8"),
        ("payload", "i8"),  # bytes, every transmission
        ("new_payload", "i8"),  # bytes, first transmission only; READ data counts in the responses' flow
        ("last_request_time", "i8"),
        ("last_request", "i8"),  # its sequence
        ("newest_identification", "i8"),
        ("identification_steps", "i8"),  # in-order packets whose IPv4 identification counted up; -1 it does not count
        ("open_read", "i8"),  # sequence of a READ request whose length in PSNs is not known yet, -1 none
        ("open_read_length", "i8"),  # bytes
        ("verb", "i8"),  # of the message under way
        ("message_bytes", "i8"),
        ("message_length", "i8"),  # bytes announced by the RETH; -1 none
        ("message_start", "i8"),  # ns
        ("illegal_opcodes", "i8"),
        ("illegal_lengths", "i8"),
        ("first_illegal_frame", "i8"),
        # what the responder of these requests must think
        ("expected", "i8"),  # its expected sequence if it drops what is out of order
        ("expected_selective", "i8"),  # the same if it keeps what is out of order
        ("hole_time", "i8"),  # when the first packet beyond `expected` passed, 0 none did
        ("hole_time_selective", "i8"),  # the same for `expected_selective`
        ("holes", "i8"),  # noticed so far
        ("behind_expected", "i8"),  # requests the responder must count as duplicates
        ("beyond_expected", "i8"),  # requests the responder sees out of order
        # answers to these requests
        ("acked", "i8"),  # highest acknowledged sequence
        ("last_ack_time", "i8"),
        ("answer_high", "i8"),  # highest sequence any answer had
        ("nak_cause", "i8"),  # Cause of the answer that waits for a reaction, 0 none
        ("nak_index", "i8"),  # its row in `naks`, -1 not kept
        ("nak_sequence", "i8"),
        ("nak_time", "i8"),
        # recovery
        ("episode_open", "u4"),
        ("episode_index", "i4"),  # row in `episodes`, -1 not kept
        ("episode_start", "i8"),  # first sequence resent
        ("episode_end", "i8"),  # sequence after the newest one sent before
        ("episode_last", "i8"),  # latest sequence resent
        ("episode_psns", "i8"),  # PSNs resent so far
        ("episodes", "i8", 3),  # by Recovery
        ("causes", "i8", 5),  # episodes by Cause
        # answers sent in this flow
        ("acks", "i8"),
        ("acks_without_progress", "i8"),
        ("acked_psns", "i8"),  # PSNs newly acknowledged by those
        ("naks", "i8"),
        ("wrong_naks", "i8"),  # NAKs whose PSN cannot be right
        ("rnr_naks", "i8"),
        ("responses", "i8"),
        ("response_gaps", "i8"),
        ("response_payload", "i8"),  # bytes, first transmission only
        ("next_response", "i8"),  # sequence after the newest READ response, -1 none yet
        ("response_open", "u4"),  # inside a READ response of several packets
        ("lost_before", "i8"),  # sequence after the newest request when that was noticed
        ("response_lost", "u4"),  # a Lost
        ("unmatched_answers", "i8"),  # seen before the partner was known
        ("unmatched_refusals", "i8"),  # NAKs and RNR NAKs among them
        ("doubtful_answers", "u4"),  # answers to requests that never passed here
        ("illegal_responses", "i8"),
        ("message_sequence_number", "i8"),  # of the latest AETH, -1 none
        ("msn_steps_back", "i8"),
        ("cnps", "i8"),
        ("last_cnp_time", "i8"),
        ("shortest_cnp_gap", "i8"),  # ns, 0 none
        # message completion
        ("messages", "i8"),  # completed and measured
        ("messages_unmeasured", "i8"),
        ("delay_sum", "i8"),  # ns
        ("delay_low", "i8"),
        ("delay_high", "i8"),
        ("queue_head", "i8"),
        ("queue_tail", "i8"),
        # goodput
        ("bin_shift", "i8"),  # a bin is 2^shift ns
    ],
    align=True,
)

TOTALS = np.dtype(
    [(name, "i8") for name in ("frames", "cut_frames", "first_time", "last_time", "time_steps_back")], align=True
)
"""Counts over all frames; times in ns."""

KNOWN_FLOW = np.dtype(
    [("source", "u4"), ("destination", "u4"), ("destination_qp", "u4"), ("kind", "u1"), ("partner", "i4")], align=True
)
"""A flow known before reading; its number is its row."""

NAK = np.dtype(
    [
        ("time", "i8"),
        ("frame", "i8"),
        ("flow", "i8"),  # the flow of the requests that it answers
        ("sequence", "i8"),
        ("expected", "i8"),  # what the responder must have expected, as seen here
        ("generation", "i8"),  # ns since the first out-of-order packet, -1 not seen here
        ("reaction", "i8"),  # ns until the requester resent, -1 it did not
        ("syndrome", "i4"),
        ("correct", "i4"),  # 1 right, 0 wrong, -1 cannot be told here
    ],
    align=True,
)
EPISODE = np.dtype(
    [
        ("time", "i8"),
        ("end_time", "i8"),
        ("frame", "i8"),
        ("flow", "i8"),
        ("start", "i8"),  # first sequence resent
        ("end", "i8"),  # sequence after the newest one sent before
        ("psns", "i8"),  # PSNs resent
        ("waited", "i8"),  # ns since the flow's latest request or acknowledgement
        ("cause", "i4"),
        ("recovery", "i4"),
        ("interrupted", "i4"),  # 1 if another rewind or the end of the file came first
        ("operation", "i4"),  # opcode of the first packet resent
    ],
    align=True,
)
CNP_EVENT = np.dtype([("time", "i8"), ("frame", "i8"), ("flow", "i8")], align=True)
ANOMALY = np.dtype(
    [("time", "i8"), ("frame", "i8"), ("flow", "i8"), ("sequence", "i8"), ("psns", "i8"), ("sort", "i8")], align=True
)


class Sort(IntEnum):
    """What an anomaly is."""

    GAP = 0
    """`psns` PSNs were jumped over."""
    REORDERED = 1
    DUPLICATE = 2
    ILLEGAL = 3
    """Opcode or length that cannot follow what came before."""
    RESTART = 4
    """The queue pair number began a new sequence."""
    RESPONSE_GAP = 5
    """`psns` READ responses are missing; the flow is that of the responses."""


class Lost(IntEnum):
    """What the requester lacks."""

    NOTHING = 0
    NOTICED = 1
    """A READ response; this very packet shows it."""
    WAITED_FOR = 2
    """A READ response that was not sent again yet."""


class Tables(NamedTuple):
    """Everything the kernels write to."""

    flows: np.ndarray
    """FLOW, one row per flow."""
    flow_slots: np.ndarray
    """Open-addressing index over the flows."""
    pair_slots: np.ndarray
    """Open-addressing index from (source, destination) to the newest flow between them."""
    counts: np.ndarray
    """Elements used: flows, naks, episodes, cnps, anomalies, packets of flows beyond the limit."""
    seen: np.ndarray
    """(flows, SEEN_WINDOW) bytes: 1 if that PSN passed."""
    identifications: np.ndarray
    """(flows, SEEN_WINDOW): IPv4 identification with which that PSN passed last."""
    hole_starts: np.ndarray
    """(flows, RECENT_HOLES): sequence that was missing."""
    hole_times: np.ndarray
    """(flows, RECENT_HOLES): when a packet behind it passed, ns."""
    goodput: np.ndarray
    """(flows, GOODPUT_BINS): new payload bytes per bin."""
    message_ends: np.ndarray
    """(flows, OUTSTANDING_MESSAGES): last sequence of messages not completed yet."""
    message_starts: np.ndarray
    """(flows, OUTSTANDING_MESSAGES): when they began, ns."""
    delays: np.ndarray
    """(flows, DELAY_BINS): message completion times by quarter octave."""
    naks: np.ndarray
    episodes: np.ndarray
    cnps: np.ndarray
    anomalies: np.ndarray


FLOWS, NAKS, EPISODES, CNPS, ANOMALIES, UNFOLLOWED = range(6)
"""Indices into `Tables.counts`."""


def lazy_zeros(shape: int | tuple[int, int], dtype: npt.DTypeLike) -> np.ndarray:
    """Zeros that take memory only where they are written, and give it back for sure.

    Memory from the C library would be recycled by later calls, and recycled memory must be cleared, which takes it all.
    """
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    mapping = mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    return np.frombuffer(mapping, dtype).reshape(shape)


def tables(most_flows: int = 1 << 14, most_events: int = 1 << 17) -> Tables:
    """Empty tables.  Memory is taken as rows are used: a flow costs up to 12 kB, an event 24–80 bytes."""
    return Tables(
        flows=lazy_zeros(most_flows, FLOW),
        flow_slots=np.full(4 * most_flows, -1, np.int32),
        pair_slots=np.full(4 * most_flows, -1, np.int32),
        counts=np.zeros(6, np.int64),
        seen=lazy_zeros((most_flows, SEEN_WINDOW), np.uint8),
        identifications=lazy_zeros((most_flows, SEEN_WINDOW), np.uint16),
        hole_starts=lazy_zeros((most_flows, RECENT_HOLES), np.int64),
        hole_times=lazy_zeros((most_flows, RECENT_HOLES), np.int64),
        goodput=lazy_zeros((most_flows, GOODPUT_BINS), np.int64),
        message_ends=lazy_zeros((most_flows, OUTSTANDING_MESSAGES), np.int64),
        message_starts=lazy_zeros((most_flows, OUTSTANDING_MESSAGES), np.int64),
        delays=lazy_zeros((most_flows, DELAY_BINS), np.uint32),
        naks=lazy_zeros(most_events, NAK),
        episodes=lazy_zeros(most_events, EPISODE),
        cnps=lazy_zeros(4 * most_events, CNP_EVENT),
        anomalies=lazy_zeros(most_events, ANOMALY),
    )


class Settings(NamedTuple):
    """What the kernels are told."""

    path_mtu: int
    """RDMA path MTU in bytes if known, else 0: then it is inferred per queue pair."""
    duplicate_ns: int
    """An identical packet within this time is a copy made by the network, not a retransmission."""
