"""Definitions of short forms: what is one, what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names.abbreviations import find_abbreviations, spells


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
