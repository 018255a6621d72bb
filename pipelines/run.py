"""Runs the pipeline over many texts on all cores.

This module does not load spaCy; only the processes that read texts need it.
"""

import ast
import functools
import unicodedata
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from hashlib import blake2b
from importlib.metadata import version
from itertools import chain, islice
from pathlib import Path

from kg.processes import available_cores, workers
from kg.records import Extraction, Judgement, Term
from pipelines import lexicon

__all__ = ["extract", "fingerprint", "judged_names", "known_terms"]

MODEL = Path(__file__).parent / "model"
BATCH = 64
DECIDING = ("numpy", "onnxruntime", "spacy", "tokenizers")
"""Libraries whose version affects the result; onnxruntime's rounding differs between versions."""
CODE = ("assemble.py", "extraction.py", "known.py", "onnx.py", "tokenizer.py")
NAMES = ("abbreviations.py", "generic.py", "keys.py")
"""Modules of this package, and of ``kg.names``, that decide what is found."""
BATCHES_IN_FLIGHT = 4
"""Batches per process: enough to keep it busy, few enough to keep memory use flat."""


def extract(texts: Iterable[str], *, jobs: int | None = None) -> Iterator[Extraction]:
    """Yield the extraction of each text, in order.

    Args:
        texts: papers' texts (``Paper.text``), consumed lazily a few batches ahead.
        jobs: number of processes, by default one per core. A small number of texts is read in this
            process.

    Raises:
        WorkerError: if one of the processes ends unexpectedly.
    """
    jobs = jobs or available_cores()
    groups = _batches(texts)
    first = next(groups, [])
    if jobs == 1 or len(first) < BATCH:
        for group in chain([first], groups):
            yield from _extract_batch(group)
        return
    with workers(jobs) as pool:
        in_flight: deque[Future[list[Extraction]]] = deque()
        for group in chain([first], groups):
            in_flight.append(pool.submit(_extract_batch, group))
            if len(in_flight) >= BATCHES_IN_FLIGHT * jobs:
                yield from in_flight.popleft().result()
        while in_flight:
            yield from in_flight.popleft().result()


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(texts)
    while batch := list(islice(rest, BATCH)):
        yield batch


@functools.cache
def _reader() -> Callable[[Sequence[str]], list[Extraction]]:
    """Return a function that reads a batch of texts; the model is loaded once per process."""
    from pipelines.assemble import make_pipeline  # noqa: PLC0415 - loads spaCy
    from pipelines.extraction import to_extraction  # noqa: PLC0415 - loads spaCy

    nlp = make_pipeline()

    def read(texts: Sequence[str]) -> list[Extraction]:
        with (
            nlp.memory_zone()
        ):  # forget each batch's words; over millions of texts they would fill memory
            return [to_extraction(doc) for doc in nlp.pipe(texts, batch_size=BATCH)]

    return read


def _extract_batch(texts: Sequence[str]) -> list[Extraction]:
    return _reader()(texts)


@functools.cache
def fingerprint() -> str:
    """Return a digest of everything that determines the result of ``extract``.

    That is the model, the entries of the lexicon, the code of the pipeline's steps, and the versions of the
    libraries that they use.
    """
    digest = blake2b(digest_size=16)
    for name in DECIDING:
        digest.update(f"{name} {version(name)}\0".encode())
    digest.update(unicodedata.unidata_version.encode())  # which characters are letters
    here = Path(__file__).parent
    code = [here / name for name in CODE] + [
        *here.glob("components/*.py"),
        here / "lexicon" / "__init__.py",
    ]
    code += [here.parent / "kg" / "names" / name for name in NAMES]
    for path in sorted(code):
        digest.update(
            path.name.encode() + b"\0" + _meaning(path.read_text(encoding="utf-8")).encode()
        )
    model = (path for path in MODEL.iterdir() if path.suffix != ".md")
    for path in sorted([*lexicon.groups(), *model]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _meaning(source: str) -> str:
    """Return a module's syntax tree without comments and docstrings, as text."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [one for one in body if not _is_text(one)]  # type: ignore[attr-defined]
    return ast.dump(tree)


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def known_terms() -> tuple[Term, ...]:
    """Return the entries of the lexicon, joined by the synonyms that resolution needs."""
    return lexicon.facts()


def judged_names() -> tuple[Judgement, ...]:
    """Return the verdicts on names that were judged one by one, or by their class."""
    return (*lexicon.judged_names(), *lexicon.other_things())
