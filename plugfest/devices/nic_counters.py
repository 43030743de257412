"""What NIC counters mean: the same event under the names of different drivers.

A name that a driver does not have is *unmeasured*, never zero.
"""

from collections.abc import Mapping
from enum import Enum

from plugfest.devices.records import RdmaCounters


class Meaning(Enum):
    """Counted events, each with the names that drivers give it."""

    SENT_PACKETS = ("sent_pkts",)
    RECEIVED_PACKETS = ("rcvd_pkts",)
    OUT_OF_SEQUENCE_REQUESTS = ("out_of_seq_request", "out_of_sequence", "rx_out_of_sequence")
    """Holes that the responder noticed."""
    DUPLICATE_REQUESTS = ("duplicate_request", "dup_req")
    NAKS_RECEIVED = ("rcvd_seq_err", "packet_seq_err", "seq_err_naks_rcvd")
    """NAKs for a sequence error that reached the requester."""
    RNR_NAKS_RECEIVED = ("rcvd_rnr_err", "rnr_nak_retry_err", "rnr_naks_rcvd")
    RETRIES_EXCEEDED = ("retry_exceeded_err", "max_retry_exceeded")
    ICRC_ERRORS = ("rx_icrc_encapsulated",)
    CE_PACKETS = ("np_ecn_marked_roce_packets", "RxECNMrkd", "rx_ecn_marked_pkts")
    """Packets that arrived marked as having met congestion."""
    CNPS_SENT = ("np_cnp_sent", "cnpSent", "tx_cnp_pkts", "np_cnp_pkts")
    CNPS_HANDLED = ("rp_cnp_handled", "cnpHandled", "rx_cnp_pkts")


Readings = Mapping[str, RdmaCounters]
"""Counters by host."""


def growth(host: str, meaning: Meaning, before: Readings, after: Readings) -> int | None:
    """By how much a host's counter grew; None if the driver has no such counter."""
    if host not in before or host not in after:
        return None
    first, last = before[host].values, after[host].values
    return next((last[name] - first[name] for name in meaning.value if name in first and name in last), None)
