"""Verdicts on collective benchmarks: is the data right, do the figures agree with each other, are they good enough?"""

from plugfest.stimuli.collectives.records import Collective, CollectiveReport, CollectiveRow, Correctness
from plugfest.verdicts.verdict import Reason, Verdict, row, verdict

REACHED = 0.9
"""Share of the site's reference that must be reached, as NCCL_TESTS_MIN_BW is used (nccl-tests)."""
ROUNDING = 0.02
"""Relative difference that figures printed with two decimals may have."""
SMALLEST_ROUNDED = 0.005
JUDGED = {Correctness.CORRECT: True, Correctness.WRONG: False, Correctness.UNCHECKED: None}


def data_is_correct(report: CollectiveReport) -> Verdict:
    """Every element that arrived was compared and is right; what nobody compared is not taken for right."""
    reasons = [
        row(f"{report.tool} {_name(each)}", "correct", _found(each), JUDGED[each.correctness]) for each in report.rows
    ]
    if report.out_of_bounds is not None:
        reasons.append(row(f"{report.tool} values out of bounds", 0, report.out_of_bounds, not report.out_of_bounds))
    return verdict("collective results are correct", reasons, "nccl-tests -c 1; hccl_test check_result")


def _name(measured: CollectiveRow) -> str:
    return f"{measured.size} bytes {'in place' if measured.in_place else 'out of place'}"


def _found(measured: CollectiveRow) -> str:
    wrong = f", {measured.wrong_elements} elements" if measured.wrong_elements else ""
    return f"{measured.correctness}{wrong}"


def figures_agree(report: CollectiveReport, collective: Collective, ranks: int) -> Verdict:
    """Algorithm bandwidth is size through time, and bus bandwidth is that times the factor of the collective."""
    factor = collective.bus_factor(ranks)
    reasons: list[Reason] = []
    for each in report.rows:
        if each.time_us > 0:
            expected = each.size / each.time_us / 1000
            reasons.append(_near(f"{_name(each)} algorithm bandwidth", expected, each.algorithm_gbytes_per_s))
        if each.bus_gbytes_per_s is not None:
            expected = each.algorithm_gbytes_per_s * factor
            reasons.append(_near(f"{_name(each)} bus bandwidth", expected, each.bus_gbytes_per_s))
    if report.ranks is not None:
        reasons.append(row(f"{report.tool} ranks", ranks, report.ranks, report.ranks == ranks))
    claim = f"figures of {collective} over {ranks} ranks agree with each other (bus factor {factor:.3f})"
    return verdict(claim, reasons, "nccl-tests, doc/PERFORMANCE.md")


def _near(subject: str, expected: float, got: float) -> Reason:
    tolerance = max(ROUNDING * expected, SMALLEST_ROUNDED)
    return row(subject, f"{expected:.2f} GB/s", f"{got:.2f} GB/s", abs(got - expected) <= tolerance)


def reaches_reference(report: CollectiveReport, collective: Collective, ranks: int, reference: float) -> Verdict:
    """The mean bus bandwidth is at least nine tenths of the site's reference, in 10^9 bytes per second."""
    factor = collective.bus_factor(ranks)
    bus = [_bus(each, factor) for each in report.rows]
    mean = report.average_bus_gbytes_per_s
    if mean is None:
        mean = sum(bus) / len(bus) if bus else None
    got = "unmeasured" if mean is None else f"{mean:.2f} GB/s"
    ok = None if mean is None else mean >= REACHED * reference
    reasons = [row(f"{report.tool} mean bus bandwidth", f"at least {REACHED * reference:.2f} GB/s", got, ok)]
    judged = verdict(f"{collective} over {ranks} ranks reaches the site's reference", reasons, "NCCL_TESTS_MIN_BW")
    return judged.model_copy(update={"figures": {"bus_gbytes_per_s": round(mean, 3)} if mean is not None else {}})


def _bus(measured: CollectiveRow, factor: float) -> float:
    return measured.algorithm_gbytes_per_s * factor if measured.bus_gbytes_per_s is None else measured.bus_gbytes_per_s
