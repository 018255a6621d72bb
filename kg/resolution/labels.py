"""What a node is called: its label, as most papers write it, and its id, made from the label.

The label is the best surface of the key that most papers use; so the short form where it is the more used one, but a common
term is called by its words and not by an adjective alone. A plural lends its case to its singular. What the lexicon knows is
written as it has it, if any paper does so. No two nodes share a label if one of them has another name: a homonym is called by
its long form.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count, takewhile
from typing import NamedTuple

from kg.names.abbreviations import spells
from kg.names.generic import is_generic
from kg.names.keys import key, singular
from kg.records import EntityType
from kg.resolution.forms import WORD, is_adjective

__all__ = ["Named", "ids_of", "labels_of", "qualified"]

LONGEST_ID = 80
SINGULAR_SHARE = 0.1
"""A singular that is less used than this is none: Cityscapes, least squares."""
USUALLY_SEVERAL = frozenset(
    re.findall(
        r"\w+",
        "cuts demonstrations differences effects eigenmaps equations experts features gradients means moments neighbors"
        " neighbours points squares theories updates variates weights words",
    )
)
"""Last words that are plural where most papers have them so; other common terms are called by their singular."""
OF_SEVERAL = re.compile(r"[\s-]of[\s-]")
"""What such names end in is often plural, too: mixture of Gaussians."""
WORDS_SHARE = 0.2
"""A common term that is so often written out beside its short form is; and one with its noun beside the adjective alone."""
SPELLED_SHARE = 0.05
"""The spelling of the lexicon, if it is so often used."""
PROPER = frozenset(
    re.findall(
        r"\w+",
        "Banach Bayes Bayesian Bellman Bernoulli Boltzmann Bregman Cartesian Cauchy Chebyshev Cholesky Delaunay Dirichlet"
        " Euclidean Euler Fisher Fourier Frobenius Galerkin Gauss Gaussian Gibbs Hadamard Hamiltonian Hankel Hawkes Hebbian"
        " Hermitian Hilbert Hopfield Hough Jacobian Kalman Koopman Kronecker Lagrangian Lanczos Langevin Laplace Laplacian"
        " Lipschitz Lyapunov Mahalanobis Markov Markovian Mercer Minkowski Nash Nesterov Newton Newtonian Pareto Poisson Riccati"
        " Riemannian Shapley Siamese Sinkhorn Sobolev Stein Taylor Tikhonov Toeplitz Viterbi Volterra Voronoi Wasserstein"
        " Weibull Wiener",
    )
)
"""Words that have a capital though the words around them have none."""
CAPITAL = {word.lower(): word for word in PROPER}
SMALL_WORD = re.compile(r"(?<![^\W_])[a-z]+(?![^\W_])")
SMALL_SHARE = 0.25
"""A term of several words that is so often written with fewer capitals is."""
KNOWN_SHARE = 0.25
"""The lexicon's label, if it is so often used beside a name that more papers use: CLIP."""
CURLY = "\u2019"
SPACE = re.compile(r"[\s-]")
WELL_KNOWN = 3
LAST_WORD = re.compile(r"[^\W\d_]+\Z")
ODD = re.compile(r"[$\\{}~()\[\]\"]|\*\*|\A[^\w.]|[-,;:]\Z")
"""What a label is better without."""


@dataclass(slots=True)
class Named:
    """The names of one node."""

    papers: int = 0
    own: frozenset[str] = frozenset()
    """Keys that mean this node wherever a paper does not say otherwise."""
    surfaces: dict[str, int] = field(default_factory=dict)
    """Surfaces with their weight: how many papers use them, and most."""
    label: str = ""
    """The label that the user gives, '' if none."""
    data: bool = False
    """Whether it is a data set or a benchmark."""
    spelling: Mapping[str, str] = field(default_factory=dict)
    """How names are written that are known, by key."""

    def add(self, surface: str, weight: int) -> None:
        """Count a surface."""
        self.surfaces[surface] = self.surfaces.get(surface, 0) + weight

    def claim(self, candidate: "Candidate") -> tuple[bool, int, bool, int]:
        """Return how good a claim the node has to a label; the smallest is the best."""
        return not self.label, -candidate.weight, candidate.name not in self.own, -self.papers

    def candidates(self) -> list["Candidate"]:
        """Return for each key its best surface, the best key first; only the user's label if there is one."""
        if self.label:
            return [Candidate(key(self.label), self.papers, self.label)]
        by_key: dict[str, dict[str, int]] = defaultdict(dict)
        for surface, weight in self.surfaces.items():
            by_key[key(surface)][surface] = weight
        found = [
            Candidate(name, sum(weights.values()), self._written(name, weights))
            for name, weights in by_key.items()
        ]
        found.sort(key=lambda candidate: (-candidate.weight, -len(candidate.name), candidate.name))
        return [candidate for candidate in found if not is_generic(candidate.surface)] or found

    def _written(self, name: str, weights: Mapping[str, int]) -> str:
        """Return how a name is written: as the lexicon has it, if papers do so, or else as most do."""
        best = best_surface(weights, data=self.data)
        known = self.spelling.get(name, best)
        if known == best or weights.get(known, 0) < SPELLED_SHARE * sum(weights.values()):
            return best
        return known if self.data else _of_one(known, weights)


class Candidate(NamedTuple):
    """A possible label: the best surface of a key, and the weight of all its surfaces."""

    name: str
    weight: int
    surface: str


def best_surface(weights: Mapping[str, int], *, data: bool = False) -> str:
    """Return the best of some surfaces with one key: as most write it, singular where the singular is used.

    Of several words, such as are also written in small letters are so: titles write any term large. A common term
    is singular even where few papers have one of it; names of data are written as most write them.

    >>> best_surface({"GANs": 5, "GAN": 1, "Gan": 2})
    'GAN'
    >>> best_surface({"Cityscapes": 90, "Cityscape": 3}), best_surface({"Random Forest": 3, "random forest": 2})
    ('Cityscapes', 'random forest')
    >>> best_surface({"motor primitives": 3}), best_surface({"least squares": 3, "least square": 1})
    ('motor primitive', 'least squares')
    """
    if len(weights) == 1:
        (only,) = weights
        return _proper(only if data else _of_one(only, weights))
    forms = {surface: surface if data else _of_one(surface, weights) for surface in weights}
    by_form: dict[str, int] = defaultdict(int)
    by_letters: dict[str, int] = defaultdict(int)
    for surface, weight in weights.items():
        by_form[forms[surface]] += weight
        by_letters[_letters(forms[surface])] += weight
    most = max(
        sorted(by_form),
        key=lambda form: (
            not ODD.search(form),
            by_letters[_letters(form)],
            CURLY not in form,
            by_form[form],
        ),
    )
    rivals = [
        form
        for form in sorted(by_form)
        if SPACE.search(most)
        and form.lower() == most.lower()
        and by_form[form] >= SMALL_SHARE * by_form[most]
    ]
    if data:
        return most
    best = min(rivals, key=lambda form: (_capitals(form), -by_form[form])) if rivals else most
    return _proper(best)


def _letters(surface: str) -> str:
    return surface.lower().replace(CURLY, "'")


def _of_one(surface: str, weights: Mapping[str, int]) -> str:
    """Return a surface in the singular, if that is used, or if it is that of a common term."""
    one = _singular(surface)
    if one == surface:
        return surface
    total = sum(weights.values())
    used = sum(weight for other, weight in weights.items() if _singular(other) == other)
    last = LAST_WORD.findall(surface)[0]
    if last.lower() in USUALLY_SEVERAL or OF_SEVERAL.search(surface):
        least = 0.5
    else:
        common = SPACE.search(surface) is not None and any(
            LAST_WORD.findall(other)[-1:] == [last.lower()] for other in weights
        )
        least = 0.0 if common else SINGULAR_SHARE
    return one if used >= least * total else surface


def _proper(surface: str) -> str:
    """Return a surface with the capitals of proper names among common words."""
    if not SPACE.search(surface):
        return surface
    return SMALL_WORD.sub(lambda found: CAPITAL.get(found.group(), found.group()), surface)


def _capitals(surface: str) -> int:
    return sum(map(str.isupper, surface))


def _singular(surface: str) -> str:
    """Return a surface with its last word in the singular, as its writer would have written it.

    >>> _singular("Gaussian Processes"), _singular("GANs"), _singular("Natural Questions"), _singular("MAPS")
    ('Gaussian Process', 'GAN', 'Natural Question', 'MAPS')
    """
    last = LAST_WORD.search(surface)
    if not last or last.group().isupper():
        return surface
    one = singular(last.group(), alone=last.group() == surface)
    common = sum(
        1
        for _ in takewhile(
            lambda pair: pair[0] == pair[1], zip(last.group().lower(), one, strict=False)
        )
    )
    written = surface[: last.start() + common] + one[common:]
    return written if key(written) == key(surface) else surface


def labels_of(nodes: Mapping[str, Named], known: Mapping[str, str]) -> dict[str, str]:
    """Return the label of each node.

    Args:
        nodes: the names by root key.
        known: by root, the key of the name by which the lexicon calls it.
    """
    candidates = _deserved(
        {
            root: _known_first(named.candidates(), known.get(root, ""), named.spelling)
            for root, named in nodes.items()
        }
    )
    chosen: dict[str, str] = {}
    taken: set[str] = set()
    rank, waiting = 0, sorted(candidates)
    while waiting:
        for root in sorted(waiting, key=lambda root: nodes[root].claim(candidates[root][rank])):
            candidate = candidates[root][rank]
            if candidate.name not in taken:
                taken.add(candidate.name)
                chosen[root] = candidate.surface
        rank += 1
        waiting = [root for root in waiting if root not in chosen and rank < len(candidates[root])]
    return {root: chosen.get(root, found[0].surface) for root, found in candidates.items()}


def _known_first(
    candidates: list[Candidate], known: str, spelling: Collection[str]
) -> list[Candidate]:
    """Return the candidates, that of a known label first, if papers use it enough; else what says more than the most used one."""
    best = max(candidate.weight for candidate in candidates)
    first = [one for one in candidates if one.name == known and one.weight >= KNOWN_SHARE * best]
    first = first or _fuller(candidates, spelling)
    return first + [one for one in candidates if one not in first]


def _fuller(candidates: list[Candidate], known: Collection[str]) -> list[Candidate]:
    """Return the words of a common term that its short form stands for, or an adjective with its noun, if papers use them enough.

    A short form that is known is a name of its own: ANOVA.
    """
    best = candidates[0]
    for one in candidates[1:]:
        if one.weight < WORDS_SHARE * best.weight:
            break
        words = WORD.findall(one.surface)
        is_long = (
            best.surface.isupper()
            and best.name not in known
            and len(words) > 1
            and one.surface.islower()
            and spells(best.surface, one.surface)
        )
        lacks_noun = (
            one.surface.startswith(best.surface)
            and len(words) > len(WORD.findall(best.surface))
            and is_adjective(WORD.findall(best.surface.lower())[-1])
        )
        if is_long or lacks_noun:
            return [one]
    return []


def _deserved(candidates: Mapping[str, list[Candidate]]) -> dict[str, list[Candidate]]:
    """Return the candidates without names that mean other nodes at least as often, where a node has another one."""
    total: dict[str, int] = defaultdict(int)
    for found in candidates.values():
        for candidate in found:
            total[candidate.name] += candidate.weight
    return {
        root: [candidate for candidate in found if 2 * candidate.weight > total[candidate.name]]
        or found
        for root, found in candidates.items()
    }


def qualified(
    labels: Mapping[str, str],
    nodes: Mapping[str, Named],
    kinds: Mapping[str, EntityType],
    sense_of: Callable[[str], str],
) -> dict[str, str]:
    """Return the labels with what tells a thing from others of its label behind them: its type, or else its sense.

    What has several times the papers of all others of its label needs nothing behind it.
    """
    found = dict(labels)
    alike: dict[str, list[str]] = defaultdict(list)
    for root, label in labels.items():
        alike[label].append(root)
    for label, roots in alike.items():
        if len(roots) == 1:
            continue
        roots.sort(key=lambda root: (-nodes[root].papers, root))
        others = sum(nodes[root].papers for root in roots[1:])
        types = [kinds[root] for root in roots]
        for root in roots[1:] if nodes[roots[0]].papers >= WELL_KNOWN * others else roots:
            kind = kinds[root] if types.count(kinds[root]) == 1 else ""
            senses = [part for part in (kind, "" if kind else sense_of(root)) if part]
            found[root] = f"{label} ({', '.join(senses)})" if senses else label
    return found


def ids_of(labels: Mapping[str, str], nodes: Mapping[str, Named]) -> dict[str, str]:
    """Return a readable id for each node: its label in small letters, with another of its names behind it where two are alike."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for root in sorted(labels, key=lambda root: (-nodes[root].papers, root)):
        ids[root] = next(
            one for one in _possible_ids(labels[root], nodes[root]) if one not in taken
        )
        taken.add(ids[root])
    return ids


def _possible_ids(label: str, named: Named) -> Iterator[str]:
    slug = slug_of(label)
    yield slug
    for candidate in named.candidates():
        if candidate.name != key(label):
            yield f"{slug}-{slug_of(candidate.surface)}"
    for number in count(2):
        yield f"{slug}-{number}"


def slug_of(label: str) -> str:
    """Return a label as part of an id: small letters, digits and ``+ # * .``, hyphens between.

    >>> slug_of("Large Language  Model"), slug_of("C++"), slug_of("SQuAD 1.1")
    ('large-language-model', 'c++', 'squad-1.1')
    """
    text = unicodedata.normalize("NFKC", label).casefold()
    return re.sub(r"[^\w+#.*]+|_+", "-", text)[:LONGEST_ID].strip("-.") or "node"
