"""Verdicts on what a switch dropped and marked, over synthetic captures."""

from pathlib import Path

import pytest

from plugfest.inventory.models import PortReference
from plugfest.stimuli.rdma_plan import RdmaOperation
from plugfest.stimuli.switch_events import SwitchMethod, SwitchRun
from plugfest.verdicts import switch_events
from plugfest.verdicts.verdict import Outcome
from tests.captures.frames import MICROSECOND, Conversation, conversation
from tests.verdicts.transfers import FIRST_PSN, PLAN, transfer

PORT = PortReference(device="leaf1", port="swp1")
MILLISECOND = 1000 * MICROSECOND
QUEUE_PAIRS = 2
GAVE_UP = {"SUCCESS": 2, "RETRY_EXC_ERR": 1, "WR_FLUSH_ERR": 1}
TIMEOUT_MS = 2
"""More than the local ACK timeout of the plan."""


def spoken(*conversations: list[tuple[int, int]], answers: bool = True) -> Conversation:
    """Requests as (packet, TOS) of each queue pair in turn; those of a queue pair repeat after a timeout."""
    talk = conversation(counting=True)
    for place, requests in enumerate(conversations):
        newest = -1
        for packet, tos in requests:
            if packet <= newest:
                talk.wait(TIMEOUT_MS * MILLISECOND)
            newest = packet
            talk.client(0x0A, FIRST_PSN + packet, bytes(16 + 256), tos=tos, place=place)
            if answers and place:
                talk.server(0x11, FIRST_PSN + packet, bytes([0x1F, 0, 0, 0]), tos=tos, place=place)
    return talk


DROPPED_FLOW = [(0, 106), (0, 106), (0, 106), (0, 106)]
OTHER_FLOW = [(0, 74), (1, 74), (2, 74)]


def dropping(folder: Path, counted: int = 4, **changes: object) -> SwitchRun:
    settings = {"far": spoken([], OTHER_FLOW), "completions": GAVE_UP, "queue_pairs": QUEUE_PAIRS, **changes}
    plan = PLAN.model_copy(update={"retry_count": 3, "queue_pairs": QUEUE_PAIRS, "traffic_classes": (106, 74)})
    made = transfer(folder, spoken(DROPPED_FLOW, OTHER_FLOW), plan=plan, **settings)  # type: ignore[arg-type]
    return SwitchRun(method=SwitchMethod.ACCESS_LIST, port=PORT, counted=counted, transfer=made)


def test_all_that_is_named_is_dropped_and_counted(tmp_path: Path) -> None:
    judged = switch_events.access_list_drops(dropping(tmp_path), 0, 1)
    assert judged.outcome is Outcome.PASSED, judged.explain()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"counted": 3}, "leaf1:swp1 packets dropped by its access list – expected 4, got 3"),
        (
            {"far": spoken(DROPPED_FLOW[:1], OTHER_FLOW), "counted": 3},
            "h2:eth1 requests that the access list of leaf1:swp1 names – expected 0, got 1",
        ),
        ({"far": spoken([], OTHER_FLOW[:2])}, "h2:eth1 other requests – expected 3, got 2"),
        ({"completions": {"SUCCESS": 4}}, "h1 requests that failed with RETRY_EXC_ERR – expected 1, got 0"),
    ],
)
def test_whatever_else_the_access_list_does_is_told(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    judged = switch_events.access_list_drops(dropping(tmp_path, **changes), 0, 1)  # type: ignore[arg-type]
    assert judged.outcome is Outcome.FAILED
    assert words in judged.explain()


def test_fewer_retries_than_configured_are_told(tmp_path: Path) -> None:
    run = dropping(tmp_path)
    impatient = run.transfer.result.plan.model_copy(update={"retry_count": 5})
    result = run.transfer.result.model_copy(update={"plan": impatient})
    other = run.model_copy(update={"transfer": run.transfer.model_copy(update={"result": result})})
    judged = switch_events.access_list_drops(other, 0, 1)
    assert "h1 fresh starts after a timeout – expected 5, got 3" in judged.explain()


SENT = [[(0, 106), (1, 106)], [(0, 104), (1, 104)]]
MARKED = [[(0, 107), (1, 107)], [(0, 104), (1, 104)]]


def marking(folder: Path, arrived: list[list[tuple[int, int]]], counted: int = 2) -> SwitchRun:
    operation = RdmaOperation(verb=PLAN.operations[0].verb, size=256, messages=2)
    plan = PLAN.model_copy(
        update={"operations": (operation,), "queue_pairs": QUEUE_PAIRS, "traffic_classes": (106, 104)}
    )
    made = transfer(folder, spoken(*SENT), far=spoken(*arrived), plan=plan, queue_pairs=QUEUE_PAIRS)
    return SwitchRun(method=SwitchMethod.MARK_ALL, port=PORT, counted=counted, transfer=made)


def test_all_that_may_be_marked_is_marked(tmp_path: Path) -> None:
    judged = switch_events.everything_is_marked(marking(tmp_path, MARKED))
    assert judged.outcome is Outcome.PASSED, judged.explain()


@pytest.mark.parametrize(
    ("arrived", "counted", "words"),
    [
        ([SENT[0], SENT[1]], 0, "marked packets that are ECN-capable (octet 106) – expected 2, got 0"),
        ([MARKED[0], MARKED[0]], 4, "marked packets that are not ECN-capable (octet 104) – expected 0, got 2"),
        ([MARKED[0], []], 2, "packets that are not ECN-capable passed on (octet 104) – expected all 2, got 0"),
        (MARKED, 3, "leaf1:swp1 marks that it counted – expected 2, got 3"),
    ],
)
def test_missing_marks_and_dropped_packets_are_told(
    tmp_path: Path, arrived: list[list[tuple[int, int]]], counted: int, words: str
) -> None:
    judged = switch_events.everything_is_marked(marking(tmp_path, arrived, counted))
    assert judged.outcome is Outcome.FAILED
    assert words in judged.explain()
