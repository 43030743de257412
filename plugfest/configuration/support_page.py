"""Writes the generated tables into the documentation page: `python -m plugfest.configuration.support_page FILE`."""

import re
import sys
from pathlib import Path

from plugfest.configuration.dialects import STYLES
from plugfest.configuration.showing import way_back
from plugfest.configuration.support import source_table, support_table

MARKED = re.compile(r"(<!-- configuration table: [^\n]*-->\n).*(<!-- end of configuration table -->\n)", re.DOTALL)


def with_tables(page: str) -> str:
    """The page with the tables of today's code between its two marks."""
    parts = [support_table()]
    for name, style in STYLES.items():
        parts.append(f"### `{name}`\n\n{style.note}  Undo: `{way_back(style, 'NAME')}` ({style.evidence.value}).\n")
        parts.append(source_table(name))
    tables = "\n".join(parts)
    return MARKED.sub(lambda found: f"{found[1]}\n{tables}\n{found[2]}", page)


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(with_tables(file.read_text()))
