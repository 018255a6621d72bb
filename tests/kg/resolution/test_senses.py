"""What a short form means where its paper does not say."""

import pytest

import kg.resolution.senses
from kg.resolution.senses import Definition, Short, Use, Uses, casing, needed, same_words, senses_of

METHOD, RESOURCE = "thing done", "resource"


def _claims(**papers):
    claims = {}
    for long, count in papers.items():
        claims[long] = Definition(kinds={METHOD})
        for number in range(count):
            claims[long].see(f"{long}{number}", "SGD", long.replace("_", " "))
    return claims


def _short(claims, *, name="sgd", uses=1, uses_as_word=0, known=False, papers=10_000, use=None):  # noqa: PLR0913
    seen = Uses()
    seen.see(use or _use(), uses - uses_as_word)
    if uses_as_word:
        seen.see(_use("a"), uses_as_word)
    return Short(name, senses_of(claims), seen, needed(name, papers), known)


def _use(form="SGD", kind=METHOD, *, own=False):
    return Use(form, kind, own)


def _meaning(short, use=None):
    sense = short.meaning(use or _use())
    return sense.long if sense else None


def test_the_dominant_sense_is_meant():
    assert (
        _meaning(_short(_claims(stochastic_gradient_descent=9, subgradient_descent=1)))
        == "stochastic_gradient_descent"
    )


def test_a_short_form_whose_senses_compete_stands_for_itself():
    assert (
        _meaning(_short(_claims(latent_dirichlet_allocation=4, linear_discriminant_analysis=3)))
        is None
    )


@pytest.mark.parametrize(
    ("papers", "definitions", "expected"),
    [(90, 1, True), (500, 1, False), (500, 2, True), (5000, 2, False), (5000, 3, True)],
)
def test_a_larger_corpus_needs_more_definitions(papers, definitions, expected):
    found = _meaning(_short(_claims(active_learning=definitions), name="al", papers=papers))
    assert found == ("active_learning" if expected else None)


def test_a_use_has_a_sense_of_its_kind():
    claims = _claims(stochastic_gradient_descent=9)
    claims["schema_guided_dialogue"] = Definition(
        papers=3, kinds={RESOURCE}, first=("p", "SGD", "schema guided dialogue")
    )
    assert _meaning(_short(claims), _use(kind=RESOURCE)) == "schema_guided_dialogue"
    assert _meaning(_short(claims)) == "stochastic_gradient_descent"


@pytest.mark.parametrize(("uses", "apart"), [(4, False), (5, True)])
def test_a_kind_of_thing_that_nobody_defines_is_another_thing_if_more_papers_use_it(uses, apart):
    claims = _claims(stochastic_path_integrated_differential_estimator=4)
    short = _short(claims, uses=uses, use=_use(kind=RESOURCE))
    assert (_meaning(short, _use(kind=RESOURCE)) is None) is apart
    assert _meaning(short) == "stochastic_path_integrated_differential_estimator"


def test_a_word_is_not_taken_for_the_short_form_that_it_looks_like():
    claims = _claims(decoupled_estimate_error_parameterization=9)
    assert _meaning(_short(claims, name="deep", uses=30, uses_as_word=28), _use("a")) is None
    assert _meaning(_short(claims, name="deep", uses=30, uses_as_word=28), _use("")) is None
    assert (
        _meaning(_short(claims, name="deep", uses=30, uses_as_word=28), _use("DEEP"))
        == "decoupled_estimate_error_parameterization"
    )
    assert (
        _meaning(_short(claims, uses=30, uses_as_word=1), _use("a"))
        == "decoupled_estimate_error_parameterization"
    )


def _sole(**changes):
    claims = _claims(partially_observable_monte_carlo_planning=1)
    claims["partially_observable_monte_carlo_planning"].casings = {"POMCP"}
    settings = {"name": "pomcp", "uses": 2} | {
        name: value for name, value in changes.items() if name in {"uses", "known", "name"}
    }
    use = _use(
        changes.get("form", "POMCP"), changes.get("kind", METHOD), own=changes.get("own", False)
    )
    return _meaning(_short(claims, use=use, **settings), use)


def test_one_definition_is_enough_for_a_long_rare_name_written_alike():
    assert _sole() == "partially_observable_monte_carlo_planning"


@pytest.mark.parametrize(
    "change",
    [
        {"uses": 5},
        {"own": True},
        {"form": "PomCp"},
        {"kind": RESOURCE},
        {"known": True},
        {"name": "pomc"},
    ],
)
def test_one_definition_is_not_enough_where_anything_speaks_against_it(change):
    assert _sole(**change) is None


def test_the_only_sense_of_a_kind_that_the_lexicon_knows_is_meant():
    claims = {
        "schema_guided_dialogue": Definition(
            kinds={RESOURCE}, known=True, first=("", "SGD", "Schema-Guided Dialogue")
        )
    }
    assert _meaning(_short(claims), _use(kind=RESOURCE)) == "schema_guided_dialogue"


def test_two_senses_that_the_lexicon_knows_leave_it_open():
    claims = {
        name: Definition(kinds={RESOURCE}, known=True, first=("", "AVA", name))
        for name in ("aesthetic visual analysis", "atomic actions")
    }
    assert _meaning(_short(claims), _use(kind=RESOURCE)) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("convolutional neural networks", "convolution neural network"),
        ("class activation maps", "class activation mapping"),
        ("generative adverserial network", "generative adversarial networks"),
        ("mean IoU", "mean Intersection over Union"),
        ("explainable artificial intelligence", "explainable AI"),
        ("maximum a posteriori", "maximum a posteriori probability"),
        ("variational (deep) autoencoder", "variational autoencoder"),
        ("multiple instance learning", "multi-instance learning"),
        ("neural MT", "neural machine translation"),
    ],
)
def test_variants_of_one_long_form_are_one_sense(one, other):
    assert same_words(one, other)
    assert same_words(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("semi-supervised learning", "self-supervised learning"),
        ("random forest", "rotation forest"),
        ("general language model", "generative language model"),
        ("stochastic gradient descent", "subgradient descent"),
        ("level 1", "level 2"),
        ("intra-class variance", "inter-class variance"),
        ("", ""),
        ("kernel CCA", "kernel PCA"),
    ],
)
def test_other_words_are_other_senses(one, other):
    assert not same_words(one, other)


@pytest.mark.parametrize(
    ("surface", "expected"),
    [
        ("VQ-VAEs", "VQVAE"),
        ("Deep", ""),
        ("S4", "S4"),
        ("t-SNE", "tSNE"),
        ("LoLCATs", "LoLCAT"),
        ("cars", "a"),
        ("", ""),
    ],
)
def test_a_short_form_is_told_from_a_word_by_its_capitals(surface, expected):
    assert casing(surface) == expected


def test_thousands_of_meanings_of_one_short_form_are_not_compared_each_with_each(monkeypatch):
    calls = []
    monkeypatch.setattr(kg.resolution.senses, "MOST_SENSES", 5)
    monkeypatch.setattr(
        kg.resolution.senses, "same_words", lambda one, other: bool(calls.append((one, other)))
    )
    claims = {}
    for number in range(1000):
        claims[f"p{number}"] = Definition()
        claims[f"p{number}"].see(f"{number}", "P", f"p{number}")
    assert len(senses_of(claims)) == 1000
    assert len(calls) < 5 * 1000


def test_a_sense_of_the_lexicon_is_meant_while_too_few_papers_define_another():
    for others, meant in ((2, "stochastic_gradient_descent"), (3, None)):
        claims = _claims(subgradient_descent=others)
        claims["stochastic_gradient_descent"] = Definition(
            papers=1, kinds={METHOD}, first=("p", "SGD", "stochastic gradient descent"), known=True
        )
        assert _meaning(_short(claims, papers=10_000)) == meant


def test_a_short_form_is_a_word_beyond_a_fifth_of_the_papers_that_have_it_otherwise():
    claims = _claims(deep_estimate=9)
    assert [
        _meaning(_short(claims, name="deep", uses=40, uses_as_word=words), _use("a"))
        for words in (8, 9)
    ] == ["deep_estimate", None]
    assert _meaning(_short(claims, name="deep", uses=1, uses_as_word=1), _use("a"))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("explainable AI", "explainable artificial intelligence", True),
        ("explainable AI models", "explainable artificial intelligence model", True),
        ("AI safety", "artificial intelligence safety", True),
        ("AI safety", "artificial intelligence security", False),
        ("explainable AI", "explained artificial networks", False),
        ("AI", "artificial intelligence", False),
    ],
)
def test_a_short_form_inside_a_long_form_stands_for_its_words(one, other, same):
    assert same_words(one, other) is same
    assert same_words(other, one) is same
