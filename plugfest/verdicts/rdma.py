"""Verdicts on RDMA between two hosts as the endpoints themselves report it: connections, verbs, counters."""

from plugfest.devices.records import RdmaCounters
from plugfest.stimuli.rdma_plan import RdmaOperationResult, RdmaQueuePairs, RdmaResult
from plugfest.verdicts.verdict import Reason, Verdict, View, equal, row, verdict

ERROR_COUNTERS = (
    "rcvd_seq_err",
    "out_of_seq_request",
    "duplicate_request",
    "send_rnr_err",
    "rcvd_rnr_err",
    "completer_retry_err",
    "retry_exceeded_err",
    "retry_rnr_exceeded_err",
    "send_err",
    "packet_seq_err",
    "out_of_sequence",
    "local_ack_timeout_err",
    "rnr_nak_retry_err",
    "rx_icrc_encapsulated",
)
"""Counters of Soft-RoCE and of ConnectX drivers that stand still while nothing is lost or late."""


def connects(pair: str, connection: RdmaQueuePairs, client_address: str | None, server_address: str | None) -> Verdict:
    """Both ends brought up a RoCEv2 connection with the addresses of the lab file."""
    gids = (
        ("client GID", client_address, connection.requester_gid),
        ("server GID", server_address, connection.responder_gid),
    )
    reasons = [equal(f"{pair} {name}", f"::ffff:{address}", gid, View.NIC) for name, address, gid in gids if address]
    numbers = [end.qpn for queue_pair in connection.queue_pairs for end in (queue_pair.requester, queue_pair.responder)]
    legal = bool(numbers) and all(1 < number < 2**24 for number in numbers)
    got = ", ".join(f"0x{number:06x}" for number in numbers)
    reasons.append(row(f"{pair} queue pair numbers", "24 bits, above the special 0 and 1", got, legal, View.NIC))
    return verdict(f"{pair} sets up a connection", reasons, "InfiniBand Architecture Vol. 1 12.9.7; annex A17")


def _operation_row(pair: str, result: RdmaOperationResult) -> Reason:
    expected = f"complete, {result.bytes_planned} bytes equal"
    problems = result.problems
    got = "; ".join(problems) if problems else f"complete, {result.bytes_compared} bytes equal"
    return row(f"{pair} {result.operation}", expected, got, not problems, View.NIC)


def all_data_arrives(pair: str, result: RdmaResult) -> Verdict:
    """Every operation completed and every byte that arrived equals the byte that was sent."""
    reasons = [_operation_row(pair, operation) for operation in result.operations]
    if len(result.operations) != len(result.plan.operations):
        planned = f"{len(result.plan.operations)} operations"
        reasons.append(row(f"{pair} operations", planned, len(result.operations), None, View.NIC))
    return verdict(f"every verb moves every byte {pair}", reasons, "InfiniBand Architecture Vol. 1 9.4, 9.7")


def no_recovery_needed(pair: str, before: dict[str, RdmaCounters], after: dict[str, RdmaCounters]) -> Verdict:
    """On a healthy path no NIC counted a retry, a duplicate or a sequence error."""
    reasons: list[Reason] = []
    for host in after:
        first, last = before[host].values, after[host].values
        known = [name for name in ERROR_COUNTERS if name in first and name in last]
        if not known:
            reasons.append(row(f"{host} NIC error counters", "at least one", "unmeasured", None, View.NIC))
        reasons += [equal(f"{host} growth of {name}", 0, last[name] - first[name], View.NIC) for name in known]
    return verdict(f"no packet is lost or repeated {pair}", reasons, "InfiniBand Architecture Vol. 1 9.7.5")
