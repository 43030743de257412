import pytest

from plugfest.diagnosis.conclusion import conclusion
from plugfest.diagnosis.hops import capture_points, hops_of
from plugfest.diagnosis.passing import Passing
from plugfest.diagnosis.walk import Step, Walk
from plugfest.inventory.loader import load
from plugfest.inventory.plan import Plan

SOUND = Passing(packets=100, octets={"106": 90, "0": 10}, source_ports={"50000": 100})


def walked(*changes: dict[str, object], blind: tuple[str, ...] = ()) -> str:
    places = ("the cable between h1:eth1 and leaf1:swp1", "leaf1", "the cable between leaf1:swp2 and h2:eth1")
    steps = [
        Step(place=place, towards="h2", before=SOUND, behind=SOUND.model_copy(update=change))
        for place, change in zip(places, [*changes, *[{}] * len(places)], strict=False)
    ]
    return conclusion(Walk(pair="h1->h2", steps=tuple(steps), blind=blind))


def test_a_sound_path_is_called_sound() -> None:
    assert walked() == "diagnosis of h1->h2: a probe over all paths passed all hops unharmed"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"packets": 93}, "7 of 100 packets vanished"),
        ({"packets": 102, "copies": 2}, "2 of 100 packets were doubled"),
        ({"late": 5}, "5 of 100 packets were overtaken"),
        ({"bad_icrc": 4}, "4 of 100 packets got a wrong ICRC"),
        ({"octets": {"2": 90, "0": 10}}, "90 of 100 packets got another traffic class octet (106 → 2)"),
        ({"source_ports": {"49152": 100}}, "100 of 100 packets got another UDP source port (50000 → 49152)"),
    ],
)
def test_every_change_is_told_with_its_place(change: dict[str, object], words: str) -> None:
    assert walked({}, change) == f"diagnosis of h1->h2: {words} in leaf1 towards h2"
    assert walked(change).endswith(f"{words} on the cable between h1:eth1 and leaf1:swp1 towards h2")


def test_many_places_are_cut_short_and_blind_spots_told() -> None:
    loss = {"packets": 1}
    text = walked(loss, loss, {"packets": 1, "late": 1}, blind=("tor:1",))
    assert text.endswith("h2:eth1 towards h2; and 1 more (not seen: tor:1)")


def test_nothing_to_watch() -> None:
    assert conclusion(Walk(pair="a->b", steps=(), blind=("tor:1",))) == (
        "diagnosis of a->b: no hop could be watched (not seen: tor:1)"
    )


def test_sums_over_parallel_ports() -> None:
    total = SOUND + Passing(packets=1, octets={"106": 1}, late=2)
    assert (total.packets, total.octets, total.late) == (101, {"106": 91, "0": 10}, 2)


def test_the_hops_of_a_leaf_spine_path() -> None:
    plan = Plan.of(load("embedded").lab)
    hops = hops_of(next(pair for pair in plan.host_pairs if pair.id == "h1->h4"))
    assert [hop.place for hop in hops if " " not in hop.place] == ["leaf1", "spine1", "spine2", "leaf2"]
    leaf = next(hop for hop in hops if hop.place == "leaf1")
    assert [str(port) for port in (*leaf.before, *leaf.behind)] == ["leaf1:swp1", "leaf1:swp49", "leaf1:swp50"]
    assert len(hops) == 4 + 6
    assert len(capture_points(hops)) == 12
