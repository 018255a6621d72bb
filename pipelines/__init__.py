"""The spaCy pipeline of kg: text in, mentions out. The only package that imports spaCy.

texts -> tokenizer -> sentences -> span_finder -> abbreviations -> one_sense -> Extraction
"""

from pipelines.assemble import extract, fingerprint, known_terms, make_pipeline

__all__ = ["extract", "fingerprint", "known_terms", "make_pipeline"]
