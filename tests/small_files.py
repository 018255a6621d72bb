"""What tests of readers share: writing a file, reading it, and the one paper that most of them hold."""

from kg.corpus import read_papers
from kg.errors import CorpusError

TITLE = "A Study of Things in Order"
ABSTRACT = "We study things and put them in order. The order is better than no order at all."


def write(folder, name, content, encoding="utf-8"):
    """Write a file and return its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def read(path, **options):
    """The papers of a file, and what was skipped."""
    skipped = []
    return list(read_papers([path], skipped=skipped.append, **options)), skipped


def notes(path):
    """What a file's readers note."""
    found = []
    list(read_papers([path], skipped=found.append, noted=found.append))
    return [one.text for one in found if hasattr(one, "text")]


def why(path, **options):
    """Why a file gives no paper."""
    try:
        papers, _ = read(path, **options)
    except CorpusError as error:
        return str(error)
    return f"{len(papers)} papers"


def facts(paper):
    """What is compared: title, abstract, year, venue, DOI."""
    return (paper.title, paper.abstract, paper.year, paper.venue, paper.doi)


FACTS = (TITLE, ABSTRACT, 2020, "Journal of Things", "10.1234/things.1")
