"""What each dialect can be told, for the documentation and for programs."""

from plugfest.configuration.aspects import TITLES, Aspect
from plugfest.configuration.dialects import STYLES
from plugfest.configuration.intent import Intent
from plugfest.configuration.rendering import templates_of
from plugfest.devices.dialects.reading import Evidence

MARKS = {Evidence.DEVICE: "yes", Evidence.MANUAL: "manual", Evidence.NONE: "unverified"}


def able(intent: Intent) -> list[str]:
    """Dialects that have a template for everything the intent is about."""
    return [name for name in STYLES if set(intent.aspects) <= set(templates_of(name))]


def support_table() -> str:
    """Aspects × dialects as a Markdown table; each cell says how far the template is proven."""
    lines = [
        "| aspect | " + " | ".join(f"`{name}`" for name in STYLES) + " |",
        "|---" * (len(STYLES) + 1) + "|",
        *(f"| {TITLES[aspect]} | " + " | ".join(_mark(name, aspect) for name in STYLES) + " |" for aspect in Aspect),
    ]
    return "\n".join(lines) + "\n"


def _mark(dialect: str, aspect: Aspect) -> str:
    known = templates_of(dialect)
    return MARKS[known[aspect][0]] if aspect in known else ""


def source_table(dialect: str) -> str:
    """Where the templates of one dialect come from, as a Markdown table."""
    lines = ["| aspect | evidence | source |", "|---|---|---|"]
    lines += [
        f"| {TITLES[aspect]} | {one.value} | {source} |" for aspect, (one, source) in templates_of(dialect).items()
    ]
    return "\n".join(lines) + "\n"
