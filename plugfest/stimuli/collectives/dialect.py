"""Outputs of collective benchmarks as ``plugfest device parse --dialect collective`` reads them."""

from collections.abc import Callable

from plugfest.accelerators.family import family_dialect
from plugfest.devices.dialects.output import Output
from plugfest.devices.dialects.reading import Evidence, Question, Reading
from plugfest.stimuli.collectives import flagcx_perf, hccl_test, nccl_tests
from plugfest.stimuli.collectives.programs import PROGRAMS, Tool
from plugfest.stimuli.collectives.records import CollectiveReport

Parser = Callable[[Output], tuple[CollectiveReport, ...]]


def _reading(tool: Tool, parse: Parser, evidence: Evidence) -> Reading:
    programs = PROGRAMS[tool].values()
    forms = (tool.value, *(form for program in programs for form in (f"{program} {{options}}", program)))
    started = (f"mpirun {{options}}{program}" for program in programs)
    with_options = (f"mpirun {{options}}{program} {{more}}" for program in programs)
    return Reading((*forms, *started, *with_options), (Question.TRAFFIC,), parse, evidence)


DIALECT = family_dialect(
    "collective",
    "Collective benchmarks: nccl-tests, rccl-tests, hccl_test, FlagCX",
    (
        _reading(Tool.NCCL_TESTS, nccl_tests.parse, Evidence.DEVICE),
        Reading((Tool.RCCL_TESTS.value,), (Question.TRAFFIC,), nccl_tests.parse, Evidence.MANUAL),
        _reading(Tool.HCCL_TEST, hccl_test.parse, Evidence.MANUAL),
        _reading(Tool.FLAGCX_PERF, flagcx_perf.parse, Evidence.MANUAL),
    ),
    "FlagCX compares no data, and hccl_test prints NULL where nobody did: both count as unchecked.",
)
