"""JUnit XML for continuous integration: a *failure* is a defect of the devices, an *error* is everything else."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from plugfest.reporting.outcomes import OUTCOME_OF_TAG, TestOutcome, tag_in

VERDICTS = ("failure", "error", "skipped")

COUNTS = ("tests", "failures", "errors", "skipped")


def separate_errors(junit: Path) -> None:
    """Rewrite pytest's failures that do not judge the devices (lab, harness, evidence) as errors, and recount."""
    tree = ElementTree.parse(junit)
    for element in tree.iter("failure"):
        tag = tag_in(element.get("message", ""))
        if tag and OUTCOME_OF_TAG[tag] is not TestOutcome.FAILED:
            element.tag = "error"
    for suite in tree.iter("testsuite"):
        _drop_repeated(suite)
        recount(suite)
    write_tree(tree, junit)


def recount(suite: ElementTree.Element) -> None:
    """Make the totals of a suite agree with its test cases."""
    suite.set("tests", str(len({_name(case) for case in suite.iter("testcase")})))
    for attribute, kind in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(attribute, str(len(list(suite.iter(kind)))))


def write_tree(tree: "ElementTree.ElementTree[ElementTree.Element]", junit: Path) -> None:
    """Write a JUnit file so that nobody sees half of it."""
    fresh = junit.with_suffix(".tmp")
    tree.write(fresh, encoding="utf-8", xml_declaration=True)
    fresh.replace(junit)


def _drop_repeated(suite: ElementTree.Element) -> None:
    """Attempts that were repeated say nothing; without their successors they would look passed."""
    last: dict[tuple[str, str], ElementTree.Element] = {_name(case): case for case in suite.findall("testcase")}
    for case in suite.findall("testcase"):
        silent = not any(case.find(verdict) is not None for verdict in VERDICTS)
        if silent and case is not last[_name(case)]:
            suite.remove(case)


def _name(case: ElementTree.Element) -> tuple[str, str]:
    return case.get("classname", ""), case.get("name", "")


def merge_junit(sources: Sequence[Path], junit: Path) -> None:
    """Write the test cases of several runs as one suite."""
    suites = [suite for source in sources for suite in ElementTree.parse(source).iter("testsuite")]
    root = ElementTree.Element("testsuites", name="pytest tests")
    merged = ElementTree.SubElement(root, "testsuite", suites[0].attrib)
    for suite in suites:
        merged.extend(suite.iter("testcase"))
    for name in COUNTS:
        merged.set(name, str(sum(int(suite.get(name, "0")) for suite in suites)))
    merged.set("time", f"{sum(float(suite.get('time', '0')) for suite in suites):.3f}")
    merged.set("timestamp", min(suite.get("timestamp", "") for suite in suites))
    ElementTree.ElementTree(root).write(junit, encoding="utf-8", xml_declaration=True)
