import pytest

from plugfest.packets.opcodes import CNP, OPCODES, ExtensionHeader, Transport, opcode_named

H = ExtensionHeader


def test_values_are_those_of_the_specification() -> None:
    assert opcode_named("RC_SEND_FIRST") == 0x00
    assert opcode_named("RC_RDMA_WRITE_ONLY") == 0x0A
    assert opcode_named("RC_ACKNOWLEDGE") == 0x11
    assert opcode_named("RC_SEND_ONLY_WITH_INVALIDATE") == 0x17
    assert opcode_named("UC_RDMA_WRITE_ONLY_WITH_IMMEDIATE") == 0x2B
    assert opcode_named("RD_RESYNC") == 0x55
    assert opcode_named("UD_SEND_ONLY") == 0x64
    assert opcode_named("CNP") == CNP == 0x81
    assert opcode_named("XRC_FETCH_ADD") == 0xB4


@pytest.mark.parametrize(
    ("transport", "count"),
    [(Transport.RC, 25), (Transport.UC, 12), (Transport.RD, 22), (Transport.UD, 2), (Transport.XRC, 23)],
)
def test_each_transport_has_its_operations(transport: Transport, count: int) -> None:
    assert sum(opcode.transport is transport for opcode in OPCODES.values()) == count


@pytest.mark.parametrize(
    ("name", "headers", "length"),
    [
        ("RC_SEND_MIDDLE", (), 0),
        ("RC_RDMA_WRITE_FIRST", (H.RETH,), 16),
        ("RC_RDMA_WRITE_ONLY_WITH_IMMEDIATE", (H.RETH, H.IMMEDIATE), 20),
        ("RC_RDMA_READ_RESPONSE_MIDDLE", (), 0),
        ("RC_RDMA_READ_RESPONSE_LAST", (H.AETH,), 4),
        ("RC_ATOMIC_ACKNOWLEDGE", (H.AETH, H.ATOMIC_ACK_ETH), 12),
        ("RC_COMPARE_SWAP", (H.ATOMIC_ETH,), 28),
        ("RC_SEND_LAST_WITH_INVALIDATE", (H.IETH,), 4),
        ("RC_FLUSH", (H.FETH, H.RETH), 20),
        ("UD_SEND_ONLY_WITH_IMMEDIATE", (H.DETH, H.IMMEDIATE), 12),
        ("RD_RDMA_WRITE_FIRST", (H.RDETH, H.DETH, H.RETH), 28),
        ("RD_ACKNOWLEDGE", (H.RDETH, H.AETH), 8),
        ("XRC_SEND_ONLY", (H.XRCETH,), 4),
        ("XRC_ACKNOWLEDGE", (H.AETH,), 4),
        ("CNP", (), 0),
    ],
)
def test_extension_headers_follow_in_wire_order(name: str, headers: tuple[ExtensionHeader, ...], length: int) -> None:
    opcode = OPCODES[opcode_named(name)]
    assert opcode.headers == headers
    assert opcode.header_bytes == length


def test_an_unknown_name_is_an_error_that_shows_the_form() -> None:
    with pytest.raises(KeyError, match="RC_RDMA_WRITE_ONLY"):
        opcode_named("WRITE")
