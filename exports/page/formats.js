// What is taken away, as text: papers as BibTeX, RIS and CSV; nodes and links as CSV and GraphML.

/** XML text: markup escaped; the exporter has taken out what XML cannot hold. */
export function xml(text) {
  return String(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A CSV cell; what a spreadsheet would take for a formula gets an apostrophe before it, as in kg's own tables. */
export function csvCell(value) {
  if (typeof value !== "string") return value == null ? "" : String(value);
  const text = /^'*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csv(rows) {
  return rows.map((row) => `${row.map(csvCell).join(",")}\n`).join("");
}

/** The DOI of a paper: its own, or that in its address or id; '' if there is none. */
export function doiOf(paper) {
  return /\b10\.\d{4,9}\/[^\s"<>]+/.exec([paper.doi, paper.url, paper.id].filter(Boolean).join("\n"))?.[0] ?? "";
}

/** The address of a paper, if it is one that may be followed; its DOI's otherwise; '' if there is neither. */
export function addressOf(paper) {
  if (/^https?:\/\//.test(paper.url ?? "")) return paper.url;
  const doi = doiOf(paper);
  return doi && `https://doi.org/${encodeURI(doi)}`;
}

const oneLine = (text) => String(text ?? "").replace(/\s+/g, " ").trim();
const authorsOf = (paper) => (paper.authors ? paper.authors.split("; ") : []);

/** TeX's own characters written so that they are text; braces and backslashes too. */
function tex(text) {
  return oneLine(text).replace(/[\\{}&%$#_~^]/g, (char) => ({ "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" })[char] ?? `\\${char}`);
}

/** A key for each paper: its id where that can be one, else made of its letters and digits; no two alike. */
export function citeKeys(papers) {
  const taken = new Set();
  return papers.map((paper) => {
    const base = paper.id.replace(/[^\w:.+/-]+/g, "").slice(0, 60) || "paper";
    let name = base;
    for (let k = 2; taken.has(name.toLowerCase()); k++) name = `${base}-${k}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** Papers as BibTeX: {id, title, year, venue, url, doi, authors}. */
export function bibtex(papers) {
  const keys = citeKeys(papers);
  return papers.map((paper, k) => {
    const fields = { title: `{${tex(paper.title)}}`, author: authorsOf(paper).map(tex).join(" and "), year: paper.year, journal: tex(paper.venue), doi: oneLine(doiOf(paper)), url: oneLine(addressOf(paper)).replace(/[{}]/g, "") };
    const lines = Object.entries(fields).filter(([, value]) => value).map(([name, value]) => `  ${name} = {${value}}`);
    return `@${paper.venue ? "article" : "misc"}{${keys[k]},\n${lines.join(",\n")}\n}\n`;
  }).join("\n");
}

/** Papers as RIS. */
export function ris(papers) {
  return papers.map((paper) => {
    const rows = [["TY", paper.venue ? "JOUR" : "GEN"], ["ID", paper.id], ["TI", paper.title], ...authorsOf(paper).map((name) => ["AU", name]), ["PY", paper.year], ["JO", paper.venue], ["DO", doiOf(paper)], ["UR", addressOf(paper)]];
    const lines = rows.filter(([, value]) => value).map(([tag, value]) => `${tag}  - ${oneLine(value)}\r\n`);
    return `${lines.join("")}ER  - \r\n\r\n`;
  }).join("");
}

/** Papers as a table, each with what it does with the nodes in question. */
export function papersCsv(papers) {
  return csv([["id", "title", "authors", "year", "venue", "doi", "url"], ...papers.map((paper) => [paper.id, paper.title, paper.authors ?? "", paper.year, paper.venue ?? "", doiOf(paper), addressOf(paper)])]);
}

export const NODE_FIELDS = { label: "string", type: "string", aliases: "string", papers: "long", mentions: "long", first_year: "long", last_year: "long", community: "long", pagerank: "double", x: "double", y: "double", size: "double" };
export const LINK_FIELDS = { papers: "long", association: "double", npmi: "double", q: "double", first_year: "long", last_year: "long", evaluated: "long", compared: "long", uses: "long", kind: "string" };

const cell = (value) => (Array.isArray(value) ? value.join(" | ") : value);

/** Nodes ({id, ...fields}) and links ({source, target, ...fields}) as GraphML. */
export function graphml(nodes, links) {
  const keys = (fields, kind) => Object.entries(fields).map(([name, type]) => `<key id="${kind}_${name}" for="${kind}" attr.name="${name}" attr.type="${type}"/>`);
  const cells = (fields, row, kind) => Object.keys(fields).filter((name) => row[name] != null).map((name) => `<data key="${kind}_${name}">${xml(cell(row[name]))}</data>`).join("");
  const nodeLines = nodes.map((row) => `<node id="${xml(row.id)}">${cells(NODE_FIELDS, row, "node")}</node>`);
  const linkLines = links.map((row) => `<edge source="${xml(row.source)}" target="${xml(row.target)}"><data key="edge_weight">${row.papers}</data>${cells(LINK_FIELDS, row, "edge")}</edge>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
${[...keys(NODE_FIELDS, "node"), ...keys({ weight: "double", ...LINK_FIELDS }, "edge")].join("\n")}
<graph edgedefault="undirected">
${[...nodeLines, ...linkLines].join("\n")}
</graph>
</graphml>
`;
}

export function nodesCsv(nodes) {
  const names = Object.keys(NODE_FIELDS).slice(1);
  return csv([["Id", "Label", ...names], ...nodes.map((row) => [row.id, row.label, ...names.map((name) => cell(row[name]))])]);
}

export function linksCsv(links) {
  const names = Object.keys(LINK_FIELDS);
  return csv([["Source", "Target", "Type", "Weight", ...names], ...links.map((row) => [row.source, row.target, "Undirected", row.papers, ...names.map((name) => row[name])])]);
}
