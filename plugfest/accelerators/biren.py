"""Biren: BR106, BR166, asked with ``brsmi``.  No real output was seen; see the note."""

from plugfest.accelerators.csv_query import query
from plugfest.accelerators.family import Family, PciMatch, family_dialect
from plugfest.accelerators.topology import matrix
from plugfest.devices.dialects.reading import Evidence, Question, Reading

DIALECT = family_dialect(
    "biren",
    "Biren (brsmi)",
    (
        Reading(
            (
                "brsmi gpu --query-gpu=index,memory.used,memory.total --format=csv",
                "brsmi gpu --query-gpu={fields} --format=csv[,noheader][,nounits]",
            ),
            (Question.ACCELERATORS,),
            query,
            Evidence.NONE,
        ),
        Reading(("brsmi topo -m",), (Question.TOPOLOGY,), matrix, Evidence.NONE),
    ),
    "Unverified: the CSV query is named in the maker's guide, its answer is read as nvidia-smi's. "
    "The overview of brsmi is not read: probe a host and add its recording.",
)
FAMILY = Family(
    dialect=DIALECT,
    makers=("biren", "birentech"),
    pci=(PciMatch("1ee0", verified=False),),
    tool="brsmi",
    listing=("brsmi gpu --query-gpu=index,memory.used,memory.total --format=csv",),
    folders=("/usr/local/birensupa/bin",),
    tells={
        Evidence.NONE: (
            "memory_total_bytes",
            "memory_used_bytes",
        ),
    },
)
