"""What the words between two names say of their link."""

import pytest

from kg.graph.wording import Reading, read_wording, says, shows_kind
from kg.records import MarkedSentence, Role


def marked(text):
    """A sentence with [S] and [T] for the names, and its marks."""
    spans, plain = [], ""
    for part in text.replace("]", "[").split("["):
        if part in {"S", "T"}:
            spans.append((len(plain), len(plain) + 4, part))
            plain += part * 4
        else:
            plain += part
    return plain, MarkedSentence(0, len(plain), tuple(spans))


def reading(text, kind="uses"):
    return read_wording(*marked(text), "S", "T", kind)


@pytest.mark.parametrize(
    "text",
    [
        "We propose [S], a novel [T] method.",
        "[S]: An Open-Source [T]",
        "The [S] is an off-policy [T] algorithm based on entropy.",
        "We present a [T] method for stochastic descent which we call [S].",
        "Optimizers of the [T] family, such as [S], are popular.",
        "A new [T] model called [S] is given.",
        "The [T] algorithm [S] is fast.",
        "[S] and other [T] methods fail.",
    ],
)
def test_a_sentence_that_names_the_kind_of_a_thing_is_read_as_is_a(text):
    assert reading(text) is Reading.IS_A


@pytest.mark.parametrize(
    "text",
    [
        "As an alternative to [T], we propose [S].",
        "Unlike [T], [S] needs no labels.",
        "[S] is inspired by [T].",
        "[S] improves on [T] in theory.",
        "[S] removes the need of [T].",
        "[S] runs without [T].",
        "The [S] algorithm can be applied to [T].",
        "[S] gives proposals, which are used by [T].",
    ],
)
def test_a_sentence_that_sets_one_against_the_other_is_no_use(text):
    assert reading(text) is Reading.AGAINST


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("[S] is built on [T].", "uses"),
        ("Using [T], we obtain [S].", "uses"),
        ("[S] combines search with [T].", "uses"),
        ("[S], a model that uses [T], is small.", "uses"),
        ("[S] is a variant based on [T].", "uses"),
        ("Experiments on [T] show that [S] wins.", "evaluated"),
        ("[S] is faster than [T].", "compared"),
    ],
)
def test_words_of_a_kind_near_the_names_show_it(text, kind):
    assert reading(text, kind) is Reading.SAYS


def test_a_sentence_without_such_words_says_nothing_and_one_without_a_name_is_not_read():
    assert reading("[S] and [T] are known.") is Reading.NOTHING
    assert reading("Only [S] is here.") is None


def test_the_nearest_two_marks_count():
    assert reading("Unlike others, and this is long, [S] uses [T]; [S] is not new.") is Reading.SAYS


@pytest.mark.parametrize(
    ("kind", "one", "other", "told"),
    [
        ("evaluated", Role.NEW, Role.EVALUATED, True), ("evaluated", Role.STUDIED, Role.NEW, True),
        ("evaluated", Role.NEW, Role.NEW, False), ("compared", Role.NEW, Role.COMPARED, True),
        ("compared", Role.COMPARED, Role.NEW, False), ("uses", Role.NEW, Role.USED, True),
        ("uses", None, Role.USED, False), ("mention", Role.NEW, Role.USED, False),
    ],
)  # fmt: skip
def test_roles_say_a_kind(kind, one, other, told):
    assert says(kind, one, other) is told


def test_a_kind_without_words_of_its_own_is_never_shown():
    text, sentence = marked("[S] uses [T].")
    assert shows_kind(text, sentence, (0, 4), (10, 14), "uses")
    assert not shows_kind(text, sentence, (0, 4), (10, 14), "mention")
