"""How good schedules are and what deciding costs, on a simulated lab of 64 hosts and 16 switches with 2,000 tests."""

import random
import time
from collections.abc import Iterable, Iterator
from itertools import permutations

from plugfest.bench.figures import Benchmark, Figure
from plugfest.reservation.needs import Needs
from plugfest.scheduling.planned import PlannedTest
from plugfest.scheduling.simulation import lower_bound, makespan, simulate

LEAVES = tuple(f"leaf{number}" for number in range(12))
SPINES = tuple(f"spine{number}" for number in range(4))
HOSTS = {f"h{number}": LEAVES[number % len(LEAVES)] for number in range(64)}
"""Each with its leaf."""
TESTS = 2_000
INJECTED_PAIRS = 12
TESTS_OF_A_PAIR = 12
WORKERS = (8, 32)
"""A small controller; as many as pairs can be busy at once."""


def schedules() -> Iterable[Figure]:
    """Makespan against the lower bound, milliseconds a decision, and what a serial run would take."""
    tests = simulated_tests()
    serial = sum(test.seconds for test in tests)
    for workers in WORKERS:
        began = time.perf_counter()
        slots = simulate(tests, workers)
        cost = (time.perf_counter() - began) * 1000 / len(tests)
        taken, bound = makespan(slots), lower_bound(tests, workers)
        name, note = f"scheduling.{workers}_workers", f"{len(HOSTS)} hosts, 16 switches, {len(tests)} tests"
        times = f"{taken:.0f} s; no schedule is below {bound:.0f} s, a serial run takes {serial:.0f} s"
        yield Figure(
            name=f"{name}_makespan_ratio",
            value=round(taken / bound, 3),
            unit="x",
            target="<= 1.15",
            note=f"{note}: {times}",
        )
        yield Figure(
            name=f"{name}_unknown_durations_ratio",
            value=round(_unknown(tests, workers) / bound, 3),
            unit="x",
            note="the same tests in a lab without history: all are expected to take equally long",
        )
        yield Figure(name=f"{name}_decision_ms", value=round(cost, 3), unit="ms", target="<= 1", note=f"a test; {note}")


BENCHMARKS: dict[str, Benchmark] = {"scheduling": schedules}


def _unknown(tests: list[PlannedTest], workers: int) -> float:
    alike = [test.model_copy(update={"seconds": 1.0}) for test in tests]
    return makespan(simulate(alike, workers, [test.seconds for test in tests]))


def simulated_tests(seed: int = 1) -> list[PlannedTest]:
    """Tests as the suites have them: shared readings, changes of the whole lab, injection, and mostly traffic."""
    chance = random.Random(seed)
    pairs = list(permutations(HOSTS, 2))
    chance.shuffle(pairs)
    tests = [*_whole_lab(), *_injection(chance, pairs[:INJECTED_PAIRS])]
    for pair in pairs:
        tests += _traffic(chance, pair)
        if len(tests) >= TESTS:
            break
    return tests[:TESTS]


def _whole_lab() -> Iterator[PlannedTest]:
    """One slow reading or change, and many quick verdicts on it."""
    fabric = frozenset(LEAVES + SPINES)
    reading = Needs(exclusive=frozenset(HOSTS), shared=fabric)
    change = Needs(exclusive=frozenset(HOSTS) | fabric)
    for number in range(60):
        yield PlannedTest(name=f"link{number}", needs=reading, group="link", seconds=0.1 if number else 10)
    for number in range(24):
        yield PlannedTest(name=f"l2{number}", needs=change, group="l2", seconds=0.1 if number else 60, holds=True)


def _injection(chance: random.Random, pairs: list[tuple[str, str]]) -> Iterator[PlannedTest]:
    for client, server in pairs:
        needs = Needs(exclusive=frozenset((client, server)) | _switches(client, server))
        for number in range(6):
            seconds = chance.uniform(3, 12)
            name = f"recovery{number}[{client}->{server}]"
            yield PlannedTest(name=name, needs=needs, group=f"{client}->{server}", seconds=seconds)


def _traffic(chance: random.Random, pair: tuple[str, str]) -> Iterator[PlannedTest]:
    """Durations are log-normal: median 4.5 s, one in a hundred above 29 s."""
    client, server = pair
    needs = Needs(exclusive=frozenset(pair), shared=_switches(client, server))
    for number in range(TESTS_OF_A_PAIR):
        seconds = chance.lognormvariate(1.5, 0.8)
        name = f"rocev2{number}[{client}->{server}]"
        yield PlannedTest(name=name, needs=needs, group=f"{client}->{server}", seconds=seconds)


def _switches(client: str, server: str) -> frozenset[str]:
    same = HOSTS[client] == HOSTS[server]
    return frozenset((HOSTS[client], HOSTS[server], *(() if same else SPINES)))
