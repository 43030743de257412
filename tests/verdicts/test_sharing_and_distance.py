from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugfest.captures.traces import Goodput
from plugfest.stimuli.concurrent_flows import FlowView
from plugfest.stimuli.impairment import Impaired
from plugfest.stimuli.long_haul import LongHaul
from plugfest.verdicts import long_haul, sharing
from plugfest.verdicts.verdict import Outcome
from tests.captures.frames import Conversation, conversation
from tests.verdicts.transfers import PLAN, transfer

PASSED, FAILED, INCONCLUSIVE = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE


def writes(*psns: int, tos: int = 2) -> Conversation:
    talk = conversation()
    for psn in psns:
        talk.client(0x04, psn, bytes(64), tos=tos)
    talk.ack(max(psns))
    return talk


def flow(folder: Path, name: str, bins: tuple[int, ...], talk: Conversation | None = None, **problem: str) -> FlowView:
    run = transfer(folder, talk or writes(100, 101), problem=problem.get("problem"))
    trace = run.at_responder.queue_pairs[0]
    assert trace is not None
    goodput = Goodput(start_ns=1000, bin_ns=10, payload_bytes=bins)
    return FlowView(pair=name, result=run.result, complete=True, trace=trace.model_copy(update={"goodput": goodput}))


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8))
def test_jains_index_lies_between_one_flow_alone_and_equality(shares: list[int]) -> None:
    index = sharing.jain(shares)
    assert index is not None
    assert 1 / len(shares) - 1e-9 <= index <= 1 + 1e-9
    assert sharing.jain([5] * len(shares)) == pytest.approx(1)


def test_no_share_has_no_index() -> None:
    assert sharing.jain([]) is None
    assert sharing.jain([0, 0]) is None


def test_only_whole_bins_inside_the_window_count() -> None:
    goodput = Goodput(start_ns=100, bin_ns=10, payload_bytes=(1, 2, 4, 8))
    assert sharing.bytes_between(goodput, 100, 140) == 15
    assert sharing.bytes_between(goodput, 105, 139) == 6


def test_equal_flows_are_fair_while_both_send(tmp_path: Path) -> None:
    verdict = sharing.shared_fairly([flow(tmp_path, "h1->h3", (50, 50)), flow(tmp_path, "h2->h3", (50, 50, 900))])
    assert verdict.outcome is PASSED
    assert verdict.figures == {"h1_to_h3_share_ratio": 0.5, "h2_to_h3_share_ratio": 0.5}


def test_one_flow_that_takes_nearly_all_is_unfair(tmp_path: Path) -> None:
    verdict = sharing.shared_fairly([flow(tmp_path, "h1->h3", (95,)), flow(tmp_path, "h2->h3", (5,))])
    assert "Jain's index of 2 flows – expected at least 0.95, got 0.552" in verdict.explain()


def test_flows_that_never_met_prove_nothing(tmp_path: Path) -> None:
    assert sharing.shared_fairly([flow(tmp_path, "a", ()), flow(tmp_path, "b", (5,))]).outcome is INCONCLUSIVE


@pytest.mark.parametrize(("dropped", "outcome"), [(0, PASSED), (2, FAILED), (None, INCONCLUSIVE)])
def test_incast_without_loss(tmp_path: Path, dropped: int | None, outcome: Outcome) -> None:
    flows = [flow(tmp_path, "h1->h3", (1,)), flow(tmp_path, "h2->h3", (1,))]
    assert sharing.nothing_lost(flows, "leaf2:swp1", dropped).outcome is outcome


def test_incast_with_retransmission_or_wrong_data(tmp_path: Path) -> None:
    again = flow(tmp_path, "h1->h3", (1,), writes(100, 101, 100))
    assert sharing.nothing_lost([again], "leaf2:swp1", 0).outcome is FAILED
    wrong = flow(tmp_path, "h1->h3", (1,), problem="differs")
    assert sharing.nothing_lost([wrong], "leaf2:swp1", 0).outcome is FAILED


@pytest.mark.parametrize(("mine", "theirs", "outcome"), [(2, 3, PASSED), (3, 3, FAILED), (2, 2, INCONCLUSIVE)])
def test_a_bystander_is_not_marked(tmp_path: Path, mine: int, theirs: int, outcome: Outcome) -> None:
    innocent = flow(tmp_path, "h1->h4", (1,), writes(100, 101, tos=mine))
    crowd = [flow(tmp_path, "h2->h3", (1,), writes(100, 101, tos=theirs))]
    assert sharing.bystander_is_unharmed(innocent, crowd).outcome is outcome


def haul(
    folder: Path,
    talk: Conversation,
    round_trip_ms: float = 0.5,
    dropped: int = 0,
    timeout: int = 8,
    completions: dict[str, int] | None = None,
    problem: str | None = None,
) -> LongHaul:
    plan = PLAN.model_copy(update={"timeout": timeout})
    run = transfer(folder, talk, plan=plan, completions=completions, problem=problem)
    return LongHaul(
        round_trip_ms=round_trip_ms, impaired={"leaf1:swp1": Impaired(sent=9, dropped=dropped)}, transfer=run
    )


def test_distance_costs_goodput_not_data(tmp_path: Path) -> None:
    verdict = long_haul.survives_the_distance(haul(tmp_path, writes(100, 101)))
    assert verdict.outcome is PASSED
    assert verdict.figures["amplification_ratio"] == 1.0
    assert verdict.figures["goodput_mbit_s"] == 0.0


def test_needless_retransmission_over_distance_fails(tmp_path: Path) -> None:
    assert long_haul.survives_the_distance(haul(tmp_path, writes(100, 101, 100))).outcome is FAILED
    assert long_haul.survives_the_distance(haul(tmp_path, writes(100, 101, 100), dropped=1)).outcome is PASSED


def test_a_short_timer_must_have_shown_itself(tmp_path: Path) -> None:
    impatient = haul(tmp_path, writes(100, 101, 100), round_trip_ms=20)
    assert long_haul.short_timer_repeats_itself(impatient).outcome is PASSED
    assert long_haul.short_timer_repeats_itself(haul(tmp_path, writes(100), round_trip_ms=20)).outcome is INCONCLUSIVE
    patient = haul(tmp_path, writes(100, 101, 100), round_trip_ms=20, timeout=17)
    assert long_haul.short_timer_repeats_itself(patient).outcome is INCONCLUSIVE


def test_a_connection_may_end_but_not_lose_data_silently(tmp_path: Path) -> None:
    again, told = writes(100, 101, 100), {"SUCCESS": 1, "REM_INV_REQ_ERR": 1}
    ended = long_haul.short_timer_repeats_itself(haul(tmp_path, again, 20, completions=told, problem="differs"))
    assert ended.outcome is PASSED
    assert ended.figures["failed_requests"] == 1
    assert long_haul.short_timer_repeats_itself(haul(tmp_path, again, 20, problem="differs")).outcome is FAILED
