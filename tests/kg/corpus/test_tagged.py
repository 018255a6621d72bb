"""RIS, Web of Science, MEDLINE, refer, RefWorks and Ovid: each gives the same paper, whatever its file does wrong."""

import pytest
from small_files import ABSTRACT, FACTS, TITLE, facts, read, write

FIRST, SECOND = ABSTRACT.split(". ")
RIS = f"TY  - JOUR\nAB  - {ABSTRACT}\nTI  - {TITLE}\nPY  - 2020///\nJF  - Journal of Things\nDO  - https://doi.org/10.1234/THINGS.1\nER  - \n"
WOS = f"FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU A, B\n   C, D\nTI {TITLE}\nSO Journal of Things\nID ORDER; THINGS\nAB {FIRST}.\n   {SECOND}\nPY 2020\nDI 10.1234/things.1\nUT WOS:000123456789012\nER\n\nEF"
MEDLINE = f"PMID- 12345678\nOWN - NLM\nDP  - 2020 Jan\nTI  - {TITLE}\nLID - S1 [pii]\nLID - 10.1234/things.1 [doi]\nAB  - {FIRST}.\n      {SECOND}\nJT  - Journal of Things\n"
REFER = f"%0 Journal Article\n%A B, A\n%T {TITLE}\n%J Journal of Things\n%D 2020\n%R 10.1234/things.1\n%X {FIRST}.\n{SECOND}\n"
REFWORKS = f"RT Journal Article\nSR Electronic(1)\nID 3\nT1 {TITLE}\nJF Journal of Things\nYR 2020\nAB {FIRST}.\n{SECOND}\nDO 10.1234/things.1\n"
OVID = f"<1. >\nVN  - Ovid Technologies\nAN  - 123\nTI  - {TITLE}.  [Article]\nSO  - Journal of Things. 12(3):1-9, 2020 Jan.\nAB  - {ABSTRACT}\nDO  - 10.1234/things.1\n"
LABELS = f"<1>\nScore\n  *****\nTitle\n  {TITLE}\nSource\n  Journal of Things. 12(3):1-9, 2020 Jan.\nAbstract\n  {FIRST}.\n  {SECOND}\nDOI Number\n  10.1234/things.1\n"
ALL = {
    "ris": RIS,
    "wos": WOS,
    "medline": MEDLINE,
    "refer": REFER,
    "refworks": REFWORKS,
    "ovid": OVID,
    "labels": LABELS,
}


@pytest.mark.parametrize("name", ["a.txt", "a", "a.csv", "a.ris"])
@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_each_format_is_told_by_its_content_and_gives_the_same_paper(tmp_path, text, name):
    (paper,), skipped = read(write(tmp_path, name, text))
    title, *rest = facts(paper)
    assert (title.rstrip("."), *rest) == FACTS
    assert skipped == []


@pytest.mark.parametrize("ends", ["\r\n", "\r"], ids=["CR LF", "CR"])
@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_line_ends_and_a_byte_order_mark_change_nothing(tmp_path, text, ends):
    plain, _ = read(write(tmp_path, "a.txt", text))
    marked, _ = read(write(tmp_path, "b.txt", "\ufeff" + text.replace("\n", ends)))
    assert plain == marked


@pytest.mark.parametrize("text", ALL.values(), ids=ALL)
def test_three_references_are_three_papers(tmp_path, text):
    body = text.removesuffix("EF")
    papers, skipped = read(write(tmp_path, "a.txt", "\n".join([body] * 3)))
    assert (len(papers), skipped) == (3, [])


def test_ris_without_er_is_parted_at_ty(tmp_path):
    papers, _ = read(write(tmp_path, "a.ris", RIS.replace("ER  - \n", "") * 3))
    assert [facts(paper) for paper in papers] == [FACTS] * 3


def test_a_wrapped_ris_line_may_begin_like_a_tag(tmp_path):
    wrapped = RIS.replace(
        "The order", "\nER - positive\nER stress\nTY - the\nER  - of all things. The order"
    )
    (paper,), _ = read(write(tmp_path, "a.ris", wrapped))
    assert "ER - positive ER stress TY - the ER - of all things." in paper.abstract


def test_what_stands_between_ris_references_is_no_text_of_theirs(tmp_path):
    papers, _ = read(write(tmp_path, "a.ris", f"Exported by me\n1.\n{RIS}\n2.\n{RIS}\nThe end\n"))
    assert [facts(paper) for paper in papers] == [FACTS] * 2


def test_ris_with_one_blank_before_the_dash_is_read(tmp_path):
    (paper,), _ = read(write(tmp_path, "a.ris", RIS.replace("  - ", " - ")))
    assert facts(paper) == FACTS


def test_a_placeholder_in_one_ris_tag_gives_way_to_the_other(tmp_path):
    text = RIS.replace(f"AB  - {ABSTRACT}", f"AB  - NA\nN2  - {ABSTRACT}")
    (paper,), _ = read(write(tmp_path, "a.ris", text))
    assert paper.abstract == ABSTRACT


def test_running_numbers_are_no_identifiers_and_databases_are(tmp_path):
    extra = "ID  - 3615\nAN  - WOS:000123456789012\nUR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-123&partnerID=40\nU1  - 12345678 [PMID]\n"
    (paper,), _ = read(write(tmp_path, "a.ris", RIS.replace("TI  -", f"{extra}TI  -")))
    assert paper.ids == (
        "doi:10.1234/things.1",
        "pmid:12345678",
        "scopus:2-s2.0-123",
        "wos:000123456789012",
    )
    assert paper.id == "WOS:000123456789012"


def test_endnotes_accession_number_is_pubmeds_where_it_says_so(tmp_path):
    (paper,), _ = read(write(tmp_path, "a.enw", REFER + "%M 12345678\n%W NLM\n"))
    assert "pmid:12345678" in paper.ids


def test_refer_may_have_any_tag_first(tmp_path):
    text = f"%T {TITLE}\n%0 Journal Article\n%D 2020\n%J Journal of Things\n%R 10.1234/things.1\n%X {ABSTRACT}\n\n"
    papers, _ = read(write(tmp_path, "a.enl", text * 2))
    assert [facts(paper) for paper in papers] == [FACTS] * 2


def test_eric_writes_medline_its_own_way(tmp_path):
    text = f"OWN - ERIC\nTI  - {TITLE}\nDP  - 2020\nJT  - Journal of Things\nOID - EJ12\nLID - http://doi.org/10.1234/things.1\nAB  - {ABSTRACT}\nISSN - EISSN-1234\n\n"
    papers, _ = read(write(tmp_path, "a.nbib", text * 2))
    assert [facts(paper) for paper in papers] == [FACTS] * 2


def test_pubmeds_abstract_text_is_read(tmp_path):
    text = f"1. Journal of Things. 2020 Jan;1(2):3-4. doi: 10.1234/things.1.\n\n{TITLE}\n\nSmith AB(1), Jones C(1)(2).\n\nAuthor information:\n(1)Here.\n\n{FIRST}. \n{SECOND}\n\nCopyright 2020 Us.\n\nPMID: 12345678 [Indexed for MEDLINE]\n\n\n2. Other. 2019.\n\nNo text.\n\nDoe J.\n\nPMID: 23456789\n"
    (paper,), (skipped,) = read(write(tmp_path, "abstract-set.txt", text))
    assert facts(paper) == FACTS
    assert paper.ids == ("doi:10.1234/things.1", "pmid:12345678")
    assert 'no "abstract"' in skipped.reason
