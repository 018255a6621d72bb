"""JSON: each wrapping gives the same paper."""

import json

import pytest
from small_files import ABSTRACT, FACTS, TITLE, facts, read, write

CROSSREF = {"DOI": "10.1234/THINGS.1", "title": [TITLE], "container-title": ["Journal of Things"], "abstract": f"<jats:p>{ABSTRACT}</jats:p>", "issued": {"date-parts": [[2020, 1]]},
            "created": {"date-parts": [[2023, 1]]}, "reference": [{"article-title": "Other", "DOI": "10.9/x"}]}  # fmt: skip
DATACITE = {"id": "10.1234/things.1", "attributes": {"doi": "10.1234/things.1", "titles": [{"title": TITLE}], "publicationYear": 2020, "container": {"title": "Journal of Things"},
            "descriptions": [{"description": "M.", "descriptionType": "Methods"}, {"description": ABSTRACT, "descriptionType": "Abstract"}]}}  # fmt: skip
DOAJ = {
    "bibjson": {
        "title": TITLE,
        "abstract": ABSTRACT,
        "year": "2020",
        "journal": {"title": "Journal of Things"},
        "identifier": [{"type": "doi", "id": "10.1234/things.1"}],
    }
}
EUROPE = {
    "id": "1",
    "title": TITLE,
    "abstractText": ABSTRACT,
    "pubYear": "2020",
    "journalInfo": {"journal": {"title": "Journal of Things"}},
    "doi": "10.1234/things.1",
}
OPENALEX = {"id": "https://openalex.org/W123456", "display_name": TITLE, "publication_year": 2020, "doi": "https://doi.org/10.1234/things.1",
            "primary_location": {"source": {"display_name": "Journal of Things"}}, "abstract_inverted_index": {w: [n for n, x in enumerate(ABSTRACT.split()) if x == w] for w in ABSTRACT.split()}}  # fmt: skip
S2 = {
    "paperId": "a" * 40,
    "title": TITLE,
    "abstract": ABSTRACT,
    "year": 2020,
    "venue": "Journal of Things",
    "externalIds": {"DOI": "10.1234/things.1", "CorpusId": 12345},
}
CSL = {
    "id": "x",
    "title": TITLE,
    "abstract": ABSTRACT,
    "issued": {"date-parts": [["2020"]]},
    "container-title": "Journal of Things",
    "DOI": "10.1234/things.1",
}
ZOTERO = {
    "key": "ABC",
    "data": {
        "key": "ABC",
        "title": TITLE,
        "abstractNote": ABSTRACT,
        "date": "Jan 2020",
        "publicationTitle": "Journal of Things",
        "DOI": "10.1234/things.1",
    },
}
LENS = {
    "lens_id": "000-360-106-493-122",
    "title": TITLE,
    "abstract": ABSTRACT,
    "year_published": 2020,
    "source": {"title": "Journal of Things"},
    "doi": "10.1234/things.1",
}
SCOPUS = {
    "dc:title": TITLE,
    "dc:description": ABSTRACT,
    "prism:coverDate": "2020-01-01",
    "prism:publicationName": "Journal of Things",
    "prism:doi": "10.1234/things.1",
}
KAGGLE = {"id": "2001.00001", "title": TITLE, "abstract": f"  {ABSTRACT}\n", "journal-ref": "Journal of Things", "doi": "10.1234/things.1", "categories": "cs.CL", "versions": [{"version": "v1", "created": "Wed, 1 Jan 2020"}],
          "update_date": "2023-01-01"}  # fmt: skip
ALL = {
    "Crossref work": {"status": "ok", "message": CROSSREF},
    "Crossref works": {"message": {"items": [CROSSREF], "total-results": 1}},
    "DataCite": {"data": [DATACITE]},
    "DOAJ": {"total": 1, "results": [DOAJ]},
    "Europe PMC": {"resultList": {"result": [EUROPE]}},
    "OpenAlex": {"meta": {"count": 1}, "results": [OPENALEX]},
    "OpenAlex work": OPENALEX,
    "Semantic Scholar": {"total": 1, "data": [S2]},
    "Semantic Scholar batch": [None, S2],
    "Semantic Scholar citations": {"offset": 0, "data": [{"contexts": [], "citingPaper": S2}]},
    "Semantic Scholar recommendations": {"recommendedPapers": [S2]},
    "CSL": [CSL],
    "Zotero": [ZOTERO],
    "Lens": {"total": 1, "data": [LENS]},
    "Scopus": {"search-results": {"entry": [SCOPUS]}},
    "arXiv of Kaggle": KAGGLE,
    "by id": {"x": CSL},
}


@pytest.mark.parametrize("found", ALL.values(), ids=ALL)
def test_each_wrapping_gives_the_same_paper(tmp_path, found):
    (paper,), _ = read(write(tmp_path, "a.txt", json.dumps(found, indent=1)))
    assert facts(paper)[:4] == FACTS[:4]
    assert paper.doi == FACTS[4] or "bibjson" in str(found)


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a"])
def test_objects_one_after_another_are_all_read(tmp_path, name):
    lines, _ = read(write(tmp_path, name, f"{json.dumps(CSL)}\n{json.dumps(CSL)}\n"))
    pretty, _ = read(
        write(tmp_path, "b.json", f"{json.dumps(CSL, indent=1)}\n{json.dumps(CSL, indent=1)}")
    )
    assert [facts(paper) for paper in lines] == [facts(paper) for paper in pretty] == [FACTS] * 2


def test_the_words_of_an_index_may_be_called_like_fields(tmp_path):
    index = {"text": [0], "value": [1], "p": [2], "of": [3], "abstract": [4]}
    (paper,), _ = read(
        write(tmp_path, "a.json", json.dumps({"title": TITLE, "abstract_inverted_index": index}))
    )
    assert paper.abstract == "text value p of abstract"


def test_ids_over_300_characters_do_not_collide(tmp_path):
    rows = [CSL | {"id": "x" * 400 + str(n)} for n in range(3)]
    papers, _ = read(write(tmp_path, "a.json", json.dumps(rows)))
    assert len({paper.id for paper in papers}) == 3
    assert all(len(paper.id) <= 300 for paper in papers)
