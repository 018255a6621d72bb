"""Words that are never a node: a reader would not look them up, and any paper could use them of its own work.

Three kinds: bare common nouns of the field ("model", "neural network"), alone or behind words that only praise or place them
("a novel efficient framework", "the proposed two-stage approach"); names of whole fields ("machine learning"); and what is
no name at all (a number, a quantity, a single small letter, a piece that ends with a hyphen). A word in capitals is a name ("SCORE"), unless it is short
for a field ("AI").
"""

import functools
import re

from kg.names.keys import singular

__all__ = ["NAME", "is_generic"]


WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")


def _words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


def _phrases(*lines: str) -> frozenset[str]:
    return frozenset(phrase for line in lines for phrase in line.split(", "))


FIELDS = _phrases(
    "ai, artificial intelligence, computer science, computer vision, cv, data mining, data science, deep learning, dl, machine learning, ml",
    "natural language, natural language processing, nlp, robotics, statistics",
)
OWN_WORK = _words(
    "algorithm application approach architecture component design formulation framework idea implementation mechanism method methodology",
    "model module paradigm pipeline platform procedure process solution solver strategy structure study survey system technique tool toolkit variant",
)
"""What papers call their own work: nothing before it makes a name that only says how good or how built it is."""
NOUNS = OWN_WORK | _words(
    "analysis approximation artifact attention backbone baseline benchmark bias block branch challenge class classification classifier code",
    "computation corpus criterion data database dataset decoder definition detection detector device distribution document domain embedding encoder",
    "environment error estimation estimator evaluation example experiment extractor feature function generation generator head heuristic human",
    "hyperparameter image inference information input instance interface interpretation knowledge label language layer learner learning library loss",
    "map mapping mask matrix measure metric modeling network neuron node noise objective observation operation operator optimization optimizer output",
    "paper parameter part performance perspective policy prediction predictor principle problem processing property protocol question reasoning",
    "regression relation representation research resource result robot rule sample sampling scheme score search segmentation sentence sequence service",
    "set setting signal simulation software space state step target task technology term test text theory token training transformation unit user",
    "value variable variation vector video view weight word work world",
)
PAIRS = _phrases(
    "data set, evaluation set, neural architecture, neural model, neural net, neural network, objective function, validation set"
)
EMPTY = _words(
    "above accurate actual additional advanced alternative an another any available basic best better certain common conventional current desired",
    "different each effective efficient elegant every excellent existing extensive following full further her his improved individual innovative its",
    "later latest leading main major modern modified most multiple new newly novel numerous obtained old other our ours own particular popular",
    "possible powerful practical present presented previous previously promising proper proposed publicly reasonable recent recently related reliable",
    "representative same satisfactory several significant similar some special specific standard state-of-the-art such suitable superior that the their",
    "these this those traditional typical underlying usual various versatile well-known whole widely",
)
"""What may stand before a generic noun without making a name of it."""
EMPTY_BEFORE_OWN_WORK = EMPTY | _words(
    "a complex comprehensive end-to-end entire fast first flexible general generic good integrated large large-scale lightweight",
    "multi-stage multi-step novel one-stage overall practical principled prior real-time robust scalable simple single small sota step-by-step",
    "straightforward strong theoretical three-stage three-step two-stage two-step unified useful weak",
)
NAME = re.compile(r"[^\W\d_]*[a-z][A-Z]|[A-Z]{2}|[\d*+#]")
"""What only names have: capitals inside a word, digits, signs."""
QUANTITY = re.compile(
    r"[\W_]*|[\W_]*\d[\W\d_]*(?:[kmbtgx]|bn|gb|mb|ms|hz|st|nd|rd|th)?\W*", re.IGNORECASE
)
LONGEST = 120
"""Characters; what is longer is a sentence."""


@functools.lru_cache(maxsize=1 << 17)
def is_generic(name: str) -> bool:
    """Say whether a name is generic.

    >>> is_generic("Models"), is_generic("our novel two-stage method"), is_generic("BERT"), is_generic("SCORE"), is_generic("C")
    (True, True, False, False, False)
    """
    if len(name) > LONGEST or QUANTITY.fullmatch(name) or name.endswith("-"):
        return True
    text = " ".join(name.lower().split())
    if text in FIELDS or (len(text) == 1 and name.islower()):
        return True
    words = WORD.findall(text)
    return not NAME.search(name) and bool(words) and _is_bare([*words[:-1], singular(words[-1])])


def _is_bare(words: list[str]) -> bool:
    """Say whether words are a generic noun, or a pair of words that is no name, with nothing but empty words before."""
    empty = EMPTY_BEFORE_OWN_WORK if words[-1] in OWN_WORK else EMPTY
    while len(words) > 1 and words[0] in empty:
        words = words[1:]
    text = " ".join(words)
    return (
        text in NOUNS
        or text in PAIRS
        or text in FIELDS
        or (len(words) == 1 and text in EMPTY_BEFORE_OWN_WORK)
    )
