"""What a synthetic capture contains, and the count of what was put in."""

from typing import NamedTuple

import numpy as np

from plugfest.records import Record


class Scenario(NamedTuple):
    """Rules of a synthetic capture.  Probabilities are per new data packet."""

    packets: int = 100_000
    """The capture ends soon after this many."""
    queue_pairs: int = 16
    """Every fourth recovers by selective repeat, the others go back N; every eighth reads instead of writing."""
    message_packets: int = 64
    path_mtu: int = 1024
    snap_length: int = 128
    drop: float = 0.0
    """Lost before the capture point, with one NAK and a resend."""
    silent_drop: float = 0.0
    """The same with the NAK lost as well: a timeout follows."""
    mark: float = 0.0
    """Congestion experienced, with CNPs no closer than `cnp_gap_ns`."""
    duplicate: float = 0.0
    reorder: float = 0.0
    """Swapped with its successor."""
    receiver_not_ready: float = 0.0
    """Per message: refused once by an RNR NAK."""
    cnp_gap_ns: int = 50_000
    packet_ns: int = 100
    nak_ns: int = 2_000
    timeout_ns: int = 4_000_000
    rnr_ns: int = 1_280_000
    first_psn: int = -1
    """Of every queue pair; -1 takes random ones, and lets queue pair 0 wrap soon."""
    counting_identification: int = 1
    """1: the sender counts its IPv4 identification up; 0: it is always zero."""
    seed: int = 1

    def quiet(self) -> "Scenario":
        """The same without any fault: it comes to an end in which nothing is pending."""
        return self._replace(drop=0.0, silent_drop=0.0, mark=0.0, duplicate=0.0, reorder=0.0, receiver_not_ready=0.0)


TRUTH = np.dtype(
    [
        (name, "i8")
        for name in (
            "client_qp",
            "server_qp",
            "first_psn",
            "new",
            "retransmitted",
            "dropped",
            "duplicates",
            "reordered",
            "marked",
            "cnps",
            "acks",
            "naks",
            "rnr_naks",
            "go_back_n",
            "selective_repeat",
            "undecidable",
            "timeouts",
            "implied_naks",
            "responses",
            "messages",
            "new_payload",
        )
    ],
    align=True,
)
"""What was put in, one row per queue pair."""


class Truth(Record):
    """The rows of TRUTH as plain numbers."""

    queue_pairs: tuple[dict[str, int], ...]
    packets: int
    file_bytes: int
