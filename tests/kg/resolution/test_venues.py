"""The field of a venue, and which fields are far from each other."""

import pytest

from kg.resolution.venues import are_far, field_of


@pytest.mark.parametrize(
    ("venue", "field"),
    [
        ("icra", "robotics"),
        ("IROS 2019", "robotics"),
        ("EMNLP2021", "language"),
        ("CVPR'19", "vision"),
        ("NeurIPS", "learning"),
        ("IEEE Robotics and Automation Letters", "robotics"),
        ("Annual Meeting of the Association for Computational Linguistics", "language"),
        ("Proceedings of the IEEE Conference on Computer Vision and Pattern Recognition", "vision"),
    ],
)
def test_a_venue_is_told_by_its_abbreviation_or_by_the_words_of_its_title(venue, field):
    assert field_of(venue) == field


@pytest.mark.parametrize(
    "venue",
    [None, "", "aaai", "IJCAI 2024", "Nature", "The Lancet", "Robot vision and images 2019 at"],
)
def test_a_venue_of_all_fields_or_of_none_tells_nothing(venue):
    assert field_of(venue) == ""


def test_only_fields_that_are_known_and_share_little_are_far():
    assert are_far("language", "robotics")
    assert are_far("robotics", "language")
    assert not are_far("vision", "robotics")
    assert not are_far("vision", "vision")
    assert not are_far("", "robotics")
    assert not are_far("robotics", "")
