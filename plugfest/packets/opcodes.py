"""The BTH opcodes: transport, operation and the extension headers of each (IBTA volume 1, 9.2 and table 38)."""

from dataclasses import dataclass
from enum import IntEnum

ROCE_UDP_PORT = 4791
"""UDP destination port of RoCEv2 (IANA; IBTA annex A17): the one and only mark of a RoCEv2 packet."""


class Transport(IntEnum):
    """The upper three bits of the opcode."""

    RC = 0
    UC = 1
    RD = 2
    UD = 3
    CNP = 4
    XRC = 5


class Operation(IntEnum):
    """The lower five bits of the opcode."""

    SEND_FIRST = 0x00
    SEND_MIDDLE = 0x01
    SEND_LAST = 0x02
    SEND_LAST_WITH_IMMEDIATE = 0x03
    SEND_ONLY = 0x04
    SEND_ONLY_WITH_IMMEDIATE = 0x05
    RDMA_WRITE_FIRST = 0x06
    RDMA_WRITE_MIDDLE = 0x07
    RDMA_WRITE_LAST = 0x08
    RDMA_WRITE_LAST_WITH_IMMEDIATE = 0x09
    RDMA_WRITE_ONLY = 0x0A
    RDMA_WRITE_ONLY_WITH_IMMEDIATE = 0x0B
    RDMA_READ_REQUEST = 0x0C
    RDMA_READ_RESPONSE_FIRST = 0x0D
    RDMA_READ_RESPONSE_MIDDLE = 0x0E
    RDMA_READ_RESPONSE_LAST = 0x0F
    RDMA_READ_RESPONSE_ONLY = 0x10
    ACKNOWLEDGE = 0x11
    ATOMIC_ACKNOWLEDGE = 0x12
    COMPARE_SWAP = 0x13
    FETCH_ADD = 0x14
    RESYNC = 0x15
    SEND_LAST_WITH_INVALIDATE = 0x16
    SEND_ONLY_WITH_INVALIDATE = 0x17
    FLUSH = 0x1C
    ATOMIC_WRITE = 0x1D


class ExtensionHeader(IntEnum):
    """Extended transport headers, in the order in which they follow the BTH."""

    RDETH = 0
    DETH = 1
    XRCETH = 2
    FETH = 3
    RETH = 4
    ATOMIC_ETH = 5
    AETH = 6
    ATOMIC_ACK_ETH = 7
    IMMEDIATE = 8
    IETH = 9


EXTENSION_HEADER_BYTES = {
    ExtensionHeader.RDETH: 4,
    ExtensionHeader.DETH: 8,
    ExtensionHeader.XRCETH: 4,
    ExtensionHeader.FETH: 4,
    ExtensionHeader.RETH: 16,
    ExtensionHeader.ATOMIC_ETH: 28,
    ExtensionHeader.AETH: 4,
    ExtensionHeader.ATOMIC_ACK_ETH: 8,
    ExtensionHeader.IMMEDIATE: 4,
    ExtensionHeader.IETH: 4,
}

RESPONSES = frozenset(
    {
        Operation.RDMA_READ_RESPONSE_FIRST,
        Operation.RDMA_READ_RESPONSE_MIDDLE,
        Operation.RDMA_READ_RESPONSE_LAST,
        Operation.RDMA_READ_RESPONSE_ONLY,
        Operation.ACKNOWLEDGE,
        Operation.ATOMIC_ACKNOWLEDGE,
    }
)
"""Operations whose PSN belongs to the opposite direction's requests."""

_RDMA_WRITE_STARTS = {
    Operation.RDMA_WRITE_FIRST,
    Operation.RDMA_WRITE_ONLY,
    Operation.RDMA_WRITE_ONLY_WITH_IMMEDIATE,
}
_WITH_RETH = _RDMA_WRITE_STARTS | {Operation.RDMA_READ_REQUEST, Operation.FLUSH, Operation.ATOMIC_WRITE}
_WITH_AETH = RESPONSES - {Operation.RDMA_READ_RESPONSE_MIDDLE}
_UC_LAST = Operation.RDMA_WRITE_ONLY_WITH_IMMEDIATE
CNP = 0x81
"""Congestion notification packet (IBTA annex A17.9.3)."""


@dataclass(frozen=True)
class Opcode:
    """One defined BTH opcode."""

    value: int
    name: str
    transport: Transport
    operation: Operation | None
    """None for the CNP, which has no operation."""
    headers: tuple[ExtensionHeader, ...]
    """Extension headers in wire order."""

    @property
    def is_response(self) -> bool:
        """True if the packet answers requests of the opposite direction and carries their PSN."""
        return self.operation in RESPONSES

    @property
    def header_bytes(self) -> int:
        """Length of all extension headers in bytes."""
        return sum(EXTENSION_HEADER_BYTES[header] for header in self.headers)


def _base_headers(operation: Operation) -> set[ExtensionHeader]:
    headers = set()
    if operation in _WITH_RETH:
        headers.add(ExtensionHeader.RETH)
    if operation in _WITH_AETH:
        headers.add(ExtensionHeader.AETH)
    if operation in (Operation.COMPARE_SWAP, Operation.FETCH_ADD):
        headers.add(ExtensionHeader.ATOMIC_ETH)
    if operation is Operation.ATOMIC_ACKNOWLEDGE:
        headers.add(ExtensionHeader.ATOMIC_ACK_ETH)
    if operation is Operation.FLUSH:
        headers.add(ExtensionHeader.FETH)
    if operation.name.endswith("WITH_IMMEDIATE"):
        headers.add(ExtensionHeader.IMMEDIATE)
    if operation.name.endswith("WITH_INVALIDATE"):
        headers.add(ExtensionHeader.IETH)
    return headers


def _transport_headers(transport: Transport, operation: Operation) -> set[ExtensionHeader]:
    request = operation not in RESPONSES
    if transport is Transport.RD:
        return {ExtensionHeader.RDETH, ExtensionHeader.DETH} if request else {ExtensionHeader.RDETH}
    if transport is Transport.UD:
        return {ExtensionHeader.DETH}
    if transport is Transport.XRC and request:
        return {ExtensionHeader.XRCETH}
    return set()


def _is_defined(transport: Transport, operation: Operation) -> bool:
    if transport is Transport.UD:
        return operation in (Operation.SEND_ONLY, Operation.SEND_ONLY_WITH_IMMEDIATE)
    if transport is Transport.UC:
        return operation <= _UC_LAST
    if operation is Operation.RESYNC:
        return transport is Transport.RD
    if transport is Transport.RD:
        return operation <= Operation.RESYNC
    if operation in (Operation.FLUSH, Operation.ATOMIC_WRITE):
        return transport is Transport.RC
    return transport in (Transport.RC, Transport.XRC)


def _opcode(transport: Transport, operation: Operation) -> Opcode:
    headers = _base_headers(operation) | _transport_headers(transport, operation)
    value = transport << 5 | operation
    return Opcode(value, f"{transport.name}_{operation.name}", transport, operation, tuple(sorted(headers)))


OPCODES: dict[int, Opcode] = {
    opcode.value: opcode
    for opcode in (_opcode(t, o) for t in Transport for o in Operation if t is not Transport.CNP and _is_defined(t, o))
} | {CNP: Opcode(CNP, "CNP", Transport.CNP, None, ())}
"""Every defined opcode by its value."""

OPCODE_NAMES = {value: opcode.name for value, opcode in OPCODES.items()}


_VALUES = {name: value for value, name in OPCODE_NAMES.items()}


def opcode_named(name: str) -> int:
    """Value of an opcode such as ``RC_RDMA_WRITE_ONLY``; KeyError if there is none of that name."""
    if name not in _VALUES:
        raise KeyError(f"no BTH opcode is named {name!r}; names look like RC_RDMA_WRITE_ONLY")
    return _VALUES[name]
