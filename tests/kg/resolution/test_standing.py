"""How names stand in texts: found, passed over, or inside a longer name."""

from records import entity, extraction

from kg.names.keys import key
from kg.records import EntityType, Paper
from kg.resolution.standing import Standing, Texts

METHOD = EntityType.METHOD


def standing_of(name, *texts):
    """How a name stands in papers, given as (title, abstract, names that the reader found)."""
    papers = Texts()
    for number, (title, abstract, found) in enumerate(texts):
        paper = Paper(f"p{number}", title, abstract)
        entities = [entity(paper.text, METHOD, one) for one in found]
        papers.see(paper, extraction(paper.text, *entities))
    return papers.count([key(name), "nosuchname"]).get(key(name))


def test_a_paper_marks_a_name_passes_over_it_or_has_it_inside_a_longer_one():
    found = standing_of(
        "object detection",
        ("A", "We use object detection.", ["object detection"]),
        ("B", "We see object detection, and more object detection.", []),
        ("C", "We use salient object detection here.", ["salient object detection"]),
        ("D", "We see an object. Detection is hard.", []),
    )
    assert found == Standing(marked=1, bare=1, inside=1)


def test_hyphens_spaces_case_and_plural_do_not_matter():
    texts = [("A", text, []) for text in ("Self-Attention", "selfattention", "the self attentions")]
    assert standing_of("self attention", *texts).bare == 3


def test_a_paper_that_marks_a_name_once_does_not_pass_over_it():
    found = standing_of("scan", ("A", "We scan. SCAN is hard.", ["SCAN"]))
    assert (found.marked, found.bare) == (1, 0)


def test_capitals_count_where_no_sentence_and_no_title_asks_for_them():
    found = standing_of(
        "kinetics",
        ("Kinetics", "Kinetics is studied.", []),
        ("A", "We use Kinetics here.", []),
        ("A", "We use Kinetics there.", ["Kinetics"]),
    )
    assert (found.bare, found.bare_capital, found.marked_capital) == (2, 1, 1)


def test_a_name_of_the_last_word_of_a_text_and_of_one_long_paper_is_found():
    assert standing_of("deep belief network", ("A", "A deep belief network", [])).bare == 1
    assert (
        standing_of("deep belief network", ("A", "word " * 2000 + "deep belief nets.", [])) is None
    )
    many = [("A", "word " * 50_000 + "deep belief networks.", [])] * 3
    assert standing_of("deep belief network", *many).bare == 3


def test_no_paper_gives_no_counts():
    assert Texts().count(["bert"]) == {}
