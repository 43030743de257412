"""What can be asked of a perftest program; prints itself as command-line arguments."""

from dataclasses import Field, dataclass, field, fields
from enum import StrEnum
from typing import Any

from plugfest.errors import UsageError


class Program(StrEnum):
    """The perftest programs for connected queue pairs."""

    WRITE_BW = "ib_write_bw"
    READ_BW = "ib_read_bw"
    SEND_BW = "ib_send_bw"
    ATOMIC_BW = "ib_atomic_bw"
    WRITE_LAT = "ib_write_lat"
    READ_LAT = "ib_read_lat"
    SEND_LAT = "ib_send_lat"
    ATOMIC_LAT = "ib_atomic_lat"

    @property
    def atomic(self) -> bool:
        """True for the programs whose messages always have 8 bytes."""
        return "atomic" in self

    @property
    def latency(self) -> bool:
        """True for the programs that measure latency instead of bandwidth."""
        return self.endswith("_lat")


class BackEnd(StrEnum):
    """Accelerators whose memory perftest can use, by its own names (release 25.x)."""

    CUDA = "cuda"
    ROCM = "rocm"
    MLU = "mlu"
    MUSA = "musa"
    HABANA = "hl"
    NEURON = "neuron"
    OPENCL = "opencl"

    @property
    def exports_buffers(self) -> bool:
        """True if its memory can also be registered as a DMA buffer, without a peer memory module."""
        return self not in (BackEnd.HABANA, BackEnd.OPENCL)


@dataclass(frozen=True)
class AcceleratorMemory:
    """Memory of an accelerator instead of the host's.

    The programs must be built for it.  Ascend, MetaX, Biren, Enflame, Iluvatar and Kunlunxin have none.
    """

    back_end: BackEnd
    device: int = 0
    """Index of the accelerator."""
    dma_buffer: bool = False
    """Register it as a DMA buffer instead of through a peer memory module."""

    def arguments(self) -> tuple[str, ...]:
        """As perftest understands it; UsageError for a DMA buffer of a back end that has none."""
        if self.dma_buffer and not self.back_end.exports_buffers:
            raise UsageError(f"perftest registers no DMA buffers of {self.back_end} memory – leave dma_buffer out")
        buffer = (f"--use_{self.back_end}_dmabuf",) if self.dma_buffer else ()
        return (f"--use_{self.back_end}={self.device}", *buffer)


def _option(name: str) -> Any:
    """A field that is printed as ``name=value``, ``name`` if it is True, and not at all if it is None or False."""
    return field(default=None, metadata={"option": name})


@dataclass(frozen=True)
class PerftestOptions:
    """Options that both sides must agree on; None leaves the tool's own default."""

    size: int | None = _option("--size")
    """Message size in bytes."""
    iterations: int | None = _option("--iters")
    """Messages per queue pair, at least 5."""
    seconds: int | None = _option("--duration")
    """Run for this long instead of a number of iterations."""
    queue_pairs: int | None = _option("--qp")
    path_mtu: int | None = _option("--mtu")
    """RDMA path MTU in bytes: 256, 512, 1024, 2048 or 4096."""
    traffic_class: int | None = _option("--tclass")
    """IP TOS octet: DSCP × 4 + ECN codepoint."""
    hop_limit: int | None = _option("--hop_limit")
    """IP time to live."""
    timeout: int | None = _option("--qp-timeout")
    """Local ACK timeout exponent T: 4.096 µs × 2^T.  At least 18 behind a shaper, or it sends duplicates."""
    transmit_depth: int | None = _option("--tx-depth")
    """Work requests in flight per queue pair."""
    outstanding_reads: int | None = _option("--outs")
    """RDMA reads and atomics in flight per queue pair."""
    post_list: int | None = _option("--post_list")
    """Work requests posted at once."""
    megabytes_per_second: int | None = _option("--rate_limit")
    """Limit what the client sends, in 10^6 bytes per second, by its own clock."""
    bidirectional: bool | None = _option("--bidirectional")
    events: bool | None = _option("--events")
    """Sleep on completion events instead of polling: kind to machines with few cores."""

    memory: AcceleratorMemory | None = None
    """Memory of an accelerator; None: of the host.  Each side has its own."""

    def arguments(self, program: Program) -> tuple[str, ...]:
        """The options as `program` understands them.  UsageError for a combination it does not have."""
        if program.atomic and self.size not in (None, 8):
            raise UsageError(f"{program}: atomic operations have 8 bytes, not {self.size}")
        if self.iterations is not None and (self.seconds is not None or self.iterations < 5):
            raise UsageError(f"{program}: give either a duration or at least 5 iterations")
        set_fields = [(item.metadata["option"], getattr(self, item.name)) for item in _printed(self)]
        units = ("--rate_units=M", "--rate_limit_type=SW") if self.megabytes_per_second else ()
        options = tuple(
            option if value is True else f"{option}={value}"
            for option, value in set_fields
            if value is not None and value is not False and not (program.atomic and option == "--size")
        )
        return (*options, *units, *(self.memory.arguments() if self.memory else ()))


def _printed(options: PerftestOptions) -> "list[Field[Any]]":
    return [item for item in fields(options) if "option" in item.metadata]
