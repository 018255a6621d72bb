"""PubMed's "Abstract" text format: numbered citations in blocks separated by blank lines.

The source comes first, then the title; the abstract is last.
"""

import re
from collections.abc import Iterator, Sequence
from typing import IO

from kg.corpus.fields import ReaderItem, Record, Skipped
from kg.corpus.text_lines import read_lines

__all__ = ["SIGNATURE", "read"]

START = re.compile(r"(\d{1,7})\s?[.:] (?=\S)(?=.*(?:\b(?:19|20)\d\d\b|\bdoi:))")
SIGNATURE = re.compile(
    r"^1\s?[.:] \S[^\n]*\b(?:19|20)\d\d\b[^\n]*\n[\s\S]*?^(?:PMID|DOI|PMCID):", re.MULTILINE
)
ANY_SIGN = re.compile(r"^PMID: \d{4,9}\b", re.MULTILINE)
AFTER = re.compile(
    r"(?:PMID|PMCID|DOI|Copyright|©|\(c\)|Conflict of interest|Comment (?:in|on)|Erratum (?:in|for)|Update (?:in|of)|Republished|Publication Types?|"
    r"MeSH Terms|Grant Support|Trial registration|Reprint in|Original report|Retraction|Supplementary|Declaration of|Competing interests|LinkOut)\b",
    re.IGNORECASE,
)
"""Beginnings of blocks that follow the abstract."""
AUTHORS = re.compile(
    r"(?:[^\W\d_][\w'’ .-]{0,40} [A-Z]{1,4}(?: (?:Jr|Sr|2nd|3rd|II|III))?(?:\(\d+\))*(?:\(#\))?[,;.] ?){1,}(?:et al\.?)?|\[No authors listed\]"
)
BRACKETED = re.compile(r"\[(?:Article|Abstract|Review|Text)? ?(?:in|from) [^\]]{3,40}\]\.?$")
SOURCE = re.compile(r"(?P<venue>.+?)\.\s(?:.*?\b)?(?P<year>(?:19|20)\d\d)\b")
DOI = re.compile(r"\bdoi:\s*(\S+)", re.IGNORECASE)
NUMBERS = {
    "pmid": re.compile(r"^PMID:\s*(\d+)", re.MULTILINE),
    "pmcid": re.compile(r"^PMCID:\s*(PMC\d+)", re.MULTILINE),
}
LONGEST = 2_000_000


def read(stream: IO[bytes], name: str) -> Iterator[ReaderItem]:
    """Yield one record per citation."""
    found_any = False
    for number, blocks in _citations(stream):
        found_any = True
        yield Record(f"{name}:{number}", _fields(blocks))
    if not found_any:
        yield Skipped(
            name,
            "no PubMed citation; expected '1. Journal. 2020 …', then blocks with title, authors and abstract",
        )


def _citations(stream: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    """Yield (first line, blocks) per citation; one starts at the next number after a blank line."""
    first, expected, blank, size = 0, 1, True, 0
    blocks: list[str] = []
    for number, text in read_lines(stream):
        line = (text or "").strip()
        found = START.match(line) if blank and line else None
        if found and int(found[1]) == expected:
            if blocks:
                yield first, blocks
            first, expected, blocks, size = number, expected + 1, [line[found.end() :]], 0
        elif blocks and line and size < LONGEST:
            size += len(line)
            if blank:
                blocks.append(line)
            else:
                blocks[-1] += f"\n{line}"
        blank = not line
    if blocks:
        yield first, blocks


def _fields(blocks: Sequence[str]) -> dict[str, object]:
    source, rest = " ".join(blocks[0].split()), list(blocks[1:])
    tail = "\n".join(block for block in rest if AFTER.match(block))
    body = [block for block in rest if not AFTER.match(block) and not BRACKETED.match(block)]
    title = body.pop(0) if body else ""
    if body and AUTHORS.match(body[0]):
        body.pop(0)
    for index, block in enumerate(body):
        if block.startswith(("Author information", "Collaborators", "Author's information")):
            body = body[index + 1 :]
            break
    body = [
        block for block in body if not block.startswith(("Author information", "Collaborators"))
    ]
    found = SOURCE.match(source)
    doi = DOI.search(source) or DOI.search(tail)
    numbers = {
        kind: match[1] for kind, pattern in NUMBERS.items() if (match := pattern.search(tail))
    }
    return {
        "title": title,
        "abstract": "\n".join(body),
        "year": found["year"] if found else "",
        "venue": found["venue"] if found else "",
        "doi": doi[1].rstrip(".") if doi else "",
        "id": numbers.get("pmid", ""),
        **numbers,
    }
