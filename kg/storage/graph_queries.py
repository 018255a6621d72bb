"""What is counted of nodes and links, in SQL: papers, years, and what the roles of two nodes in one paper say of their link.

A paper's role for a node is the first in the list of roles that it has for any of the node's names there; its certainty is the
surest. The kinds of a pair in one paper: *evaluated* where a new or studied method meets data evaluated on, or a studied method
new data; *compared* where a new method meets a method compared with; *uses* where something new meets a method or data used.
"""

from kg.records import Role

__all__ = ["LINKS", "LINK_ROWS", "MENTIONED", "NODE_ROWS", "SCHEMA", "TABLES"]

SCHEMA = """
CREATE TABLE nodes (id VARCHAR, label VARCHAR, type VARCHAR, aliases VARCHAR[], kind_of VARCHAR[]);
CREATE TABLE merges (node VARCHAR, surface VARCHAR, rule VARCHAR, paper VARCHAR, detail VARCHAR);
CREATE TABLE evidence_spans (paper VARCHAR, sentence INTEGER, sentence_end INTEGER, span_start INTEGER, span_end INTEGER, node VARCHAR);
CREATE TABLE mentioned (paper VARCHAR, node VARCHAR, mentions INTEGER, certainty DOUBLE, role VARCHAR);
CREATE TABLE links (
    number INTEGER, source VARCHAR, target VARCHAR, papers INTEGER, sentences INTEGER, first_year INTEGER, last_year INTEGER,
    fraction DECIMAL(18, 9), evaluated INTEGER, compared INTEGER, uses INTEGER, kind VARCHAR, direction INTEGER
);
CREATE TABLE node_layout (
    id VARCHAR, pagerank DOUBLE, community INTEGER, community_name VARCHAR, area INTEGER, area_name VARCHAR, betweenness DOUBLE,
    x DOUBLE, y DOUBLE, size DOUBLE
);
CREATE TABLE link_statistics (number INTEGER, association DOUBLE, npmi DOUBLE, q DOUBLE, rank INTEGER);
CREATE TABLE state (linked BOOLEAN, pipeline VARCHAR);
INSERT INTO state VALUES (false, NULL);
"""
TABLES = (
    "nodes",
    "merges",
    "evidence_spans",
    "mentioned",
    "links",
    "node_layout",
    "link_statistics",
)
"""What each build writes anew."""
ROLES = ", ".join(f"'{role}'" for role in Role)
MENTIONED = f"""
INSERT INTO mentioned
SELECT paper, node, count(*), max(certainty), [{ROLES}][min(list_position([{ROLES}], role))]
FROM noted JOIN meant USING (entity) GROUP BY paper, node
"""
ENDS = """
WITH sizes AS (SELECT paper, count(*) AS size FROM mentioned GROUP BY paper),
ends AS (
    SELECT paper, year, node, role, size, type = 'method' AS method, type IN ('dataset', 'benchmark') AS data, kind_of
    FROM mentioned JOIN sizes USING (paper) JOIN papers ON papers.id = paper JOIN nodes ON nodes.id = node
)"""
KINDS = {
    "evaluated": (
        "{one}.method AND {two}.data AND ({one}.role IN ('new', 'studied') AND {two}.role = 'evaluated'"
        " OR {one}.role = 'studied' AND {two}.role = 'new')"
    ),
    "compared": "{one}.method AND {two}.method AND {one}.role = 'new' AND {two}.role = 'compared'",
    "uses": "{one}.role = 'new' AND {two}.role = 'used' AND ({two}.method OR {two}.data)",
}
"""When the first of two ends in one paper is evaluated on, compared with, or uses the second."""
COUNTED = ", ".join(
    f"count(*) FILTER (WHERE {said.format(one=one, two=two)}) AS {kind}_{way}"
    for kind, said in KINDS.items()
    for way, one, two in (("forth", "a", "b"), ("back", "b", "a"))
)
LINKS = f"""
INSERT INTO links {ENDS},
near AS (
    SELECT DISTINCT a.paper, a.node AS source, b.node AS target
    FROM evidence_spans a JOIN evidence_spans b USING (paper, sentence) WHERE a.node < b.node
),
counted AS (
    SELECT a.node AS source, b.node AS target, count(*) AS papers, count(near.paper) AS sentences,
        min(a.year) AS first_year, max(a.year) AS last_year, sum((1.0 / (a.size - 1))::DECIMAL(18, 9)) AS fraction,
        any_value(list_contains(a.kind_of, b.node)) AS is_a_forth, any_value(list_contains(b.kind_of, a.node)) AS is_a_back, {COUNTED}
    FROM ends a JOIN ends b ON a.paper = b.paper AND a.node < b.node
    LEFT JOIN near ON near.paper = a.paper AND near.source = a.node AND near.target = b.node
    GROUP BY a.node, b.node
),
said AS (
    SELECT *, evaluated_forth + evaluated_back AS evaluated, compared_forth + compared_back AS compared, uses_forth + uses_back AS uses,
        greatest(evaluated, compared, uses) AS most,
        CASE
            WHEN most = 0 THEN CASE WHEN is_a_forth OR is_a_back THEN 'is-a' ELSE 'mention' END
            WHEN evaluated = most THEN 'evaluated' WHEN compared = most THEN 'compared' ELSE 'uses'
        END AS kind,
        CASE kind
            WHEN 'evaluated' THEN [evaluated_forth > 0, evaluated_back > 0] WHEN 'compared' THEN [compared_forth > 0, compared_back > 0]
            WHEN 'uses' THEN [uses_forth > 0, uses_back > 0] ELSE [is_a_forth, is_a_back]
        END AS ways
    FROM counted
)
SELECT row_number() OVER (ORDER BY source, target) - 1, source, target, papers, sentences, first_year, last_year, fraction,
    evaluated, compared, uses, kind, coalesce(ways[1], false)::INTEGER - coalesce(ways[2], false)::INTEGER
FROM said
"""
EARLY = 0.05
"""A paper that says it introduces a node is not believed where more of the node's papers are more than a year older."""
NODE_ROWS = f"""
WITH counted AS (
    SELECT node AS id, count(*) AS papers, sum(mentions)::INTEGER AS mentions, min(year) AS first_year, max(year) AS last_year,
        max(certainty) AS certainty, count(*) FILTER (WHERE role = 'evaluated') AS evaluated_in
    FROM mentioned JOIN papers ON papers.id = paper GROUP BY node
),
first AS (
    SELECT node AS id, paper AS introduced_by, year AS introduced FROM mentioned JOIN papers ON papers.id = paper WHERE role = 'new'
    QUALIFY row_number() OVER (PARTITION BY node ORDER BY year NULLS LAST, certainty DESC, paper) = 1
),
older AS (
    SELECT node AS id, count(*) AS older FROM mentioned JOIN papers ON papers.id = paper JOIN first ON first.id = node
    WHERE year < introduced - 1 GROUP BY node
),
believed AS (
    SELECT first.* FROM first JOIN counted USING (id) LEFT JOIN older USING (id) WHERE coalesce(older, 0) <= {EARLY} * papers
)
SELECT nodes.*, counted.* EXCLUDE (id, certainty, evaluated_in), round(certainty, 6) AS certainty, believed.* EXCLUDE (id),
    nullif(evaluated_in, 0) AS evaluated_in, node_layout.* EXCLUDE (id)
FROM nodes JOIN counted USING (id) LEFT JOIN believed USING (id) LEFT JOIN node_layout USING (id)
"""
"""Every attribute of every node that a paper mentions."""
LINK_ROWS = """
SELECT links.* EXCLUDE (number, fraction), papers AS weight, round(fraction::DOUBLE, 6) AS weight_fractional, link_statistics.* EXCLUDE (number)
FROM links LEFT JOIN link_statistics USING (number)
"""
"""Every attribute of every link."""
