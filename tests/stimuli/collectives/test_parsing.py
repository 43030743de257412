"""Outputs of collective benchmarks become the right numbers, or a clear error; never a wrong number."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from plugfest.devices.dialects.registry import dialect
from plugfest.errors import CommandError, ParseError
from plugfest.stimuli.collectives.records import CollectiveReport, Correctness

RECORDINGS = Path(__file__).parent / "recordings"
COMMANDS = {
    "nccl_all_reduce_16": "all_reduce_perf -b 8M -e 32M -f 2 -g 1",
    "nccl_all_reduce_wrong": "mpirun -np 4 /opt/nccl-tests/build/all_reduce_perf -b 8M -e 32M",
    "nccl_tagged_by_mpirun": "mpirun -np 4 --tag-output ./all_reduce_perf -b 256K -e 4M -f 4 -g 1",
    "rccl_all_to_all_unchecked": "rccl-tests",
    "nccl_old_error_column": "/opt/nccl-tests/build/all_gather_perf -b 4M -e 4M -g 2",
    "hccl_all_gather": "mpirun -n 8 ./bin/all_gather_test -b 64K -e 256K -f 2 -p 8",
    "flagcx_all_reduce": "test_allreduce -b 2M -e 4M -f 2",
}
OK, WRONG, UNCHECKED = Correctness.CORRECT, Correctness.WRONG, Correctness.UNCHECKED


def text(name: str) -> str:
    return (RECORDINGS / f"{name}.txt").read_text()


def report(name: str, changed: str | None = None) -> CollectiveReport:
    (found,) = dialect("collective").parse(COMMANDS[name], changed or text(name), device="gpu-a")
    assert isinstance(found, CollectiveReport)
    return found


def test_nccl_tests() -> None:
    found = report("nccl_all_reduce_16")
    assert (found.ranks, found.iterations, found.warm_up_iterations) == (4, 40, 5)
    assert (found.average_bus_gbytes_per_s, found.out_of_bounds) == (65.6865, 0)
    assert [(row.size, row.in_place, row.time_us) for row in found.rows] == [
        (8388608, False, 212.4),
        (8388608, True, 211.8),
        (16777216, False, 381.7),
        (16777216, True, 380.2),
        (33554432, False, 702.6),
        (33554432, True, 701.9),
    ]
    first = found.rows[0]
    assert (first.algorithm_gbytes_per_s, first.bus_gbytes_per_s) == (39.49, 59.24)
    assert (first.correctness, first.wrong_elements) == (OK, 0)


def test_wrong_elements_are_counted() -> None:
    found = report("nccl_all_reduce_wrong")
    assert found.out_of_bounds == 24
    assert [row.wrong_elements for row in found.rows] == [0, 0, 24, 0, 0, 0]
    assert found.rows[2].correctness is WRONG


def test_marks_of_the_launcher_and_log_lines_are_left_out() -> None:
    found = report("nccl_tagged_by_mpirun")
    assert (found.ranks, found.iterations, found.average_bus_gbytes_per_s) == (4, 30, 33.0267)
    assert [(row.size, row.in_place, row.time_us, row.bus_gbytes_per_s) for row in found.rows] == [
        (262144, False, 31.27, 12.57),
        (262144, True, 30.94, 12.71),
        (1048576, False, 47.63, 33.02),
        (1048576, True, 47.11, 33.39),
        (4194304, False, 118.4, 53.13),
        (4194304, True, 118.0, 53.34),
    ]
    untagged = text("nccl_tagged_by_mpirun").replace("[1,0]<stdout>:", "    ").replace(" OK\n", "\n")
    assert report("nccl_tagged_by_mpirun", untagged.replace("values : 0", "values : 0 OK")) == found
    labelled = text("nccl_tagged_by_mpirun").replace("[1,0]<stdout>:", "0: ")
    assert report("nccl_tagged_by_mpirun", labelled) == found


def test_columns_that_options_add() -> None:
    lines = text("nccl_all_reduce_16").splitlines(keepends=True)
    added = "".join(
        f"{line.rstrip()} timestamp\n"
        if "busbw" in line and line.startswith("#")
        else f"{line.rstrip()}  2026-09-14 11:00:05\n"
        if line[:1] == " "
        else line
        for line in lines
    )
    assert added != text("nccl_all_reduce_16")
    assert report("nccl_all_reduce_16", added) == report("nccl_all_reduce_16")
    of_processor = text("nccl_all_reduce_16").replace(" time ", " cputime ")
    assert report("nccl_all_reduce_16", of_processor) == report("nccl_all_reduce_16")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_lost_digit_is_noticed(name: str) -> None:
    """Size, time and bandwidth of a row must agree, and the average be that of the rows."""
    whole, chance = report(name), random.Random(name)
    first = text(name).index("data_size" if name.startswith("hccl") else "Comm size" if "flagcx" in name else "algbw")
    digits = [place for place in range(first, len(text(name))) if text(name)[place].isdigit()]
    for place in chance.sample(digits, min(120, len(digits))):
        try:
            found = report(name, text(name)[:place] + text(name)[place + 1 :])
        except (ParseError, CommandError):
            continue
        for row, known in zip(found.rows, whole.rows, strict=True):
            assert row.size == known.size
            assert row.time_us == pytest.approx(known.time_us, rel=0.02)
            assert row.algorithm_gbytes_per_s == pytest.approx(known.algorithm_gbytes_per_s, rel=0.02, abs=0.01)


def test_what_nobody_checked_is_unchecked() -> None:
    assert {row.correctness for row in report("rccl_all_to_all_unchecked").rows} == {UNCHECKED}
    assert {row.correctness for row in report("flagcx_all_reduce").rows} == {UNCHECKED}
    assert [row.correctness for row in report("hccl_all_gather").rows] == [OK, OK, UNCHECKED]


def test_older_releases_print_the_largest_error_and_leave_columns_empty() -> None:
    found = report("nccl_old_error_column")
    assert [(row.algorithm_gbytes_per_s, row.correctness, row.wrong_elements) for row in found.rows] == [
        (43.11, OK, None),
        (43.33, OK, None),
    ]
    assert (
        report("nccl_old_error_column", text("nccl_old_error_column").replace("5e-07", "2e+01")).rows[1].correctness
        is WRONG
    )


def test_hccl_test_and_flagcx() -> None:
    hccl, flagcx = report("hccl_all_gather"), report("flagcx_all_reduce")
    assert (hccl.iterations, hccl.warm_up_iterations) == (50, 10)
    assert next((row.size, row.time_us, row.algorithm_gbytes_per_s) for row in hccl.rows) == (65536, 88.12, 0.74371)
    assert hccl.rows[0].bus_gbytes_per_s is None
    assert [(row.size, round(row.time_us, 3), row.bus_gbytes_per_s) for row in flagcx.rows] == [
        (2097152, 911.0, 4.028558),
        (4194304, 1630.0, 4.503088),
    ]


@pytest.mark.parametrize(
    ("name", "old", "new", "words"),
    [
        ("nccl_all_reduce_16", "# Avg bus bandwidth    : 65.6865 \n", "", "cut off: the average bus bandwidth"),
        ("nccl_all_reduce_16", "#wrong     time", "#bad     time", "expected size, count, … and twice time"),
        ("nccl_all_reduce_16", "0 OK", "3 OK", "contradict each other"),
        ("nccl_all_reduce_16", "39.49   59.24", "39.49", "expected 13 values|not a whole number|not a number"),
        ("nccl_all_reduce_16", "39.49   59.24", "38.49   59.24", "a digit is missing or wrong"),
        ("nccl_all_reduce_16", "39.49   59.24", "39.49   5.24", "the rows above have an average of"),
        ("hccl_all_gather", "0.74371", "0.64371", "contradict each other"),
        ("flagcx_all_reduce", "0.000911", "0.000811", "a digit is missing or wrong"),
        ("nccl_all_reduce_16", "8388608       2097152", "8.3e6       2097152", "not a whole number"),
        ("hccl_all_gather", "success", "passed", "expected one of success, failed, NULL"),
        ("hccl_all_gather", "data_size", "size", "no row of results"),
        ("flagcx_all_reduce", "GB/s; Bus", "MB/s; Bus", "expected size, elapsed time"),
    ],
)
def test_another_form_is_an_error(name: str, old: str, new: str, words: str) -> None:
    assert old in text(name)
    with pytest.raises(ParseError, match=words):
        report(name, text(name).replace(old, new, 1))


def test_two_runs_in_one_output_are_not_mixed() -> None:
    for name in ("nccl_all_reduce_16", "nccl_tagged_by_mpirun", "hccl_all_gather"):
        with pytest.raises(ParseError, match="came twice"):
            report(name, text(name) * 2)


@pytest.mark.parametrize("name", COMMANDS)
def test_mutilated_output_gives_recorded_numbers_or_an_error(name: str) -> None:
    whole = {row.model_dump_json() for row in report(name).rows}
    lines, chance = text(name).splitlines(keepends=True), random.Random(name)
    for _ in range(300):
        kept = [line for line in lines if chance.random() > 0.15]
        chance.shuffle(kept) if chance.random() < 0.3 else None
        cut = "".join(kept)[: chance.randrange(1, len(text(name)))]
        try:
            found = report(name, cut)
        except (ParseError, CommandError):
            continue
        # a line cut within a number is refused as it does not end in a newline
        assert {row.model_dump_json() for row in found.rows} <= whole, cut


def test_the_command_line_reads_saved_outputs() -> None:
    file = RECORDINGS / "hccl_all_gather.txt"
    command = ["device", "parse", "--dialect", "collective", "--command", "hccl_test", str(file), "--json"]
    answer = subprocess.run([sys.executable, "-m", "plugfest", *command], capture_output=True, text=True, check=True)
    assert '"unchecked"' in answer.stdout
    assert json.loads(answer.stdout)
