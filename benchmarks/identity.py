"""What is one thing: the figures of docs/identity.md.

python benchmarks/identity.py pairs                     accuracy of the key on tests/kg/name_pairs.tsv, and its speed
python benchmarks/identity.py shorts CORPUS GOLD PAPERS how often a sense given by few papers is the one that the field means
python benchmarks/identity.py merges GOLD PAPERS        merges by rule over annotated papers
python benchmarks/identity.py graph GOLD PAPERS OUT     the graph of annotated entities as GraphML, for score_graph.py
python benchmarks/identity.py scale GOLD PAPERS [TIMES] time and memory of resolution over copies of annotated papers

CORPUS is a file of papers, GOLD the annotations and PAPERS the annotated papers.
"""

import csv
import gzip
import json
import random
import re
import resource
import string
import sys
import time
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import networkx as nx

from kg.names.abbreviations import find_abbreviations
from kg.names.keys import key
from kg.records import Entity, EntityType, Extraction, Mention
from kg.resolution.resolve import resolve
from kg.resolution.senses import Definition, same_words, senses_of
from kg.resolution.usage import Usage, definitions_in
from pipelines import judged_names, known_terms
from pipelines.components.sentences import split_sentences

CODES = dict(zip("MDBTX", EntityType, strict=True))
PAIRS = Path(__file__).parents[1] / "tests/kg/name_pairs.tsv"
JOINED = {
    *("data", "network", "order", "preposition", "synonym", "training", "type word"),
    *("version of .0", "word form"),
}
"""Kinds of pair that resolution joins, not the key."""
SIZES = (90, 200, 500, 1500, 4474)
CASE_TELLS, CLEAR = 5, 5
"""Names up to this length are found with their case as given; definitions that make the big corpus's answer clear."""


def read_papers(path):
    packed = Path(path).read_bytes()
    lines = (gzip.decompress(packed) if str(path).endswith(".gz") else packed).splitlines()
    return {row["id"]: f"{row['title']}\n{row['abstract']}" for row in map(json.loads, lines)}


def places(text, name):
    """Return where a name stands: as given if it is short or has capitals inside, in any case otherwise."""
    as_given = len(name) <= CASE_TELLS or any(map(str.isupper, name[1:]))
    body = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", name)))
    found = re.finditer(rf"(?<![^\W_]){body}s?(?![^\W_])", text, 0 if as_given else re.IGNORECASE)
    return [match.span() for match in found] or [
        match.span() for match in re.finditer(re.escape(name), text, re.IGNORECASE)
    ]


def annotated(gold, papers):
    """Yield (paper id, extraction) as a perfect finder would make it: the longest annotated name at each place."""
    texts = read_papers(papers)
    for row in map(json.loads, Path(gold).read_text(encoding="utf-8").splitlines()):
        text = texts[row["id"]]
        spans = sorted(
            (a - b, a, b, number)
            for number, names in enumerate(row["e"])
            for name in names[1:]
            for a, b in places(text, name)
        )
        used, mentions = bytearray(len(text)), defaultdict(list)
        for _, start, end, number in spans:
            if not any(used[start:end]):
                used[start:end] = b"\1" * (end - start)
                kind = CODES[row["e"][number][0]]
                mentions[number].append(Mention(start, end, kind, text[start:end]))
        entities = []
        for found in mentions.values():
            counts = Counter(mention.surface for mention in sorted(found))
            entities.append(
                Entity(
                    found[0].type,
                    tuple(name for name, _ in counts.most_common()),
                    tuple(sorted(found)),
                )
            )
        sentences = tuple(split_sentences(text))
        yield (
            row["id"],
            Extraction(
                tuple(sorted(entities, key=lambda one: one.mentions[0])),
                find_abbreviations(text, sentences),
                sentences,
            ),
        )


def pairs():
    rows = [
        row
        for row in csv.DictReader(PAIRS.read_text(encoding="utf-8").splitlines(), delimiter="\t")
        if not row["context"] and row["kind"] not in JOINED
    ]
    wrong = [
        (row["one"], row["other"])
        for row in rows
        if (key(row["one"]) == key(row["other"])) != (row["verdict"] == "same")
    ]
    print(f"{len(rows)} pairs, {len(wrong)} wrong ({1 - len(wrong) / len(rows):.3f}): {wrong}")
    endings = ("nets", "-Model", "ised learning")
    names = 2 * [
        f"{one}{other} v{number}"
        for number in range(3205)
        for one in string.ascii_letters
        for other in endings
    ]
    key.cache_clear()
    began = time.process_time()
    for name in names:
        key(name)
    print(
        f"{len(names):,} calls, {key.cache_info().misses:,} different names: {time.process_time() - began:.1f} s"
    )


def shorts(corpus, gold, papers):
    everywhere = defaultdict(lambda: defaultdict(Definition))
    for identifier, text in read_papers(corpus).items():
        found = Extraction((), find_abbreviations(text, tuple(split_sentences(text))), ())
        for short, (long, one, other) in definitions_in(found).items():
            everywhere[short][long].see(identifier, one, other)
    field = {short: senses_of(claims) for short, claims in everywhere.items()}
    known = list(annotated(gold, papers))
    random.seed(0)
    for size in SIZES:
        counts = defaultdict(Counter)
        for _ in range(max(1, 6000 // size)):
            judge_sample(random.sample(known, min(size, len(known))), field, counts)
        table = ", ".join(
            f"{letters} letters x{papers}: {dict(sorted(found.items()))}"
            for (letters, papers), found in sorted(counts.items())
        )
        print(f"{size} papers: {table}")


def judge_sample(sample, field, counts):
    """Count uses without a definition, by length and by how many papers of the sample define their one sense."""
    claims, uses = defaultdict(lambda: defaultdict(Definition)), Counter()
    for identifier, extraction in sample:
        defined = definitions_in(extraction)
        for short, (long, one, other) in defined.items():
            claims[short][long].see(identifier, one, other)
        for entity in extraction.entities:
            names = {key(name) for name in entity.names}
            if len(names) == 1 and not names & defined.keys():
                uses[min(names)] += 1
    for short, used in uses.items():
        senses = senses_of(claims[short]) if short in claims else ()
        if len(senses) != 1 or short not in field:
            continue
        usual = field[short][0]
        clear = usual.papers >= CLEAR and usual.papers >= 0.9 * sum(
            sense.papers for sense in field[short]
        )
        same = same_words(usual.example[2], senses[0].example[2])
        verdict = "right" if clear and same else "wrong" if clear or not same else "open"
        counts[min(len(short), 5), min(senses[0].papers, 3)][verdict] += used


def merges(gold, papers):
    found = resolve(Usage.of(annotated(gold, papers)), known=known_terms(), judged=judged_names())
    print(
        f"{len(found.nodes)} nodes, {len(found.merges)} merges: {dict(Counter(merge.rule for merge in found.merges).most_common())}"
    )
    print(
        f"{len(found.report.single)} on one paper's word, {len(found.report.apart)} short forms apart, {len(found.report.close)} close votes"
    )


def graph(gold, papers, target):
    usage = Usage()
    seen = [usage.see(paper, extraction) for paper, extraction in annotated(gold, papers)]
    found = resolve(usage, known=known_terms(), judged=judged_names())
    node_of = dict(found.entities())
    built, links = nx.Graph(), Counter()
    for node in found.nodes:
        built.add_node(
            node.id, label=node.label, type=node.type.value, aliases=" | ".join(node.aliases)
        )
    for numbers in seen:
        links.update(
            combinations(sorted({node_of[number] for number in numbers if number in node_of}), 2)
        )
    for (one, other), count in links.items():
        built.add_edge(one, other, papers=count)
    nx.write_graphml(built, target)


def scale(gold, papers, times="20"):
    known = list(annotated(gold, papers))
    counts = Counter(
        name for _, extraction in known for entity in extraction.entities for name in entity.names
    )

    def renamed(name, copy):
        return name if counts[name] > 1 else f"{name} {string.ascii_letters[copy] * 3}"

    def copies():
        for copy in range(int(times)):
            for identifier, extraction in known:
                entities = tuple(
                    Entity(
                        one.type,
                        tuple(renamed(n, copy) for n in one.names),
                        tuple(replace(m, surface=renamed(m.surface, copy)) for m in one.mentions),
                    )
                    for one in extraction.entities
                )
                yield (
                    f"{identifier}-{copy}",
                    Extraction(entities, extraction.abbreviations, extraction.sentences),
                )

    facts = known_terms()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    began = time.process_time()
    entities = sum(len(extraction.entities) for _, extraction in copies())
    making = time.process_time() - began
    began = time.process_time()
    found = resolve(Usage.of(copies()), known=facts)
    took = time.process_time() - began - making
    began = time.process_time()
    told = sum(1 for _ in found.entities())
    telling = time.process_time() - began
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{int(times) * len(known):,} papers, {entities:,} entities, {len(found.nodes):,} nodes: resolve {took:.1f} s; {told:,} different entities are nodes, told in {telling:.1f} s"
    )
    print(f"peak memory {after} MB, {before} MB of it before")


if __name__ == "__main__":
    {"pairs": pairs, "shorts": shorts, "merges": merges, "graph": graph, "scale": scale}[
        sys.argv[1]
    ](*sys.argv[2:])
