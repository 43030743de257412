# mypy: disable-error-code="import-not-found"
"""Reliable-connection queue pairs over pyverbs: memory, states, work requests, completions."""

import ipaddress
import random
import select
import time
from collections.abc import Iterator
from typing import Any

from pyverbs import libibverbs_enums as verbs
from pyverbs.addr import GID, AHAttr, GlobalRoute
from pyverbs.cq import CQ, CompChannel
from pyverbs.device import Context
from pyverbs.mr import MR
from pyverbs.pd import PD
from pyverbs.qp import QP, QPAttr, QPCap, QPInitAttr
from pyverbs.wr import SGE, RecvWR, SendWR

from plugfest.stimuli.guest.completions import Completion
from plugfest.stimuli.guest.operations import Operation, Slot, Verb, region_bytes

PATH_MTU = {256: 1, 512: 2, 1024: 3, 2048: 4, 4096: 5}
"""Bytes to ``enum ibv_mtu``."""
PSN_SPACE = 1 << 24
HOP_LIMIT = 64
"""Linux replaces it by the hop limit of the route to the peer."""
MIN_RNR_TIMER = 12
"""0.64 ms between a receiver-not-ready NAK and the next try (Vol. 1, table 45)."""
WORK_REQUEST = {
    Verb.WRITE: "IBV_WR_RDMA_WRITE",
    Verb.WRITE_WITH_IMMEDIATE: "IBV_WR_RDMA_WRITE_WITH_IMM",
    Verb.READ: "IBV_WR_RDMA_READ",
    Verb.SEND: "IBV_WR_SEND",
    Verb.SEND_WITH_IMMEDIATE: "IBV_WR_SEND_WITH_IMM",
    Verb.FETCH_ADD: "IBV_WR_ATOMIC_FETCH_AND_ADD",
    Verb.COMPARE_SWAP: "IBV_WR_ATOMIC_CMP_AND_SWP",
}


class QueuePairs:
    """Some queue pairs of one RDMA port with one memory region, from INIT to RTS."""

    def __init__(self, settings: dict[str, Any], operations: list[Operation]) -> None:
        self.settings = settings
        self.region = region_bytes(operations)
        count = self.count = int(settings["queue_pairs"])
        sends = max((operation.messages for operation in operations), default=1)
        receives = sum(operation.messages for operation in operations if operation.verb.consumes_receive)
        self.context = Context(name=settings["device"])
        self.limits = self.context.query_device()
        self.domain = PD(self.context)
        self.memory = MR(self.domain, self.region * count, _access())
        self.channel = CompChannel(self.context)
        self.completion_queue = CQ(self.context, (sends + receives) * count + 1, None, self.channel)
        self.psns = [_start_psn(settings) for _ in range(count)]
        self.queue_pairs = [self._create(sends, max(receives, 1)) for _ in range(count)]
        self.numbers = {queue_pair.qp_num: index for index, queue_pair in enumerate(self.queue_pairs)}

    def close(self) -> None:
        """Give everything back, in the order that the verbs demand."""
        for thing in (*self.queue_pairs, self.completion_queue, self.channel, self.memory, self.domain, self.context):
            thing.close()

    def describe(self) -> dict[str, Any]:
        """What the peer must know."""
        gid = self.context.query_gid(self.settings["port"], self.settings["gid_index"])
        ends = zip(self.queue_pairs, self.psns, strict=True)
        return {
            "gid": str(ipaddress.IPv6Address(str(gid))),
            "queue_pairs": [
                {
                    "qpn": queue_pair.qp_num,
                    "psn": psn,
                    "rkey": self.memory.rkey,
                    "address": self.memory.buf + index * self.region,
                }
                for index, (queue_pair, psn) in enumerate(ends)
            ],
        }

    def connect(self, peer: dict[str, Any]) -> None:
        """Bring every queue pair to RTS towards the peer's queue pair of the same place."""
        self.peer = peer["queue_pairs"]
        ends = zip(self.queue_pairs, self.psns, self.peer, strict=True)
        for index, (queue_pair, psn, end) in enumerate(ends):
            queue_pair.to_rts(self._attributes(psn, end, self._route(peer["gid"], index)))

    def write(self, queue_pair: int, slot: Slot, content: bytes) -> None:
        """Put bytes where a message lies."""
        if content:
            self.memory.write(content, len(content), queue_pair * self.region + slot.offset)

    def read(self, queue_pair: int, slot: Slot) -> bytes:
        """The bytes where a message lies."""
        return bytes(self.memory.read(slot.size, queue_pair * self.region + slot.offset)) if slot.size else b""

    def post_receive(self, queue_pair: int, slot: Slot, number: int) -> None:
        """Post a receive work request for one message."""
        self.queue_pairs[queue_pair].post_recv(RecvWR(number, 1, [self._element(queue_pair, slot)]))

    def post(self, queue_pair: int, verb: Verb, slot: Slot, number: int, immediate: int = 0) -> None:
        """Post one message that is not atomic; `number` comes back with its completion."""
        request = self._request(queue_pair, verb, slot, number, immediate)
        if verb not in (Verb.SEND, Verb.SEND_WITH_IMMEDIATE):
            end = self.peer[queue_pair]
            request.set_wr_rdma(end["rkey"], end["address"] + slot.offset)
        self.queue_pairs[queue_pair].post_send(request)

    def post_atomic(
        self, queue_pair: int, verb: Verb, slot: Slot, number: int, target: int, operands: tuple[int, int]
    ) -> None:
        """Post one atomic operation on the word at offset `target` of the peer's memory."""
        request = self._request(queue_pair, verb, slot, number, 0)
        end = self.peer[queue_pair]
        request.set_wr_atomic(end["rkey"], end["address"] + target, *operands)
        self.queue_pairs[queue_pair].post_send(request)

    def completions(self, deadline: float) -> Iterator[Completion]:
        """Completions as they come, until none came before `deadline` (monotonic clock, seconds)."""
        while True:
            entries = self._poll()
            if not entries:
                self.completion_queue.req_notify()
                # What arrived between the last poll and this request raises no event.
                entries = self._poll()
            yield from (self._completion(entry) for entry in entries)
            if not entries and not self._event(deadline):
                return

    def _poll(self) -> list[Any]:
        _, entries = self.completion_queue.poll(16)
        return list(entries)

    def _event(self, deadline: float) -> bool:
        """Sleep until the completion queue raises an event; False when time is up."""
        readable, _, _ = select.select([self.channel.fd], [], [], max(0.0, deadline - time.monotonic()))
        if readable:
            self.channel.get_cq_event(self.completion_queue)
        return bool(readable)

    def _completion(self, entry: Any) -> Completion:
        return Completion(
            queue_pair=self.numbers[entry.qp_num],
            work_request=entry.wr_id,
            status=verbs.ibv_wc_status(entry.status).name.removeprefix("IBV_WC_"),
            size=entry.byte_len,
            immediate=entry.imm_data,
        )

    def _create(self, sends: int, receives: int) -> Any:
        if max(sends, receives) > self.limits.max_qp_wr:
            raise ValueError(
                f"{max(sends, receives)} work requests on one queue pair, but {self.settings['device']} allows "
                f"{self.limits.max_qp_wr}: plan fewer messages"
            )
        capacity = QPCap(max_send_wr=sends, max_recv_wr=receives)
        initial = QPInitAttr(
            qp_type=verbs.ibv_qp_type.IBV_QPT_RC, scq=self.completion_queue, rcq=self.completion_queue, cap=capacity
        )
        attributes = QPAttr(port_num=self.settings["port"])
        attributes.qp_access_flags = _access()
        return QP(self.domain, initial, attributes)

    def _attributes(self, psn: int, end: dict[str, Any], route: Any) -> Any:
        settings, attributes = self.settings, QPAttr(port_num=self.settings["port"])
        attributes.qp_access_flags = _access()
        attributes.path_mtu = PATH_MTU[settings["path_mtu"]]
        attributes.dest_qp_num, attributes.rq_psn, attributes.sq_psn = end["qpn"], end["psn"], psn
        attributes.max_rd_atomic = min(self.limits.max_qp_init_rd_atom, settings["outstanding_reads"])
        attributes.max_dest_rd_atomic = min(self.limits.max_qp_rd_atom, settings["outstanding_reads"])
        attributes.min_rnr_timer = MIN_RNR_TIMER
        attributes.timeout, attributes.retry_cnt = settings["timeout"], settings["retry_count"]
        attributes.rnr_retry = settings["rnr_retry"]
        attributes.ah_attr = AHAttr(port_num=settings["port"], is_global=1, gr=route)
        return attributes

    def _route(self, gid: str, queue_pair: int) -> Any:
        classes = self.settings["traffic_classes"] or [self.settings["traffic_class"]]
        return GlobalRoute(
            dgid=GID(_eight_words(gid)),
            sgid_index=self.settings["gid_index"],
            hop_limit=HOP_LIMIT,
            traffic_class=classes[queue_pair % len(classes)],
            flow_label=self.settings["flow_label"],
        )

    def _element(self, queue_pair: int, slot: Slot) -> Any:
        return SGE(self.memory.buf + queue_pair * self.region + slot.offset, slot.size, self.memory.lkey)

    def _request(self, queue_pair: int, verb: Verb, slot: Slot, number: int, immediate: int) -> Any:
        opcode = verbs.ibv_wr_opcode[WORK_REQUEST[verb]]
        return SendWR(number, opcode, 1, immediate, [self._element(queue_pair, slot)])


def _access() -> int:
    flags = verbs.ibv_access_flags
    return int(
        flags.IBV_ACCESS_LOCAL_WRITE
        | flags.IBV_ACCESS_REMOTE_WRITE
        | flags.IBV_ACCESS_REMOTE_READ
        | flags.IBV_ACCESS_REMOTE_ATOMIC
    )


def _eight_words(gid: str) -> str:
    """The spelling that pyverbs takes: Python's own ends in dotted decimals for mapped IPv4 addresses."""
    return ipaddress.IPv6Address(gid).packed.hex(":", 2)


def _start_psn(settings: dict[str, Any]) -> int:
    return random.randrange(PSN_SPACE) if settings["start_psn"] is None else int(settings["start_psn"])
