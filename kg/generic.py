"""Words that are never a node: a reader would not look them up, and any paper could use them of its own work."""

import re

__all__ = ["is_generic"]

NOUNS = """
ai algorithm analysis approach approximation architecture artificial intelligence attention backbone baseline benchmark bias
classification classifier code computer vision corpus data dataset decoder deep learning deep model deep network detection
distribution embedding encoder ensemble environment estimation evaluation experiment feature formulation framework function
generation generator heuristic hyperparameter image inference information input kernel language layer learning loss loss function
machine learning mechanism method methodology metric model module natural language natural language processing network neural
network neural model nlp objective optimization optimizer output parameter performance pipeline policy prediction predictor
procedure process reasoning regression representation research result sample scheme score search segmentation sequence solution
strategy study survey system task technique test set text theory tool toolkit training training data training set transformation
video word work
""".split("\n")
SINGLE = frozenset(word for line in NOUNS for word in line.split())
PHRASES = frozenset({
    "artificial intelligence", "computer vision", "data set", "deep learning", "deep model", "deep network", "deep neural model", "learning algorithm",
    "loss function", "machine learning", "machine learning model", "natural language", "natural language processing", "neural model", "neural network",
    "objective function", "test data", "test set", "training data", "training set", "validation set", "our method", "our model", "proposed method",
    "learning method", "learning model", "neural network model", "neural architecture", "network architecture", "model architecture",
})
OWN = re.compile(r"^(?:our|the|this|these|their|its|a|an|such|some|other|several|various|existing|proposed|novel|new)\s", re.IGNORECASE)


def is_generic(label: str) -> bool:
    """Say whether a name is generic: a bare common noun of the field, a reference, a number, a single letter.

    >>> is_generic("Models"), is_generic("our method"), is_generic("BERT"), is_generic("C")
    (True, True, False, False)
    """
    text = " ".join(label.casefold().replace("-", " ").split())
    singular = text[:-1] if text.endswith("s") and not text.endswith("ss") else text
    if {text, singular} & (SINGLE | PHRASES) or OWN.match(label):
        return True
    return not any(map(str.isalpha, text)) or len(text) > 120  # noqa: PLR2004 - a sentence, not a name
