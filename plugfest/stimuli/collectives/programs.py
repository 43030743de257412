"""How collective benchmarks are started: typed options in, command lines out."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, model_validator

from plugfest.records import Record
from plugfest.stimuli.collectives.records import Collective

Bytes = Annotated[int, Field(ge=1)]


class Tool(StrEnum):
    """Benchmark families by the form of their options and outputs."""

    NCCL_TESTS = "nccl-tests"
    RCCL_TESTS = "rccl-tests"
    HCCL_TEST = "hccl_test"
    FLAGCX_PERF = "flagcx_perf"


_NCCL = {
    Collective.ALL_REDUCE: "all_reduce_perf",
    Collective.ALL_GATHER: "all_gather_perf",
    Collective.REDUCE_SCATTER: "reduce_scatter_perf",
    Collective.ALL_TO_ALL: "alltoall_perf",
    Collective.BROADCAST: "broadcast_perf",
    Collective.REDUCE: "reduce_perf",
    Collective.SCATTER: "scatter_perf",
    Collective.GATHER: "gather_perf",
    Collective.SEND_RECEIVE: "sendrecv_perf",
}
_HCCL = {
    Collective.ALL_REDUCE: "all_reduce_test",
    Collective.ALL_GATHER: "all_gather_test",
    Collective.REDUCE_SCATTER: "reduce_scatter_test",
    Collective.ALL_TO_ALL: "alltoall_test",
    Collective.BROADCAST: "broadcast_test",
    Collective.REDUCE: "reduce_test",
    Collective.SCATTER: "scatter_test",
}
_FLAGCX = {
    Collective.ALL_REDUCE: "test_allreduce",
    Collective.ALL_GATHER: "test_allgather",
    Collective.REDUCE_SCATTER: "test_reducescatter",
    Collective.ALL_TO_ALL: "test_alltoall",
    Collective.BROADCAST: "test_broadcast",
    Collective.REDUCE: "test_reduce",
    Collective.SCATTER: "test_scatter",
    Collective.GATHER: "test_gather",
    Collective.SEND_RECEIVE: "test_sendrecv",
}
PROGRAMS = {Tool.NCCL_TESTS: _NCCL, Tool.RCCL_TESTS: _NCCL, Tool.HCCL_TEST: _HCCL, Tool.FLAGCX_PERF: _FLAGCX}


class Benchmark(Record):
    """One collective over a range of sizes."""

    tool: Tool
    collective: Collective
    smallest: Bytes = 2**20
    """Bytes."""
    largest: Bytes = 2**30
    """Bytes."""
    factor: Annotated[int, Field(ge=2)] = 2
    """Each size is so many times the one before."""
    iterations: Annotated[int, Field(ge=1)] = 100
    warm_up_iterations: Annotated[int, Field(ge=0)] = 5
    devices_per_host: Annotated[int, Field(ge=1)] = 8
    """Accelerators that one host contributes."""

    @model_validator(mode="after")
    def _possible(self) -> "Benchmark":
        if self.smallest > self.largest:
            raise ValueError(f"expected smallest <= largest, got {self.smallest} and {self.largest} bytes")
        if self.collective not in PROGRAMS[self.tool]:
            raise ValueError(f"{self.tool} has no program for {self.collective}")
        return self

    @property
    def program(self) -> str:
        """Name of the program."""
        return PROGRAMS[self.tool][self.collective]

    def command(self, folder: str | None = None) -> tuple[str, ...]:
        """Program and arguments, data always checked where the tool can; `folder` is where the programs are."""
        program = f"{folder.rstrip('/')}/{self.program}" if folder else self.program
        sizes = ("-b", str(self.smallest), "-e", str(self.largest), "-f", str(self.factor))
        rounds = ("-n", str(self.iterations), "-w", str(self.warm_up_iterations))
        match self.tool:
            case Tool.HCCL_TEST:
                return (program, *sizes, *rounds, "-p", str(self.devices_per_host), "-c", "1")
            case Tool.FLAGCX_PERF:
                return (program, *sizes, *rounds)
            case _:
                # one process an accelerator, as mpirun starts them
                return (program, *sizes, *rounds, "-g", "1", "-c", "1")


def mpirun(benchmark: Benchmark, hosts: tuple[str, ...], environment: dict[str, str], folder: str) -> tuple[str, ...]:
    """The whole command on the first of `hosts`, one process an accelerator; ValueError without hosts."""
    if not hosts:
        raise ValueError("expected at least one host")
    slots = ",".join(f"{host}:{benchmark.devices_per_host}" for host in hosts)
    variables = [part for name, value in environment.items() for part in ("-x", f"{name}={value}")]
    ranks = str(len(hosts) * benchmark.devices_per_host)
    return ("mpirun", "-np", ranks, "--host", slots, "--bind-to", "none", *variables, *benchmark.command(folder))
