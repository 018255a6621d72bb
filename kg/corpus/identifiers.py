"""A paper's identifiers: found in fields, web addresses and free text, and normalized.

A namespaced identifier is ``namespace:value``, such as ``doi:10.1000/182`` or
``arxiv:hep-th/9901001``. A DOI is in lower case without a prefix; an arXiv identifier keeps its
archive but not its version. A reference manager's running number is not an identifier.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import unquote

__all__ = ["find_arxiv_id", "find_doi", "find_ids", "parse_id_fields"]

UNSEEN = r"\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff"
"""Control and format characters, which end a DOI."""
DOI = re.compile(rf"\b10\.\d{{4,9}}(?:\.\d+)*/[^\s\"|\\{{}}{UNSEEN}]+", re.IGNORECASE)
OUTSIDE_DOI = re.compile(r"(?:\s|<[^>]*>|[.,;:'\"’”*]|&amp;?)+$")
ARXIV_NEW = re.compile(r"(?<![\d.])(\d{4}\.\d{4,5})(?:v\d+)?(?![\d.]*\d)")
ARXIV_OLD = re.compile(r"\b([a-z-]{2,9})(?:\.[A-Z]{2})?/(\d{7})(?:v\d+)?\b")
ARXIV_HINT = re.compile(
    r"arxiv|^\d{4}\.\d{4,5}(?:v\d+)?$|^[a-z-]+(?:\.[A-Z]{2})?/\d{7}(?:v\d+)?$", re.IGNORECASE
)


def find_doi(value: str) -> str | None:
    """Return the first DOI in a text, in lower case without a prefix, or None."""
    if "10." not in value:
        return None
    found = DOI.search(unquote(value) if "%" in value else value)
    return _trim_doi(found.group()).lower() if found else None


def _trim_doi(doi: str) -> str:
    """Return a DOI without trailing text from its sentence or address."""
    doi = re.split(r"[?#]|&(?:amp;)?(?:partnerID|md5)|(?:;|,)\s*10\.\d{4}", doi, maxsplit=1)[0]
    doi = OUTSIDE_DOI.sub("", doi)
    while (
        doi
        and doi[-1] in ")]"
        and doi.count("(") + doi.count("[") < doi.count(")") + doi.count("]")
    ):
        doi = OUTSIDE_DOI.sub("", doi[:-1])
    return doi


def find_arxiv_id(value: str) -> str | None:
    """Return the first arXiv identifier in a text, without its version, or None.

    >>> find_arxiv_id("http://arxiv.org/abs/math.GT/0309136v1")
    'math/0309136'
    >>> find_arxiv_id("arXiv:1706.03762v5 [cs.CL]")
    '1706.03762'
    """
    if not ARXIV_HINT.search(value):
        return None
    if found := ARXIV_NEW.search(value):
        return found[1]
    found = ARXIV_OLD.search(value)
    return f"{found[1]}/{found[2]}" if found else None


def _finder(pattern: str) -> Callable[[str], str | None]:
    """Return a function that finds a pattern and returns its first group, in lower case."""
    compiled = re.compile(pattern, re.IGNORECASE)

    def find(value: str) -> str | None:
        found = compiled.search(value)
        return found[1].lower() if found else None

    return find


ID_PARSERS: Mapping[str, Callable[[str], str | None]] = {
    "doi": find_doi,
    "arxiv": find_arxiv_id,
    "pmid": _finder(r"^\D*(\d{4,9})\b"),
    "pmcid": _finder(r"^\s*(?:PMC\s*|pmcid\s*:\s*PMC)?(\d{4,9})\b"),
    "wos": _finder(
        r"^\s*(?:(?:WOS|ISI|BCI|KJD|SCIELO|CCC|BIOABS|RSCI|DIIDW)\s*:\s*)?([A-Z0-9]{12,20})\s*$"
    ),
    "scopus": _finder(r"(2-s2\.0-\d+)"),
    "openalex": _finder(r"\b(W\d{5,12})\b"),
    "s2": _finder(r"\b([0-9a-f]{40}|\d{4,12})\b"),
    "acl": _finder(r"\b([A-Z]\d{2}-\d{4,5}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+)\b"),
    "dblp": _finder(r"\b((?:conf|journals|books|phd|series|reference)/[^\s/]+/[^\s.]+)"),
    "lens": _finder(r"\b(\d{3}-\d{3}-\d{3}-\d{3}-\d{2}[\dX])\b"),
    "dimensions": _finder(r"\b(pub\.\d{6,12})\b"),
    "ieee": _finder(r"^\D*(\d{5,9})\D*$"),
}
"""For each namespace, a parser for a field that holds one of its identifiers."""

ID_FINDERS: tuple[tuple[str, str, Callable[[str], str | None]], ...] = (
    ("10.", "doi", find_doi),
    ("arxiv", "arxiv", find_arxiv_id),
    ("pubmed", "pmid", _finder(r"(?:ncbi\.nlm\.nih\.gov/(?:pubmed|entrez\S*id=)/?|pubmed\.ncbi\.nlm\.nih\.gov/)(\d{4,9})\b")),
    ("pmid", "pmid", _finder(r"\bpmid\s*[:=]?\s*(\d{4,9})\b")),
    ("[pmid]", "pmid", _finder(r"\b(\d{4,9})\s*\[pmid\]")),
    ("medline:", "pmid", _finder(r"\bmedline:\s*(\d{4,9})\b")),
    ("pmc", "pmcid", _finder(r"\bpmc(\d{4,9})\b")),
    ("wos:", "wos", _finder(r"\bwos:([a-z0-9]{12,20})\b")),
    ("isi:", "wos", _finder(r"\bisi:([a-z0-9]{12,20})\b")),
    ("2-s2.0-", "scopus", _finder(r"(2-s2\.0-\d+)")),
    ("openalex.org", "openalex", _finder(r"openalex\.org/(?:works/)?(w\d{5,12})\b")),
    ("semanticscholar.org", "s2", _finder(r"semanticscholar\.org/(?:paper/)?(?:[^/\s]*/)?([0-9a-f]{40})\b")),
    ("aclanthology.org", "acl", _finder(r"aclanthology\.org/([a-z]\d{2}-\d{4,5}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+)")),
    ("aclweb.org/anthology", "acl", _finder(r"aclweb\.org/anthology/(?:papers/)?([a-z]\d{2}-\d{4,5}|\d{4}\.[a-z0-9_]+-[a-z0-9_]+\.\d+)")),
    ("dblp.", "dblp", _finder(r"dblp\.[a-z-]+(?:\.\w+)*/rec/((?:conf|journals|books|phd|series|reference)/[^\s/]+/[^\s.]+)")),
    ("dblp:", "dblp", _finder(r"\bdblp:((?:conf|journals|books|phd|series|reference)/[^\s/]+/\S+)")),
    ("lens.org", "lens", _finder(r"lens\.org/(?:\S*/)?(\d{3}-\d{3}-\d{3}-\d{3}-\d{2}[\dx])\b")),
    ("pub.", "dimensions", _finder(r"\b(pub\.\d{6,12})\b")),
    ("ieeexplore", "ieee", _finder(r"ieeexplore\.ieee\.org/\S*?(?:arnumber=|document/)(\d{5,9})\b")),
)  # fmt: skip
"""Trigger string (in lower case), namespace, and a function that finds its identifier in a text."""


def parse_id_fields(named: Mapping[str, str]) -> set[str]:
    """Return the namespaced identifiers of fields that are named after a namespace."""
    found = {
        (name, ID_PARSERS[name](value.strip()))
        for name, value in named.items()
        if name in ID_PARSERS
    }
    return {f"{name}:{value}" for name, value in found if value} | _implied(found)


def find_ids(texts: Iterable[str]) -> set[str]:
    """Return the namespaced identifiers mentioned in web addresses and notes."""
    found: set[tuple[str, str | None]] = set()
    for text in texts:
        lower = text.lower()
        found |= {(name, find(text)) for hint, name, find in ID_FINDERS if hint in lower}
    return {f"{name}:{value}" for name, value in found if value} | _implied(found)


def _implied(found: Iterable[tuple[str, str | None]]) -> set[str]:
    """Return the arXiv and ACL Anthology identifiers that DOIs contain."""
    dois = [value for name, value in found if name == "doi" and value]
    arxiv = {f"arxiv:{doi[15:]}" for doi in dois if doi.startswith("10.48550/arxiv.")}
    prefix = "10.18653/v1/"
    return arxiv | {f"acl:{doi[len(prefix) :]}" for doi in dois if doi.startswith(prefix)}
