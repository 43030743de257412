"""RDMA counters by meaning, driver by driver, each with its source.

A meaning that a driver does not count is not in its table: unmeasured, never zero.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from plugfest.devices.nic_counters import Meaning
from plugfest.devices.records import RdmaCounters


@dataclass(frozen=True)
class CounterTable:
    """What one driver counts, and under which names; names differ between releases, the first that is there counts."""

    driver: str
    devices: str
    """Names of RDMA devices that belong to it, as a regular expression."""
    names: Mapping[Meaning, tuple[str, ...]]
    source: str
    verified: bool = True
    """False: second-hand notes, to be checked on the first real output."""
    note: str = ""


_MLX5 = {
    Meaning.OUT_OF_SEQUENCE_REQUESTS: ("out_of_sequence",),
    Meaning.DUPLICATE_REQUESTS: ("duplicate_request",),
    Meaning.NAKS_RECEIVED: ("packet_seq_err",),
    Meaning.RNR_NAKS_RECEIVED: ("rnr_nak_retry_err",),
    Meaning.TIMEOUTS: ("local_ack_timeout_err",),
    Meaning.ICRC_ERRORS: ("rx_icrc_encapsulated",),
    Meaning.CE_PACKETS: ("np_ecn_marked_roce_packets",),
    Meaning.CNPS_SENT: ("np_cnp_sent",),
    Meaning.CNPS_HANDLED: ("rp_cnp_handled",),
}

TABLES = (
    CounterTable(
        driver="mlx5",
        devices=r"mlx5_.*|rocep.*|roceP.*|ibp.*",
        names=_MLX5,
        source="Linux drivers/infiniband/hw/mlx5/counters.c",
        note="On ConnectX-5 and 6 only these counters react to RDMA errors, those of ethtool do not.",
    ),
    CounterTable(
        driver="bnxt_re",
        devices=r"bnxt_re.*",
        names={
            Meaning.OUT_OF_SEQUENCE_REQUESTS: ("rx_out_of_sequence", "out_of_sequence"),
            Meaning.DUPLICATE_REQUESTS: ("dup_req", "duplicate_request"),
            Meaning.NAKS_RECEIVED: ("seq_err_naks_rcvd", "packet_seq_err"),
            Meaning.RNR_NAKS_RECEIVED: ("rnr_naks_rcvd", "rnr_nak_retry_err"),
            Meaning.TIMEOUTS: ("to_retransmits", "local_ack_timeout_err"),
            Meaning.RETRIES_EXCEEDED: ("max_retry_exceeded",),
            Meaning.CE_PACKETS: ("rx_ecn_marked_pkts", "np_ecn_marked_roce_packets"),
            Meaning.CNPS_SENT: ("tx_cnp_pkts", "np_cnp_pkts"),
            Meaning.CNPS_HANDLED: ("rx_cnp_pkts", "rp_cnp_handled"),
        },
        source="Linux drivers/infiniband/hw/bnxt_re/hw_counters.c, and the maker's renaming of 2025",
    ),
    CounterTable(
        driver="irdma",
        devices=r"irdma.*",
        names={
            Meaning.RNR_NAKS_RECEIVED: ("RNR received",),
            Meaning.CE_PACKETS: ("RxECNMrkd",),
            Meaning.CNPS_SENT: ("cnpSent",),
            Meaning.CNPS_HANDLED: ("cnpHandled",),
        },
        source="Linux drivers/infiniband/hw/irdma/verbs.c",
        note="E810 counts neither NAKs nor timeouts; its cnpSent was seen stuck.",
    ),
    CounterTable(
        driver="hns_roce",
        devices=r"hns_.*",
        names={Meaning.CNPS_SENT: ("tx_cnp_pkt",), Meaning.CNPS_HANDLED: ("rx_cnp_pkt",)},
        source="Linux drivers/infiniband/hw/hns/hns_roce_main.c",
        note="Virtual functions and HIP08 have no counters.",
    ),
    CounterTable(
        driver="ionic",
        devices=r"ionic_.*",
        names={
            Meaning.OUT_OF_SEQUENCE_REQUESTS: ("resp_rx_outouf_seq",),
            Meaning.DUPLICATE_REQUESTS: ("resp_rx_dup_request",),
            Meaning.NAKS_RECEIVED: ("req_rx_pkt_seq_err",),
            Meaning.RNR_NAKS_RECEIVED: ("req_rx_rnr_retry_err",),
            Meaning.TIMEOUTS: ("tx_rdma_ack_timeout",),
            Meaning.RETRIES_EXCEEDED: ("req_tx_retry_excd_err",),
            Meaning.CE_PACKETS: ("rx_rdma_ecn_pkts",),
            Meaning.CNPS_SENT: ("tx_rdma_cnp_pkts",),
            Meaning.CNPS_HANDLED: ("rx_rdma_cnp_pkts",),
        },
        source="AMD's node-scraper and amd-smi, which read these names; rx_rdma_ecn_pkts by likeness",
    ),
    CounterTable(
        driver="xscale",
        devices=r"xscale_.*|xsc_.*",
        names=_MLX5,
        source="names reported from hosts with Yunsilicon NICs; the driver is not in Linux",
        verified=False,
        note="In containers it shows no counters at all.",
    ),
    CounterTable(
        driver="rxe",
        devices=r"rxe.*",
        names={
            Meaning.SENT_PACKETS: ("sent_pkts",),
            Meaning.RECEIVED_PACKETS: ("rcvd_pkts",),
            Meaning.OUT_OF_SEQUENCE_REQUESTS: ("out_of_seq_request",),
            Meaning.DUPLICATE_REQUESTS: ("duplicate_request",),
            Meaning.NAKS_RECEIVED: ("rcvd_seq_err",),
            Meaning.RNR_NAKS_RECEIVED: ("rcvd_rnr_err",),
            Meaning.RETRIES_EXCEEDED: ("retry_exceeded_err",),
        },
        source="Linux drivers/infiniband/sw/rxe/rxe_hw_counters.c",
        note="It has no congestion control, hence no counters of it; timeouts are counted together with other retries.",
    ),
    CounterTable(
        driver="efa",
        devices=r"efa_.*|rdmap.*",
        names={Meaning.TIMEOUTS: ("retrans_timeout_events",)},
        source="Linux drivers/infiniband/hw/efa/efa_verbs.c",
        note="SRD is not RoCE: it has neither PSNs nor CNPs.",
    ),
    CounterTable(
        driver="erdma",
        devices=r"erdma_.*",
        names={},
        source="Linux drivers/infiniband/hw/erdma/erdma_verbs.c",
        note="It counts packets, bytes and drops by limit only, responses included.",
    ),
    CounterTable(
        driver="hiroce",
        devices=r"hiroce.*|hinic3_.*|hrn\d.*",
        names={},
        source="none: the vendor's RDMA driver for hinic3 is not public",
        verified=False,
        note="Probe a host and add its names.",
    ),
    CounterTable(
        driver="hccn_tool",
        devices=r"npu\d+.*",
        names={
            Meaning.OUT_OF_SEQUENCE_REQUESTS: ("roce_out_of_order_num",),
            Meaning.CNPS_SENT: ("roce_tx_cnp_pkt_num",),
            Meaning.CNPS_HANDLED: ("roce_rx_cnp_pkt_num",),
        },
        source="the maker's list of names printed by hccn_tool -stat",
        note="Ports that Ascend NPUs own.",
    ),
)


def table_of(rdma_device: str) -> CounterTable | None:
    """The table of the driver that names its devices like this; None for drivers that we do not know."""
    return next((table for table in TABLES if re.fullmatch(table.devices, rdma_device)), None)


def by_meaning(counters: RdmaCounters) -> dict[str, int | None]:
    """Every known meaning with its value; None is unmeasured.  Names of an unknown driver are taken at their word."""
    table = table_of(counters.device)
    found: dict[str, int | None] = {}
    for meaning in Meaning:
        names = meaning.value if table is None else table.names.get(meaning, ())
        found[meaning.name.lower()] = next((counters.values[name] for name in names if name in counters.values), None)
    return found
