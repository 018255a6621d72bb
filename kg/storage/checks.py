"""What the rows of a store that is only read must be: they may come from a stranger, or from a disk with faults.

The tables have the right columns when this is asked (``kg.storage.database``), and DuckDB has checksums of its own; what is left
is what would let a reader fail in the middle, or show a sentence that is none.
"""

from kg.errors import StoreError
from kg.records import EntityType, Role
from kg.storage.database import Database

__all__ = ["check_content"]

TYPES = ", ".join(f"'{one}'" for one in EntityType)
ROLES = ", ".join(f"'{one}'" for one in Role)
WRONG = {
    "records": "number IS NULL OR source IS NULL OR id IS NULL OR title IS NULL OR abstract IS NULL OR title_key IS NULL OR keys IS NULL",
    "members": "number NOT IN (SELECT number FROM records) OR paper IS NULL OR rule IS NULL",
    "papers": "id IS NULL OR title IS NULL OR abstract IS NULL OR fingerprint IS NULL",
    "extractions": "fingerprint IS NULL OR pipeline IS NULL OR found IS NULL",
    "thesaurus": f"label IS NULL OR number IS NULL OR type NOT IN ({TYPES})",
    "node_types": f"coalesce(type NOT IN ({TYPES}), true)",
    "nodes": f"id IS NULL OR label IS NULL OR coalesce(type NOT IN ({TYPES}), true) OR aliases IS NULL OR kind_of IS NULL OR list_contains([x IS NULL FOR x IN aliases || kind_of], true)",
    "merges": "node IS NULL OR surface IS NULL OR rule IS NULL OR paper IS NULL OR detail IS NULL",
    "links": "papers IS NULL OR papers < 1 OR sentences IS NULL OR coalesce(source >= target, true) OR source NOT IN (SELECT id FROM nodes) OR target NOT IN (SELECT id FROM nodes)",
    "node_layout": "id NOT IN (SELECT id FROM nodes) OR community_name IS NULL OR coalesce(NOT isfinite(pagerank + betweenness + x + y + size), true)",
    "link_statistics": "number IS NULL OR rank IS NULL OR coalesce(NOT isfinite(association + npmi + q), true)",
    "mentioned": f"mentions IS NULL OR certainty IS NULL OR role NOT IN ({ROLES}) OR node NOT IN (SELECT id FROM nodes) OR paper NOT IN (SELECT id FROM papers)",
    "evidence_spans": (
        "node NOT IN (SELECT id FROM nodes) OR paper NOT IN (SELECT id FROM papers) OR NOT coalesce(0 <= sentence AND sentence <= span_start"
        " AND span_start < span_end AND span_end <= sentence_end, false)"
        " OR sentence_end > (SELECT length(title) + 1 + length(abstract) FROM papers WHERE id = paper)"
    ),
}
"""For each table what a row must not be."""


def check_content(db: Database) -> None:
    """Look at every row of a store.

    Raises:
        StoreError: if one is not as kg writes it.
    """
    for table, wrong in WRONG.items():
        if count := db.one(f"SELECT count(*) FROM {table} WHERE {wrong}"):
            message = f"{db.path}: is damaged, or not written by kg: {count:,} rows of {table!r} are not as they should be; build it again from the papers"
            raise StoreError(message)
