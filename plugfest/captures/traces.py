"""What the analysis says about a queue pair and about a whole capture, as typed records.

Times are nanoseconds since the epoch, durations nanoseconds, sizes bytes.  A *queue pair* here is one direction of
requests: a connection on which both ends post requests gives two traces.
"""

from typing import Literal

from plugfest.records import Record

RecoveryName = Literal["go_back_n", "selective_repeat", "undecidable"]
CauseName = Literal["unknown", "nak", "rnr_nak", "implied_nak", "timeout"]


class Nak(Record):
    """A NAK or RNR NAK."""

    time_ns: int
    frame_offset: int
    """Where the frame starts in the file."""
    psn: int
    syndrome: int
    """AETH syndrome byte; `plugfest.packets.aeth.describe` puts it into words."""
    expected_psn: int
    """What a responder that drops out-of-order packets must expect, by the packets that passed the capture point."""
    psn_correct: bool | None
    """None where the loss happened after the capture point, so that only the responder can know."""
    generation_ns: int | None
    """Since the first out-of-order packet passed; None if none did."""
    reaction_ns: int | None
    """Until the requester sent again; None if it did not."""


class Episode(Record):
    """The requester went back to an earlier PSN."""

    time_ns: int
    end_time_ns: int
    frame_offset: int
    start_psn: int
    """First PSN sent again."""
    span: int
    """PSNs between that one and the newest one sent before, both included."""
    resent: int
    """PSNs sent again, as far as they passed the capture point."""
    recovery: RecoveryName
    cause: CauseName
    waited_ns: int
    """Since the latest request or acknowledgement of the queue pair."""
    interrupted: bool
    """Another rewind, or the end of the capture, came before new data."""
    opcode: int
    """Of the first packet sent again."""


class Timeout(Record):
    """The requester's timer expired: it went back without having been told to."""

    time_ns: int
    frame_offset: int
    psn: int
    waited_ns: int


class Spread(Record):
    """A distribution in nanoseconds."""

    count: int
    least: int
    median: int
    mean: int
    p99: int
    most: int


class Goodput(Record):
    """Payload by time, first transmissions only."""

    start_ns: int
    bin_ns: int
    payload_bytes: tuple[int, ...]
    """Per bin; trailing empty bins are left out."""


class EcnCounts(Record):
    """Packets by ECN field."""

    not_ect: int
    ect1: int
    ect0: int
    ce: int

    @property
    def ce_ratio(self) -> float | None:
        """Marked packets among those that may be marked; None if there are none."""
        capable = self.ect0 + self.ect1 + self.ce
        return self.ce / capable if capable else None


class QueuePairTrace(Record):
    """Everything the capture tells about the requests of one queue pair and their answers."""

    index: int
    """Number of the flow of its requests: column `flow` of the capture table."""
    answers_index: int | None
    """Number of the flow of its answers; None if they are not in the capture or could not be told apart."""
    requester: str
    requester_qp: int | None
    """None as long as no answer was matched: a BTH names only the destination's queue pair."""
    responder: str
    responder_qp: int | None
    transport: str
    first_time_ns: int
    last_time_ns: int
    packets: int
    answers: int
    source_port: int
    other_source_ports: int
    """Packets with another UDP source port than the first one."""
    migreqs: tuple[int, ...]
    """Values of MigReq seen."""
    ttls: tuple[int, int]
    """Lowest and highest TTL of the requests."""
    request_dscps: tuple[int, ...]
    answer_dscps: tuple[int, ...]
    cnp_dscps: tuple[int, ...]
    ecn: EcnCounts
    answer_ecn: EcnCounts
    flaws: tuple[str, ...]
    """Names of `plugfest.captures.columns.Flaw` seen on any packet."""
    first_psn: int
    path_mtu: int | None
    requests: int
    new_requests: int
    """First transmissions, reordered ones included."""
    retransmitted: int
    duplicates: int
    """Copies made by the network."""
    reordered: int
    gaps: int
    missing: int
    """PSNs the gaps jumped over: lost before the capture point, or by the capture."""
    restarts: int
    """Times the queue pair number began another sequence."""
    behind_expected: int
    """Requests that the responder must count as duplicates."""
    beyond_expected: int
    """Requests that the responder sees out of order."""
    acks: int
    acks_without_progress: int
    psns_per_ack: float | None
    """How much an ACK acknowledges on average: acknowledgement coalescing."""
    nak_count: int
    wrong_naks: int
    rnr_nak_count: int
    responses: int
    """READ and atomic responses, repeated ones included."""
    response_gaps: int
    doubtful_answers: int
    """Answers to PSNs that no request had at the capture point."""
    recovery: RecoveryName | None
    """The scheme most episodes show; None without episodes."""
    episode_count: int
    go_back_n: int
    selective_repeat: int
    undecidable: int
    causes: dict[CauseName, int]
    illegal_opcodes: int
    illegal_lengths: int
    illegal_responses: int
    message_number_steps_back: int
    payload_bytes: int
    """Of all transmissions, without READ data."""
    goodput_bytes: int
    """Of first transmissions, READ data included."""
    cnps: int
    shortest_cnp_gap_ns: int | None
    message_completion: Spread | None
    """From a message's first packet to the answer that completes it; median and p99 to within ±10 %."""
    messages_unmeasured: int
    nak_generation: Spread | None
    nak_reaction: Spread | None
    naks: tuple[Nak, ...]
    """The first ones; `nak_count` and `rnr_nak_count` are complete."""
    episodes: tuple[Episode, ...]
    """The first ones; `episode_count` is complete."""
    goodput: Goodput
    """Of the WRITE and SEND data."""
    read_goodput: Goodput | None
    """Of the READ data, which flows the other way."""

    @property
    def name(self) -> str:
        """Short name for tables and messages."""
        requester, responder = ("?" if qp is None else f"0x{qp:06x}" for qp in (self.requester_qp, self.responder_qp))
        return f"{self.requester} QP {requester} → {self.responder} QP {responder}"

    @property
    def timeouts(self) -> tuple[Timeout, ...]:
        """Episodes that nothing but the requester's timer explains."""
        return tuple(
            Timeout(time_ns=e.time_ns, frame_offset=e.frame_offset, psn=e.start_psn, waited_ns=e.waited_ns)
            for e in self.episodes
            if e.cause == "timeout"
        )


class CaptureSummary(Record):
    """What a capture holds and whether it can be trusted."""

    path: str
    container: str
    file_bytes: int
    frames: int
    frames_by_kind: dict[str, int]
    """By the names of `plugfest.captures.columns.Kind`, in lower case."""
    roce_packets: int
    cut_frames: int
    """Frames of which the snap length kept only a part."""
    first_time_ns: int | None
    last_time_ns: int | None
    time_steps_back: int
    """Frames whose time stamp is before that of their predecessor."""
    damaged_records: int
    skipped_bytes: int
    is_cut: bool
    """The file ends inside a record."""
    dropped_by_tool: int | None
    """As pcapng interface statistics say; None if they say nothing."""
    flows: int
    queue_pairs: int
    unpaired_flows: int
    """Flows with answers whose requests could not be told."""
    unfollowed_packets: int
    """RoCEv2 packets of flows beyond the number the analysis follows."""
    retransmitted: int
    naks: int
    rnr_naks: int
    timeouts: int
    gaps: int
    cnps: int
    ce_marked: int

    @property
    def duration_s(self) -> float | None:
        """From the first frame to the last."""
        if self.first_time_ns is None or self.last_time_ns is None:
            return None
        return (self.last_time_ns - self.first_time_ns) / 1e9
