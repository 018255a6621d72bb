"""XML: each vocabulary gives the same paper; what the file declares of its own is refused."""

import pytest
from small_files import ABSTRACT, FACTS, TITLE, facts, read, why, write

FIRST, SECOND = ABSTRACT.split(". ")
PUBMED = f"""<PubmedArticle><MedlineCitation><PMID>12345678</PMID><Article><Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue>
<Title>Journal of Things</Title></Journal><ArticleTitle>{TITLE}</ArticleTitle><Abstract><AbstractText>{FIRST}.</AbstractText><AbstractText>{SECOND}</AbstractText></Abstract>
<ELocationID EIdType="doi">10.1234/things.1</ELocationID></Article></MedlineCitation><PubmedData><ReferenceList><Reference><ArticleIdList>
<ArticleId IdType="doi">10.9999/other</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData></PubmedArticle>"""
JATS = f"""<article><front><journal-meta><journal-title>Journal of Things</journal-title></journal-meta><article-meta><article-id pub-id-type="doi">10.1234/things.1</article-id>
<title-group><article-title>A Study of <italic>Things</italic> in Order</article-title></title-group><pub-date pub-type="epub"><year>2020</year></pub-date>
<abstract abstract-type="graphical"><p>A picture.</p></abstract><abstract><p>{ABSTRACT}</p></abstract></article-meta></front><body><p>{"All else. " * 50}</p></body></article>"""
ENDNOTE = f"""<xml><records><record><rec-number>1</rec-number><ref-type name="Journal Article">17</ref-type><titles><title><style face="normal">{TITLE}</style></title>
<secondary-title><style>Journal of Things</style></secondary-title></titles><dates><year><style>2020</style></year></dates><abstract><style>{ABSTRACT}</style></abstract>
<electronic-resource-num><style>10.1234/things.1</style></electronic-resource-num></record></records></xml>"""
ARXIV = f"""<OAI-PMH><ListRecords><record><header status="deleted"><identifier>oai:x:1</identifier></header></record><record><header><identifier>oai:arXiv.org:2001.00001</identifier></header><metadata>
<arXiv><id>2001.00001</id><created>2020-01-01</created><title>{TITLE}</title><journal-ref>Journal of Things</journal-ref><doi>10.1234/things.1</doi><abstract>{ABSTRACT}</abstract></arXiv></metadata></record></ListRecords></OAI-PMH>"""
DUBLIN = f"""<OAI-PMH><ListRecords><record><header><identifier>oai:x:1</identifier></header><metadata><oai_dc:dc><dc:title>{TITLE}</dc:title><dc:description>Comment: 3 pages</dc:description>
<dc:description>{ABSTRACT}</dc:description><dc:date>2021-01-01</dc:date><dc:date>2020-01-01</dc:date><dc:source>Journal of Things</dc:source><dc:identifier>https://doi.org/10.1234/things.1</dc:identifier></oai_dc:dc></metadata></record></ListRecords></OAI-PMH>"""
MODS = f"""<modsCollection><mods><titleInfo><title>{TITLE}</title></titleInfo><titleInfo type="alternative"><title>Other</title></titleInfo><abstract>{ABSTRACT}</abstract>
<originInfo><dateIssued>2020</dateIssued></originInfo><relatedItem type="host"><titleInfo><title>Journal of Things</title></titleInfo></relatedItem><identifier type="doi">10.1234/things.1</identifier></mods></modsCollection>"""
MARC = f"""<collection><record><controlfield tag="001">77</controlfield><datafield tag="024" ind1="7"><subfield code="a">10.1234/things.1</subfield></datafield><datafield tag="245" ind1="1" ind2="0">
<subfield code="a">A Study of</subfield><subfield code="b">Things in Order /</subfield></datafield><datafield tag="260"><subfield code="c">c2020.</subfield></datafield><datafield tag="520"><subfield code="a">{ABSTRACT}</subfield></datafield>
<datafield tag="773"><subfield code="t">Journal of Things</subfield></datafield></record></collection>"""
RDF = f"""<rdf:RDF xmlns:rdf="r"><bib:Article rdf:about="#item_1"><dc:title>{TITLE}</dc:title><dcterms:abstract>{ABSTRACT}</dcterms:abstract><dc:date>2020</dc:date><dcterms:isPartOf rdf:resource="urn:issn:1"/>
<dc:identifier>DOI 10.1234/things.1</dc:identifier></bib:Article><bib:Journal rdf:about="urn:issn:1"><dc:title>Journal of Things</dc:title></bib:Journal></rdf:RDF>"""
ANTHOLOGY = f"""<collection id="2020.things"><volume id="main"><meta><booktitle>Journal of <fixed-case>T</fixed-case>hings</booktitle><year>2020</year></meta><paper id="3"><title>A Study of <fixed-case>T</fixed-case>hings in Order</title>
<abstract>{ABSTRACT}</abstract><doi>10.1234/things.1</doi></paper></volume></collection>"""
DATACITE = f"""<resource><identifier identifierType="DOI">10.1234/things.1</identifier><titles><title>{TITLE}</title></titles><publisher>Journal of Things</publisher><publicationYear>2020</publicationYear>
<descriptions><description descriptionType="Methods">M.</description><description descriptionType="Abstract">{ABSTRACT}</description></descriptions></resource>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom"><title>query</title><entry><id>http://arxiv.org/abs/2001.00001v2</id><published>2020-01-01</published><title>{TITLE}</title><summary>{ABSTRACT}</summary>
<arxiv:journal_ref>Journal of Things</arxiv:journal_ref><arxiv:doi>10.1234/things.1</arxiv:doi></entry></feed>"""
ALL = {"PubMed": PUBMED, "JATS": JATS, "EndNote": ENDNOTE, "arXiv OAI-PMH": ARXIV, "Dublin Core": DUBLIN, "MODS": MODS, "MARCXML": MARC, "Zotero RDF": RDF,
       "ACL Anthology": ANTHOLOGY, "DataCite": DATACITE, "Atom": ATOM}  # fmt: skip


@pytest.mark.parametrize("xml", ALL.values(), ids=ALL)
def test_each_vocabulary_gives_the_same_paper(tmp_path, xml):
    (paper,), skipped = read(write(tmp_path, "a.txt", f'<?xml version="1.0"?>\n{xml}'))
    assert facts(paper) == FACTS
    assert [one.reason for one in skipped] == ["a deleted record"] * xml.count('"deleted"')


@pytest.mark.parametrize(
    "xml", [PUBMED, JATS, ANTHOLOGY, ATOM], ids=["PubMed", "JATS", "ACL Anthology", "Atom"]
)
def test_files_put_one_after_another_are_all_read(tmp_path, xml):
    papers, _ = read(write(tmp_path, "a.xml", f'<?xml version="1.0"?>{xml}\n' * 3))
    assert [facts(paper) for paper in papers] == [FACTS] * 3


def test_bare_ampersands_names_of_html_and_controls_are_read_as_meant(tmp_path):
    (paper,), _ = read(
        write(
            tmp_path,
            "a.xml",
            ATOM.replace("put them", "put &nbsp; R&D &eacute; &#2; \x02 &amp; them"),
        )
    )
    assert "put R&D é & them" in paper.abstract


def test_the_encoding_that_a_file_declares_is_taken(tmp_path):
    text = '<?xml version="1.0" encoding="iso-8859-2"?>' + ATOM.replace("put", "Łódź")
    (paper,), _ = read(write(tmp_path, "a.xml", text, "iso-8859-2"))
    assert "Łódź them" in paper.abstract


def test_the_anthologys_ids_stand_in_the_tree(tmp_path):
    (paper,), _ = read(write(tmp_path, "a.xml", ANTHOLOGY))
    assert (paper.id, paper.url) == (
        "2020.things-main.3",
        "https://aclanthology.org/2020.things-main.3",
    )
    (old,), _ = read(
        write(tmp_path, "b.xml", ANTHOLOGY.replace("2020.things", "P17").replace('"main"', '"1"'))
    )
    assert old.id == "P17-1003"


def test_a_public_doctype_is_read_and_nothing_is_fetched(tmp_path):
    head = '<?xml version="1.0"?><!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD x//EN" "http://127.0.0.1:9/x.dtd">'
    (paper,), _ = read(
        write(tmp_path, "a.xml", f"{head}<PubmedArticleSet>{PUBMED}</PubmedArticleSet>")
    )
    assert facts(paper) == FACTS


@pytest.mark.parametrize(
    "inner",
    [
        '<!ENTITY a "ha">',
        f'<!ATTLIST entry x CDATA "{"a" * 1000}">',
        "<!ELEMENT entry ANY>",
        '<!NOTATION n SYSTEM "x">',
        '<!ENTITY % p SYSTEM "x"> %p;',
        "",
    ],
    ids=["entity", "attributes by default", "element", "notation", "parameter", "empty"],
)
def test_declarations_of_the_files_own_are_refused(tmp_path, inner):
    said = why(write(tmp_path, "a.xml", f"<!DOCTYPE feed [{inner}]>{ATOM}"))
    assert "refused XML with its own declarations" in said
