"""What the kernels must know of each BTH opcode, as tables of 256."""

import numpy as np

from plugfest.packets.opcodes import (
    CNP,
    EXTENSION_HEADER_BYTES,
    OPCODES,
    ExtensionHeader,
    Opcode,
    Operation,
    Transport,
)

CLASS_IGNORED, CLASS_REQUEST, CLASS_ACK, CLASS_RESPONSE, CLASS_CNP = 0, 1, 2, 3, 4
"""How a packet is followed: not at all, as a request, as ACK or NAK, as READ or atomic response, as CNP."""
PART_NONE, PART_FIRST, PART_MIDDLE, PART_LAST, PART_ONLY = 0, 1, 2, 3, 4
"""Place of a packet in its message."""
VERB_NONE, VERB_SEND, VERB_WRITE, VERB_READ, VERB_ATOMIC, VERB_OTHER, VERB_UNKNOWN = 0, 1, 2, 3, 4, 5, 255
"""What a message does; unknown after a gap."""
_FOLLOWED = (Transport.RC, Transport.UC, Transport.XRC)
_VERBS = {"SEND": VERB_SEND, "RDMA_WRITE": VERB_WRITE, "RDMA_READ": VERB_READ}
_PARTS = {"FIRST": PART_FIRST, "MIDDLE": PART_MIDDLE, "LAST": PART_LAST, "ONLY": PART_ONLY}


def _class_of(opcode: Opcode) -> int:
    if opcode.value == CNP:
        return CLASS_CNP
    if opcode.transport not in _FOLLOWED:
        return CLASS_IGNORED
    if opcode.operation is Operation.ACKNOWLEDGE:
        return CLASS_ACK
    return CLASS_RESPONSE if opcode.is_response else CLASS_REQUEST


def _verb_of(opcode: Opcode) -> int:
    operation = opcode.operation
    if operation is None or operation is Operation.ACKNOWLEDGE:
        return VERB_NONE
    if operation in (Operation.COMPARE_SWAP, Operation.FETCH_ADD, Operation.ATOMIC_ACKNOWLEDGE):
        return VERB_ATOMIC
    return next((verb for name, verb in _VERBS.items() if operation.name.startswith(name)), VERB_OTHER)


def _part_of(opcode: Opcode) -> int:
    words = opcode.name.replace("_WITH_IMMEDIATE", "").replace("_WITH_INVALIDATE", "").split("_")
    return _PARTS.get(words[-1], PART_ONLY if opcode.transport is not Transport.CNP else PART_NONE)


def _offset_of(opcode: Opcode, wanted: ExtensionHeader) -> int:
    at = 0
    for header in opcode.headers:
        if header is wanted:
            return at
        at += EXTENSION_HEADER_BYTES[header]
    return -1


def _table(values: dict[int, int], default: int) -> np.ndarray:
    table = np.full(256, default, np.int64)
    for opcode, value in values.items():
        table[opcode] = value
    return table


CLASS = _table({value: _class_of(opcode) for value, opcode in OPCODES.items()}, CLASS_IGNORED)
VERB = _table({value: _verb_of(opcode) for value, opcode in OPCODES.items()}, VERB_NONE)
PART = _table({value: _part_of(opcode) for value, opcode in OPCODES.items()}, PART_NONE)
HEADER_BYTES = _table({value: opcode.header_bytes for value, opcode in OPCODES.items()}, 0)
RETH_AT, AETH_AT, DETH_AT = (
    _table({value: _offset_of(opcode, header) for value, opcode in OPCODES.items()}, -1)
    for header in (ExtensionHeader.RETH, ExtensionHeader.AETH, ExtensionHeader.DETH)
)
"""Offset of that header after the BTH; -1 if the opcode has none."""
