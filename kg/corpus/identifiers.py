"""The identifiers of a paper: found in fields, addresses and free text; written in one way each.

A namespaced identifier is ``namespace:value``, such as ``doi:10.1000/182`` or ``arxiv:hep-th/9901001``. A DOI is in
lower case and without prefix, an arXiv identifier keeps its archive and loses its version. A running number of a
reference manager is none.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote

__all__ = ["arxiv_of", "doi_of", "find_ids", "named_ids"]

DOI = re.compile(r"\b10\.\d{4,9}(?:\.\d+)*/[^\s\"|\\{}]+", re.IGNORECASE)
OUTSIDE_DOI = re.compile(r"(?:\s|<[^>]*>|[.,;:'\"’”*]|&amp;?)+$")
ARXIV_NEW = re.compile(r"(?<![\d.])(\d{4}\.\d{4,5})(?:v\d+)?(?![\d.]*\d)")
ARXIV_OLD = re.compile(r"\b([a-z-]{2,9})(?:\.[A-Z]{2})?/(\d{7})(?:v\d+)?\b")
ARXIV_HINT = re.compile(
    r"arxiv|^\d{4}\.\d{4,5}(?:v\d+)?$|^[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?$", re.IGNORECASE
)


def doi_of(value: str) -> str | None:
    """Return the first DOI in a text, in lower case and without prefix; None where there is none."""
    if "10." not in value:
        return None
    found = DOI.search(unquote(value) if "%" in value else value)
    return _trimmed(found.group()).lower() if found else None


def _trimmed(doi: str) -> str:
    """Return a DOI without what follows it in a sentence or an address."""
    doi = re.split(r"[?#]|&(?:amp;)?(?:partnerID|md5)|(?:;|,)\s*10\.\d{4}", doi, maxsplit=1)[0]
    doi = OUTSIDE_DOI.sub("", doi)
    while (
        doi
        and doi[-1] in ")]"
        and doi.count("(") + doi.count("[") < doi.count(")") + doi.count("]")
    ):
        doi = OUTSIDE_DOI.sub("", doi[:-1])
    return doi


def arxiv_of(value: str) -> str | None:
    """Return the arXiv identifier that a text is or names, without version; None where it names none.

    >>> arxiv_of("http://arxiv.org/abs/math.GT/0309136v1"), arxiv_of("arXiv:1706.03762v5 [cs.CL]")
    ('math/0309136', '1706.03762')
    """
    if not ARXIV_HINT.search(value):
        return None
    if found := ARXIV_NEW.search(value):
        return found[1]
    found = ARXIV_OLD.search(value)
    return f"{found[1]}/{found[2]}" if found else None


def _matched(pattern: str) -> Callable[[str], str | None]:
    """Return a function that gives the first group of a pattern's first match, in lower case."""
    compiled = re.compile(pattern, re.IGNORECASE)

    def find(value: str) -> str | None:
        found = compiled.search(value)
        return found[1].lower() if found else None

    return find


NAMED: Mapping[str, Callable[[str], str | None]] = {
    "doi": doi_of,
    "arxiv": arxiv_of,
    "pmid": _matched(r"^\D*(\d{4,9})\b"),
    "pmcid": _matched(r"^\s*(?:PMC\s*|pmcid\s*:\s*PMC)?(\d{4,9})\b"),
    "wos": _matched(
        r"^\s*(?:(?:WOS|ISI|BCI|KJD|SCIELO|CCC|BIOABS|RSCI|DIIDW)\s*:\s*)?([A-Z0-9]{12,20})\s*$"
    ),
    "scopus": _matched(r"(2-s2\.0-\d+)"),
    "openalex": _matched(r"\b(W\d{5,12})\b"),
    "s2": _matched(r"\b([0-9a-f]{40}|\d{4,12})\b"),
    "acl": _matched(r"\b([A-Z]\d{2}-\d{4,5}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+)\b"),
    "dblp": _matched(r"\b((?:conf|journals|books|phd|series|reference)/[^\s/]+/[^\s.]+)"),
    "lens": _matched(r"\b(\d{3}-\d{3}-\d{3}-\d{3}-\d{2}[\dX])\b"),
    "dimensions": _matched(r"\b(pub\.\d{6,12})\b"),
    "ieee": _matched(r"^\D*(\d{5,9})\D*$"),
}
"""For each namespace, what reads its identifier out of a field that holds one."""

IN_TEXT: tuple[tuple[str, str, Callable[[str], str | None]], ...] = (
    ("10.", "doi", doi_of),
    ("arxiv", "arxiv", arxiv_of),
    ("pubmed", "pmid", _matched(r"(?:ncbi\.nlm\.nih\.gov/(?:pubmed|entrez\S*id=)/?|pubmed\.ncbi\.nlm\.nih\.gov/)(\d{4,9})\b")),
    ("pmid", "pmid", _matched(r"\bpmid\s*[:=]?\s*(\d{4,9})\b")),
    ("[pmid]", "pmid", _matched(r"\b(\d{4,9})\s*\[pmid\]")),
    ("medline:", "pmid", _matched(r"\bmedline:\s*(\d{4,9})\b")),
    ("pmc", "pmcid", _matched(r"\bpmc(\d{4,9})\b")),
    ("wos:", "wos", _matched(r"\bwos:([a-z0-9]{12,20})\b")),
    ("isi:", "wos", _matched(r"\bisi:([a-z0-9]{12,20})\b")),
    ("2-s2.0-", "scopus", _matched(r"(2-s2\.0-\d+)")),
    ("openalex.org", "openalex", _matched(r"openalex\.org/(?:works/)?(w\d{5,12})\b")),
    ("semanticscholar.org", "s2", _matched(r"semanticscholar\.org/(?:paper/)?(?:[^/\s]*/)?([0-9a-f]{40})\b")),
    ("aclanthology.org", "acl", _matched(r"aclanthology\.org/([a-z]\d{2}-\d{4,5}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+)")),
    ("aclweb.org/anthology", "acl", _matched(r"aclweb\.org/anthology/(?:papers/)?([a-z]\d{2}-\d{4,5}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+)")),
    ("dblp.", "dblp", _matched(r"dblp\.[a-z-]+(?:\.\w+)*/rec/((?:conf|journals|books|phd|series|reference)/[^\s/]+/[^\s.]+)")),
    ("dblp:", "dblp", _matched(r"\bdblp:((?:conf|journals|books|phd|series|reference)/[^\s/]+/\S+)")),
    ("lens.org", "lens", _matched(r"lens\.org/(?:\S*/)?(\d{3}-\d{3}-\d{3}-\d{3}-\d{2}[\dx])\b")),
    ("pub.", "dimensions", _matched(r"\b(pub\.\d{6,12})\b")),
    ("ieeexplore", "ieee", _matched(r"ieeexplore\.ieee\.org/\S*?(?:arnumber=|document/)(\d{5,9})\b")),
)  # fmt: skip
"""What must stand in a text (in lower case), the namespace, and what finds its identifier there."""


def named_ids(named: Mapping[str, str]) -> set[str]:
    """Return the namespaced identifiers of fields that are called like a namespace and hold one identifier each."""
    found = {(name, NAMED[name](value.strip())) for name, value in named.items() if name in NAMED}
    return {f"{name}:{value}" for name, value in found if value} | _implied(found)


def find_ids(texts: Iterable[str]) -> set[str]:
    """Return the namespaced identifiers that addresses and notes name."""
    found: set[tuple[str, str | None]] = set()
    for text in texts:
        lower = text.lower()
        found |= {(name, find(text)) for hint, name, find in IN_TEXT if hint in lower}
    return {f"{name}:{value}" for name, value in found if value} | _implied(found)


def _implied(found: Iterable[tuple[str, str | None]]) -> set[str]:
    """Return the arXiv and Anthology identifiers that DOIs contain."""
    dois = [value for name, value in found if name == "doi" and value]
    arxiv = {f"arxiv:{doi[15:]}" for doi in dois if doi.startswith("10.48550/arxiv.")}
    prefix = "10.18653/v1/"
    return arxiv | {f"acl:{doi[len(prefix) :]}" for doi in dois if doi.startswith(prefix)}
