"""How many abstracts each row of the cleaning's table changes, and what it changes, over a corpus.

python benchmarks/cleaning.py PAPERS.jsonl.gz [--every N] [--show N]
"""

import argparse
import collections
import difflib
import gzip
import json
import time

from kg.corpus.cleaning import ABSTRACT_RULES, MIN_REMAINING, TEXT_RULES, clean_abstract


def changes(before, after):
    """The stretches that differ, each with some context."""
    match = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [
        f"{before[max(0, a - 25) : a]}[{before[a:b]} -> {after[c:d]}]{before[b : b + 20]}"
        for tag, a, b, c, d in match.get_opcodes()
        if tag != "equal"
    ]


def rows_that_change(text):
    """Yield (row, before, after) of the rows that change a text, in order."""
    for row in TEXT_RULES:
        after = row.apply(text)
        if after != text:
            yield row.name, text, after
        text = after
    for row in ABSTRACT_RULES:
        after = row.apply(text).strip()
        if after != text and len(after) >= MIN_REMAINING:
            yield row.name, text, after
            text = after


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("papers")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--show", type=int, default=0)
    args = parser.parse_args()
    with gzip.open(args.papers, "rt", encoding="utf-8") as lines:
        texts = [
            json.loads(line)["abstract"] for n, line in enumerate(lines) if n % args.every == 0
        ]
    start = time.process_time()
    changed = sum(clean_abstract(text) != text for text in texts)
    seconds = time.process_time() - start
    print(f"{len(texts):,} abstracts, {changed:,} changed, {len(texts) / seconds:,.0f} a second")
    counts, shown = collections.Counter(), collections.defaultdict(list)
    for text in texts:
        for name, before, after in rows_that_change(text):
            counts[name] += 1
            if len(shown[name]) < args.show:
                shown[name].append(changes(before[:3000], after[:3000])[0][:160])
    for row in (*TEXT_RULES, *ABSTRACT_RULES):
        print(f"{counts[row.name]:7,}  {row.name}")
        for example in shown[row.name]:
            print(f"           {example}")


if __name__ == "__main__":
    main()
