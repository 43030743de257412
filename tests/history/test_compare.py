"""What changed between runs is told apart from what is noise or flakiness."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from plugfest.history.compare import Comparison, compare
from plugfest.history.flaky import is_flaky
from plugfest.history.noise import FEWEST, Band
from plugfest.history.queries import find_run
from plugfest.reporting.outcomes import TestOutcome
from tests.matrix.synthetic_lab import add_run, equipment, result

P, F, S, K = TestOutcome.PASSED, TestOutcome.FAILED, TestOutcome.SKIPPED, TestOutcome.KNOWN_ISSUE


def _compare(database: Session, before: str, after: str) -> Comparison:
    return compare(database, find_run(database, before), find_run(database, after))


def test_changed_outcomes_are_named_with_the_versions_that_changed(database: Session) -> None:
    add_run(database, 0, [result("a", "passed"), result("b", "passed"), result("gone", "failed")])
    newer = equipment(0, 0, firmware="2")
    add_run(database, 1, [result("a", "failed", newer), result("b", "passed", newer), result("came", "passed")])
    comparison = _compare(database, "night-00", "night-01")
    changes = {change.test: change for change in comparison.outcomes}
    assert {test: (change.before, change.after) for test, change in changes.items()} == {
        "a": (P, F), "gone": (F, None), "came": (None, P),
    }  # fmt: skip
    assert changes["a"].versions == ("NIC firmware 28.40.1 → 28.40.2", "peer firmware 28.40.1 → 28.40.2")
    assert "got 1418 packets" in changes["a"].reason
    assert comparison.same == 1


BANDWIDTH = (91.8, 92.4, 92.0, 91.9, 92.2, 92.1)


def _bandwidth(database: Session, *values: float) -> Comparison:
    for night, value in enumerate(values):
        add_run(database, night, [result("a", "passed", figures={"goodput_gbps": value})])
    return _compare(database, f"night-{len(values) - 2:02}", f"night-{len(values) - 1:02}")


def test_a_figure_within_its_noise_band_is_no_change(database: Session) -> None:
    comparison = _bandwidth(database, *BANDWIDTH, 91.7)
    assert comparison.figures == ()
    assert comparison.figures_within_noise == 1


def test_a_figure_beyond_its_noise_band_is_told_with_the_band(database: Session) -> None:
    [change] = _bandwidth(database, *BANDWIDTH, 85.0).figures
    assert (change.name, change.before, change.after) == ("goodput_gbps", 92.1, 85.0)
    assert change.band is not None
    assert change.band.runs == len(BANDWIDTH)
    assert change.band.low == pytest.approx(92.05 * 0.99, rel=1e-3)


def test_without_enough_runs_the_noise_is_not_known(database: Session) -> None:
    [change] = _bandwidth(database, 92.0, 85.0).figures
    assert change.band is None


def test_a_flaky_test_is_named(database: Session) -> None:
    for night, outcome in enumerate(["passed", "failed", "passed", "failed"]):
        add_run(database, night, [result("a", outcome), result("steady", "passed")])
    comparison = _compare(database, "night-02", "night-03")
    assert comparison.flaky == ("a",)
    assert comparison.outcomes[0].flaky


@pytest.mark.parametrize(
    ("outcomes", "flaky"),
    [
        ([P, F, P], True),
        ([P, P, F, F], False),
        ([F, P], False),
        ([P, S, F, S, P], True),
        ([P, K, P], True),
        ([P, F, P] + [P] * 7, True),
        ([P, F, P] + [P] * 10, False),
    ],
)
def test_two_flips_within_ten_results_are_flaky(outcomes: list[TestOutcome], flaky: bool) -> None:
    assert is_flaky([("cell", outcome) for outcome in outcomes]) is flaky


def test_flips_that_come_with_other_versions_are_changes_and_not_flakiness() -> None:
    assert not is_flaky([("fw 1", P), ("fw 2", F), ("fw 3", P)])


@given(st.lists(st.floats(-1e6, 1e6), min_size=FEWEST, max_size=40))
def test_a_band_holds_the_median_and_most_of_what_it_was_learnt_from(values: list[float]) -> None:
    band = Band.of(values)
    assert band is not None
    assert band.low <= sorted(values)[len(values) // 2 - (len(values) % 2 == 0)] or band.low <= band.high
    assert sum(band.holds(value) for value in values) * 2 >= len(values)


def test_one_wild_night_does_not_widen_the_band() -> None:
    calm, wild = Band.of([*BANDWIDTH]), Band.of([*BANDWIDTH, 9.0])
    assert calm is not None
    assert wild is not None
    assert not wild.holds(85.0)
    assert wild.high - wild.low < 2 * (calm.high - calm.low)


def test_few_values_make_no_band() -> None:
    assert Band.of([1.0] * (FEWEST - 1)) is None
