from pathlib import Path
from typing import Any

from plugfest.embedded.convergence import expected_routes, missing_routes
from plugfest.embedded.plan import plan_of
from plugfest.inventory.loader import load
from tests.embedded.labs import embedded, grown


def _settled(plan: Any) -> dict[str, list[dict[str, Any]]]:
    """What a settled lab answers, in the form of ``ip -json -4 route show proto bgp``."""
    return {
        switch: [
            {"dst": prefix.removesuffix("/32"), "protocol": "bgp", "nexthops": [{"dev": "swp49"}] * count}
            if count > 1
            else {"dst": prefix.removesuffix("/32"), "protocol": "bgp", "dev": "swp49"}
            for prefix, count in routes.items()
        ]
        for switch, routes in expected_routes(plan).items()
    }


def test_leaves_reach_each_other_over_both_spines() -> None:
    expected = expected_routes(plan_of(embedded()))
    assert expected["leaf1"] == {
        "10.0.0.11/32": 1,
        "10.0.0.12/32": 1,
        "10.0.0.2/32": 2,
        "10.2.1.0/24": 2,
        "10.2.2.0/24": 2,
    }


def test_spines_of_one_as_do_not_learn_of_each_other() -> None:
    assert set(expected_routes(plan_of(embedded()))["spine1"]) == {
        *("10.0.0.1/32", "10.1.1.0/24", "10.1.2.0/24"),
        *("10.0.0.2/32", "10.2.1.0/24", "10.2.2.0/24"),
    }


def test_a_third_spine_is_a_third_next_hop(tmp_path: Path) -> None:
    expected = expected_routes(plan_of(load(grown(tmp_path)).lab))
    assert expected["leaf2"]["10.1.5.0/24"] == 3
    assert expected["spine3"]["10.1.5.0/24"] == 1


def test_a_settled_lab_lacks_nothing() -> None:
    plan = plan_of(embedded())
    assert missing_routes(plan, _settled(plan)) == []


def test_a_missing_next_hop_and_a_silent_switch_are_told() -> None:
    plan = plan_of(embedded())
    answer = _settled(plan)
    answer["leaf2"] = [
        {**route, "nexthops": route["nexthops"][:1]} if route["dst"] == "10.1.1.0/24" else route
        for route in answer["leaf2"]
    ]
    del answer["spine2"]
    told = missing_routes(plan, answer)
    assert told[0] == "leaf2 has 1 of 2 next hops to 10.1.1.0/24"
    assert told[1:] == [f"spine2 has 0 of 1 next hops to {prefix}" for prefix in expected_routes(plan)["spine2"]]
