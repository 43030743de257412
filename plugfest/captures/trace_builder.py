"""Turn the kernels' tables into typed records."""

from collections.abc import Callable
from typing import Any

import numpy as np

from plugfest.captures.columns import Flaw
from plugfest.captures.state import (
    EPISODES,
    FLOWS,
    NAKS,
    Cause,
    Recovery,
    Tables,
)
from plugfest.captures.traces import EcnCounts, Episode, Goodput, Nak, QueuePairTrace, Spread
from plugfest.packets.opcodes import Transport
from plugfest.packets.serial import PSN_MASK

MOST_EVENTS = 200
"""NAKs and episodes listed per queue pair; the counts are complete all the same."""
AddressText = Callable[[int, int], str]


class TraceBuilder:
    """Makes `QueuePairTrace` records from tables."""

    def __init__(self, tables: Tables, address: AddressText) -> None:
        self._tables = tables
        self._flows = tables.flows[: tables.counts[FLOWS]]
        self._address = address
        self._naks = _by_flow(tables.naks[: min(tables.counts[NAKS], tables.naks.size)])
        self._episodes = _by_flow(tables.episodes[: min(tables.counts[EPISODES], tables.episodes.size)])

    def traces(self) -> tuple[QueuePairTrace, ...]:
        """One trace per flow that has requests, in the order of their first packets."""
        numbers = [number for number, flow in enumerate(self._flows) if self._has_requests(flow)]
        numbers.sort(key=lambda number: int(self._flows[number]["first_time"]))
        return tuple(self._trace(number) for number in numbers)

    @staticmethod
    def _has_requests(flow: Any) -> bool:
        datagrams = Transport(flow["transport"]) is Transport.UD if flow["transport"] <= Transport.XRC else False
        return bool(flow["requests"] or (datagrams and flow["packets"]))

    def _trace(self, number: int) -> QueuePairTrace:
        flow = self._flows[number]
        partner = int(flow["partner"])
        answers = self._flows[partner] if partner >= 0 else np.zeros(1, self._flows.dtype)[0]
        fields = self._identity(number, flow, partner, answers)
        fields |= _requests(flow) | _answers(answers) | _recovery(flow) | self._events(number)
        fields |= {
            "message_completion": self._completion(number, flow),
            "messages_unmeasured": int(flow["messages_unmeasured"]),
            "goodput": self._goodput(number),
            "read_goodput": self._goodput(partner) if answers["response_payload"] else None,
            "goodput_bytes": int(flow["new_payload"] + answers["response_payload"]),
        }
        return QueuePairTrace.model_validate(fields)

    def _identity(self, number: int, flow: Any, partner: int, answers: Any) -> dict[str, Any]:
        kind = int(flow["kind"])
        return {
            "index": number,
            "answers_index": partner if partner >= 0 else None,
            "requester": self._address(int(flow["source"]), kind),
            "responder": self._address(int(flow["destination"]), kind),
            "requester_qp": int(answers["destination_qp"]) if partner >= 0 else None,
            "responder_qp": int(flow["destination_qp"]),
            "transport": _transport_name(int(flow["transport"])),
            "first_time_ns": int(flow["first_time"]),
            "last_time_ns": int(max(flow["last_time"], answers["last_time"])),
            "packets": int(flow["packets"]),
            "answers": int(answers["packets"]),
        }

    def _events(self, number: int) -> dict[str, Any]:
        naks, episodes = self._naks.get(number), self._episodes.get(number)
        generation = naks["generation"] if naks is not None else np.zeros(0, np.int64)
        reaction = naks["reaction"] if naks is not None else np.zeros(0, np.int64)
        return {
            "nak_generation": spread(generation[generation >= 0]),
            "nak_reaction": spread(reaction[reaction >= 0]),
            "naks": tuple(_nak(row) for row in naks[:MOST_EVENTS]) if naks is not None else (),
            "episodes": tuple(_episode(row) for row in episodes[:MOST_EVENTS]) if episodes is not None else (),
        }

    def _completion(self, number: int, flow: Any) -> Spread | None:
        if not flow["messages"]:
            return None
        counts = np.cumsum(self._tables.delays[number].astype(np.int64))
        median, p99 = (int(np.searchsorted(counts, share * counts[-1])) for share in (0.5, 0.99))
        least, most = int(flow["delay_low"]), int(flow["delay_high"])
        return Spread(
            count=int(flow["messages"]),
            least=least,
            median=_middle(median, least, most),
            mean=int(flow["delay_sum"] // flow["messages"]),
            p99=_middle(p99, least, most),
            most=most,
        )

    def _goodput(self, number: int) -> Goodput:
        flow = self._flows[number]
        bins = np.trim_zeros(self._tables.goodput[number], "b")
        return Goodput(
            start_ns=int(flow["first_time"]), bin_ns=1 << int(flow["bin_shift"]), payload_bytes=tuple(bins.tolist())
        )


def spread(values: np.ndarray) -> Spread | None:
    """The distribution of some durations; None if there are none."""
    if not values.size:
        return None
    median, p99 = np.percentile(values, [50, 99])
    return Spread(
        count=values.size,
        least=int(values.min()),
        median=int(median),
        mean=int(values.mean()),
        p99=int(p99),
        most=int(values.max()),
    )


def _middle(octave: int, least: int, most: int) -> int:
    return min(max(int(2 ** ((octave + 0.5) / 4)), least), most)


def _by_flow(events: np.ndarray) -> dict[int, np.ndarray]:
    order = np.argsort(events["flow"], kind="stable")
    numbers, starts = np.unique(events["flow"][order], return_index=True)
    return {int(n): events[part] for n, part in zip(numbers, np.split(order, starts[1:]), strict=False)}


def _transport_name(transport: int) -> str:
    return Transport(transport).name if transport in set(Transport) else f"reserved {transport}"


def bits(mask: int) -> tuple[int, ...]:
    """Numbers of the bits set in a 64-bit mask."""
    return tuple(bit for bit in range(64) if int(mask) >> bit & 1)


def _ecn(counts: Any) -> EcnCounts:
    not_ect, ect1, ect0, ce = (int(count) for count in counts)
    return EcnCounts(not_ect=not_ect, ect1=ect1, ect0=ect0, ce=ce)


_REQUEST_COUNTS = (
    "source_port",
    "other_source_ports",
    "first_psn",
    "requests",
    "new_requests",
    "retransmitted",
    "duplicates",
    "reordered",
    "gaps",
    "missing",
    "restarts",
    "behind_expected",
    "beyond_expected",
    "illegal_opcodes",
    "illegal_lengths",
)
_ANSWER_COUNTS = (
    "acks",
    "acks_without_progress",
    "wrong_naks",
    "responses",
    "response_gaps",
    "doubtful_answers",
    "illegal_responses",
    "cnps",
)


def _requests(flow: Any) -> dict[str, Any]:
    return {name: int(flow[name]) for name in _REQUEST_COUNTS} | {
        "path_mtu": int(flow["path_mtu"]) or None,
        "payload_bytes": int(flow["payload"]),
        "migreqs": bits(flow["migreqs"]),
        "ttls": (int(flow["ttl_low"]), int(flow["ttl_high"])),
        "request_dscps": bits(flow["request_dscps"]),
        "ecn": _ecn(flow["ecn"]),
        "flaws": tuple(flaw.name for flaw in Flaw if flow["flaws"] & flaw),
    }


def _answers(answers: Any) -> dict[str, Any]:
    return {name: int(answers[name]) for name in _ANSWER_COUNTS} | {
        "nak_count": int(answers["naks"]),
        "rnr_nak_count": int(answers["rnr_naks"]),
        "psns_per_ack": int(answers["acked_psns"]) / int(answers["acks"]) if answers["acks"] else None,
        "answer_dscps": bits(answers["answer_dscps"]),
        "cnp_dscps": bits(answers["cnp_dscps"]),
        "answer_ecn": _ecn(answers["answer_ecn"]),
        "message_number_steps_back": int(answers["msn_steps_back"]),
        "shortest_cnp_gap_ns": int(answers["shortest_cnp_gap"]) or None,
    }


def _recovery(flow: Any) -> dict[str, Any]:
    undecidable, go_back_n, selective = (int(count) for count in flow["episodes"])
    total = undecidable + go_back_n + selective
    scheme = "undecidable" if go_back_n == selective else "go_back_n" if go_back_n > selective else "selective_repeat"
    return {
        "recovery": scheme if total else None,
        "episode_count": total,
        "go_back_n": go_back_n,
        "selective_repeat": selective,
        "undecidable": undecidable,
        "causes": {cause.name.lower(): int(flow["causes"][cause]) for cause in Cause},
    }


def _nak(row: Any) -> Nak:
    return Nak(
        time_ns=int(row["time"]),
        frame_offset=int(row["frame"]),
        psn=int(row["sequence"]) & PSN_MASK,
        syndrome=int(row["syndrome"]),
        expected_psn=int(row["expected"]) & PSN_MASK,
        psn_correct=None if row["correct"] < 0 else bool(row["correct"]),
        generation_ns=int(row["generation"]) if row["generation"] >= 0 else None,
        reaction_ns=int(row["reaction"]) if row["reaction"] >= 0 else None,
    )


def _episode(row: Any) -> Episode:
    return Episode.model_validate(
        {
            "time_ns": int(row["time"]),
            "end_time_ns": int(row["end_time"]),
            "frame_offset": int(row["frame"]),
            "start_psn": int(row["start"]) & PSN_MASK,
            "span": int(row["end"] - row["start"]),
            "resent": int(row["psns"]),
            "recovery": Recovery(row["recovery"]).name.lower(),
            "cause": Cause(row["cause"]).name.lower(),
            "waited_ns": int(row["waited"]),
            "interrupted": bool(row["interrupted"]),
            "opcode": int(row["operation"]),
        }
    )
