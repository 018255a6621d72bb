"""How well the graph's links say what gold roles say: a graph made from gold annotations, not from the reader's.

python benchmarks/kinds.py PAPERS.jsonl GOLD_ROLES.jsonl OUT.graphml   (then score OUT by a scorer of kinds)

Names are resolved as in a build. What is lost here, the counting and resolving lose, whatever the reader does.
"""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import exports
import pipelines
from kg.corpus import read_papers
from kg.graph.assemble import assemble, lay_out, set_layout
from kg.graph.filters import Filters, view
from kg.records import Entity, EntityType, Extraction, Mention, Role
from kg.resolution.resolve import resolve
from kg.resolution.usage import Usage
from kg.storage.store import Store

TYPES = {kind.value[0].upper(): kind for kind in EntityType} | {"X": EntityType.METRIC}
TYPES["M"] = EntityType.METHOD
ROLES = {role.value[0].upper(): role for role in Role}


def main(papers_path, gold_path, out):
    lines = Path(gold_path).read_text(encoding="utf-8").splitlines()
    rows = {row["id"]: row["e"] for row in map(json.loads, lines)}
    papers = [paper for paper in read_papers([papers_path]) if paper.id in rows]
    with Store() as store:
        store.add_papers(papers)
        usage = Usage()
        found = [(paper, extraction(paper, rows[paper.id])) for paper in store.papers()]
        store.graph.note_spans((paper, one, usage.see(paper.id, one)) for paper, one in found)
        store.graph.link(resolve(usage, known=pipelines.known_terms()), pipelines.fingerprint())
        graph = assemble(store)
        set_layout(graph, lay_out(graph))
        exports.write(view(store, graph, Filters()), Path(out))
    print(f"{len(papers)} papers, {len(graph)} nodes, {graph.number_of_edges()} links: {out}")


def extraction(paper, entities):
    """The gold of one paper as an extraction: each name marked wherever it stands, and the title as its only sentence."""
    found = []
    for code, roles, *names in entities:
        spans = sorted({span for name in names for span in places(paper.text, name)})
        mentions = tuple(Mention(a, b, TYPES[code], paper.text[a:b]) for a, b in spans)
        one = Entity(TYPES[code], tuple(names), mentions or (Mention(0, 1, TYPES[code], "-"),))
        found.append(replace(one, role=ROLES.get(roles[0])))
    sentences = ((0, len(paper.title)), (len(paper.title) + 1, len(paper.text)))
    return Extraction(tuple(sorted(found, key=lambda e: e.mentions)), (), sentences)


def places(text, name):
    return [found.span() for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]


if __name__ == "__main__":
    main(*sys.argv[1:])
