"""The field of research that a venue stands for: papers of one field mean one thing by a name, more often than not.

A venue comes as papers have it: an abbreviation ("icra", "EMNLP 2021"), or a full title ("IEEE Transactions on Robotics").
An abbreviation is looked up without its year, a title is told by its words. A venue of all fields, and one that neither the
table nor the words know, tells nothing.
"""

import functools
import re

__all__ = ["field_of"]

ABBREVIATIONS = {
    name: field
    for field, names in {
        "language": "aacl acl anlp coling colm conll eacl emnlp findings lrec naacl semeval tacl tal",
        "learning": "acml aistats alt automl colt ecml iclr icml jmlr neurips nips tmlr uai",
        "reasoning": "aamas aij cp icaps jair jelia kr lpnmr sat",
        "robotics": "case corl hri humanoids icar icra iros ijrr isrr jfr ral robio roman rss tro wafr",
        "speech": "asru icassp interspeech ismir slt taslp",
        "vision": "3dv accv bmvc cviu cvpr eccv fg iccv icip icpr ijcv miccai midl pami tip tpami wacv",
        "web": "cikm ecir icdm icwsm kdd pakdd recsys sdm sigir vldb wsdm www",
    }.items()
    for name in names.split()
}
WORDS = {
    "language": r"linguist|natural language|machine translation",
    "learning": r"machine learning|neural information|learning theory|learning representations|neural networks",
    "robotics": r"robot|mechatronic",
    "speech": r"speech|acoustic|audio|music",
    "vision": r"computer vision|pattern recognition|image|graphics",
    "web": r"world wide web|information retrieval|data mining|recommender|knowledge discovery",
}
TITLE = {field: re.compile(words) for field, words in WORDS.items()}
LETTERS = re.compile(r"[^\W_]+")
YEAR = re.compile(r"\d{4}\Z|(?<=\D)\d{2}\Z")
LONGEST = 4
"""Words of what may be an abbreviation with its year and the like."""


@functools.lru_cache(maxsize=1 << 12)
def field_of(venue: str | None) -> str:
    """Return the field of a venue, '' if it tells none.

    >>> field_of("EMNLP 2021"), field_of("icra"), field_of("IEEE Robotics and Automation Letters"), field_of("AAAI")
    ('language', 'robotics', 'robotics', '')
    """
    text = (venue or "").lower()
    words = LETTERS.findall(text)
    if len(words) <= LONGEST:
        for word in words:
            found = ABBREVIATIONS.get(word) or ABBREVIATIONS.get(YEAR.sub("", word))
            if found:
                return found
    fields = [field for field, pattern in TITLE.items() if pattern.search(text)]
    return fields[0] if len(fields) == 1 else ""


NEAR = frozenset(
    map(
        frozenset,
        [
            *(("learning", field) for field in ABBREVIATIONS.values()),
            ("language", "reasoning"),
            ("language", "speech"),
            ("language", "web"),
            ("reasoning", "robotics"),
            ("robotics", "vision"),
        ],
    )
)
"""Fields that share names: learning with all others."""


def are_far(one: str, other: str) -> bool:
    """Say whether two fields are known and so far apart that few names of one are used in the other.

    >>> are_far("language", "robotics"), are_far("vision", "robotics"), are_far("", "robotics")
    (True, False, False)
    """
    return bool(one and other and one != other and frozenset([one, other]) not in NEAR)
