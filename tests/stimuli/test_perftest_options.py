import pytest

from plugfest.errors import UsageError
from plugfest.stimuli.perftest_options import AcceleratorMemory, BackEnd, PerftestOptions, Program


def test_options_print_themselves_in_perftest_words() -> None:
    options = PerftestOptions(size=4096, iterations=100, queue_pairs=4, path_mtu=1024, traffic_class=106, timeout=18)
    assert options.arguments(Program.WRITE_BW) == (
        "--size=4096",
        "--iters=100",
        "--qp=4",
        "--mtu=1024",
        "--tclass=106",
        "--qp-timeout=18",
    )


def test_flags_have_no_value_and_unset_options_are_left_to_the_tool() -> None:
    assert PerftestOptions(bidirectional=True, events=False).arguments(Program.SEND_BW) == ("--bidirectional",)
    assert PerftestOptions().arguments(Program.READ_LAT) == ()


def test_zero_is_a_value() -> None:
    assert PerftestOptions(traffic_class=0, timeout=0).arguments(Program.READ_BW) == ("--tclass=0", "--qp-timeout=0")


def test_atomics_have_no_size_option() -> None:
    assert PerftestOptions(size=8, iterations=5).arguments(Program.ATOMIC_BW) == ("--iters=5",)
    with pytest.raises(UsageError, match=r"ib_atomic_bw: atomic operations have 8 bytes, not 64"):
        PerftestOptions(size=64).arguments(Program.ATOMIC_BW)


@pytest.mark.parametrize("options", [PerftestOptions(iterations=4), PerftestOptions(iterations=9, seconds=1)])
def test_runs_perftest_would_refuse_are_refused_here(options: PerftestOptions) -> None:
    with pytest.raises(UsageError, match="either a duration or at least 5 iterations"):
        options.arguments(Program.WRITE_BW)


def test_accelerator_memory_is_named_in_perftest_words() -> None:
    cuda = PerftestOptions(queue_pairs=2, memory=AcceleratorMemory(BackEnd.CUDA, device=3, dma_buffer=True))
    assert cuda.arguments(Program.WRITE_BW) == ("--qp=2", "--use_cuda=3", "--use_cuda_dmabuf")
    assert PerftestOptions(memory=AcceleratorMemory(BackEnd.MLU)).arguments(Program.READ_BW) == ("--use_mlu=0",)
    with pytest.raises(UsageError, match="no DMA buffers of opencl memory"):
        AcceleratorMemory(BackEnd.OPENCL, dma_buffer=True).arguments()
