"""BibTeX: what LaTeX writes is decoded, what is none stays, and no entry is lost to another's fault."""

import pytest
from small_files import ABSTRACT, FACTS, TITLE, facts, read, write

ENTRY = f"@article{{key1,\n  title = {{{TITLE}}},\n  abstract = {{{ABSTRACT}}},\n  year = 2020,\n  journal = {{Journal of Things}},\n  doi = {{10.1234/things.1}}\n}}\n"


def abstract_of(folder, value, more=""):
    (paper,), _ = read(
        write(folder, "a.bib", f"@article{{k, title = {{T}}, abstract = {value}{more}\n}}")
    )
    return paper.abstract


@pytest.mark.parametrize(
    "text",
    [
        ENTRY,
        ENTRY.replace("{", "{{", 2).replace("Order}", "Order}}").replace("@article{{", "@article{"),
        ENTRY.replace("@article{", "@ARTICLE(").replace("\n}\n", "\n)\n"),
        '% a comment\n@comment{jabref-meta: x;}\n@preamble{"\\makeatletter {"}\n' + ENTRY,
        ENTRY.replace("@article", "@Misc")
        .replace("journal = ", "journaltitle = ")
        .replace("year = 2020", "date = {2020-01-02}"),
        ENTRY.replace("{Journal of Things}", 'j # " of " # t')
        + '@string{j = "Journal"}\n@string{t = {Things}}\n',
    ],
    ids=["plain", "double braces", "parentheses", "comments before", "BibLaTeX", "strings after"],
)
def test_each_way_of_writing_gives_the_same_paper(tmp_path, text):
    if "@string" in text:
        text = "".join(
            sorted(text.splitlines(keepends=True), key=lambda line: not line.startswith("@string"))
        )
    (paper,), skipped = read(write(tmp_path, "a.txt", text))
    assert (facts(paper), skipped) == (FACTS, [])


@pytest.mark.parametrize(
    ("value", "abstract"),
    [
        (
            r"{Erd\H{o}s and M{\"u}ller use {BERT} for 5\% of $k$}",
            "Erdős and Müller use BERT for 5% of k",
        ),
        ('"A {"}quoted{"} word, joined" # " with another"', 'A "quoted" word, joined with another'),
        (r"{see~Figure~1 \cite{x} and \url{https://x.org}}", "see Figure 1 and https://x.org"),
        ("{A set \\{a, b\\} of things}", "A set {a, b} of things"),
    ],
)
def test_latex_is_decoded(tmp_path, value, abstract):
    assert abstract_of(tmp_path, value) == abstract


def test_scopus_signs_mean_themselves(tmp_path):
    text = "{It is 5% of A&B, with x_1 at ~7 and pH~7, for $5.}"
    assert abstract_of(tmp_path, text, ",\nsource={Scopus}") == text[1:-1]


@pytest.mark.parametrize(
    "broken",
    [
        "@article{bad, title = {T, abstract = {A\n",
        "@article{bad\n",
        "@article{bad, title {T}}\n",
        "@article{bad, year = }\n",
    ],
)
def test_a_broken_entry_harms_no_other(tmp_path, broken):
    papers, _ = read(write(tmp_path, "a.bib", ENTRY + broken + ENTRY.replace("key1", "key2")))
    assert [facts(paper) for paper in papers] == [FACTS] * 2
    assert [paper.id for paper in papers] == ["key1", "key2"]


def test_a_brace_too_many_ends_its_field_alone(tmp_path):
    (paper,), _ = read(write(tmp_path, "a.bib", ENTRY.replace("put them", "put {them")))
    assert (paper.abstract, paper.year) == (ABSTRACT, 2020)


def test_an_arxiv_eprint_is_an_identifier(tmp_path):
    (paper,), _ = read(
        write(
            tmp_path,
            "a.bib",
            ENTRY.replace("year", "eprint = {1706.03762v5}, archivePrefix = {arXiv},\n year"),
        )
    )
    assert paper.ids == ("arxiv:1706.03762", "doi:10.1234/things.1")
