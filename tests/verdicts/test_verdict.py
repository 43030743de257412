import pytest

from plugfest.errors import CounterDefect, Inconclusive, InteropFailure
from plugfest.verdicts.verdict import Outcome, View, counted, demand_all, equal, row, verdict

GOOD = equal("a", 1, 1)
BAD = equal("b", 1, 2)
UNKNOWN = equal("c", 1, None)


@pytest.mark.parametrize(
    ("reasons", "outcome"),
    [
        ([GOOD], Outcome.PASSED),
        ([GOOD, BAD, UNKNOWN], Outcome.FAILED),
        ([GOOD, UNKNOWN], Outcome.INCONCLUSIVE),
        ([], Outcome.INCONCLUSIVE),
    ],
)
def test_the_worst_row_decides_and_no_row_is_never_green(reasons: list, outcome: Outcome) -> None:
    assert verdict("claim", reasons).outcome is outcome


def test_every_row_that_did_not_pass_is_shown() -> None:
    both = [verdict("first", [GOOD, BAD]), verdict("second", [UNKNOWN]), verdict("third", [GOOD])]
    with pytest.raises(InteropFailure) as raised:
        demand_all(both)
    assert str(raised.value) == (
        "first: failed\n  b – expected 1, got 2\nsecond: inconclusive\n  c – expected 1, got unmeasured"
    )


def test_inconclusive_is_not_an_assertion() -> None:
    with pytest.raises(Inconclusive):
        demand_all([verdict("claim", [UNKNOWN])])
    assert not issubclass(Inconclusive, AssertionError)


def test_verdicts_survive_json() -> None:
    judged = verdict("claim", [GOOD, row("d", "x", "y", False)], reference="RFC 1")
    assert type(judged).model_validate_json(judged.model_dump_json()) == judged


def test_a_counter_that_stands_alone_is_a_counter_defect() -> None:
    agreed = equal("leaf1:swp1 marks that arrive", 7, 7, View.WIRE)
    alone = counted("leaf1:swp1 marked packets", 7, 0, View.SWITCH)
    judged = verdict("leaf1:swp1 counts its ECN marks", [agreed, alone])
    assert judged.wrong_counters == (View.SWITCH,)
    with pytest.raises(CounterDefect, match="the other views agree: the switch counted wrongly"):
        demand_all([judged, verdict("claim", [GOOD])])


def test_a_counter_beside_a_real_failure_is_no_excuse() -> None:
    alone = counted("h1 duplicate requests", 1, 10, View.NIC)
    real = equal("h1 repeated requests", 1, 3, View.WIRE)
    assert verdict("claim", [alone, real]).wrong_counters == ()
    for verdicts in ([verdict("claim", [alone, real])], [verdict("one", [alone]), verdict("other", [real])]):
        with pytest.raises(InteropFailure) as raised:
            demand_all(verdicts)
        assert not isinstance(raised.value, CounterDefect)


def test_an_absent_counter_is_unmeasured_and_nobody_is_wrong() -> None:
    judged = verdict("claim", [counted("leaf1:swp1 marked packets", 7, None, View.SWITCH)])
    assert judged.outcome is Outcome.INCONCLUSIVE
    assert judged.wrong_counters == ()
