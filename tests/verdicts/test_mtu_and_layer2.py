import pytest

from plugfest.verdicts.layer2 import FrameProbe, one_vlan_is_bridged, reserved_frames_stay_on_link
from plugfest.verdicts.mtu import MtuProbe, boundary_is_sharp
from plugfest.verdicts.verdict import Outcome

ANSWERED = MtuProbe(size=4200, sent=3, received=3)
REFUSED = MtuProbe(size=4201, sent=3, received=0, errors=("message too long, mtu=4200",))


def test_a_sharp_boundary_passes() -> None:
    assert boundary_is_sharp("h1->h4", 4200, [ANSWERED, REFUSED]).outcome is Outcome.PASSED


def test_a_black_hole_is_called_by_its_name() -> None:
    hole = MtuProbe(size=4200, sent=3, received=0)
    assert (
        "silence: 3 sent, none answered, no error (black hole)"
        in boundary_is_sharp("h1->h4", 4200, [hole, REFUSED]).explain()
    )


def test_a_legal_size_that_is_refused_fails_with_the_refusal() -> None:
    lowered = MtuProbe(size=4200, sent=3, received=0, errors=("From 10.1.1.1: Frag needed (mtu = 1500)",))
    assert (
        "refused: From 10.1.1.1: Frag needed (mtu = 1500)"
        in boundary_is_sharp("h1->h4", 4200, [lowered, REFUSED]).explain()
    )


@pytest.mark.parametrize(
    "too_large", [MtuProbe(size=4201, sent=3, received=3), MtuProbe(size=4201, sent=3, received=0)]
)
def test_an_oversize_packet_must_be_refused_loudly(too_large: MtuProbe) -> None:
    assert boundary_is_sharp("h1->h4", 4200, [ANSWERED, too_large]).outcome is Outcome.FAILED


def test_without_both_sides_of_the_boundary_nothing_is_proven() -> None:
    assert boundary_is_sharp("h1->h4", 4200, [ANSWERED]).outcome is Outcome.INCONCLUSIVE


CONTROL = FrameProbe(name="broadcast", sent=5, forwarded=5, may_be_forwarded=True)
PFC = FrameProbe(name="PFC (01-80-C2-00-00-01)", sent=5, forwarded=0, may_be_forwarded=False)


def test_reserved_frames_that_stay_pass() -> None:
    assert reserved_frames_stay_on_link("leaf1:swp3->swp4", [CONTROL, PFC]).outcome is Outcome.PASSED


def test_a_forwarded_pause_frame_fails() -> None:
    leak = PFC.model_copy(update={"forwarded": 5})
    verdict = reserved_frames_stay_on_link("leaf1:swp3->swp4", [CONTROL, leak])
    assert "leaf1:swp3->swp4 PFC (01-80-C2-00-00-01) – expected never forwarded, got 5 of 5" in verdict.explain()


@pytest.mark.parametrize("control", [[], [CONTROL.model_copy(update={"forwarded": 0})]])
def test_silence_without_a_working_control_proves_nothing(control: list[FrameProbe]) -> None:
    assert reserved_frames_stay_on_link("leaf1:swp3->swp4", [*control, PFC]).outcome is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("forwarded", "received", "outcome"),
    [
        (5, 10, Outcome.PASSED),
        (0, 10, Outcome.FAILED),
        (4, 12, Outcome.FAILED),
        (0, 9, Outcome.INCONCLUSIVE),
        (0, None, Outcome.INCONCLUSIVE),
        (5, None, Outcome.INCONCLUSIVE),
    ],
)
def test_frames_that_the_switch_received_must_cross_their_vlan(
    forwarded: int, received: int | None, outcome: Outcome
) -> None:
    probes = [
        FrameProbe(name="PFC", sent=5, forwarded=0, may_be_forwarded=False),
        FrameProbe(name="broadcast", sent=5, forwarded=forwarded, may_be_forwarded=True),
    ]
    assert one_vlan_is_bridged("leaf1:swp3->leaf1:swp4", probes, received).outcome is outcome
