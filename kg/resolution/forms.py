"""Forms of names: what the ways in which language lets a name differ have in common.

Each rule folds the words of a name a little further than those before it, so that "nonparametric
Bayesian models" and "Bayesian nonparametrics" meet though they differ in three ways; the rule of a pair
is the first under which its two names are alike.
"""

import functools
import re
from collections.abc import Collection, Iterable, Iterator

from kg.names.keys import singular

__all__ = [
    "FOLDS",
    "LEARNING",
    "METHODS",
    "NETWORK",
    "ORDER_OF_WORDS",
    "PREPOSITION",
    "TYPE_WORD",
    "WORD",
    "WORD_FORM",
    "folded",
    "is_adjective",
    "last_form",
    "word_form",
]

NETWORK, WORD_FORM, LEARNING = "network", "word form", "learning and training"
PREPOSITION, ORDER_OF_WORDS, TYPE_WORD = "preposition", "word order", "type word"
WORD = re.compile(r"[^\W_]+")
DIGIT = re.compile(r"\d")
DIMENSION = re.compile(r"[1-4nN][dD]")
Words = list[str]

NEURAL = frozenset(
    [
        "adversarial",
        "attention",
        "capsule",
        "connected",
        "convolution",
        "convolutional",
        "deep",
        "deeper",
        "equivariant",
        "feedforward",
        "forward",
        "generative",
        "graph",
        "hypergraph",
        "layer",
        "layered",
        "memory",
        "recurrent",
        "recursive",
        "residual",
        "shallow",
        "siamese",
        "spiking",
        "wide",
    ]
)
"""Words behind which a network is a neural one, whether or not that is said."""
BUILT = frozenset(["convolutional", "recurrent", "residual", "siamese"])
"""Words behind which an architecture is a network."""

LAST_FORMS = tuple(
    (re.compile(ending + r"\Z"), stem)
    for ending, stem in (
        (r"(?<=...)i[sz](?:ation|er|ing|e)", "iz"),
        (r"(?<=...)if(?:ication|ier|ying)", "if"),
        (r"(?<=...)(t|ss)(?:ion|or)", r"\1"),
        (r"(?<=....)ics?", ""),
        (r"(?<=[^aeiouy][aeiouy][^aeiouy])ing", ""),
        (r"(?<=....)ing", ""),
        (r"(?<=....)er", ""),
    )
)
"""What the end of a last word becomes: the deed, the doer and the field are one (planning, planner; robotics)."""
INNER_FORMS = tuple(
    (re.compile(ending + r"\Z"), stem)
    for ending, stem in (
        (r"ional", "ion"),
        (r"(?<=.....[^aeiou])ical", ""),
        (r"ical", "ic"),
        (r"(?<=.....)ual", ""),
        (r"(?<=....[^ti])al", ""),
        (r"(?<=....)an(?:ce|cy|t)", "an"),
        (r"(?<=....)en(?:ce|cy|t)", "en"),
        (r"(?<=.....[^aeiou])(?:ic|y)", ""),
    )
)
"""What the end of any other word becomes: adjectives of nouns (bipedal, positional, compliant, entropic)."""
INNER_ALIKE = {
    "contextualised": "contextual",
    "contextualized": "contextual",
    "squared": "square",
    "visual": "vision",
}
"""Words that say the same before another word."""
DOUBLED = re.compile(r"([b-df-hj-npqrtv-z])\1\Z")
SHORTEST = 3
"""Letters of what remains of a word without its ending."""
ALONE = 9
"""Letters of a word that has forms though it stands alone."""
OTHER_THINGS = frozenset(
    [
        "adaptation",
        "adapter",
        "bootstrap",
        "bootstrapping",
        "covariance",
        "covariant",
        "gradient",
        "patience",
        "patient",
        "pointer",
        "reference",
        "referent",
        "sequence",
        "sequent",
        "sequential",
        "setting",
        "transform",
        "transformation",
        "transformer",
        "variance",
        "variant",
    ]
)
"""Words that are names of their own, not other forms of each other."""

TAUGHT = frozenset(
    [
        "continual",
        "contrastive",
        "curriculum",
        "federated",
        "incremental",
        "likelihood",
        "multitask",
        "reinforcement",
        "shot",
        "supervised",
        "task",
        "unsupervised",
    ]
)
"""Words behind which training and learning are one."""
SUPERVISED = frozenset(["federated", "reinforcement", "supervised", "unsupervised"])
"""Words behind which the learning is that of machines, whether or not that is said."""
FROM = frozenset(["by", "through", "using", "via"])
ADJECTIVE = re.compile(r"...(?:al|ian|ic|ive|ed|ar|ous|ible|able|less)\Z")
ADJECTIVES = frozenset(
    ["deep", "dense", "discrete", "implicit", "explicit", "latent", "neural", "sparse", "robust"]
)

METHODS = frozenset(["algorithm", "approach", "method", "technique"])
"""Words for a way to do something: one is as good as another."""
KINDS = frozenset(["free", "order"])
"""Words behind which optimization is another word for a method: "first-order", "gradient-free"."""
THEORY = frozenset(["approximation", "offline", "online", "streaming"])
"""Words behind which an algorithm is a thing of theory, no other word for a method."""


def folded(surface: str, off: Collection[str] = ()) -> Iterator[tuple[str, str]]:
    """Yield what remains of a name when nothing, and then rule after rule, is folded, where that changes it, with the rule.

    Args:
        surface: a name.
        off: rules that are left out.

    >>> list(folded("deep convnets"))[:2]
    [('', 'deepconvnet'), ('network', 'deepconvolutionalnetwork')]
    """
    words = WORD.findall(surface.lower())
    if not words or (len(words) == 1 and len(words[0]) < ALONE):
        return
    if DIGIT.search(surface) and any(
        DIGIT.search(word) and not DIMENSION.fullmatch(word) for word in words
    ):
        return
    words[-1] = singular(WORD.findall(surface)[-1])
    form = "".join(words)
    yield "", form
    for rule, fold in FOLDS:
        if rule not in off:
            words = fold(words)
            before, form = form, "".join(words)
            if form != before:
                yield rule, form


def word_form(surface: str) -> str:
    """Return what the forms of a name have in common, '' for a name that has no forms.

    >>> word_form("generative modeling") == word_form("generative models")
    True
    >>> word_form("distributed RL") == word_form("distributional RL")
    False
    """
    return next(reversed(list(folded(surface))), ("", ""))[1]


def is_adjective(word: str) -> bool:
    """Say whether a word in small letters looks like an adjective."""
    return word in ADJECTIVES or ADJECTIVE.search(word) is not None


def _network(words: Words) -> Words:
    """Return the words with one way to speak of a neural network."""
    if words[-1] == "convnet":
        words = [*words[:-1], "convolutional", "network"]
    before = words[-2:-1]
    if (words[-1] == "net" and NEURAL.intersection(before)) or (
        words[-1] == "architecture" and BUILT.intersection(before)
    ):
        words = [*words[:-1], "network"]
    if words[-2:] == ["neural", "network"] and NEURAL.intersection(words[-3:-2]):
        words = [*words[:-2], "network"]
    return words


def _learning(words: Words) -> Words:
    if words[-1] not in {"learning", "training"}:
        return words
    if words[-2:-1] == ["machine"] and SUPERVISED.intersection(words[-3:-2]):
        words = [*words[:-2], words[-1]]
    return [*words[:-1], "learning"] if TAUGHT.intersection(words[-2:-1]) else words


def _prepositions(words: Words) -> Words:
    inner = ["from" if word in FROM else word for word in words[1:-1] if word != "and"]
    return [*words[:1], *inner, *words[1:][-1:]]


def _forms(words: Words) -> Words:
    return [*map(_inner_form, words[:-1]), last_form(words[-1])]


@functools.lru_cache(maxsize=1 << 16)
def _inner_form(word: str) -> str:
    if word in OTHER_THINGS:
        return word
    return _replaced(INNER_ALIKE.get(word, word), INNER_FORMS)


def _order(words: Words) -> Words:
    """Return the words, two or more adjectives before the last one in alphabetical order."""
    if len(words) > 1 and all(map(is_adjective, words)):
        return sorted(words)
    inner = words[:-1]
    return [*sorted(inner), words[-1]] if all(map(is_adjective, inner)) else words


def _methods(words: Words) -> Words:
    """Return the words with one word for a way to do something, "-based" before it left out."""
    before = words[-2:-1]
    if words[-1] == "optimization" and KINDS.intersection(before):
        return [*words[:-1], "method"]
    if words[-1] not in METHODS or not before or THEORY.intersection(before):
        return words
    return [*(words[:-2] if before == ["based"] else words[:-1]), "method"]


@functools.lru_cache(maxsize=1 << 16)
def last_form(word: str) -> str:
    """Return what the forms of a last word have in common.

    >>> [last_form(word) for word in ("controllers", "control", "planning", "planner", "voting", "vote")]
    ['control', 'control', 'plan', 'plan', 'vot', 'vot']
    """
    one = singular(word)
    if one in OTHER_THINGS:
        return one
    stem = _replaced(one, LAST_FORMS)
    if stem != one:
        stem = DOUBLED.sub(r"\1", _replaced(stem, LAST_FORMS[-1:]))
    if len(stem) > SHORTEST:
        stem = stem.removesuffix("e")
    return stem if len(stem) >= SHORTEST else one


def _replaced(word: str, forms: Iterable[tuple[re.Pattern[str], str]]) -> str:
    for ending, stem in forms:
        found = ending.search(word)
        if found:
            return word[: found.start()] + found.expand(stem)
    return word


FOLDS = (
    (NETWORK, _network),
    (LEARNING, _learning),
    (PREPOSITION, _prepositions),
    (ORDER_OF_WORDS, _order),
    (TYPE_WORD, _methods),
    (WORD_FORM, _forms),
)
"""The rules in their order; the forms of words come last, because the others look at whole words."""
