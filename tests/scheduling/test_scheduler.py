"""Which test a free worker gets."""

from functools import reduce
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugfest.reservation.needs import Needs
from plugfest.scheduling.planned import PlannedTest
from plugfest.scheduling.scheduler import Scheduler, Start
from plugfest.scheduling.simulation import lower_bound, makespan, simulate
from tests.scheduling.labs import RUNS, overlap, planned

CASES: dict[str, tuple[list[PlannedTest], list[str | None]]] = {
    "nothing to do": ([], [None]),
    "pairs without a common host run side by side": (
        [planned("a", "h1 h2", "leaf1"), planned("b", "h3 h4", "leaf1")],
        ["a", "b"],
    ),
    "a host serves one test at a time": ([planned("a", "h1 h2"), planned("b", "h2 h3")], ["a", None]),
    "whoever shares a switch keeps out who needs it alone": (
        [planned("a", "h1", "leaf1", seconds=9), planned("b", "h2", "leaf1")],
        ["a", "b", None],
    ),
    "who needs a shared switch alone goes first": (
        [planned("a", "h1 h2", "leaf1", seconds=99), planned("b", "h3 leaf1", seconds=1)],
        ["b", None],
    ),
    "the busiest device comes first": (
        [planned("a", "h1", seconds=5), planned("b", "h2 h3", seconds=4), planned("c", "h2 h4", seconds=4)],
        ["b", "a"],
    ),
    "the longest comes first where nothing else differs": (
        [planned("a", "h1 h2", seconds=1), planned("b", "h1 h3", seconds=2)],
        ["b", None],
    ),
    "tests that need nothing always run": ([planned("a"), planned("b"), planned("c")], ["a", "b", "c"]),
    "what comes first waits for nothing that comes later": (
        [planned("a", "h1", group="g"), planned("b", "h1", group="g")],
        ["a", None],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_workers_get_what_their_devices_allow(case: str) -> None:
    tests, expected = CASES[case]
    scheduler: Scheduler[int] = Scheduler(tests)
    starts = [scheduler.start(worker) for worker in range(len(expected))]
    assert [tests[start.test].name if start else None for start in starts] == expected


def test_a_stage_begins_when_the_one_before_has_ended() -> None:
    stages = {"gate": 0, "long": 1, "other": 1}
    tests = [planned(name, name).model_copy(update={"stage": stage}) for name, stage in stages.items()]
    scheduler: Scheduler[str] = Scheduler(tests)
    assert scheduler.start("x") == Start(0, last=False)
    assert scheduler.start("y") is None
    scheduler.end("x")
    assert [scheduler.start("x"), scheduler.start("y")] == [Start(1, last=False), Start(2, last=False)]


def test_a_worker_goes_on_with_the_set_up_it_has() -> None:
    pairs = [planned(f"{pair}{number}", pair, group=pair) for number in (1, 2, 3) for pair in ("h1", "h2")]
    scheduler: Scheduler[str] = Scheduler(pairs)
    ran: dict[str, list[str]] = {"x": [], "y": []}
    for _ in range(3):
        for worker, names in ran.items():
            start = scheduler.start(worker)
            assert start is not None
            names.append(pairs[start.test].name)
        for worker in ran:
            scheduler.end(worker)
    assert ran == {"x": ["h11", "h12", "h13"], "y": ["h21", "h22", "h23"]}
    assert scheduler.finished


def test_a_group_that_changes_devices_holds_them_between_its_tests() -> None:
    tests = [
        planned("frozen", "leaf1", group="l2", holds=True),
        planned("thawed", "leaf2", group="l2", holds=True),
        planned("other", "leaf2", seconds=0.5),
        planned("apart", "h1", seconds=0.1),
    ]
    scheduler: Scheduler[str] = Scheduler(tests)
    assert scheduler.start("x") == Start(0, last=False)
    assert scheduler.start("y") == Start(3, last=False)
    scheduler.end("y")
    scheduler.end("x")
    assert scheduler.start("y") is None, "leaf2 belongs to the group although none of its tests is running"
    assert scheduler.start("x") == Start(1, last=True)
    scheduler.end("x")
    assert scheduler.start("y") == Start(2, last=False)


def test_only_those_tests_of_a_group_that_hold_devices_stay_with_one_worker() -> None:
    tests = [planned(str(number), "", "leaf1", group="leaf1", holds=number % 2 == 0) for number in range(4)]
    scheduler: Scheduler[str] = Scheduler(tests)
    assert scheduler.start("x") == Start(0, last=False)
    assert scheduler.start("y") == Start(1, last=False)
    scheduler.end("y")
    assert scheduler.start("y") == Start(3, last=False)
    scheduler.end("y")
    assert scheduler.start("y") is None
    scheduler.end("x")
    assert scheduler.start("x") == Start(2, last=True)


def test_devices_of_a_worker_that_died_are_free_when_they_were_put_back() -> None:
    tests = [planned(name, "h1", group="l2", holds=True) for name in ("a", "b", "c")]
    scheduler: Scheduler[str] = Scheduler(tests)
    scheduler.start("x")
    assert scheduler.start("y") is None
    assert scheduler.leave("x") == 0
    assert scheduler.start("y") is None
    scheduler.put_back()
    assert scheduler.start("y") == Start(1, last=False)
    scheduler.end("y")
    assert scheduler.leave("y") is None
    scheduler.put_back()
    assert scheduler.start("z") == Start(2, last=True)
    scheduler.end("z")
    assert scheduler.finished


@given(RUNS, st.integers(1, 6))
def test_every_test_runs_once_and_never_beside_one_in_conflict(tests: list[PlannedTest], workers: int) -> None:
    slots = simulate(tests, workers)
    assert sorted(slot.test for slot in slots) == list(range(len(tests)))
    for one, other in combinations(slots, 2):
        if overlap(one, other):
            assert one.worker != other.worker
            assert not tests[one.test].needs.conflicts(tests[other.test].needs)


@given(RUNS, st.integers(1, 6))
def test_devices_of_a_changing_group_serve_nobody_else_before_it_has_ended(
    tests: list[PlannedTest], workers: int
) -> None:
    slots = simulate(tests, workers)
    inside = [slot for slot in slots if tests[slot.test].holds]
    assert len({slot.worker for slot in inside}) <= 1
    began, ended = min((s.began for s in inside), default=0), max((s.ended for s in inside), default=0)
    for slot in slots:
        if not tests[slot.test].holds and slot.began < ended and began < slot.ended:
            assert not any(tests[slot.test].needs.conflicts(tests[held.test].needs) for held in inside)


def _in_the_way(tests: list[PlannedTest], test: int, running: set[int], held: set[int]) -> bool:
    """True if a waiting test conflicts with what runs or is held; tests of a group that holds need all of it."""
    if tests[test].holds and held:
        return True
    alike = [each for each in tests if each.holds] if tests[test].holds else [tests[test]]
    needs = reduce(Needs.union, (each.needs for each in alike), Needs())
    return any(needs.conflicts(tests[other].needs) for other in running | held)


@given(RUNS, st.integers(1, 4))
def test_no_worker_waits_while_a_test_could_run(tests: list[PlannedTest], workers: int) -> None:
    """So nothing starves: whatever stands in the way of a waiting test runs out."""
    scheduler: Scheduler[int] = Scheduler(tests)
    waiting = set(range(len(tests)))
    group = {number for number, test in enumerate(tests) if test.holds}
    while not scheduler.finished:
        starts = (scheduler.start(worker) for worker in range(workers) if scheduler.running(worker) is None)
        waiting -= {start.test for start in starts if start}
        running = {test for worker in range(workers) if (test := scheduler.running(worker)) is not None}
        assert running
        held = group if group - waiting and group & (waiting | running) else set()
        if len(running) < workers:
            assert all(_in_the_way(tests, test, running, held) for test in waiting)
        scheduler.end(next(worker for worker in range(workers) if scheduler.running(worker) is not None))
    assert not waiting


@given(RUNS, st.integers(1, 6))
def test_no_schedule_beats_the_lower_bound(tests: list[PlannedTest], workers: int) -> None:
    assert makespan(simulate(tests, workers)) >= lower_bound(tests, workers) - 1e-6


@given(RUNS, st.data())
def test_workers_that_die_cost_their_running_test_only(tests: list[PlannedTest], data: st.DataObject) -> None:
    scheduler: Scheduler[int] = Scheduler(tests)
    workers, lost, ended = [0, 1, 2], set[int](), set[int]()
    while not scheduler.finished:
        for worker in workers:
            if scheduler.running(worker) is None:
                scheduler.start(worker)
        busy = [worker for worker in workers if scheduler.running(worker) is not None]
        worker = data.draw(st.sampled_from(busy))
        test = scheduler.running(worker)
        assert test is not None
        if data.draw(st.booleans()):
            assert scheduler.leave(worker) == test
            lost.add(test)
            scheduler.put_back()
            workers = [*(each for each in workers if each != worker), max(workers) + 1]
        else:
            scheduler.end(worker)
            ended.add(test)
    assert lost | ended == set(range(len(tests)))
    assert not lost & ended
