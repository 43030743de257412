"""Divides a run over several controllers: each runs its shard, `plugfest merge` makes one run of them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field

from plugfest.errors import UsageError
from plugfest.evidence.files import document, sha256_of_bytes, write_whole
from plugfest.evidence.folder import read_document
from plugfest.evidence.records import Digest
from plugfest.records import Record
from plugfest.scheduling.planned import PlannedTest

SHARD = "shard.json"
"""File in the folder of a run that is one shard."""


class Shard(Record):
    """One of several equal parts of a run."""

    number: Annotated[int, Field(ge=1)]
    """From 1."""
    of: Annotated[int, Field(ge=1)]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``2/4``; UsageError for anything else."""
        match = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)", text)
        if match is None or int(match[1]) > int(match[2]):
            raise UsageError(f"--shard={text}: expected the shard's number and how many there are, such as 2/4")
        return cls(number=int(match[1]), of=int(match[2]))

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


class ShardRecord(Record):
    """``shard.json``: which part of which run this is; enough to prove that several parts are a whole."""

    shard: Shard
    collection: Digest
    """Of the ids of all tests of the run."""
    tests: tuple[str, ...]
    """Ids of this shard's tests."""
    exit_status: int | None = None
    """None while it runs, and for ever if it was killed."""

    def write(self, folder: Path) -> None:
        """Keep in the folder of the run."""
        write_whole(folder / SHARD, document(self))


def read_shard(folder: Path) -> ShardRecord:
    """The record in a run's folder; UsageError if the run was no shard."""
    if not (folder / SHARD).is_file():
        raise UsageError(f"{folder}: no {SHARD} in it – only runs with --shard=NUMBER/COUNT are merged")
    return read_document(folder / SHARD, ShardRecord)


def divide(tests: Sequence[PlannedTest], shard: Shard) -> list[bool]:
    """Which of the tests belong to a shard; groups stay together.

    Every controller divides alike, because the result depends on nothing but the tests, their groups and durations.
    """
    weights: dict[str, float] = defaultdict(float)
    for test in sorted(tests, key=lambda each: each.name):
        weights[test.group] += test.seconds
    loads = [0.0] * shard.of
    home: dict[str, int] = {}
    for group in sorted(weights, key=lambda each: (-weights[each], each)):
        lightest = min(range(shard.of), key=loads.__getitem__)
        loads[lightest] += weights[group]
        home[group] = lightest + 1
    return [home[test.group] == shard.number for test in tests]


def collection_digest(tests: Iterable[str]) -> Digest:
    """Digest of the ids of tests, in whatever order they are given."""
    return sha256_of_bytes("\n".join(sorted(tests)).encode())


def check_whole(shards: Sequence[ShardRecord]) -> None:
    """UsageError unless the shards are all parts of one run, each once, with every test in exactly one."""
    first = shards[0]
    numbers = sorted(each.shard.number for each in shards)
    if any((each.shard.of, each.collection) != (first.shard.of, first.collection) for each in shards):
        raise UsageError(
            "these are shards of different runs: they were collected or divided differently – start all with the same "
            "arguments and --expected-durations on the same revision"
        )
    if numbers != list(range(1, first.shard.of + 1)):
        raise UsageError(f"expected each of the shards 1 to {first.shard.of} once, got {', '.join(map(str, numbers))}")
    tests = [test for each in shards for test in each.tests]
    if len(tests) != len(set(tests)):
        double = next(test for test in tests if tests.count(test) > 1)
        raise UsageError(f"two shards hold {double}: they were divided by different durations")
    if collection_digest(tests) != first.collection:
        raise UsageError("some test is in no shard: they were divided by different durations")
