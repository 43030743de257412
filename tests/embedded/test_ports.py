import socket

from plugfest.embedded.ports import _RANGE, free_ports


def test_free_ports_differ_and_can_be_bound() -> None:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        ports = free_ports(8, kind)
        assert len(set(ports)) == 8
        assert all(port in _RANGE for port in ports)
        for port in ports:
            with socket.socket(socket.AF_INET, kind) as probe:
                probe.bind(("127.0.0.1", port))


def test_a_taken_port_is_not_offered() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", _RANGE[0]))
        assert _RANGE[0] not in free_ports(len(_RANGE) // 50, socket.SOCK_DGRAM)
