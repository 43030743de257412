"""The table at the end of a run."""

from plugfest.reporting.outcomes import TestOutcome
from plugfest.reporting.summary import render_summary
from plugfest.reporting.tally import Tally, TestLine


def _line(name: str, outcome: TestOutcome, suite: str = "l2", cell: str = "A × S × B", reason: str = "") -> TestLine:
    return TestLine(nodeid=name, suite=suite, outcome=outcome, cell=cell, reason=reason, seconds=1.0)


def test_worst_phase_decides() -> None:
    tally = Tally([_line("t", TestOutcome.PASSED), _line("t", TestOutcome.BROKEN, reason="[LAB] not restored")])
    [line] = tally.lines
    assert (line.outcome, line.reason, line.seconds) == (TestOutcome.BROKEN, "[LAB] not restored", 2.0)
    assert tally.judged == 0


def test_broken_tear_down_does_not_hide_a_failure() -> None:
    tally = Tally([_line("t", TestOutcome.FAILED, reason="[INTEROP] x"), _line("t", TestOutcome.BROKEN)])
    assert tally.lines[0].reason == "[INTEROP] x"


def test_passed_failed_and_known_issues_are_judged() -> None:
    assert Tally([_line(outcome, outcome) for outcome in TestOutcome]).judged == 4


def test_table_of_cells_and_suites() -> None:
    tally = Tally(
        [
            _line("a", TestOutcome.PASSED),
            _line("b", TestOutcome.PASSED),
            _line("c", TestOutcome.FAILED, suite="rocev2", reason="[INTEROP] ICRC wrong\n  4 of 10 frames"),
            _line("d", TestOutcome.SKIPPED, cell="A × T × B", reason="no ECN"),
        ]
    )
    lines = render_summary(tally, width=100).splitlines()
    cells = [[part.strip() for part in line.split("│")[1:-1]] for line in lines if line.startswith("│")]
    assert [part.strip() for part in lines[1].split("┃")[1:-1]] == ["devices under test", "l2", "rocev2"]
    assert cells == [["A × S × B", "2 passed", "1 failed"], ["A × T × B", "1 skipped", ""]]
    assert lines[-2:] == ["FAILED       c: [INTEROP] ICRC wrong 4 of 10 frames", "SKIPPED      d: no ECN"]


def test_names_are_not_markup() -> None:
    text = render_summary(Tally([_line("t[h1:eth1]", TestOutcome.FAILED, reason="[red]x[/red]")]), width=100)
    assert "t[h1:eth1]: [red]x[/red]" in text


def test_colour_only_when_asked() -> None:
    tally = Tally([_line("t", TestOutcome.FAILED)])
    assert "\x1b[" in render_summary(tally, width=100, colour=True)
    assert "\x1b[" not in render_summary(tally, width=100)


def test_the_same_reason_is_told_once() -> None:
    dead = [
        _line(f"t[{host}]", TestOutcome.BROKEN, reason="[LAB] leaf1 does not answer") for host in ("h1", "h2", "h3")
    ]
    text = render_summary(Tally([*dead, _line("u", TestOutcome.BROKEN, reason="[LAB] other")]), width=100)
    assert "t[h1] and 2 more: [LAB] leaf1 does not answer" in text
    assert "u: [LAB] other" in text
    assert "t[h2]" not in text
