"""JUnit XML for continuous integration: a *failure* is a defect of the devices, an *error* is everything else."""

from pathlib import Path
from xml.etree import ElementTree

from plugfest.reporting.outcomes import OUTCOME_OF_TAG, TestOutcome, tag_in


def separate_errors(junit: Path) -> None:
    """Rewrite pytest's failures that do not judge the devices (lab, harness, evidence) as errors, and recount."""
    tree = ElementTree.parse(junit)
    for element in tree.iter("failure"):
        tag = tag_in(element.get("message", ""))
        if tag and OUTCOME_OF_TAG[tag] is not TestOutcome.FAILED:
            element.tag = "error"
    for suite in tree.iter("testsuite"):
        suite.set("failures", str(len(list(suite.iter("failure")))))
        suite.set("errors", str(len(list(suite.iter("error")))))
    fresh = junit.with_suffix(".tmp")
    tree.write(fresh, encoding="utf-8", xml_declaration=True)
    fresh.replace(junit)
