"""Injected transfers whose captures are conversations built by hand."""

from collections.abc import Sequence
from pathlib import Path

from plugfest.devices.records import RdmaCounters
from plugfest.inventory.models import PortReference
from plugfest.stimuli.capture_points import WHOLE_FRAMES, PortCapture
from plugfest.stimuli.guest.operations import Verb
from plugfest.stimuli.injected_transfer import InjectedTransfer, view
from plugfest.stimuli.injection.events import Event
from plugfest.stimuli.injection.report import EventCount, InjectionReport
from plugfest.stimuli.rdma_plan import (
    RdmaEnd,
    RdmaOperation,
    RdmaOperationResult,
    RdmaPlan,
    RdmaQueuePair,
    RdmaQueuePairs,
    RdmaResult,
    SideReport,
)
from plugfest.stimuli.tcpdump import CaptureStatistics
from tests.captures.frames import CLIENT, CLIENT_QP, QP_STEP, SERVER, SERVER_QP, Conversation

FIRST_PSN = 100
POINT = PortReference(device="leaf2", port="swp2")
PLAN = RdmaPlan(
    operations=(RdmaOperation(verb=Verb.WRITE, size=256, messages=1),), path_mtu=256, start_psn=FIRST_PSN, timeout=8
)
"""A local ACK timeout of 1.05 ms."""


def counted(event: Event, happened: int, passed: int | None = None) -> EventCount:
    return EventCount(event=event, planned=event.planned, happened=happened, passed=passed or happened)


def transfer(
    folder: Path,
    near: Conversation,
    far: Conversation | None = None,
    events: Sequence[EventCount] = (),
    plan: RdmaPlan = PLAN,
    completions: dict[str, int] | None = None,
    counters: dict[str, dict[str, int]] | None = None,
    problem: str | None = None,
    queue_pairs: int = 1,
) -> InjectedTransfer:
    """A transfer from h1 to h2; what h2's port saw is what h1's saw unless `far` is given."""
    connection = _connection(queue_pairs)
    grown = counters or {}
    return InjectedTransfer(
        pair="h1->h2",
        requester="h1",
        responder="h2",
        result=_result(plan, connection, completions or {"SUCCESS": 1}, problem),
        injections=(InjectionReport(point=POINT, events=tuple(events)),) if events else (),
        nic_before={host: _counters(dict.fromkeys(values, 7)) for host, values in grown.items()},
        nic_after={
            host: _counters({name: 7 + value for name, value in values.items()}) for host, values in grown.items()
        },
        at_requester=view(_capture(folder, "h1", near), connection, plan.path_mtu),
        at_responder=view(_capture(folder, "h2", far or near), connection, plan.path_mtu),
    )


def _counters(values: dict[str, int]) -> RdmaCounters:
    return RdmaCounters(device="rxe0", port=1, values=values)


def _capture(folder: Path, host: str, talk: Conversation) -> PortCapture:
    frames = len(talk.frames)
    return PortCapture(
        point=PortReference(device=host, port="eth1"),
        file=talk.save(folder / f"{host}.pcap"),
        snapshot_bytes=WHOLE_FRAMES,
        statistics=CaptureStatistics(captured=frames, received_by_filter=frames, dropped_by_kernel=0),
    )


def _connection(queue_pairs: int) -> RdmaQueuePairs:
    return RdmaQueuePairs(
        requester_gid=f"::ffff:{CLIENT}",
        responder_gid=f"::ffff:{SERVER}",
        queue_pairs=tuple(_queue_pair(place * QP_STEP) for place in range(queue_pairs)),
    )


def _queue_pair(shift: int) -> RdmaQueuePair:
    return RdmaQueuePair(
        requester=RdmaEnd(qpn=CLIENT_QP + shift, psn=FIRST_PSN, rkey=1, address=1),
        responder=RdmaEnd(qpn=SERVER_QP + shift, psn=900, rkey=1, address=1),
    )


def _result(plan: RdmaPlan, connection: RdmaQueuePairs, completions: dict[str, int], problem: str | None) -> RdmaResult:
    wrong = (problem,) if problem else ()
    sides = [
        SideReport(
            operation=0,
            completions=done,
            missing=0,
            bytes_compared=size,
            mismatch=None,
            seconds=0.5,
            wrong_receives=wrong,
        )
        for done, size in ((completions, 0), ({}, 256))
    ]
    operation = RdmaOperationResult(
        operation=plan.operations[0], requester=sides[0], responder=sides[1], bytes_planned=256
    )
    return RdmaResult(plan=plan, connection=connection, operations=(operation,))
