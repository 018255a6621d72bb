"""Which records are one paper, and the paper that they make together.

Two records are one paper by the first of these rules that holds:

1. an equal DOI, arXiv id, PubMed id or PubMed Central id, whatever their titles say (a clash of titles is reported);
2. an equal id of another database, or of the same name in their files, with an equal title;
3. an equal title and an equal abstract;
4. an equal title and years at most two apart. Where that alone proves little (a title as short or as common as
   "Editorial", or ids of one kind that differ, such as two publishers' DOIs) the abstracts must be alike too.

Titles and abstracts are compared by their letters and digits, without case and accents. Nothing depends on the order of
records: keys are equal or not, and rule 4 joins the most alike first.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations, pairwise

from kg.corpus.identifiers import NAMED, find_ids, named_ids
from kg.records import Paper

__all__ = [
    "RULES",
    "Merged",
    "by_title",
    "candidates",
    "fold",
    "is_preprint",
    "keys_of",
    "merge",
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
"""In order of strength: the rule and what it says."""
PROVING = ("doi", "arxiv", "pmid", "pmcid")
"""Namespaces whose ids prove alone that two records are one paper."""
YEARS = 2
ALIKE = 0.25
"""The share of the shorter abstract's runs of eight letters that the other has too; unrelated abstracts share a tenth."""
RUN = 8
CROWD = 200
"""So many records of one title are not compared each with each."""
PREPRINT_DOI = re.compile(
    r"10\.(?:48550|2139|20944|21203|26434|31234|31219|31235|36227|22541|32388|12688|1101/(?:\d{6}$|20\d\d\.))"
)
"""arXiv, SSRN, Preprints.org, Research Square, ChemRxiv, PsyArXiv, OSF, SocArXiv, TechRxiv, Authorea, Qeios, F1000; bioRxiv and medRxiv."""
PREPRINT_VENUE = re.compile(
    r"\b(?:\w*rxiv|corr|ssrn|preprints?|research square|working papers?|openreview)\b",
    re.IGNORECASE,
)
COMMON = re.compile(
    r"(?:(?:guest )?editorial|introduction|preface|foreword|afterword|errat(?:um|a)|corrigend(?:um|a)|corrections?|retraction|addend(?:um|a)"
    r"|repl(?:y|ies) to|responses? to|rejoinder|comments?|commentary|discussion|letters?|in memoriam|obituary|(?:book )?reviews? of|book reviews?"
    r"|news|announcements?|index|(?:table of )?contents|special (?:issue|section)|proceedings|overview|(?:annual )?reports?|summary|conclusions?"
    r"|abstracts?|call for|welcome|message from|workshop|tutorial|panel|keynote|findings of|the \w+ (?:shared task|challenge|workshop))\b"
)
"""How titles begin that many papers bear."""
ARXIV_DOI, VERSION = "doi:10.48550/arxiv.", re.compile(r"v\d+$")
NO_LETTERS = re.compile(r"[\W_]+")
"""Signs, spaces, and the accents that stand for themselves in a decomposed text."""
SIGNS = bytes(one for one in range(128) if not chr(one).isalnum())
LEAST_WORDS, LEAST_BYTES, SURE_BYTES = 4, 20, 36
"""A title of so many words and letters, or of so many letters, tells a paper; a letter of Chinese counts for three."""


@lru_cache(maxsize=1 << 10)
def fold(text: str) -> str:
    """Return the letters and digits of a text, without case and accents."""
    if text.isascii():
        return text.lower().encode().translate(None, SIGNS).decode()
    return NO_LETTERS.sub("", unicodedata.normalize("NFKD", text).casefold())


def keys_of(paper: Paper) -> tuple[str, ...]:
    """Return the keys of a record, sorted: two records with an equal key are one paper. Each begins with its rule."""
    title = fold(paper.title)
    ids = all_ids(paper)
    keys = {one for one in ids if one.partition(":")[0] in PROVING}
    named = [one for one in ids if one not in keys]
    if not paper.id.isdigit():  # a running number is no id
        named.append(paper.id)
    keys |= {f"database:{one}\n{title}" for one in named}
    text = f"{title}\n{fold(paper.abstract)}"
    keys.add(f"text:{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}")
    return tuple(sorted(keys))


def all_ids(paper: Paper) -> set[str]:
    """Return the namespaced ids of a record, those that its DOI or its own id imply among them."""
    known = paper.doi is None or f"doi:{paper.doi}" in paper.ids
    given = {} if paper.doi is None or known else {"doi": paper.doi}
    namespace, colon, value = paper.id.partition(":")
    if colon and namespace.lower() in NAMED:
        given.setdefault(namespace.lower(), value)
    elif paper.id.startswith("10."):
        given.setdefault("doi", paper.id)
    ids = {*paper.ids, *(named_ids(given) if given else ())}
    return ids | {f"arxiv:{VERSION.sub('', one[19:])}" for one in ids if one.startswith(ARXIV_DOI)}


def candidates(text: str) -> tuple[tuple[str, ...], ...]:
    """Return what a user's id may mean, in the order in which to look: each a set of equal ids.

    >>> candidates("https://doi.org/10.1000/ABC")[1]
    ('doi:10.1000/abc',)
    """
    text = text.strip()
    namespace, colon, value = text.partition(":")
    if colon and namespace.lower() in NAMED:
        return (text,), tuple(sorted(named_ids({namespace.lower(): value.strip()})))
    if mentioned := find_ids([text]):
        return (text,), tuple(sorted(mentioned))
    named = (named_ids({name: text}) for name in NAMED)
    whole = (ids for ids in named if any(_is_all_of(text, one) for one in ids))
    return (text,), *(tuple(sorted(ids)) for ids in whole)


def _is_all_of(text: str, identifier: str) -> bool:
    """Say whether a text is an identifier and nothing else, but for its version."""
    namespace, _, value = identifier.partition(":")
    return VERSION.sub("", text.lower()) in (value, f"{namespace}{value}", f"{namespace} {value}")


def is_preprint(paper: Paper) -> bool:
    """Say whether a record is of a preprint, as far as it tells: by the DOI, else by the venue, else by an arXiv id without a venue."""
    if paper.doi is not None:
        return PREPRINT_DOI.match(paper.doi) is not None
    if paper.venue is not None:
        return PREPRINT_VENUE.search(paper.venue) is not None
    return any(one.startswith("arxiv:") for one in paper.ids)


def by_title(records: Sequence[Paper], clusters: Sequence[int]) -> list[tuple[int, int]]:
    """Join records of one title by rule 4.

    Args:
        records: of equal titles.
        clusters: a number for each; those of equal numbers are known to be one paper.

    Returns:
        Pairs of places in ``records`` to join.
    """
    order = sorted(range(len(records)), key=lambda place: _content(records[place]))
    cluster = {place: clusters[place] for place in order}
    ids = {number: set[str]() for number in clusters}
    for place in order:
        ids[cluster[place]] |= _telling(records[place])
    tells = _tells_a_paper(records[0].title)
    joined = []
    for similarity, one, other in _pairs(records, order):
        here, there = cluster[one], cluster[other]
        if here == there or not (
            similarity >= ALIKE or (tells and not _conflict(ids[here], ids[there]))
        ):
            continue
        joined.append((one, other))
        ids[here] |= ids[there]
        cluster = {place: here if number == there else number for place, number in cluster.items()}
    return joined


def _pairs(records: Sequence[Paper], order: Sequence[int]) -> list[tuple[float, int, int]]:
    """Return the pairs of records whose years allow that they are one, the most alike first."""
    if len(order) > CROWD:
        starts: dict[str, list[int]] = {}
        for place in order:
            starts.setdefault(fold(records[place].abstract)[:80], []).append(place)
        pairs = [(1.0, one, other) for places in starts.values() for one, other in pairwise(places)]
        return [pair for pair in pairs if _years_allow(records[pair[1]], records[pair[2]])]
    runs = {place: _runs(records[place].abstract) for place in order}
    found = [
        (len(runs[one] & runs[other]) / max(1, min(len(runs[one]), len(runs[other]))), one, other)
        for one, other in combinations(order, 2)
        if _years_allow(records[one], records[other])
    ]
    return sorted(
        found, key=lambda pair: -pair[0]
    )  # stable: pairs as alike stay in the order of their contents


def _years_allow(one: Paper, other: Paper) -> bool:
    return one.year is None or other.year is None or abs(one.year - other.year) <= YEARS


def _runs(text: str) -> frozenset[str]:
    letters = fold(text)
    return frozenset(
        letters[start : start + RUN] for start in range(max(1, len(letters) - RUN + 1))
    )


def _telling(paper: Paper) -> set[str]:
    """Return the ids of which a paper has one only: a second of the same namespace speaks for another paper."""
    ids = {one for one in all_ids(paper) if one.startswith(("doi:", "arxiv:", "pmid:", "acl:"))}
    return {one for one in ids if not (one.startswith("doi:") and PREPRINT_DOI.match(one[4:]))}


def _conflict(some: Iterable[str], others: Iterable[str]) -> bool:
    """Say whether two sets of ids speak of different papers: each has one of a namespace, and none in common."""
    mine, theirs = ({one.partition(":")[0]: one for one in ids} for ids in (some, others))
    return any(mine[name] != theirs[name] for name in mine.keys() & theirs.keys()) and not set(
        some
    ) & set(others)


def _tells_a_paper(title: str) -> bool:
    """Say whether a title is long and rare enough that two papers hardly both bear it."""
    size = len(fold(title).encode("utf-8", "surrogatepass"))
    words = " ".join(re.findall(r"\w+", title.casefold()))
    long = size >= SURE_BYTES or (size >= LEAST_BYTES and words.count(" ") + 1 >= LEAST_WORDS)
    return long and not COMMON.match(words)


def _content(paper: Paper) -> tuple[object, ...]:
    """Return a key that sorts records by what they say alone."""
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
    """The paper that several records are."""

    paper: Paper
    rules: tuple[str, ...]
    """For each record, in the order given, the strongest rule by which it is one with another of them; '' for the one that leads."""
    clash: str
    """The key by which records of different titles and abstracts are one; '' where there is none."""


def merge(records: Sequence[Paper]) -> Merged:
    """Make one paper of at least two records.

    The published form leads: it gives id, title, year, venue and DOI; the longest abstract counts, all ids are kept. What
    the leading record lacks comes from the next.
    """
    order = sorted(range(len(records)), key=lambda place: _rank(records[place]))
    ranked = [records[place] for place in order]
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
    keys = [keys_of(one) for one in records]
    shared = Counter(key for own in keys for key in own)
    rules = ["" if place == order[0] else _rule(own, shared) for place, own in enumerate(keys)]
    return Merged(paper, tuple(rules), _clash(ranked, [keys[place] for place in order]))


def _rank(paper: Paper) -> tuple[object, ...]:
    return (
        is_preprint(paper),
        paper.year is None,
        paper.venue is None,
        paper.doi is None,
        *_content(paper),
    )


def _rule(own: Iterable[str], shared: Mapping[str, int]) -> str:
    """Return the strongest rule by which a record with these keys is one with another."""
    found = {key.partition(":")[0] for key in own if shared[key] > 1}
    return next((rule for rule in RULES if rule in found), "title")


def _clash(records: Sequence[Paper], keys: Sequence[Iterable[str]]) -> str:
    """Return the first proving key of two records of different titles and abstracts; '' if there is none."""
    first: dict[str, Paper] = {}
    for record, own in zip(records, keys, strict=True):
        for key in own:
            if key.partition(":")[0] in PROVING and not _akin(
                first.setdefault(key, record), record
            ):
                return key
    return ""


def _akin(one: Paper, other: Paper) -> bool:
    """Say whether two records may be of one paper by their words: one title begins the other, or titles or abstracts are alike."""
    titles = sorted((fold(one.title), fold(other.title)), key=len)
    if titles[1].startswith(titles[0]):
        return True
    return any(
        len(mine & theirs) >= ALIKE * min(len(mine), len(theirs))
        for mine, theirs in (
            (_runs(one.title), _runs(other.title)),
            (_runs(one.abstract), _runs(other.abstract)),
        )
    )
