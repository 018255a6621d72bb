"""The reader is one component for spaCy users: any tokenizer, saved and loaded as spaCy does."""

import spacy

import pipelines
from pipelines.components import reader  # noqa: F401 - an installed kg needs no import

TEXT = "FooNet: a new network\nWe propose FooNet, which outperforms ResNet-50 on ImageNet."


def found(doc):
    return [
        (s.text, s.label_, s.id, round(s._.certainty, 6), s._.role) for s in doc.spans["mentions"]
    ]


def test_a_blank_pipeline_reads_with_one_component():
    nlp = spacy.blank("en")
    nlp.add_pipe("kg_reader")
    doc = nlp(TEXT)
    names = {span.text: (span.label_, span._.role) for span in doc.spans["mentions"]}
    assert names == {
        "FooNet": ("method", "new"),
        "ResNet-50": ("method", "compared"),
        "ImageNet": ("dataset", "evaluated"),
    }


def test_the_pipeline_is_saved_and_loaded(tmp_path):
    for number, nlp in enumerate((pipelines.make_pipeline(), spacy.blank("en"))):
        if number:
            nlp.add_pipe("kg_reader")
        nlp.to_disk(tmp_path / str(number))
        loaded = spacy.load(tmp_path / str(number))
        own, other = nlp(TEXT), loaded(TEXT)
        assert found(other) == found(own)
        assert found(own)
        assert own.to_bytes()
