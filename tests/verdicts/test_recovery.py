"""Recovery verdicts over conversations in which exactly one thing is right or wrong."""

from pathlib import Path

import pytest

from plugfest.stimuli.injected_transfer import InjectedTransfer
from plugfest.stimuli.injection.events import Corrupt, Drop, Event, PacketKind, Towards
from plugfest.stimuli.injection.psns import at, span
from plugfest.verdicts import counter_truth, recovery
from plugfest.verdicts.judgement import judge, judge_again
from plugfest.verdicts.verdict import Outcome
from tests.captures import frames as f
from tests.captures.frames import Conversation, conversation
from tests.verdicts.transfers import PLAN, counted, transfer

PASSED, FAILED, INCONCLUSIVE = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE
LOST = Event(action=Drop(), psns=at(1))
MILLISECOND = 1_000_000


def writes(*psns: int) -> Conversation:
    """WRITEs of one packet each, all sent before anything is answered."""
    talk = conversation()
    for psn in psns:
        talk.write(psn, "only", 1)
    return talk


def near_loss(resent: int = 101, naks: tuple[int, ...] = (101,)) -> Conversation:
    """At the requester: 100 to 103 leave, a NAK comes, the rest is sent again."""
    talk = writes(100, 101, 102, 103)
    for nak in naks:
        talk.nak(nak)
    for psn in range(resent, 104):
        talk.write(psn, "only", 1)
    talk.ack(103)
    return talk


def far_loss(naks: tuple[int, ...] = (101,)) -> Conversation:
    """At the responder: 101 is missing the first time."""
    talk = writes(100, 102, 103)
    for nak in naks:
        talk.nak(nak)
    for psn in (101, 102, 103):
        talk.write(psn, "only", 1)
    talk.ack(103)
    return talk


def lossy(folder: Path, near: Conversation | None = None, far: Conversation | None = None) -> InjectedTransfer:
    return transfer(folder, near or near_loss(), far or far_loss(), [counted(LOST, 1, 2)])


def test_one_nak_names_the_gap(tmp_path: Path) -> None:
    assert recovery.one_nak_for_each_gap(lossy(tmp_path)).outcome is PASSED


@pytest.mark.parametrize("naks", [(), (102,), (101, 101)])
def test_missing_wrong_and_doubled_naks_fail(tmp_path: Path, naks: tuple[int, ...]) -> None:
    verdict = recovery.one_nak_for_each_gap(lossy(tmp_path, far=far_loss(naks)))
    assert verdict.outcome is FAILED
    assert "h2 NAKs for PSN – expected 0x000065, got" in verdict.explain()


def test_the_requester_goes_on_from_the_gap(tmp_path: Path) -> None:
    verdict = recovery.resent_from_the_gap(lossy(tmp_path))
    assert verdict.outcome is PASSED
    assert verdict.figures == {"retransmitted_packets": 3, "amplification_ratio": 1.75}


def test_going_back_too_far_fails(tmp_path: Path) -> None:
    verdict = recovery.resent_from_the_gap(lossy(tmp_path, near=near_loss(resent=100)))
    assert verdict.outcome is FAILED
    assert "h1 resends from PSN – expected 0x000065, got none" in verdict.explain()


def test_an_incomplete_capture_judges_nothing(tmp_path: Path) -> None:
    run = lossy(tmp_path)
    blind = run.model_copy(update={"at_responder": run.at_responder.model_copy(update={"complete": False})})
    assert recovery.one_nak_for_each_gap(blind).outcome is INCONCLUSIVE


def test_runs_of_lost_packets_count_once(tmp_path: Path) -> None:
    events = [counted(Event(action=Drop(), psns=span(1, 3)), 3), counted(Event(action=Corrupt(), psns=at(7, 9)), 2)]
    run = transfer(tmp_path, near_loss(), events=events)
    assert recovery.lost_runs(run) == [101, 107, 109]


def tail_loss(wait_ns: int) -> Conversation:
    talk = writes(100, 101)
    talk.ack(100)
    talk.wait(wait_ns)
    talk.write(101, "only", 1)
    talk.ack(101)
    return talk


def test_a_timeout_comes_after_its_time(tmp_path: Path) -> None:
    verdict = recovery.recovers_by_timeout(transfer(tmp_path, tail_loss(2 * MILLISECOND)))
    assert verdict.outcome is PASSED
    assert verdict.figures["timeout_ms"] == 1.0
    assert 1.9 <= verdict.figures["waited_ms"] <= 2.1


def test_a_timeout_that_comes_early_fails(tmp_path: Path) -> None:
    patient = PLAN.model_copy(update={"timeout": 12})
    verdict = recovery.recovers_by_timeout(transfer(tmp_path, tail_loss(5 * MILLISECOND), plan=patient))
    assert verdict.outcome is FAILED
    assert "h1 waited – expected not before 16.8 ms, got 5.0 ms" in verdict.explain()


def test_a_lost_retransmission_is_sent_again(tmp_path: Path) -> None:
    three = Event(action=Drop(), psns=at(1), nth=(1, 2, 3))
    assert (
        recovery.sent_until_it_arrives(transfer(tmp_path, near_loss(), events=[counted(three, 3, 4)])).outcome is PASSED
    )
    assert (
        recovery.sent_until_it_arrives(transfer(tmp_path, near_loss(), events=[counted(three, 3, 3)])).outcome is FAILED
    )


def test_a_lost_nak_is_missed_by_the_requester_alone(tmp_path: Path) -> None:
    nak = Event(action=Drop(), psns=at(1), packets=PacketKind.NAK, towards=Towards.REQUESTER)
    waited = writes(100, 101, 102, 103)
    waited.ack(100)
    waited.wait(5 * MILLISECOND)
    for psn in (101, 102, 103):
        waited.write(psn, "only", 1)
    waited.ack(103)
    events = [counted(LOST, 1), counted(nak, 1)]
    assert recovery.nak_was_lost(transfer(tmp_path, waited, far_loss(), events)).outcome is PASSED
    arrived = recovery.nak_was_lost(transfer(tmp_path, near_loss(), far_loss(), events))
    assert "h1 NAKs that arrived – expected 0, got 1" in arrived.explain()


def test_repetition_proves_something_only_if_there_was_some(tmp_path: Path) -> None:
    again = writes(100, 101, 100)
    again.ack(101)
    assert recovery.repeated_requests_reach(transfer(tmp_path, again)).outcome is PASSED
    assert recovery.repeated_requests_reach(transfer(tmp_path, writes(100, 101))).outcome is INCONCLUSIVE


def read_twice(second: int) -> Conversation:
    talk = conversation()
    talk.client(0x0C, 100, f.reth(4 * 256))
    talk.server(0x0D, 100, f.aeth(0x1F) + bytes(256))
    talk.wait(5 * MILLISECOND)
    talk.client(0x0C, second, f.reth((104 - second) * 256))
    return talk


def test_a_read_resumes_at_its_gap(tmp_path: Path) -> None:
    assert recovery.read_resumes_at_the_gap(transfer(tmp_path, read_twice(101)), 101).outcome is PASSED
    wrong = recovery.read_resumes_at_the_gap(transfer(tmp_path, read_twice(100)), 101)
    assert "h1 asks again from PSN – expected 0x000065, got 0x000064" in wrong.explain()


def test_damaged_packets_alone_may_fail_their_icrc(tmp_path: Path) -> None:
    event = counted(Event(action=Corrupt(), psns=at(1, 2)), 2)
    run = transfer(tmp_path, near_loss(), events=[event])
    for bad, outcome in ((2, PASSED), (3, FAILED), (1, FAILED)):
        icrc = run.at_responder.icrc.model_copy(update={"bad": bad})
        seen = run.model_copy(update={"at_responder": run.at_responder.model_copy(update={"icrc": icrc})})
        assert recovery.bad_icrc_is_not_accepted(seen).outcome is outcome


def refused(wait_ns: int, timer: int = 12) -> Conversation:
    talk = writes(100)
    talk.rnr_nak(100, timer)
    talk.wait(wait_ns)
    talk.write(100, "only", 1)
    talk.ack(100)
    return talk


def test_a_refused_requester_waits_as_told(tmp_path: Path) -> None:
    assert recovery.waits_for_the_receiver(transfer(tmp_path, refused(700_000))).outcome is PASSED
    early = recovery.waits_for_the_receiver(transfer(tmp_path, refused(300_000)))
    assert early.outcome is FAILED
    assert "h1 pause after RNR NAK for PSN 0x000064 – expected at least 0.64 ms, got 0.30 ms" in early.explain()
    assert recovery.waits_for_the_receiver(transfer(tmp_path, writes(100))).outcome is INCONCLUSIVE


@pytest.mark.parametrize(
    ("transmissions", "completions", "outcome"),
    [
        (4, {"SUCCESS": 2, "RETRY_EXC_ERR": 1, "WR_FLUSH_ERR": 5}, PASSED),
        (8, {"RETRY_EXC_ERR": 1}, FAILED),
        (4, {"SUCCESS": 1}, FAILED),
        (4, {"REM_ACCESS_ERR": 1}, FAILED),
    ],
)
def test_giving_up(tmp_path: Path, transmissions: int, completions: dict[str, int], outcome: Outcome) -> None:
    always = counted(Event(action=Drop(), psns=at(1), nth=None), transmissions)
    plan = PLAN.model_copy(update={"retry_count": 3})
    run = transfer(tmp_path, near_loss(), events=[always], plan=plan, completions=completions)
    assert recovery.gives_up_as_configured(run).outcome is outcome


def test_a_neighbour_that_resends_is_harmed(tmp_path: Path) -> None:
    run = lossy(tmp_path)
    lossy_trace, quiet = run.at_requester.queue_pairs[0], transfer(tmp_path, writes(100)).at_requester.queue_pairs[0]
    for neighbour, outcome in ((quiet, PASSED), (lossy_trace, FAILED), (None, INCONCLUSIVE)):
        seen = run.at_requester.model_copy(update={"queue_pairs": (lossy_trace, neighbour)})
        assert recovery.neighbour_is_unharmed(run.model_copy(update={"at_requester": seen}), 0, 1).outcome is outcome


def test_overtaking_must_have_happened(tmp_path: Path) -> None:
    late = writes(100, 102, 103, 101)
    verdict = recovery.overtaken(transfer(tmp_path, writes(100, 101, 102, 103), late), 2)
    assert verdict.outcome is PASSED
    assert verdict.figures["depth_packets"] == 2
    in_order = writes(100, 101, 102)
    assert recovery.overtaken(transfer(tmp_path, in_order), 2).outcome is INCONCLUSIVE


TRUE_COUNTERS = {
    "h1": {"sent_pkts": 7, "rcvd_seq_err": 1},
    "h2": {"rcvd_pkts": 6, "out_of_seq_request": 1, "duplicate_request": 0},
}


def with_counters(folder: Path, **changes: int) -> InjectedTransfer:
    counters = {
        host: {name: changes.get(name, n) for name, n in values.items()} for host, values in TRUE_COUNTERS.items()
    }
    run = transfer(folder, near_loss(), far_loss(), [counted(LOST, 1)], counters=counters)
    good = run.at_responder.icrc.model_copy(update={"bad": 0})
    return run.model_copy(update={"at_responder": run.at_responder.model_copy(update={"icrc": good})})


def test_true_counters_pass(tmp_path: Path) -> None:
    verdict = counter_truth.counters_tell_the_truth(with_counters(tmp_path))
    assert verdict.outcome is PASSED, verdict.explain()
    assert len(verdict.reasons) == 8


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sent_pkts", "h1 sent packets – expected 7, got 40"),
        ("rcvd_pkts", "h2 received packets – expected 6, got 40"),
        ("rcvd_seq_err", "h1 naks received – expected 1, got 40"),
        ("out_of_seq_request", "h2 out of sequence requests – expected 1, got 40"),
        ("duplicate_request", "h2 duplicate requests – expected 0, got 40"),
    ],
)
def test_counters_that_lie_are_named(tmp_path: Path, name: str, words: str) -> None:
    verdict = counter_truth.counters_tell_the_truth(with_counters(tmp_path, **{name: 40}))
    assert verdict.outcome is FAILED
    assert words in verdict.explain()


def test_absent_counters_are_unmeasured_not_zero(tmp_path: Path) -> None:
    verdict = counter_truth.counters_tell_the_truth(lossy(tmp_path))
    assert verdict.outcome is INCONCLUSIVE


@pytest.mark.parametrize(("counter", "outcome"), [(1, PASSED), (10, FAILED)])
def test_duplicates(tmp_path: Path, counter: int, outcome: Outcome) -> None:
    doubled = writes(100, 100, 101)
    counters = {"h2": {"duplicate_request": counter}}
    run = transfer(tmp_path, writes(100, 101), doubled, [counted(LOST, 1)], counters=counters)
    assert counter_truth.duplicates_are_counted(run).outcome is outcome


def test_judgements_survive_storage(tmp_path: Path) -> None:
    judgement = judge(recovery.one_nak_for_each_gap, lossy(tmp_path))
    again = judge_again(type(judgement).model_validate_json(judgement.model_dump_json()))
    assert again == judgement.verdict
