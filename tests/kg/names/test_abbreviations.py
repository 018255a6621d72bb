"""Definitions of short forms: what is one, what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import abbreviations
from kg.names.abbreviations import _fit, _limit, _most_words, find_abbreviations, spells


def _pairs(text, sentences=None):
    return [
        (found.short, found.long)
        for found in find_abbreviations(text, sentences or [(0, len(text))])
    ]


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("A convolutional neural network (CNN) wins.", "CNN", "convolutional neural network"),
        ("Large language models (LLMs) are large.", "LLMs", "Large language models"),
        ("One large language model (LLMs) is large.", "LLMs", "large language model"),
        (
            "We use BERT (Bidirectional Encoder Representations from Transformers).",
            "BERT",
            "Bidirectional Encoder Representations from Transformers",
        ),
        (
            "Low-rank Linear Conversion via Attention Transfer (LoLCATs)",
            "LoLCATs",
            "Low-rank Linear Conversion via Attention Transfer",
        ),
        ("We train a variational autoencoder (VAE).", "VAE", "variational autoencoder"),
        ("the Stochastic Gradient Descent algorithm (SGD)", "SGD", "Stochastic Gradient Descent"),
        (
            "t-distributed stochastic neighbor embedding (t-SNE)",
            "t-SNE",
            "t-distributed stochastic neighbor embedding",
        ),
        ("k-nearest neighbors (kNN)", "kNN", "k-nearest neighbors"),
        ("area under the curve [AUC]", "AUC", "area under the curve"),
        (
            "Natural Language Inference (NLI; Bowman et al., 2015)",
            "NLI",
            "Natural Language Inference",
        ),
        ("named entity recognition (or NER for short)", "NER", "named entity recognition"),
        ('natural language processing ("NLP")', "NLP", "natural language processing"),
        ("patients with Alzheimer's disease (AD)", "AD", "Alzheimer's disease"),
        (
            "PLUTO (Planning, Learning, and Understanding for TOols) is",
            "PLUTO",
            "Planning, Learning, and Understanding for TOols",
        ),
        ("extreme gradient boosting (XGBoost)", "XGBoost", "extreme gradient boosting"),
        ("advantage actor-critic (A2C)", "A2C", "advantage actor-critic"),
        ("text-to-image (T2I) models", "T2I", "text-to-image"),
        ("sequence-to-sequence (Seq2Seq) models", "Seq2Seq", "sequence-to-sequence"),
        ("T5 (Text-to-Text Transfer Transformer)", "T5", "Text-to-Text Transfer Transformer"),
        (
            "the COVID-19 Open Research Dataset (CORD-19)",
            "CORD-19",
            "COVID-19 Open Research Dataset",
        ),
        ("3D morphable models (3DMMs)", "3DMMs", "3D morphable models"),
        ("the Wall Street Journal (WSJ) corpus", "WSJ", "Wall Street Journal"),
        (
            "Model-Agnostic Meta-Learning, dubbed MAML, adapts",
            "MAML",
            "Model-Agnostic Meta-Learning",
        ),
        ("Autonomous Mobility-on-Demand, or AMoD, is", "AMoD", "Autonomous Mobility-on-Demand"),
        (
            "A3C, short for asynchronous advantage actor-critic, is",
            "A3C",
            "asynchronous advantage actor-critic",
        ),
        ("MAML: Model-Agnostic Meta-Learning for Robots", "MAML", "Model-Agnostic Meta-Learning"),
        ("Novel view synthesis (NVS) is", "NVS", "Novel view synthesis"),
        ("the \\emph{Tensor train (TT)} format", "TT", "Tensor train"),
        ("a 4-Degree-of-Freedom (DOF) arm", "DOF", "Degree-of-Freedom"),
        ("Vehicle-to-Everything (V2X)", "V2X", "Vehicle-to-Everything"),
    ],
)
def test_definitions_are_found(text, short, long):
    assert _pairs(text) == [(short, long)]


@pytest.mark.parametrize(
    "text",
    [
        "We speed it up by memoization (MM).",
        "The receptor (RMR is open.",
        "The Stanford Sentiment Treebank (SST-2) is small.",
        "Results improve (see Table 2).",
        "We compare two models (left) and more (Figure 3).",
        "A new dataset (2017) appears.",
        "First, (i) interaction, and (ii) its context.",
        "We evaluate the model (BERT).",
        "Graph networks (GCC-GANs) and GANs (GCC-GANs) differ.",
        "We use it in the (I) case.",
        "A network named after (ANN) someone.",
        "It is a test which is hard (TIH).",
        "GPT-4 (OpenAI, 2023) is large.",
        "Adam: A Method for Stochastic Optimization",
        "CLIP: Contrastive Language Image Pretraining Networks Explained",
    ],
)
def test_other_brackets_define_nothing(text):
    assert _pairs(text) == []


def test_a_definition_stays_in_its_sentence():
    text = "We train a support. Vector machine (SVM)."
    assert _pairs(text) == [("SVM", "support. Vector machine")] or _pairs(text) == []
    assert _pairs(text, [(0, 19), (20, len(text))]) == []


def test_a_title_defines_only_as_the_first_sentence():
    text = "On learning\nMAML: Model-Agnostic Meta-Learning"
    assert _pairs(text, [(0, 11), (12, len(text))]) == []


def test_offsets_hold_both_forms():
    text = "Here a generative adversarial network (GAN) is; and BERT (Bidirectional Encoder Representations from Transformers)."
    found = find_abbreviations(text, [(0, len(text))])
    assert [text[one.start : one.end] for one in found] == [
        "generative adversarial network (GAN)",
        "BERT (Bidirectional Encoder Representations from Transformers)",
    ]


@pytest.mark.parametrize(
    ("short", "long", "expected"),
    [
        ("SGD", "stochastic gradient descent", True),
        ("A2C", "advantage actor-critic", True),
        ("SST-2", "Stanford Sentiment Treebank", False),
        ("MM", "memoization", False),
        ("GAN", "deep generative adversarial network", False),
    ],
)
def test_spells_compares_the_whole_long_form(short, long, expected):
    assert spells(short, long) is expected


@given(
    st.lists(
        st.sampled_from(
            [
                "deep",
                "Graph",
                "of",
                "GNN",
                "(GN)",
                "(",
                ")",
                "[DG]",
                "neural",
                "net-work",
                ",",
                ".",
                "or",
                "for short",
                "2",
                "İ",
            ]
        ),
        max_size=14,
    )
)
def test_definitions_are_cut_from_their_text_in_order(words):
    text = " ".join(words)
    found = find_abbreviations(text, [(0, len(text))])
    assert list(found) == sorted(found, key=lambda one: (one.start, one.end))
    for one in found:
        assert one.short in text[one.start : one.end]
        assert one.long in text[one.start : one.end]


@pytest.mark.parametrize(
    ("short", "window", "cost"),
    [
        ("GAN", "generative adversarial network", 0.0),
        ("GN", "generative of network", 0.0),  # "of" costs nothing
        ("GN", "generative adversarial network", 1.0),  # a word left out
        ("LSM", "long short-term memory", 0.4),  # part of a word left out
        ("CNN", "convolutional net", 1.0),  # a letter inside
        ("GE", "generative", 0.25),  # inside, behind the one before
        ("BaSt", "batch stat", 0.2),  # the same, small in the short form: twice
        ("UWB", "ultra WideBand", 0.1),  # where a part of a closed word begins
        ("AE", "autoencoder", 0.1),
        ("A2C", "advantage actor-critic", 0.3),  # a digit read as a repeat
        ("T2I", "text to image", 0.3),  # and as a word
        ("GAN", "generative adversarial network model", 0.48),  # a light word behind, 1.2 times 0.4
        ("GAN", "generative adversarial network is here", 2.4),  # two others behind
        ("XAI", "explainable artificial intelligence", 0.0),
    ],
)
def test_what_stands_between_the_letters_of_a_short_form_costs(short, window, cost):
    assert _fit(short, window, from_start=True).cost == pytest.approx(cost)


def test_the_longer_a_short_form_the_more_may_be_left_out():
    assert [_limit("ABCDEFGH"[:letters]) for letters in range(1, 9)] == [
        0.0, 0.5, 1.2, 1.5, 2.0, 2.4, 2.4, 2.4,
    ]  # fmt: skip
    assert [_most_words("ABCDEFGH"[:letters]) for letters in (2, 3, 4, 5)] == [6, 8, 9, 10]


def test_an_alignment_goes_on_from_a_bounded_number_of_places(monkeypatch):
    went_on = []

    def count(letter, window, parts, skipped, reached):
        went_on.append(len(reached))
        return go_on(letter, window, parts, skipped, reached)

    go_on = abbreviations._next_places  # noqa: SLF001 - counted, not replaced
    monkeypatch.setattr(abbreviations, "_next_places", count)
    _fit("ABC", "ab " * 90 + "c")
    assert max(went_on) == abbreviations.MOST_PLACES


def test_words_that_lead_in_brackets_and_behind_a_comma_are_no_part_of_a_form():
    text = (
        "See generative adversarial networks (called GAN), and the support vector machine, or SVM."
    )
    found = find_abbreviations(text, [(0, len(text))])
    assert [(one.short, one.long, text[one.start : one.end]) for one in found] == [
        ("GAN", "generative adversarial networks", "generative adversarial networks (called GAN)"),
        ("SVM", "support vector machine", "support vector machine, or SVM"),
    ]
