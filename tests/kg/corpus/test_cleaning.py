"""The cleaning's table of cases; cleaning twice changes nothing, and clean text is untouched byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.corpus.cleaning import (
    ABSTRACT_RULES,
    TEXT_RULES,
    clean_abstract,
    clean_text,
    is_placeholder,
    is_proceedings,
)

PROSE = "We study a method. It is better than all others on two data sets."

CASES = [
    ("character references", "p &lt; 0.05 &amp; q", "p < 0.05 & q"),
    ("character references", "a &amp;lt; b", "a < b"),
    ("character references", "&ldquo;so&rdquo; &#233; &#xe9;", "“so” é é"),
    ("character references", "R&D; AT&T", "R&D; AT&T"),
    ("tags", "CO<sub>2</sub> and <i>k</i>-means", "CO2 and k-means"),
    ("tags", "CO\n  <jats:sub>2</jats:sub>", "CO2"),
    ("tags", "10<sup>-3</sup> of <sup>18</sup>F", "10^-3 of 18F"),
    ("tags", "<jats:p>One.</jats:p><jats:p>Two.</jats:p>", "One. Two."),
    ("tags", "<jats:title>Abstract</jats:title><p>We.</p>", "We."),
    ("tags", "<title>Aims</title><p>We.</p>", "Aims: We."),
    ("tags", '<a href="x">link</a> <b style="y">bold</b>', "link bold"),
    ("tags", "<mml:math><mml:mi>x</mml:mi><mml:mo>=</mml:mo><mml:mn>1</mml:mn></mml:math>", "x=1"),
    ("tags", "a token <SEP> and <mask>, x <y and z> 3", "a token <SEP> and <mask>, x <y and z> 3"),
    ("INSPEC symbols", "/spl beta/-carotene, H/sub 2/O, 4/spl times/4", "β-carotene, H2O, 4×4"),
    ("INSPEC symbols", "10/sup 3/ and/or", "10^3 and/or"),
    ("control characters", "A\x00B\x0bC\u200bD\ufeff", "ABCD"),
    ("control characters", "it\x92s \x93so\x94", "it’s “so”"),
    ("control characters", "Occam\u00e2\x80\x99s razor", "Occam’s razor"),
    ("LaTeX", r"Erd\H{o}s, M\"uller, {\'E}tude, na\"{\i}ve, \v{S}koda", "Erdős, Müller, Étude, naïve, Škoda"),
    ("LaTeX", r"the $k$-means and $O(n^{2})$ of $\alpha$", "the k-means and O(n^2) of α"),
    ("LaTeX", r"\textbf{bold \emph{in}} text~\cite{a}.", "bold in text."),
    ("LaTeX", r"10\% \& 5\_x", "10% & 5_x"),
    ("LaTeX", "50% of A&B ~ 5_x costs $5 or $6", "50% of A&B ~ 5_x costs $5 or $6"),
    ("LaTeX", r"$\mathcal{U}$ in $\{1, 2\}$", "U in {1, 2}"),
    ("TeX quotes", "``so''", '"so"'),
    ("soft hyphens", "con\u00adver\u00ad gence", "convergence"),
    ("glyph numbers", "con(cid:173) tinue", "continue"),
    ("ligatures", "classi\ufb01er of e\ufb03cient \ufb02ow", "classifier of efficient flow"),
    ("white space", "a  b\n\tc\u00a0d ", "a b c d"),
    ("broken words", "an ap- proach", "an approach"),
    ("broken words", "short- and long-term, self- supervised", "short- and long-term, self-supervised"),
    ("broken words", "state- of-the-art", "state- of-the-art"),
    ("capital I for l", "Q-Iearning and aIgorithms", "Q-learning and algorithms"),
    ("capital I for l", "DeepInfer, WikiInfo, the IoT, AI, an Ion", "DeepInfer, WikiInfo, the IoT, AI, an Ion"),
    ("characters in parts", "e\u0301", "é"),
]  # fmt: skip

TAILS = [
    "(C) 2020 Elsevier B.V. All rights reserved.",
    "© 2019 The Authors. Published by Elsevier Ltd. This is an open access article.",
    "Copyright 2000 Wiley-Liss, Inc.",
    "Published by Elsevier Ltd.",
    "All rights reserved.",
    "(PsycINFO Database Record (c) 2019 APA, all rights reserved)",
    "[ABSTRACT FROM AUTHOR]",
    "[Author Abstract]",
    "Copyright of Things is the property of Wiley and its content may not be copied without permission.",
    "ClinicalTrials.gov identifier: NCT01234567.",
    "NCT01234567",
    "Keywords: one, two; three.",
    "This article is protected by copyright. All rights reserved.",
    "View full text",
]


@pytest.mark.parametrize(("row", "before", "after"), CASES)
def test_each_row_of_the_table_mends_its_damage(row, before, after):
    assert clean_text(before) == after
    assert row in {one.name for one in TEXT_RULES}


def test_every_row_has_a_case():
    assert {row.name for row in TEXT_RULES} == {row for row, _, _ in CASES}


@pytest.mark.parametrize("tail", TAILS)
def test_what_is_glued_to_the_end_is_cut(tail):
    assert clean_abstract(f"{PROSE} {tail}") == PROSE


@pytest.mark.parametrize(
    "text",
    [
        f"© 2018 The Authors. Journal of Things © 2018 The Society.{PROSE}",
        f"Abstract—{PROSE}",
        f"ABSTRACT {PROSE}",
    ],
)
def test_what_is_glued_to_the_start_is_cut(text):
    assert clean_abstract(text) == PROSE


@pytest.mark.parametrize(
    "text",
    [
        "We extract keywords. Our method (c) is better than (a) and (b) are.",
        "Abstract interpretation is a theory of sound approximation of programs.",
        "Background: We study it. Methods: We count. Results: They are many.",
        "We read papers published by women in 2019 and ask what they read.",
    ],
)
def test_text_that_only_looks_like_a_notice_stays(text):
    assert clean_abstract(text) == text


@given(
    st.text(max_size=300)
    | st.lists(st.sampled_from([one for _, one, _ in CASES] + TAILS), max_size=5).map(" ".join)
)
def test_cleaning_twice_changes_nothing(text):
    once = clean_abstract(text)
    assert clean_abstract(once) == once
    assert clean_text(clean_text(text)) == clean_text(text)


@given(st.text(max_size=300))
def test_text_that_no_row_changes_is_untouched(text):
    if all(row.apply(text) == text for row in TEXT_RULES):
        assert clean_text(text) == text
        if all(row.apply(text).strip() == text for row in ABSTRACT_RULES):
            assert clean_abstract(text) == text


@pytest.mark.parametrize(
    "text",
    ["NA", "n/a", "nan", "None", "-", "[No abstract available]", "No abstract available.", "Abstract not available", "No abstract provided",
     "(No Abstract)", "ABSTRACT", ":unav", "Kein Abstract verfügbar", "Lorem ipsum dolor sit amet"],
)  # fmt: skip
def test_placeholders_are_no_abstracts(text):
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text", [PROSE, "No abstraction is needed here.", "Nan Madol is a ruin.", "We found none."]
)
def test_short_texts_are_no_placeholders(text):
    assert not is_placeholder(text)


def test_records_of_whole_proceedings_are_told_by_what_they_say():
    topics = "The topics discussed include: networks; graphs; a method."
    assert is_proceedings(
        "Proceedings of a Workshop", f"The proceedings contain 20 papers. {topics}"
    )
    assert is_proceedings("10th International Conference on Things", topics)
    assert not is_proceedings("A Survey of Networks", f"We survey it. {topics}")
    assert not is_proceedings("The Proceedings of Hearings", PROSE)


def test_what_is_not_shown_goes_whatever_its_case_and_over_lines():
    for name in ("SCRIPT", "style", "mml:Annotation"):
        assert clean_text(f"A <{name} a='b'>\nx = 1;\n</{name}> b") == "A b"
    both = "A <MML:math>x</MML:math><TEX-MATH>\nx\n</TEX-MATH> b"
    assert clean_text(both) == "A x b"
    assert clean_text("<TITLE>Aims\nof it</TITLE><p>We.</p>") == "Aims of it: We."


def test_more_combining_marks_than_any_script_has_are_dropped():
    overlays, graves = "\u0334" * 15, "\u0316" * 15
    for pairs in (15, 20):
        marks = "\u0334\u0316" * pairs
        assert clean_text(f"a{marks}b") == f"a{overlays}{graves}b"


def test_a_capital_i_behind_a_hyphen_was_an_l():
    assert clean_text("a non-Ionger multi-Iabel Iayer") == "a non-longer multi-label layer"
