import pytest

from plugfest.devices.records import RdmaCounters
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.rdma_plan import (
    Mismatch,
    RdmaEnd,
    RdmaOperation,
    RdmaOperationResult,
    RdmaPlan,
    RdmaQueuePair,
    RdmaQueuePairs,
    RdmaResult,
    SideReport,
)
from plugfest.verdicts import rdma
from plugfest.verdicts.judgement import Judgement, judge, judge_again
from plugfest.verdicts.verdict import Outcome

WRITE = RdmaOperation(verb=Verb.WRITE, size=4096)


def end(qpn: int = 0x11) -> RdmaEnd:
    return RdmaEnd(qpn=qpn, psn=0xFFFFF0, rkey=1, address=4096)


def connection(qpn: int = 0x11) -> RdmaQueuePairs:
    pair = RdmaQueuePair(requester=end(qpn), responder=end())
    return RdmaQueuePairs(requester_gid="::ffff:10.1.1.2", responder_gid="::ffff:10.2.2.2", queue_pairs=(pair,))


def report(**changes: object) -> SideReport:
    values = {"operation": 0, "completions": {"SUCCESS": 1}, "missing": 0, "bytes_compared": 0, "mismatch": None}
    return SideReport.model_validate(values | changes)


def result(requester: SideReport, responder: SideReport) -> RdmaResult:
    done = RdmaOperationResult(operation=WRITE, requester=requester, responder=responder, bytes_planned=4096)
    return RdmaResult(plan=RdmaPlan(operations=(WRITE,)), connection=connection(), operations=(done,))


GOOD = result(report(), report(bytes_compared=4096))


def test_a_connection_with_the_lab_files_addresses_passes() -> None:
    assert rdma.connects("h1->h4", connection(), "10.1.1.2", "10.2.2.2").outcome is Outcome.PASSED


def test_another_gid_is_named() -> None:
    explained = rdma.connects("h1->h4", connection(), "10.1.1.2", "10.2.2.9").explain()
    assert "h1->h4 server GID – expected ::ffff:10.2.2.9, got ::ffff:10.2.2.2" in explained


def test_queue_pair_1_is_not_for_connections() -> None:
    assert rdma.connects("h1->h4", connection(qpn=1), "10.1.1.2", "10.2.2.2").outcome is Outcome.FAILED


def test_equal_bytes_pass() -> None:
    assert rdma.all_data_arrives("h1->h4", GOOD).outcome is Outcome.PASSED


@pytest.mark.parametrize(
    ("requester", "responder", "words"),
    [
        (report(), report(bytes_compared=1024), "1024 of 4096 bytes compared"),
        (report(completions={"RETRY_EXC_ERR": 1}), report(), "requester: 1 × RETRY_EXC_ERR"),
        (report(missing=1), report(), "requester: 1 work requests not completed in time"),
        (
            report(),
            report(
                bytes_compared=4096,
                mismatch=Mismatch(queue_pair=0, message=0, offset=17, expected="aa", got="ab"),
            ),
            "queue pair 0, message 0 differs at byte 17: expected aa, got ab",
        ),
    ],
)
def test_what_went_wrong_is_said(requester: SideReport, responder: SideReport, words: str) -> None:
    verdict = rdma.all_data_arrives("h1->h4", result(requester, responder))
    assert verdict.outcome is Outcome.FAILED
    assert words in verdict.explain()


def test_operations_without_a_result_are_inconclusive() -> None:
    silent = GOOD.model_copy(update={"operations": ()})
    assert rdma.all_data_arrives("h1->h4", silent).outcome is Outcome.INCONCLUSIVE


def counters(**values: int) -> dict[str, RdmaCounters]:
    return {"h1": RdmaCounters(device="rxe1", port=1, values=values)}


def test_counters_that_stand_still_pass_and_growth_is_named() -> None:
    before = counters(rcvd_seq_err=4, sent_pkts=9)
    assert rdma.no_recovery_needed("h1->h4", before, counters(rcvd_seq_err=4)).outcome is Outcome.PASSED
    grown = rdma.no_recovery_needed("h1->h4", before, counters(rcvd_seq_err=7))
    assert "h1 growth of rcvd_seq_err – expected 0, got 3" in grown.explain()


def test_a_nic_without_known_counters_is_unmeasured() -> None:
    assert rdma.no_recovery_needed("h1->h4", counters(x=1), counters(x=1)).outcome is Outcome.INCONCLUSIVE


def test_an_rdma_judgement_survives_json() -> None:
    recorded = judge(rdma.all_data_arrives, "h1->h4", GOOD)
    assert judge_again(Judgement.model_validate_json(recorded.model_dump_json())) == recorded.verdict
