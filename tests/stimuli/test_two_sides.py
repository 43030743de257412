from plugfest.inventory.models import Link
from plugfest.stimuli.lldp_silence import two_sides


def links(*lines: str) -> list[Link]:
    return [Link.model_validate(line) for line in lines]


def test_a_leaf_spine_fabric_splits_into_leaves_and_the_rest() -> None:
    fabric = links("h1:e1 <-> leaf1:p1", "h2:e1 <-> leaf2:p1", "leaf1:p9 <-> spine1:p1", "leaf2:p9 <-> spine1:p2")
    assert set(two_sides(fabric)) == {frozenset({"h1", "h2", "spine1"}), frozenset({"leaf1", "leaf2"})}


def test_a_triangle_leaves_one_cable_within_a_side() -> None:
    triangle = links("a:1 <-> b:1", "b:2 <-> c:1", "c:2 <-> a:2")
    first, second = two_sides(triangle)
    across = [link for link in triangle if (link.a.device in first) != (link.b.device in first)]
    assert first | second == {"a", "b", "c"}
    assert len(across) == 2


def test_separate_islands_are_all_covered() -> None:
    first, second = two_sides(links("a:1 <-> b:1", "c:1 <-> d:1"))
    assert (first, second) == (frozenset({"a", "c"}), frozenset({"b", "d"}))
