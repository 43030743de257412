"""Command lines of collective benchmarks."""

import pytest
from pydantic import ValidationError

from plugfest.devices.dialects.registry import dialect
from plugfest.stimuli.collectives.programs import PROGRAMS, Benchmark, Tool, mpirun
from plugfest.stimuli.collectives.records import Collective


def test_data_is_always_checked_where_the_tool_can() -> None:
    nccl = Benchmark(tool=Tool.NCCL_TESTS, collective=Collective.ALL_REDUCE, smallest=8, largest=64, iterations=20)
    assert " ".join(nccl.command("/opt/nccl-tests/build")) == (
        "/opt/nccl-tests/build/all_reduce_perf -b 8 -e 64 -f 2 -n 20 -w 5 -g 1 -c 1"
    )
    hccl = Benchmark(tool=Tool.HCCL_TEST, collective=Collective.ALL_GATHER, smallest=8, largest=64, devices_per_host=16)
    assert " ".join(hccl.command()) == "all_gather_test -b 8 -e 64 -f 2 -n 100 -w 5 -p 16 -c 1"


def test_mpirun_starts_one_process_an_accelerator() -> None:
    benchmark = Benchmark(tool=Tool.RCCL_TESTS, collective=Collective.ALL_TO_ALL, devices_per_host=4)
    command = mpirun(benchmark, ("amd-1", "amd-2"), {"NCCL_IB_GID_INDEX": "3"}, "/opt/rccl-tests/")
    assert command[:8] == ("mpirun", "-np", "8", "--host", "amd-1:4,amd-2:4", "--bind-to", "none", "-x")
    assert command[8:10] == ("NCCL_IB_GID_INDEX=3", "/opt/rccl-tests/alltoall_perf")
    with pytest.raises(ValueError, match="at least one host"):
        mpirun(benchmark, (), {}, "/opt")


def test_impossible_benchmarks_are_refused() -> None:
    with pytest.raises(ValidationError, match="smallest <= largest"):
        Benchmark(tool=Tool.NCCL_TESTS, collective=Collective.ALL_REDUCE, smallest=9, largest=8)
    with pytest.raises(ValidationError, match="hccl_test has no program for gather"):
        Benchmark(tool=Tool.HCCL_TEST, collective=Collective.GATHER)


@pytest.mark.parametrize("tool", [Tool.NCCL_TESTS, Tool.HCCL_TEST, Tool.FLAGCX_PERF])
def test_the_output_of_every_command_can_be_read(tool: Tool) -> None:
    for collective in PROGRAMS[tool]:
        benchmark = Benchmark(tool=tool, collective=collective)
        for command in (benchmark.command(), mpirun(benchmark, ("a", "b"), {"X": "1"}, "/opt/tests")):
            reading, _ = dialect("collective").find(" ".join(command))
            assert reading.parse.__module__.rpartition(".")[2] in (tool.value, tool.value.replace("-", "_"))


def test_bus_factors() -> None:
    factors = {collective: collective.bus_factor(4) for collective in Collective}
    assert factors[Collective.ALL_REDUCE] == 1.5
    partial = (Collective.ALL_GATHER, Collective.REDUCE_SCATTER, Collective.ALL_TO_ALL)
    assert {factors[each] for each in partial} == {0.75}
    assert {factors[each] for each in (Collective.BROADCAST, Collective.SEND_RECEIVE)} == {1.0}
    assert Collective.ALL_REDUCE.bus_factor(1) == 0.0
    with pytest.raises(ValueError, match="at least one rank"):
        Collective.ALL_REDUCE.bus_factor(0)
