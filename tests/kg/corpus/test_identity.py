"""Which records are one paper: a table of pairs that are and pairs that are not, and what a merged paper keeps."""

import itertools

import pytest

from kg.corpus.identity import fold, interpret_id, is_preprint, join_by_title, merge, merge_keys
from kg.records import Paper
from kg.storage.store import Store

ABSTRACT = (
    "Rain changes how a river carries sand. We follow one river for nine years and measure what each flood moves, "
    "grain by grain, with sensors that we built for the purpose. Floods of spring move more than all others together."
)
REVISED = (
    "Rain changes how a river carries sand and gravel. We followed one river for nine years and measured what each flood "
    "moves, grain by grain, with sensors built for the purpose. The floods of spring move more than the others together."
)
OTHER = (
    "Bread rises by yeast. This note compares forty doughs from twelve bakeries by smell, by weight and by the patience "
    "of those who knead them, and finds that the oldest starter is seldom the best one."
)
TITLE = "How spring floods carry the sand of a small river"


def paper(  # noqa: PLR0913, PLR0917 - a record has many fields
    name="a", title=TITLE, abstract=ABSTRACT, year=2020, venue="Rivers", doi=None, ids=()
):
    ids = {*ids, *([f"doi:{doi}"] if doi else [])}
    return Paper(name, title, abstract, year, venue, None, doi, tuple(sorted(ids)))


SAME = {
    "a DOI, whatever the titles": (paper("a", doi="10.1000/1"), paper("b", "Bread", OTHER, 1990, doi="10.1000/1")),
    "an arXiv id and the DOI that arXiv gives it": (
        paper("a", "Sand", ids=["arxiv:1706.03762"]),
        paper("b", "Rain", OTHER, doi="10.48550/arxiv.1706.03762"),
    ),
    "an arXiv id with and without a publisher's DOI": (
        paper("a", "Sand", ids=["arxiv:1706.03762"]),
        paper("b", "Rain", OTHER, doi="10.1000/1", ids=["arxiv:1706.03762"]),
    ),
    "a PubMed id": (paper("a", "Sand", ids=["pmid:31452104"]), paper("b", "Rain", OTHER, ids=["pmid:31452104"])),
    "a PubMed Central id": (paper("a", "Sand", ids=["pmcid:61452104"]), paper("b", "Rain", OTHER, ids=["pmcid:61452104"])),
    "an id of a database and the title, however far the years": (
        paper("a", "Sand", year=1990, ids=["scopus:2-s2.0-1"]),
        paper("b", "SAND.", OTHER, 2020, ids=["scopus:2-s2.0-1"]),
    ),
    "a name of one's own and the title": (paper("k1", "Sand", year=1990), paper("k1", "Sand", OTHER, 2020)),
    "the text, however far the years": (paper("a", "Sand", year=1990), paper("b", "Sand", year=2020)),
    "a preprint and its published form with another abstract": (
        paper("a", venue="arXiv", ids=["arxiv:2001.00001"]),
        paper("b", abstract=OTHER, year=2022, doi="10.1000/1"),
    ),
    "two preprint servers": (
        paper("a", doi="10.48550/arxiv.2001.00001"),
        paper("b", abstract=OTHER, doi="10.31234/osf.io/abcde"),
    ),
    "a title with other case, quotes, accents and full stop": (
        paper("a", "Poincaré’s “last” theorem: a proof of it for rivers"),
        paper("b", "POINCARE'S 'LAST' THEOREM - A PROOF OF IT FOR RIVERS.", REVISED),
    ),
    "a title without a year beside one with": (paper("a", year=None), paper("b", abstract=REVISED)),
    "a DOI that one database mistyped, where the abstracts are alike": (
        paper("a", doi="10.1146/annurev-114"),
        paper("b", abstract=REVISED, doi="10.1146/annurev-414"),
    ),
    "a short title where the abstracts are alike": (paper("a", "Sand"), paper("b", "Sand", REVISED)),
    "a title in Chinese": (
        paper("a", "春季洪水如何携带一条小河的泥沙研究"),
        paper("b", "春季洪水如何携带一条小河的泥沙研究", OTHER),
    ),
}  # fmt: skip
APART = {
    "editorials": (paper("a", "Editorial"), paper("b", "Editorial", OTHER)),
    "introductions to special issues": (
        paper("a", "Introduction to the special issue on rivers"),
        paper("b", "Introduction to the special issue on rivers", OTHER),
    ),
    "yearly reports": (
        paper("a", "Report of the working group on floods"),
        paper("b", "Report of the working group on floods", OTHER, 2021),
    ),
    "an erratum": (paper("a"), paper("b", f"Erratum to: {TITLE}", OTHER)),
    "parts": (paper("a", f"{TITLE}. Part I"), paper("b", f"{TITLE}. Part II")),
    "numbers in titles": (paper("a", "A task on floods in 2019"), paper("b", "A task on floods in 2020")),
    "years too far apart": (paper("a", year=2015), paper("b", abstract=OTHER)),
    "one title for two papers of one publisher": (
        paper("a", doi="10.1000/1"),
        paper("b", abstract=OTHER, doi="10.1000/2"),
    ),
    "two PubMed ids": (paper("a", ids=["pmid:31452104"]), paper("b", abstract=OTHER, ids=["pmid:31452105"])),
    "an id of a database with another title": (
        paper("a", ids=["wos:000326428200003"]),
        paper("b", "Bread", OTHER, ids=["wos:000326428200003"]),
    ),
    "a name of one's own with another title": (paper("smith2019"), paper("smith2019", "Bread", OTHER)),
    "running numbers": (paper("1", "Editorial"), paper("1", "Editorial", OTHER)),
    "equal values of different databases": (
        paper("a", "Sand", ids=["pmid:31452104"]),
        paper("b", "Rain", OTHER, ids=["pmcid:31452104"]),
    ),
    "short titles": (paper("a", "Deep learning"), paper("b", "Deep learning", OTHER)),
}  # fmt: skip


def one_paper(records):
    with Store() as store:
        store.records.add((name, record) for name, record in zip("xyz", records, strict=False))
        return store.count_papers() == 1


@pytest.mark.parametrize("records", SAME.values(), ids=SAME)
def test_records_that_are_one_paper(records):
    assert one_paper(records)
    assert one_paper(records[::-1])


@pytest.mark.parametrize("records", APART.values(), ids=APART)
def test_records_that_are_two_papers(records):
    assert not one_paper(records)
    assert not one_paper(records[::-1])


def test_of_two_papers_of_one_title_each_record_joins_the_one_that_it_is_like():
    one, two = paper("a", doi="10.1000/1"), paper("b", abstract=OTHER, doi="10.1000/2")
    like_one, like_two = paper("c", abstract=REVISED), paper("d", abstract=f"{OTHER} More.")
    for order in itertools.permutations((one, two, like_one, like_two)):
        joined = {frozenset((order[i].id, order[j].id)) for i, j in join_by_title(order, range(4))}
        assert joined == {frozenset("ac"), frozenset("bd")}


def test_many_papers_of_one_title_are_told_apart_by_how_their_abstracts_begin():
    records = [
        paper(f"p{n}", "Editorial", f"Issue {n} of this journal. {OTHER}") for n in range(150)
    ]
    pairs = join_by_title([*records, *records], range(300))
    assert {frozenset(pair) for pair in pairs} == {frozenset((n, n + 150)) for n in range(150)}


def test_the_published_form_leads_and_nothing_is_lost():
    preprint = Paper(
        "2001.00001", TITLE, ABSTRACT, 2019, "arXiv", "https://arxiv.org/abs/2001.00001", None,
        ("arxiv:2001.00001",), "en",
    )  # fmt: skip
    published = Paper(
        "10.1000/1",
        TITLE.upper(),
        "Rain.",
        2020,
        "Rivers",
        None,
        "10.1000/1",
        ("doi:10.1000/1", "pmid:31452104"),
        "de",
    )
    for records in ([preprint, published], [published, preprint]):
        merged = merge(records)
        assert merged.paper == Paper(
            "10.1000/1", TITLE.upper(), ABSTRACT, 2020, "Rivers", "https://arxiv.org/abs/2001.00001", "10.1000/1",
            ("arxiv:2001.00001", "doi:10.1000/1", "pmid:31452104"), "en",
        )  # fmt: skip
        assert sorted(merged.rules) == ["", "title"]
        assert merged.rules[records.index(published)] == ""
        assert not merged.clash


def test_a_clash_of_titles_under_one_doi_is_told_and_a_longer_title_is_none():
    bread = paper("b", "Bread", OTHER, doi="10.1000/1")
    assert merge([paper(doi="10.1000/1"), bread]).clash == "doi:10.1000/1"
    assert not merge(
        [paper(doi="10.1000/1"), paper("b", f"{TITLE}: a study", OTHER, doi="10.1000/1")]
    ).clash


@pytest.mark.parametrize(
    ("doi", "venue", "ids", "told"),
    [
        ("10.48550/arxiv.2001.00001", None, (), True),
        ("10.1101/2020.01.01.123456", "bioRxiv", (), True),
        ("10.1101/gr.1234", "Genome Research", (), False),
        ("10.1000/1", "arXiv", (), False),
        (None, "CoRR", (), True),
        (None, "arXiv (Cornell University)", (), True),
        (None, "Journal of Corrosion", (), False),
        (None, None, ("arxiv:2001.00001",), True),
        (None, None, (), False),
    ],
)
def test_a_preprint_is_told_by_doi_venue_or_arxiv_id(doi, venue, ids, told):
    assert is_preprint(Paper("a", "T", "A", None, venue, None, doi, ids)) is told


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://doi.org/10.1000/ABC", "doi:10.1000/abc"),
        ("doi:10.1000/abc", "doi:10.1000/abc"),
        ("arXiv:1706.03762v5", "arxiv:1706.03762"),
        ("https://arxiv.org/abs/1706.03762v2", "arxiv:1706.03762"),
        ("1706.03762", "arxiv:1706.03762"),
        ("hep-th/9901001", "arxiv:hep-th/9901001"),
        ("PMID: 31452104", "pmid:31452104"),
        ("31452104", "pmid:31452104"),
        ("PMC6145210", "pmcid:6145210"),
        ("https://openalex.org/W2741809807", "openalex:w2741809807"),
        ("P17-1001", "acl:p17-1001"),
    ],
)
def test_an_id_is_understood_as_reading_writes_it(written, meant):
    assert any(meant in ids for ids in interpret_id(written)[1:])


def test_titles_are_folded_to_letters_and_digits():
    assert fold("Poincaré’s  Ünder-graph™ (2nd)") == "poincaresundergraphtm2nd"
    assert fold("图神经网络") == "图神经网络"


def test_a_running_number_is_no_key_and_another_name_is_one_with_its_title():
    keys = merge_keys(paper("17", "Sand"))
    assert not any("17" in key for key in keys if key.startswith("database:"))
    assert "database:p17\nsand" in merge_keys(paper("p17", "Sand"))
