"""What NIC counters mean: the same event under the names of different drivers.

A name that a driver does not have is *unmeasured*, never zero.
"""

from collections.abc import Mapping
from enum import Enum

from plugfest.devices.records import RdmaCounters


class Meaning(Enum):
    """Counted events, each with the names that drivers give it; see `plugfest.nics.drivers` for who says what."""

    SENT_PACKETS = ("sent_pkts",)
    RECEIVED_PACKETS = ("rcvd_pkts",)
    OUT_OF_SEQUENCE_REQUESTS = (
        "out_of_seq_request",
        "out_of_sequence",
        "rx_out_of_sequence",
        "resp_rx_outouf_seq",
        "roce_out_of_order_num",
    )
    """Holes that the responder noticed."""
    DUPLICATE_REQUESTS = ("duplicate_request", "dup_req", "resp_rx_dup_request")
    NAKS_RECEIVED = ("rcvd_seq_err", "packet_seq_err", "seq_err_naks_rcvd", "req_rx_pkt_seq_err")
    """NAKs for a sequence error that reached the requester."""
    RNR_NAKS_RECEIVED = (
        "rcvd_rnr_err",
        "rnr_nak_retry_err",
        "rnr_naks_rcvd",
        "RNR received",
        "req_rx_rnr_retry_err",
    )
    TIMEOUTS = ("local_ack_timeout_err", "to_retransmits", "tx_rdma_ack_timeout", "retrans_timeout_events")
    """Acknowledgements that the requester waited for in vain."""
    RETRIES_EXCEEDED = ("retry_exceeded_err", "max_retry_exceeded", "req_tx_retry_excd_err")
    ICRC_ERRORS = ("rx_icrc_encapsulated",)
    CE_PACKETS = ("np_ecn_marked_roce_packets", "RxECNMrkd", "rx_ecn_marked_pkts", "rx_rdma_ecn_pkts")
    """Packets that arrived marked as having met congestion."""
    CNPS_SENT = (
        "np_cnp_sent",
        "cnpSent",
        "tx_cnp_pkts",
        "np_cnp_pkts",
        "tx_cnp_pkt",
        "tx_rdma_cnp_pkts",
        "roce_tx_cnp_pkt_num",
    )
    CNPS_HANDLED = (
        "rp_cnp_handled",
        "cnpHandled",
        "rx_cnp_pkts",
        "rx_cnp_pkt",
        "rx_rdma_cnp_pkts",
        "roce_rx_cnp_pkt_num",
    )
    """Notifications that arrived; drivers that count those they acted upon apart are counted by that."""


Readings = Mapping[str, RdmaCounters]
"""Counters by host."""


def growth(host: str, meaning: Meaning, before: Readings, after: Readings) -> int | None:
    """By how much a host's counter grew; None if the driver has no such counter."""
    if host not in before or host not in after:
        return None
    first, last = before[host].values, after[host].values
    return next((last[name] - first[name] for name in meaning.value if name in first and name in last), None)
