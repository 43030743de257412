"""The JUnit file of a whole night: pytest writes only what it ran since it was started last."""

from pathlib import Path
from xml.etree import ElementTree

from plugfest.evidence.folder import EvidenceFolder
from plugfest.evidence.records import Bundle
from plugfest.reporting.junit import recount, write_tree
from plugfest.reporting.outcomes import TestOutcome

ELEMENTS = {
    TestOutcome.FAILED: "failure",
    TestOutcome.BROKEN: "error",
    TestOutcome.INCONCLUSIVE: "error",
    TestOutcome.FLAKY: "skipped",
    TestOutcome.KNOWN_ISSUE: "skipped",
    TestOutcome.SKIPPED: "skipped",
}


def complete_junit(junit: Path, evidence: EvidenceFolder) -> None:
    """Add every test that the evidence knows and the file does not; the file may be missing or half-written."""
    try:
        tree = ElementTree.parse(junit)
    except (FileNotFoundError, ElementTree.ParseError):
        tree = _empty()
    suite = next(tree.iter("testsuite"))
    known = {(case.get("classname"), case.get("name")) for case in suite.iter("testcase")}
    for bundle in evidence.last_attempts():
        case = _case(bundle.record)
        if (case.get("classname"), case.get("name")) not in known:
            suite.append(case)
    recount(suite)
    write_tree(tree, junit)


def _empty() -> "ElementTree.ElementTree[ElementTree.Element]":
    root = ElementTree.Element("testsuites")
    ElementTree.SubElement(root, "testsuite", name="pytest")
    return ElementTree.ElementTree(root)


def _case(record: Bundle) -> ElementTree.Element:
    path, *names = record.test.split("::")
    classname = ".".join([path.removesuffix(".py").replace("/", "."), *names[:-1]])
    seconds = f"{(record.ended - record.started).total_seconds():.3f}"
    case = ElementTree.Element("testcase", classname=classname, name=names[-1], time=seconds)
    if record.outcome in ELEMENTS:
        problem = ElementTree.SubElement(case, ELEMENTS[record.outcome], message=record.reason)
        problem.text = record.reason
    return case
