"""Writes the golden files: ``python -m tests.configuration.golden``; look at the difference before you commit it."""

from tests.configuration.switches import rendered
from tests.configuration.test_templates import ABLE, GOLDEN

if __name__ == "__main__":
    for dialect, name in ABLE:
        file = GOLDEN / dialect / f"{name}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(rendered(dialect, name).text)
