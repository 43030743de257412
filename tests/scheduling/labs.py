"""Made-up tests of made-up labs, for the scheduler."""

from hypothesis import strategies as st

from plugfest.reservation.needs import Needs
from plugfest.scheduling.planned import PlannedTest
from plugfest.scheduling.simulation import Slot


def planned(
    name: str, exclusive: str = "", shared: str = "", group: str = "", seconds: float = 1.0, holds: bool = False
) -> PlannedTest:
    """A test; devices are named in a text, parted by blanks."""
    needs = Needs(exclusive=frozenset(exclusive.split()), shared=frozenset(shared.split()))
    return PlannedTest(name=name, needs=needs, group=group or name, seconds=seconds, holds=holds)


def overlap(one: Slot, other: Slot) -> bool:
    """True if two tests ran at the same time."""
    return one.began < other.ended and other.began < one.ended


DEVICES = st.frozensets(st.sampled_from(["h1", "h2", "h3", "h4", "leaf1", "leaf2", "spine1"]), max_size=4)
NEEDS = st.builds(lambda alone, beside: Needs(exclusive=alone, shared=beside - alone), DEVICES, DEVICES)
RUNS = st.lists(
    st.builds(
        PlannedTest,
        name=st.uuids().map(str),
        needs=NEEDS,
        group=st.sampled_from(["h1->h2", "h2->h1", "l2", "link", "leaf1"]),
        seconds=st.integers(1, 50).map(float),
        holds=st.just(False),
    ),
    max_size=40,
).map(lambda tests: [test.model_copy(update={"holds": test.group == "l2"}) for test in tests])
"""Tests of a run; the group ``l2`` holds its devices."""
