"""All steps as one component for your own pipeline: ``spacy.blank("en").add_pipe("kg_reader")``.

It writes what the steps write: ``doc.spans["mentions"]``, whose spans have ``span._.certainty`` and
``span._.role``, and the short and long forms. Mentions are found in the text, independently of the
pipeline's tokenizer; a span covers all tokens that its mention overlaps.
"""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipelines.components.abbreviations import mark_abbreviations
from pipelines.components.one_sense import OneSense
from pipelines.components.span_finder import SpanFinder

__all__ = ["Reader", "make_reader"]


class Reader:
    """The span finder, the abbreviations and the second reader, in sequence."""

    def __init__(self, path: Path | None = None, threads: int = 1) -> None:
        """Load the model from a folder, by default kg's own."""
        self.finder, self.one_sense = SpanFinder(path, threads), OneSense(path)

    def __call__(self, doc: Doc) -> Doc:
        """Process one document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Process documents in batches and yield them."""
        for doc in self.finder.pipe(stream, batch_size=batch_size):
            yield self.one_sense(mark_abbreviations(doc))

    def to_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> None:
        """Copy the model to a folder."""
        self.finder.to_disk(path, exclude=exclude)

    def from_disk(self, path: Path, *, exclude: Sequence[str] = ()) -> "Reader":
        """Load the model from a folder."""
        self.finder.from_disk(path, exclude=exclude)
        self.one_sense.from_disk(path, exclude=exclude)
        return self


@Language.factory("kg_reader", default_config={"path": "", "threads": 1})
def make_reader(nlp: Language, name: str, path: str, threads: int) -> Reader:  # noqa: ARG001 - spaCy's signature
    """Create the component; an empty path selects kg's own model."""
    return Reader(Path(path) if path else None, threads)
