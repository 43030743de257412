"""What conversations show of a NIC, and the verdicts on that, with good and bad recordings."""

from pathlib import Path

from plugfest.devices.records import RdmaCounters
from plugfest.facts.behaviour import NicBehaviour, TimeoutModel
from plugfest.facts.of_transfer import seen_recovery
from plugfest.facts.seen import Identity, Seen, seen_counters, seen_on_the_wire, seen_timeouts
from plugfest.verdicts import facts
from plugfest.verdicts.judgement import judge, judge_again
from plugfest.verdicts.verdict import Outcome
from tests.captures.frames import CLIENT, SERVER, Conversation, conversation
from tests.verdicts.transfers import transfer

ACME = Identity(vendor="Acme", model="N1", firmware="22.7")
CE, ECT0 = 3, 2


def lossy(cnps: int = 0, ce: bool = False) -> Conversation:
    """100 to 103, of which 101 was lost: a NAK, everything again from there, one acknowledgement."""
    talk = conversation()
    for psn in (100, 101, 102, 103):
        talk.write(psn, "only", 1)
    talk.nak(101)
    for _ in range(cnps):
        talk.cnp()
    for psn in (101, 102, 103):
        talk.write(psn, "only", 1)
    talk.ack(103)
    return talk


def requester(folder: Path) -> Seen:
    return seen_recovery(transfer(folder, lossy()))


def test_the_requester_shows_its_recovery(tmp_path: Path) -> None:
    certain = requester(tmp_path).certain
    assert certain["recovery"] == "go_back_n"
    assert certain["migreq"] in (0, 1)
    assert certain["initial_ttl"] == 64
    assert certain["source_port_per_queue_pair"] is True


def test_the_responder_shows_whether_naks_bring_notifications(tmp_path: Path) -> None:
    for cnps in (0, 2):
        run = transfer(tmp_path, lossy(cnps))
        traces = [trace for trace in run.at_responder.queue_pairs if trace]
        seen = seen_on_the_wire(SERVER, traces)
        assert seen.certain["notifies_without_marks"] is (cnps > 0)
        assert "migreq" not in seen.values
        assert "notifies_congestion" not in seen.values
        assert seen_on_the_wire("192.0.2.9", traces) == Seen()
    assert CLIENT != SERVER


def test_the_timeout_model_follows_from_the_waits() -> None:
    assert seen_timeouts([110.0, 390.0], 100.0).certain == {"timeout_model": TimeoutModel.STANDARD}
    assert seen_timeouts([8.0], 100.0).certain == {"timeout_model": TimeoutModel.ADAPTIVE}
    assert seen_timeouts([600.0], 100.0).certain == {"timeout_model": TimeoutModel.FLOOR}
    assert seen_timeouts([8.0, 110.0], 100.0).certain == {}
    assert seen_timeouts([], 100.0) == Seen()


def test_counters_are_named_by_what_they_count() -> None:
    seen = seen_counters(RdmaCounters(device="mlx5_0", port=1, values={"out_of_sequence": 4, "np_cnp_sent": 1, "x": 2}))
    assert seen.certain == {"counters": {"out_of_sequence_requests": "out_of_sequence", "cnps_sent": "np_cnp_sent"}}


def test_a_nic_that_keeps_its_ways_and_its_facts_passes(tmp_path: Path) -> None:
    seen = requester(tmp_path)
    stated = NicBehaviour(recovery="go_back_n", initial_ttl=64, cnp_dscp=48)
    assert facts.one_behaviour("h1:eth1", ACME, seen).outcome is Outcome.PASSED
    judged = judge(facts.behaves_as_stated, "h1:eth1", ACME, stated, seen)
    assert judged.verdict.outcome is Outcome.PASSED
    assert [reason.subject for reason in judged.verdict.reasons] == ["h1:eth1 initial ttl", "h1:eth1 recovery"]
    assert judge_again(judged) == judged.verdict


def test_another_firmware_that_behaves_otherwise_fails(tmp_path: Path) -> None:
    stated = NicBehaviour(recovery="selective_repeat", initial_ttl=64)
    judged = facts.behaves_as_stated("h1:eth1", ACME, stated, requester(tmp_path))
    assert judged.outcome is Outcome.FAILED
    assert "h1:eth1 recovery – expected selective_repeat, got go_back_n" in judged.explain()


def test_a_nic_that_changes_its_ways_fails() -> None:
    judged = facts.one_behaviour("h1:eth1", ACME, Seen(values={"migreq": (0, 1), "recovery": ("go_back_n",)}))
    assert judged.outcome is Outcome.FAILED
    assert "h1:eth1 migreq – expected one value, got 0 and 1" in judged.explain()


def test_the_notification_interval_is_a_lower_bound() -> None:
    stated = NicBehaviour(cnp_minimum_interval_us=50)
    for gaps, outcome in (((50.2, 81.0), Outcome.PASSED), ((12.0, 81.0), Outcome.FAILED)):
        seen = Seen(values={"cnp_minimum_interval_us": gaps})
        assert facts.behaves_as_stated("h1:eth1", ACME, stated, seen).outcome is outcome
        assert facts.one_behaviour("h1:eth1", ACME, seen).outcome is Outcome.INCONCLUSIVE  # nothing else was seen


def test_nothing_seen_judges_nothing() -> None:
    assert facts.one_behaviour("h1:eth1", ACME, Seen()).outcome is Outcome.INCONCLUSIVE
    assert facts.behaves_as_stated("h1:eth1", ACME, NicBehaviour(migreq=1), Seen()).outcome is Outcome.INCONCLUSIVE
