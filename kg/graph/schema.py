"""The attributes of nodes and links, said once: what Python users, files and the page call them, and what they mean.

The graph carries every attribute of this list, in this order; one that is not told of a node or link is left out, never
empty. Exporters take names and types from here, the page its explanations.
"""

from dataclasses import dataclass
from enum import StrEnum

__all__ = [
    "LINK_ATTRIBUTES",
    "NODE_ATTRIBUTES",
    "Attribute",
    "AttributeType",
    "LinkKind",
    "attribute_table",
]


class AttributeType(StrEnum):
    """What all values of an attribute are."""

    BOOLEAN = "boolean"
    INT = "int"
    LONG = "long"
    DOUBLE = "double"
    STRING = "string"
    STRINGS = "strings"


class LinkKind(StrEnum):
    """What a link says, by the roles of its ends in its papers; in ties the first one counts."""

    EVALUATED = "evaluated"
    COMPARED = "compared"
    USES = "uses"
    IS_A = "is-a"
    MENTION = "mention"


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of nodes or of links."""

    name: str
    type: AttributeType
    meaning: str
    """One line, with unit and range."""
    absent: str = ""
    """Where it is left out; '' if every node (or link) has it."""


INT, DOUBLE = AttributeType.INT, AttributeType.DOUBLE
STRING, STRINGS = AttributeType.STRING, AttributeType.STRINGS

NODE_ATTRIBUTES = (
    Attribute("label", STRING, "the name that most papers give it"),
    Attribute("type", STRING, "method, dataset or benchmark; task and metric on request"),
    Attribute("aliases", STRINGS, "its other names, sorted"),
    Attribute("papers", INT, "papers that mention it"),
    Attribute("mentions", INT, "places in these papers that name it"),
    Attribute("first_year", INT, "year of its earliest paper", "no paper of it has a year"),
    Attribute("last_year", INT, "year of its latest paper", "no paper of it has a year"),
    Attribute("certainty", DOUBLE, "the reader's certainty of its surest mention, 0 to 1"),
    Attribute(
        "introduced_by", STRING, "id of the paper that introduces it", "no paper says that it does"
    ),
    Attribute("introduced", INT, "year of that paper", "no such paper, or it has no year"),
    Attribute("evaluated_in", INT, "papers that evaluate on it", "none does"),
    Attribute("kind_of", STRINGS, "ids of its nearest broader nodes, sorted", "none is known"),
    Attribute("community", INT, "number of its community (a subfield), 0 is the largest"),
    Attribute("community_name", STRING, "the most distinctive tasks and nodes of its community"),
    Attribute("area", INT, "number of the group of communities it is in, 0 is the largest"),
    Attribute("area_name", STRING, "the most distinctive tasks and nodes of its area"),
    Attribute("pagerank", DOUBLE, "PageRank over links by weight; all nodes sum to 1"),
    Attribute(
        "betweenness", DOUBLE, "share of the shortest paths of others that lead through it, 0 to 1"
    ),
    Attribute("x", DOUBLE, "position, the centroid of all is 0"),
    Attribute("y", DOUBLE, "position, upwards"),
    Attribute("size", DOUBLE, "radius in the units of x and y, grows with the root of papers"),
)
LINK_ATTRIBUTES = (
    Attribute("weight", DOUBLE, "the same as papers: what tools look for"),
    Attribute("weight_fractional", DOUBLE, "sum over its papers of 1 / (nodes of the paper - 1)"),
    Attribute("papers", INT, "papers that mention both ends"),
    Attribute("sentences", INT, "of these, papers with a sentence that names both"),
    Attribute(
        "kind", STRING, "what most of its papers say: evaluated, compared, uses; is-a; mention"
    ),
    Attribute("direction", INT, "1 if the kind goes from source to target, -1 if back, else 0"),
    Attribute("evaluated", INT, "papers that evaluate the method on the data"),
    Attribute("compared", INT, "papers that compare a new method with the other"),
    Attribute("uses", INT, "papers in which something new uses the other"),
    Attribute("rank", INT, "the better of its ranks among the links of its two ends, from 1"),
    Attribute("association", DOUBLE, "papers over the number that chance would give"),
    Attribute("npmi", DOUBLE, "normalised pointwise mutual information, -1 to 1"),
    Attribute("q", DOUBLE, "false discovery rate at which it is significant, 0 to 1"),
    Attribute("first_year", INT, "year of its earliest paper", "no paper of it has a year"),
    Attribute("last_year", INT, "year of its latest paper", "no paper of it has a year"),
)


def attribute_table(attributes: tuple[Attribute, ...]) -> str:
    """Return the attributes as a Markdown table, for the docs.

    >>> print(attribute_table(NODE_ATTRIBUTES[:1]))
    | attribute | type | means | left out where |
    |---|---|---|---|
    | `label` | string | the name that most papers give it |  |
    """
    rows = [f"| `{a.name}` | {a.type} | {a.meaning} | {a.absent} |" for a in attributes]
    return "\n".join(["| attribute | type | means | left out where |", "|---|---|---|---|", *rows])
