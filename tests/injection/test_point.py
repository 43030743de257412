from plugfest.inventory.loader import load
from plugfest.inventory.plan import Plan
from plugfest.stimuli.injection.events import Towards
from plugfest.stimuli.injection.point import injection_point, why_not


def point(lab_name: str, pair_id: str, towards: Towards) -> tuple[str, str]:
    lab = load(lab_name).lab
    pair = next(pair for pair in Plan.of(lab).host_pairs if pair.id == pair_id)
    return str(injection_point(lab, pair, towards)), why_not(lab, pair, towards)


def test_switches_inject_where_all_paths_have_met() -> None:
    assert point("embedded", "h1->h4", Towards.RESPONDER)[0] == "leaf2:swp2"
    assert point("embedded", "h1->h4", Towards.REQUESTER)[0] == "leaf1:swp1"
    assert point("embedded", "h1->h2", Towards.RESPONDER)[0] == "leaf1:swp2"


def test_an_injector_in_the_cable_serves_both_directions() -> None:
    assert point("example_hardware", "gpu1->gpu3", Towards.RESPONDER)[0] == "injector1:ens1f1"
    assert point("example_hardware", "gpu1->gpu3", Towards.REQUESTER)[0] == "injector1:ens1f0"
    assert point("example_hardware", "gpu3->gpu1", Towards.RESPONDER)[0] == "injector1:ens1f0"


def test_without_an_injector_there_is_a_reason() -> None:
    where, reason = point("example_hardware", "gpu2->gpu4", Towards.RESPONDER)
    assert where == "None"
    assert reason.startswith("events towards the responder of gpu2->gpu4 need an injector in the cable of a host")
