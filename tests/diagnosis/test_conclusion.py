import pytest

from plugfest.diagnosis.conclusion import conclusion
from plugfest.diagnosis.hops import capture_points, hops_of
from plugfest.diagnosis.passing import Passing
from plugfest.diagnosis.walk import Delivery, Departure, Step, Walk
from plugfest.inventory.loader import load
from plugfest.inventory.plan import Plan

SOUND = Passing(
    packets=100,
    kinds={"RC_SEND_ONLY": 80, "negative acknowledgements": 20},
    octets={"106": 90, "0": 10},
    source_ports={"50000": 100},
    ttls={"64": 100},
)
SECOND = 10**9


def walked(*changes: dict[str, object], blind: tuple[str, ...] = ()) -> str:
    places = ("the cable between h1:eth1 and leaf1:swp1", "leaf1", "the cable between leaf1:swp2 and h2:eth1")
    steps = [
        Step(place=place, towards="h2", before=SOUND, behind=SOUND.model_copy(update=change))
        for place, change in zip(places, [*changes, *[{}] * len(places)], strict=False)
    ]
    return conclusion([Walk(pair="h1->h2", steps=tuple(steps), blind=blind)])


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
        ({"time_sum_ns": 100 * 2 * SECOND}, "100 packets stayed 2000 ms on average"),
        ({"ttls": {"200": 100}}, "100 packets got another TTL (64 → 200)"),
        ({"source_ports": {"49152": 100}}, "100 of 100 packets got another UDP source port (50000 → 49152)"),
    ],
)
def test_every_change_is_told_with_its_place(change: dict[str, object], words: str) -> None:
    assert walked({}, change) == f"diagnosis of h1->h2: {words} in leaf1 towards h2"


@pytest.mark.parametrize("change", [{"packets": 93}, {"late": 5}, {"ttls": {"63": 100}}])
def test_cables_are_places_too(change: dict[str, object]) -> None:
    assert walked(change).endswith(" on the cable between h1:eth1 and leaf1:swp1 towards h2")


def test_routers_lower_the_ttl_and_cables_take_their_time() -> None:
    assert "unharmed" in walked({"time_sum_ns": 100 * 2 * SECOND}, {"ttls": {"63": 100}})


@pytest.mark.parametrize(
    ("kinds", "detail"),
    [
        ({"RC_SEND_ONLY": 80, "negative acknowledgements": 0}, " (only negative acknowledgements)"),
        ({"RC_SEND_ONLY": 60, "negative acknowledgements": 10}, ""),
    ],
)
def test_what_alone_vanished_is_named(kinds: dict[str, int], detail: str) -> None:
    text = walked({}, {"packets": sum(kinds.values()), "kinds": kinds})
    assert text.endswith(f" packets vanished in leaf1 towards h2{detail}")


def test_what_was_injected_on_purpose_is_no_finding() -> None:
    walk = Walk(pair="h1->h2", steps=(Step(place="leaf1", towards="h2", before=SOUND, behind=Passing(packets=97)),))
    assert "vanished in leaf1" in conclusion([walk])
    assert "unharmed" in conclusion([walk], {("leaf1", "h2")})
    assert "vanished in leaf1" in conclusion([walk], {("leaf1", "h1"), ("leaf2", "h2")})


def test_packets_that_cannot_reach_their_host_are_told() -> None:
    left = SOUND.model_copy(update={"ttls": {"2": 99, "64": 1}})
    walk = Walk(
        pair="h1->h3",
        steps=(Step(place="leaf1", towards="h3", before=SOUND, behind=SOUND),),
        departures=(Departure(port="h1:eth1", towards="h3", left=left),),
        routers=3,
    )
    assert "99 of 100 packets towards h3 leave h1:eth1 with TTL 2, too low for 3 routers" in conclusion([walk])
    assert "unharmed" in conclusion([walk.model_copy(update={"routers": None})])


def test_a_wrong_hardware_address_names_the_switch_that_uses_it() -> None:
    arrived = Passing(packets=5, stations={"02:00:00:00:00:99": 5})
    walk = Walk(
        pair="h1->h3",
        steps=(Step(place="leaf2", towards="h3", before=SOUND, behind=SOUND),),
        departures=(Departure(port="h3:eth1", towards="h1", left=Passing()),),
        deliveries=(Delivery(port="h3:eth1", sender="leaf2:swp1", own_address="02:00:00:00:00:03", arrived=arrived),),
    )
    assert conclusion([walk]) == (
        "diagnosis of h1->h3: leaf2:swp1 sends 5 of 5 packets to the hardware address 02:00:00:00:00:99, "
        "but h3:eth1 has 02:00:00:00:00:03; no packet towards h1 left h3:eth1"
    )


def test_several_probes_without_harm() -> None:
    walk = Walk(pair="h1->h2", steps=(Step(place="leaf1", towards="h2", before=SOUND, behind=SOUND),))
    assert conclusion([walk, walk]) == ("diagnosis of h1->h2: each of 2 probes over all paths passed all hops unharmed")


def test_many_places_are_cut_short_and_blind_spots_told() -> None:
    loss = {"packets": 1}
    text = walked(loss, loss, {"packets": 1, "late": 1}, blind=("tor:1",))
    assert text.endswith("h2:eth1 towards h2; and 1 more (not seen: tor:1)")


def test_nothing_to_watch() -> None:
    assert conclusion([Walk(pair="a->b", steps=(), blind=("tor:1",))]) == (
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
