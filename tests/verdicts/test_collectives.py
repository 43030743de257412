"""Collective verdicts over recorded outputs, good and bad."""

import pytest

from plugfest.stimuli.collectives.records import Collective, CollectiveReport
from plugfest.verdicts import collectives
from plugfest.verdicts.judgement import judge, judge_again
from plugfest.verdicts.verdict import Outcome
from tests.stimuli.collectives.test_parsing import report

ALL_REDUCE = Collective.ALL_REDUCE


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("nccl_all_reduce_16", Outcome.PASSED),
        ("nccl_all_reduce_wrong", Outcome.FAILED),
        ("rccl_all_to_all_unchecked", Outcome.INCONCLUSIVE),
        ("hccl_all_gather", Outcome.INCONCLUSIVE),
        ("flagcx_all_reduce", Outcome.INCONCLUSIVE),
    ],
)
def test_only_compared_data_is_correct(name: str, outcome: Outcome) -> None:
    judged = judge(collectives.data_is_correct, report(name))
    assert judged.verdict.outcome is outcome
    assert judge_again(judged) == judged.verdict


def test_wrong_data_is_named() -> None:
    judged = collectives.data_is_correct(report("nccl_all_reduce_wrong"))
    assert "nccl-tests 16777216 bytes out of place – expected correct, got wrong, 24 elements" in judged.explain()


@pytest.mark.parametrize(
    ("name", "collective", "ranks"),
    [
        ("nccl_all_reduce_16", ALL_REDUCE, 4),
        ("rccl_all_to_all_unchecked", Collective.ALL_TO_ALL, 4),
        ("hccl_all_gather", Collective.ALL_GATHER, 8),
        ("flagcx_all_reduce", ALL_REDUCE, 8),
    ],
)
def test_figures_of_every_tool_agree_with_each_other(name: str, collective: Collective, ranks: int) -> None:
    judged = collectives.figures_agree(report(name), collective, ranks)
    assert judged.outcome is Outcome.PASSED, judged.explain()


def test_a_wrong_factor_or_number_of_ranks_is_noticed() -> None:
    found = report("nccl_all_reduce_16")
    assert collectives.figures_agree(found, Collective.ALL_GATHER, 4).outcome is Outcome.FAILED
    judged = collectives.figures_agree(found, ALL_REDUCE, 8)
    assert "nccl-tests ranks – expected 8, got 4" in judged.explain()


def test_the_reference_is_reached_at_nine_tenths() -> None:
    found = report("nccl_all_reduce_16")
    for reference, outcome in ((72.9, Outcome.PASSED), (73.1, Outcome.FAILED)):
        judged = collectives.reaches_reference(found, ALL_REDUCE, 4, reference)
        assert judged.outcome is outcome
        assert judged.figures == {"bus_gbytes_per_s": 65.686}


def test_a_tool_without_bus_bandwidth_is_judged_by_the_factor() -> None:
    judged = collectives.reaches_reference(report("hccl_all_gather"), Collective.ALL_GATHER, 8, 1.0)
    assert judged.figures == {"bus_gbytes_per_s": round((0.74371 + 1.40334 + 2.50257) / 3 * 7 / 8, 3)}


def test_nothing_measured_is_inconclusive() -> None:
    nothing = CollectiveReport(tool="nccl-tests", rows=())
    assert collectives.data_is_correct(nothing).outcome is Outcome.INCONCLUSIVE
    assert collectives.reaches_reference(nothing, ALL_REDUCE, 4, 1.0).outcome is Outcome.INCONCLUSIVE
