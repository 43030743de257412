"""Writes the generated tables into the documentation page: `python -m plugfest.devices.dialects.support_page FILE`."""

import re
import sys
from pathlib import Path

from plugfest.devices.dialects.registry import dialects
from plugfest.devices.dialects.support import command_table, support_table

MARKED = re.compile(r"(<!-- support table: [^\n]*-->\n).*(<!-- end of support table -->\n)", re.DOTALL)


def with_tables(page: str) -> str:
    """The page with the tables of today's code between its two marks."""
    parts = [support_table(dialects())]
    for dialect in dialects():
        parts.append(f"### {dialect.title}: `{dialect.name}`\n\n{dialect.note}\n")
        if dialect.readings:
            parts.append(command_table(dialect))
    tables = "\n".join(parts)
    return MARKED.sub(lambda found: f"{found[1]}\n{tables}\n{found[2]}", page)


if __name__ == "__main__":
    file = Path(sys.argv[1])
    file.write_text(with_tables(file.read_text()))
