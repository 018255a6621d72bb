"""Decides which records are the same paper, and merges them.

Two records are the same paper by the first of these rules that holds:

1. the same DOI, arXiv id, PubMed id or PubMed Central id, whatever the titles (a mismatch is
   reported);
2. the same id in another database, or the same key in their files, and the same title;
3. the same title and the same abstract;
4. the same title, and years at most two apart. Where that alone is weak evidence (a title as short
   or common as "Editorial", or different ids of one kind, such as two publishers' DOIs) the
   abstracts must be similar as well.

Titles and abstracts are compared by their letters and digits, ignoring case and accents. The result
does not depend on the order of records: keys are equal or not, and rule 4 joins the most similar
records first.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, pairwise

from kg.corpus.identifiers import ID_PARSERS, find_ids, parse_id_fields
from kg.records import Paper

__all__ = [
    "RULES",
    "Merged",
    "fold",
    "interpret_id",
    "is_preprint",
    "join_by_title",
    "merge",
    "merge_keys",
]

RULES = {
    "doi": "same DOI",
    "arxiv": "same arXiv id",
    "pmid": "same PubMed id",
    "pmcid": "same PubMed Central id",
    "database": "same database id and title",
    "text": "same title and abstract",
    "title": "same title, years at most two apart",
}
"""The rules and their descriptions, strongest first."""
DECISIVE = ("doi", "arxiv", "pmid", "pmcid")
"""Namespaces whose ids alone prove that two records are the same paper."""
MAX_YEAR_GAP = 2
MIN_OVERLAP = 0.25
"""Minimum share of the shorter abstract's shingles found in the other one.

Unrelated abstracts share about a tenth.
"""
SHINGLE_LENGTH = 8
"""Letters and digits."""
MAX_PAIRWISE = 200
"""Above this number of records with one title, not every pair is compared."""
PREPRINT_DOI = re.compile(
    r"10\.(?:48550|2139|20944|21203|26434|31234|31219|31235|36227|22541|32388|12688|1101/(?:\d{6}$|20\d\d\.))"
)
"""DOI prefixes of preprint servers: arXiv, SSRN, Preprints.org, Research Square, ChemRxiv,
PsyArXiv, OSF, SocArXiv, TechRxiv, Authorea, Qeios, F1000; bioRxiv and medRxiv."""
PREPRINT_VENUE = re.compile(
    r"\b(?:\w*rxiv|corr|ssrn|preprints?|research square|working papers?|openreview)\b",
    re.IGNORECASE,
)
COMMON_TITLE = re.compile(
    r"(?:(?:guest )?editorial|introduction|preface|foreword|afterword|errat(?:um|a)|corrigend(?:um|a)|corrections?|retraction|addend(?:um|a)"
    r"|repl(?:y|ies) to|responses? to|rejoinder|comments?|commentary|discussion|letters?|in memoriam|obituary|(?:book )?reviews? of|book reviews?"
    r"|news|announcements?|index|(?:table of )?contents|special (?:issue|section)|proceedings|overview|(?:annual )?reports?|summary|conclusions?"
    r"|abstracts?|call for|welcome|message from|workshop|tutorial|panel|keynote|findings of|the \w+ (?:shared task|challenge|workshop))\b"
)
"""Beginnings of titles that many papers share."""
ARXIV_DOI, VERSION = "doi:10.48550/arxiv.", re.compile(r"v\d+$")
NO_LETTERS = re.compile(r"[\W_]+")
"""Punctuation, spaces, and the combining accents of a decomposed text."""
PUNCTUATION = bytes(one for one in range(128) if not chr(one).isalnum())
LEAST_WORDS, LEAST_BYTES, SURE_BYTES = 4, 20, 36
"""A title is distinctive with at least this many words and bytes, or with this many bytes alone.

Bytes are of UTF-8, so that a Chinese character counts as three letters.
"""


@lru_cache(maxsize=1 << 10)
def fold(text: str) -> str:
    """Return the letters and digits of a text, ignoring case and accents."""
    if text.isascii():
        return text.lower().encode().translate(None, PUNCTUATION).decode()
    return NO_LETTERS.sub("", unicodedata.normalize("NFKD", text).casefold())


def merge_keys(paper: Paper) -> tuple[str, ...]:
    """Return the merge keys of a record, sorted; each starts with the name of its rule.

    Two records that share a key are the same paper.
    """
    title = fold(paper.title)
    ids = all_ids(paper)
    keys = {one for one in ids if one.partition(":")[0] in DECISIVE}
    named = [one for one in ids if one not in keys]
    if not paper.id.isdigit():  # a running number is not an id
        named.append(paper.id)
    keys |= {f"database:{one}\n{title}" for one in named}
    text = f"{title}\n{fold(paper.abstract)}"
    keys.add(f"text:{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}")
    return tuple(sorted(keys))


def all_ids(paper: Paper) -> set[str]:
    """Return the namespaced ids of a record, including those implied by its DOI or its own id."""
    known = paper.doi is None or f"doi:{paper.doi}" in paper.ids
    given = {} if paper.doi is None or known else {"doi": paper.doi}
    namespace, colon, value = paper.id.partition(":")
    if colon and namespace.lower() in ID_PARSERS:
        given.setdefault(namespace.lower(), value)
    elif paper.id.startswith("10."):
        given.setdefault("doi", paper.id)
    ids = {*paper.ids, *(parse_id_fields(given) if given else ())}
    return ids | {f"arxiv:{VERSION.sub('', one[19:])}" for one in ids if one.startswith(ARXIV_DOI)}


def interpret_id(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the interpretations of an id that a user typed, likeliest first; each is a set of ids.

    >>> interpret_id("https://doi.org/10.1000/ABC")[1]
    ('doi:10.1000/abc',)
    """
    text = text.strip()
    namespace, colon, value = text.partition(":")
    if colon and namespace.lower() in ID_PARSERS:
        return (text,), tuple(sorted(parse_id_fields({namespace.lower(): value.strip()})))
    if mentioned := find_ids([text]):
        return (text,), tuple(sorted(mentioned))
    named = (parse_id_fields({name: text}) for name in ID_PARSERS)
    whole = (ids for ids in named if any(_is_all_of(text, one) for one in ids))
    return (text,), *(tuple(sorted(ids)) for ids in whole)


def _is_all_of(text: str, identifier: str) -> bool:
    """Return whether a text is exactly this identifier, apart from a version."""
    namespace, _, value = identifier.partition(":")
    return VERSION.sub("", text.lower()) in (value, f"{namespace}{value}", f"{namespace} {value}")


def is_preprint(paper: Paper) -> bool:
    """Return whether a record is a preprint: by its DOI, else its venue, else an arXiv id."""
    if paper.doi is not None:
        return PREPRINT_DOI.match(paper.doi) is not None
    if paper.venue is not None:
        return PREPRINT_VENUE.search(paper.venue) is not None
    return any(one.startswith("arxiv:") for one in paper.ids)


def join_by_title(records: Sequence[Paper], clusters: Sequence[int]) -> list[tuple[int, int]]:
    """Find the records with one title that rule 4 joins.

    Args:
        records: records with the same title.
        clusters: one number per record; those with equal numbers are already known to be the same
            paper.

    Returns:
        Pairs of indices into ``records`` to join.
    """
    order = sorted(range(len(records)), key=lambda index: _content(records[index]))
    cluster = {index: clusters[index] for index in order}
    ids = {number: set[str]() for number in clusters}
    for index in order:
        ids[cluster[index]] |= _exclusive_ids(records[index])
    distinctive = _is_distinctive(records[0].title)
    joined = []
    for similarity, one, other in _pairs(records, order):
        here, there = cluster[one], cluster[other]
        if here == there or not (
            similarity >= MIN_OVERLAP or (distinctive and not _conflict(ids[here], ids[there]))
        ):
            continue
        joined.append((one, other))
        ids[here] |= ids[there]
        cluster = {index: here if number == there else number for index, number in cluster.items()}
    return joined


def _pairs(records: Sequence[Paper], order: Sequence[int]) -> list[tuple[float, int, int]]:
    """Return (similarity, index, index) for pairs with compatible years, most similar first."""
    if len(order) > MAX_PAIRWISE:
        starts: dict[str, list[int]] = {}
        for index in order:
            starts.setdefault(fold(records[index].abstract)[:80], []).append(index)
        pairs = [(1.0, one, other) for places in starts.values() for one, other in pairwise(places)]
        return [pair for pair in pairs if _years_allow(records[pair[1]], records[pair[2]])]
    shingles = {index: _shingles(records[index].abstract) for index in order}
    found = [
        (
            len(shingles[one] & shingles[other])
            / max(1, min(len(shingles[one]), len(shingles[other]))),
            one,
            other,
        )
        for one, other in combinations(order, 2)
        if _years_allow(records[one], records[other])
    ]
    # The sort is stable: equally similar pairs stay in the order of their contents.
    return sorted(found, key=lambda pair: -pair[0])


def _years_allow(one: Paper, other: Paper) -> bool:
    return one.year is None or other.year is None or abs(one.year - other.year) <= MAX_YEAR_GAP


def _shingles(text: str) -> frozenset[str]:
    letters = fold(text)
    return frozenset(
        letters[start : start + SHINGLE_LENGTH]
        for start in range(max(1, len(letters) - SHINGLE_LENGTH + 1))
    )


def _exclusive_ids(paper: Paper) -> set[str]:
    """Return the ids of which a paper has only one: a second in a namespace means another paper."""
    ids = {one for one in all_ids(paper) if one.startswith(("doi:", "arxiv:", "pmid:", "acl:"))}
    return {one for one in ids if not (one.startswith("doi:") and PREPRINT_DOI.match(one[4:]))}


def _conflict(some: Iterable[str], others: Iterable[str]) -> bool:
    """Return whether two sets of ids belong to different papers.

    They do if both have ids in some namespace, these differ, and no id is shared.
    """
    mine, theirs = ({one.partition(":")[0]: one for one in ids} for ids in (some, others))
    return any(mine[name] != theirs[name] for name in mine.keys() & theirs.keys()) and not set(
        some
    ) & set(others)


def _is_distinctive(title: str) -> bool:
    """Return whether a title is long and unusual enough to belong to one paper."""
    size = len(fold(title).encode("utf-8", "surrogatepass"))
    words = " ".join(re.findall(r"\w+", title.casefold()))
    long = size >= SURE_BYTES or (size >= LEAST_BYTES and words.count(" ") + 1 >= LEAST_WORDS)
    return long and not COMMON_TITLE.match(words)


def _content(paper: Paper) -> tuple[object, ...]:
    """Return a key that sorts records by their content only."""
    year = -1 if paper.year is None else paper.year
    return (
        year,
        paper.id,
        paper.title,
        paper.abstract,
        paper.venue or "",
        paper.url or "",
        paper.doi or "",
        paper.ids,
        paper.language or "",
    )


@dataclass(frozen=True, slots=True)
class Merged:
    """The paper that several records were merged into."""

    paper: Paper
    rules: tuple[str, ...]
    """For each record in order, the strongest rule that joins it to another; '' if it leads."""
    clash: str
    """A key shared by records whose titles and abstracts differ; '' if there is none."""


def merge(records: Sequence[Paper]) -> Merged:
    """Merge at least two records into one paper.

    The published version leads: it provides id, title, year, venue and DOI, and what it lacks comes
    from the next record. The longest abstract is used, and all ids are kept.
    """
    order = sorted(range(len(records)), key=lambda index: _rank(records[index]))
    ranked = [records[index] for index in order]
    longest = max(ranked, key=lambda one: len(one.abstract))
    first = ranked[0]
    paper = replace(
        first,
        abstract=longest.abstract,
        language=longest.language,
        year=next((one.year for one in ranked if one.year is not None), None),
        venue=next((one.venue for one in ranked if one.venue), None),
        url=next((one.url for one in ranked if one.url), None),
        doi=next((one.doi for one in ranked if one.doi), None),
        ids=tuple(sorted(set().union(*map(all_ids, records)))),
    )
    keys = [merge_keys(one) for one in records]
    shared = Counter(key for own in keys for key in own)
    rules = ["" if index == order[0] else _rule(own, shared) for index, own in enumerate(keys)]
    return Merged(paper, tuple(rules), _clash(ranked, [keys[index] for index in order]))


def _rank(paper: Paper) -> tuple[object, ...]:
    return (
        is_preprint(paper),
        paper.year is None,
        paper.venue is None,
        paper.doi is None,
        *_content(paper),
    )


def _rule(own: Iterable[str], shared: Mapping[str, int]) -> str:
    """Return the strongest rule that joins a record with these keys to another record."""
    found = {key.partition(":")[0] for key in own if shared[key] > 1}
    return next((rule for rule in RULES if rule in found), "title")


def _clash(records: Sequence[Paper], keys: Sequence[Iterable[str]]) -> str:
    """Return the first id shared by records with different titles and abstracts, or ''."""
    first: dict[str, Paper] = {}
    for record, own in zip(records, keys, strict=True):
        for key in own:
            if key.partition(":")[0] in DECISIVE and not _are_similar(
                first.setdefault(key, record), record
            ):
                return key
    return ""


def _are_similar(one: Paper, other: Paper) -> bool:
    """Return whether the texts of two records are similar enough for one paper.

    They are if one title starts with the other, or if the titles or the abstracts overlap.
    """
    titles = sorted((fold(one.title), fold(other.title)), key=len)
    if titles[1].startswith(titles[0]):
        return True
    return any(
        len(mine & theirs) >= MIN_OVERLAP * min(len(mine), len(theirs))
        for mine, theirs in (
            (_shingles(one.title), _shingles(other.title)),
            (_shingles(one.abstract), _shingles(other.abstract)),
        )
    )
