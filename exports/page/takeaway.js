// Taking away: the view as PNG and SVG, what is shown as GraphML and CSV.
"use strict";

function save(name, content, type) {
  const link = make("a", { href: URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  part("save").open = false;
  say(`Saved as ${name}.`);
}

function shownNodes() {
  return [...Array(N).keys()].filter((n) => scene.shown[n]);
}

function shownLinks() {
  return [...Array(L).keys()].filter((l) => scene.linkShown[l]);
}

const FINE = 2; // pixels of a saved picture for one of the window

function savePicture() {
  const frame = frameNow();
  const one = FINE * frame.scale;
  const canvas = make("canvas", { width: Math.round((frame.right - frame.left) * one), height: Math.round((frame.bottom - frame.top) * one) });
  const context = canvas.getContext("2d");
  context.fillStyle = inks.ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.setTransform(one, 0, 0, one, -frame.left * one, -frame.top * one);
  paint(context, frame);
  canvas.toBlob((blob) => save("graph.png", blob));
}

/** XML text: markup escaped; the exporter has taken out what XML cannot hold. */
function xml(text) {
  return String(text).replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** Takes the strokes of a shape as a canvas would and gives them as the data of an SVG path. */
function outline(shape, x, y, r) {
  const steps = [];
  const spot = (a, b) => `${a.toFixed(1)} ${b.toFixed(1)}`;
  trace({
    moveTo: (a, b) => steps.push(`M${spot(a, b)}`),
    rect: (a, b, width, height) => steps.push(`M${spot(a, b)}h${width.toFixed(1)}v${height.toFixed(1)}h${(-width).toFixed(1)}`),
    arc: (a, b, radius) => steps.push(`M${spot(a - radius, b)}a${spot(radius, radius)} 0 1 0 ${spot(2 * radius, 0)}a${spot(radius, radius)} 0 1 0 ${spot(-2 * radius, 0)}`),
    lineTo: (a, b) => steps.push(`L${spot(a, b)}`),
    closePath() {},
  }, shape, x, y, r);
  return `${steps.join("")}Z`;
}

function svgOfView() {
  const frame = frameNow();
  const { left, top, right, bottom, scale } = frame;
  const at = (n) => [(xs[n] - left) * scale, (ys[n] - top) * scale];
  const visible = ([x, y], edge) => x > -edge && y > -edge && x < (right - left) * scale + edge && y < (bottom - top) * scale + edge;
  const lines = [];
  linksIn(frame, Infinity, (l, a, b) => {
    const [ink, alpha, width] = linkInk(linkLook(l, a, b));
    const [[x1, y1], [x2, y2]] = [at(a), at(b)];
    lines.unshift(`<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${ink}" stroke-opacity="${alpha.toFixed(2)}" stroke-width="${width.toFixed(1)}"/>`);
  });
  const pad = regionEdge() * scale;
  const regions = (scene.regions ??= findRegions()).map(([community, hull]) =>
    `<polygon points="${hull.map((n) => at(n).map((value) => value.toFixed(1)).join(",")).join(" ")}" fill="${regionInk(community)}" stroke="${regionInk(community)}" stroke-width="${pad.toFixed(1)}" stroke-linejoin="round"/>`);
  const discs = shownNodes().filter((n) => visible(at(n), radii[n] * scale)).map((n) =>
    `<path d="${outline(SHAPES[typeOf(n)] ?? "dot", ...at(n), radiusOf(n, scale) * scale)}" fill="${paints[n]}" stroke="${inks.ground}"${scene.near && !scene.near.has(n) ? ' opacity="0.25"' : ""}><title>${xml(graph.nodes.label[n])}</title></path>`);
  const labels = placeLabels(stage.querySelector("canvas").getContext("2d"), frame, mostLabels(frame)).map(([n, x, y, size]) =>
    `<text x="${((x - left) * scale).toFixed(1)}" y="${((y - top) * scale + size * 0.8).toFixed(1)}" font-size="${size.toFixed(1)}" fill="${labelInk(n)}"${isBold(n) ? ' font-weight="600"' : ""}>${xml(shortLabels[n])}</text>`);
  const [width, height] = [(right - left) * scale, (bottom - top) * scale].map(Math.round);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="100%" height="100%" fill="${inks.ground}"/>
<g>${regions.join("\n")}</g>
<g>${lines.join("\n")}</g>
<g>${discs.join("\n")}</g>
<g font-family="${xml(FONT)}" text-anchor="middle" stroke="${inks.ground}" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${labels.join("\n")}</g>
</svg>
`;
}

const NODE_FIELDS = { label: "string", type: "string", aliases: "string", papers: "long", mentions: "long", first_year: "long", last_year: "long", community: "long", pagerank: "double", x: "double", y: "double", size: "double" };
const LINK_FIELDS = { papers: "long", sentences: "long", association: "double", npmi: "double", q: "double", first_year: "long", last_year: "long" };

function cellOf(columns, name, place) {
  const value = columns[name][place];
  return Array.isArray(value) ? value.join(" | ") : value;
}

function graphmlOfShown() {
  const keys = (fields, kind) => Object.entries(fields).map(([name, type]) => `<key id="${kind}_${name}" for="${kind}" attr.name="${name}" attr.type="${type}"/>`);
  const cells = (fields, columns, kind, place) => Object.keys(fields).map((name) => {
    const value = cellOf(columns, name, place);
    return value == null ? "" : `<data key="${kind}_${name}">${xml(value)}</data>`;
  }).join("");
  const nodes = shownNodes().map((n) => `<node id="${xml(graph.ids[n])}">${cells(NODE_FIELDS, graph.nodes, "node", n)}</node>`);
  const links = shownLinks().map((l) => `<edge source="${xml(graph.ids[graph.sources[l]])}" target="${xml(graph.ids[graph.targets[l]])}"><data key="edge_weight">${graph.links.papers[l]}</data>${cells(LINK_FIELDS, graph.links, "edge", l)}</edge>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
${[...keys(NODE_FIELDS, "node"), ...keys({ weight: "double", ...LINK_FIELDS }, "edge")].join("\n")}
<graph edgedefault="undirected">
${[...nodes, ...links].join("\n")}
</graph>
</graphml>
`;
}

/** A CSV cell; what a spreadsheet would take for a formula gets an apostrophe before it, as in kg's own tables. */
function csvCell(value) {
  if (typeof value !== "string") return value == null ? "" : String(value);
  const text = /^'*[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(rows) {
  return rows.map((row) => `${row.map(csvCell).join(",")}\n`).join("");
}

function csvOfNodes() {
  const names = Object.keys(NODE_FIELDS).slice(1);
  return csv([["Id", "Label", ...names], ...shownNodes().map((n) => [graph.ids[n], graph.nodes.label[n], ...names.map((name) => cellOf(graph.nodes, name, n))])]);
}

function csvOfLinks() {
  const names = Object.keys(LINK_FIELDS);
  const row = (l) => [graph.ids[graph.sources[l]], graph.ids[graph.targets[l]], "Undirected", graph.links.papers[l], ...names.map((name) => cellOf(graph.links, name, l))];
  return csv([["Source", "Target", "Type", "Weight", ...names], ...shownLinks().map(row)]);
}

part("png").addEventListener("click", savePicture);
part("svg").addEventListener("click", () => save("graph.svg", svgOfView(), "image/svg+xml"));
part("graphml").addEventListener("click", () => save("graph.graphml", graphmlOfShown(), "application/xml"));
part("csv-nodes").addEventListener("click", () => save("graph.nodes.csv", csvOfNodes(), "text/csv"));
part("csv-links").addEventListener("click", () => save("graph.links.csv", csvOfLinks(), "text/csv"));
