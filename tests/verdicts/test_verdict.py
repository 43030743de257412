import pytest

from plugfest.errors import Inconclusive, InteropFailure
from plugfest.verdicts.verdict import Outcome, demand_all, equal, row, verdict

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
