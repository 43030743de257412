import zipfile
from importlib.resources import files
from io import BytesIO
from typing import cast

import pytest
from pydantic import ValidationError

from plugfest.errors import CommandError
from plugfest.sessions.remote_process import RemoteProcess
from plugfest.stimuli.guest.operations import Slot, Verb
from plugfest.stimuli.guest.rdma_endpoint import Endpoint
from plugfest.stimuli.rdma_endpoint import RdmaConnection, RdmaEndpoint
from plugfest.stimuli.rdma_plan import RdmaOperation, RdmaOperationResult, RdmaPlan, RdmaResult
from plugfest.stimuli.rdma_program import archive
from tests.stimuli.memory_fabric import Fabric, Fault, InProcess

SIZES = (1, 63, 64, 4096, 65537)
EVERYTHING = tuple(
    RdmaOperation(verb=verb, size=size, messages=4) for verb in Verb for size in ((8,) if verb.atomic else SIZES)
)


def endpoint(fabric: Fabric, name: str, gid_index: int) -> RdmaEndpoint:
    process = cast(RemoteProcess, InProcess(Endpoint(fabric.make)))  # type: ignore[arg-type]
    return RdmaEndpoint(process, name, "rxe0", gid_index)


def connection(plan: RdmaPlan, fault: Fault | None = None) -> RdmaConnection:
    fabric = Fabric(fault)
    return RdmaConnection(endpoint(fabric, "h1", 1), endpoint(fabric, "h2", 2), plan)


def run(*operations: RdmaOperation, fault: Fault | None = None, queue_pairs: int = 2) -> RdmaResult:
    return connection(RdmaPlan(operations=operations, queue_pairs=queue_pairs, seconds=1), fault).run()


def only(result: RdmaResult) -> RdmaOperationResult:
    (operation,) = result.operations
    return operation


def flip(verb: Verb, slot: Slot, data: bytes) -> bytes:
    """One bit of the last byte of message 2 does not survive."""
    return data[:-1] + bytes([data[-1] ^ 0x40]) if slot.message == 2 else data


def test_all_verbs_and_sizes_arrive_and_every_byte_is_compared() -> None:
    result = run(*EVERYTHING)
    assert [operation.problems for operation in result.operations] == [()] * len(EVERYTHING)
    compared = {str(item.operation): item.bytes_compared for item in result.operations}
    assert compared["4 × write of 65537 bytes"] == 65537 * 4 * 2
    assert compared["4 × fetch_add of 8 bytes"] == (4 + 1) * 8 * 2
    assert all(item.requester.completions == {"SUCCESS": 8} for item in result.operations)


def test_the_numbers_are_known_before_anything_is_sent() -> None:
    sent = []

    def watch(verb: Verb, slot: Slot, data: bytes) -> bytes:
        sent.append(verb)
        return data

    two = connection(RdmaPlan(operations=(RdmaOperation(verb=Verb.WRITE, size=8),), queue_pairs=2), watch)
    known = two.prepare()
    assert (known.requester_gid, known.responder_gid) == ("::ffff:10.0.0.1", "::ffff:10.0.0.2")
    assert [pair.requester.qpn for pair in known.queue_pairs] == [17, 18]
    assert sent == []
    two.go()
    assert two.result().connection == known
    assert sent == [Verb.WRITE, Verb.WRITE]


@pytest.mark.parametrize("verb", [verb for verb in Verb if not verb.atomic])
def test_one_flipped_bit_is_found_in_every_verb(verb: Verb) -> None:
    item = only(run(RdmaOperation(verb=verb, size=100, messages=4), fault=flip))
    side = item.requester if verb is Verb.READ else item.responder
    assert side.mismatch is not None
    assert (side.mismatch.queue_pair, side.mismatch.message, side.mismatch.offset) == (0, 2, 99)
    assert int(side.mismatch.expected, 16) ^ int(side.mismatch.got, 16) == 0x40
    name = "requester" if verb is Verb.READ else "responder"
    assert item.problems[0].startswith(f"{name}: queue pair 0, message 2 differs at byte 99: expected ")


@pytest.mark.parametrize("verb", [Verb.FETCH_ADD, Verb.COMPARE_SWAP])
def test_a_wrong_original_value_of_an_atomic_is_found(verb: Verb) -> None:
    item = only(run(RdmaOperation(verb=verb, size=8, messages=4), fault=flip))
    assert item.requester.mismatch is not None
    assert item.requester.mismatch.message == 2


def test_a_message_that_never_completes_is_missing_and_its_bytes_differ() -> None:
    def lose(verb: Verb, slot: Slot, data: bytes) -> bytes | None:
        return None if slot.message == 1 else data

    item = only(run(RdmaOperation(verb=Verb.SEND, size=16, messages=3), fault=lose, queue_pairs=1))
    assert (item.requester.missing, item.responder.missing) == (1, 1)
    assert item.requester.completions == {"SUCCESS": 2}
    assert "requester: 1 work requests not completed in time" in item.problems
    assert item.responder.mismatch is not None


def test_a_short_message_and_a_wrong_immediate_are_told_apart() -> None:
    def cut(verb: Verb, slot: Slot, data: bytes) -> bytes:
        return data[:-1]

    item = only(run(RdmaOperation(verb=Verb.SEND_WITH_IMMEDIATE, size=16), fault=cut, queue_pairs=1))
    assert item.responder.wrong_receives == ("queue pair 0, message 0: 15 bytes announced, 16 sent",)


def test_endpoints_serve_one_connection_after_the_other() -> None:
    fabric = Fabric()
    one, other = endpoint(fabric, "h1", 1), endpoint(fabric, "h2", 2)
    plan = RdmaPlan(operations=(RdmaOperation(verb=Verb.READ, size=10),))
    for requester, responder in ((one, other), (other, one)):
        assert only(RdmaConnection(requester, responder, plan).run()).problems == ()


def test_a_failure_on_the_host_is_told_in_its_own_words() -> None:
    def explode(verb: Verb, slot: Slot, data: bytes) -> bytes:
        raise OSError("Cannot allocate memory")

    with pytest.raises(CommandError, match=r"h1: .*write of 8 bytes on h1: OSError: Cannot allocate memory"):
        run(RdmaOperation(verb=Verb.WRITE, size=8), fault=explode)


def test_an_unknown_message_is_refused() -> None:
    end = endpoint(Fabric(), "h1", 1)
    end.tell("dance")
    with pytest.raises(CommandError, match="expected one of prepare, connect, receive, go, verify, close in version 1"):
        end.answer("danced", "dancing")


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"verb": "fetch_add", "size": 16}, "fetch_add has 8 bytes, not 16"),
        ({"verb": "teleport", "size": 16}, "Input should be 'write'"),
        ({"verb": "write", "size": -1}, "greater than or equal to 0"),
        ({"verb": "write", "size": 1, "messages": 0}, "greater than or equal to 1"),
    ],
)
def test_impossible_operations_are_refused(fields: dict[str, object], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        RdmaOperation.model_validate(fields)


OTHER_PROGRAMS = {"raw_packets.py"}
"""Sent to hosts by themselves."""


def test_the_archive_holds_every_module_of_the_program() -> None:
    names = zipfile.ZipFile(BytesIO(archive())).namelist()
    folder = files("plugfest.stimuli.guest")
    modules = {item.name for item in folder.iterdir() if item.name.endswith(".py")} - OTHER_PROGRAMS
    assert {f"plugfest/stimuli/guest/{module}" for module in modules} < set(names)
    assert "__main__.py" in names


def test_late_receives_are_posted_when_told() -> None:
    plan = RdmaPlan(operations=(RdmaOperation(verb=Verb.SEND, size=64, messages=2),), late_receives=True, seconds=1)
    late = connection(plan)
    late.prepare()
    late.post_receives()
    late.go()
    assert only(late.result()).problems == ()
    early = connection(plan)
    early.prepare()
    with pytest.raises(CommandError, match="IndexError"):
        early.run()
