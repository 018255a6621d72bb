// Taking away: figures as PNG and SVG with their legend, what is shown as GraphML and CSV, all its papers.

import { npmi, testLink } from "./chance.js";
import { field, graph, nodes, paper } from "./data.js";
import { count, make, part, save } from "./dom.js";
import { isFaded, linkInk, linkLook, linksIn, paint, shapeOf, trace } from "./draw.js";
import { presentTypes, typeInk } from "./filters.js";
import { bibtex, graphml, linksCsv, nodesCsv, papersCsv, ris, xml } from "./formats.js";
import { FONT, labelInk, placeLabels, spotOf } from "./labels.js";
import { colouredGroups } from "./legend.js";
import { MOST_KINDS } from "./model.js";
import { regionEdge, regions } from "./regions.js";
import { SHAPES, frameNow, inks, network, paintOf, radiusOf, regionInk, scene, sizeOf, span, stretch, xs, yearColour, ys } from "./scene.js";

export function shownNodes() {
  return scene.drawn.filter((n) => scene.shown[n]);
}

const MM_AN_INCH = 25.4;
const KEY_ROW = 16; // pixels of the window

/** What the legend of a figure says: [shape, colour, words]. */
function keys() {
  const types = presentTypes.map((type) => [SHAPES[type], scene.colourBy === "type" ? typeInk(type) : inks.soft, type]);
  const colours = scene.colourBy === "community" ? colouredGroups().map(({ name, colour }) => ["dot", colour, name]) : scene.colourBy === "year" ? [0, 0.5, 1].map((share) => Math.round(span[0] + share * (span[1] - span[0]))).map((year) => ["dot", yearColour(year), `first paper ${year}`]) : [];
  return [...types, ...colours, ["none", "", `node: up to ${count.format(nodes.papers[scene.drawn[0]] ?? 0)} papers; link: up to ${count.format(scene.links.papers[0] ?? 0)} papers`]];
}

/** What the dialog says of a figure, and the frame with the room of its legend, in pixels of the window. */
function figure() {
  const value = (name) => part(name);
  const frame = frameNow();
  const [wide, high] = [(frame.right - frame.left) * frame.scale, (frame.bottom - frame.top) * frame.scale];
  const rows = value("figure-legend").checked ? keys() : [];
  const columns = Math.max(1, Math.floor(wide / 260));
  const legend = rows.length ? Math.ceil(rows.length / columns) * KEY_ROW + 12 : 0;
  return { frame, wide, high, rows, columns, legend, mm: Math.min(2000, Math.max(10, Number(value("figure-mm").value) || 170)), dpi: Math.min(1200, Math.max(36, Number(value("figure-dpi").value) || 300)), clear: value("figure-clear").checked };
}

/** Where the rows of a legend stand: [x, y, shape, colour, words]. */
function keySpots({ rows, columns, wide, high }) {
  return rows.map(([shape, colour, words], k) => [12 + (k % columns) * (wide / columns), high + 12 + Math.floor(k / columns) * KEY_ROW, shape, colour, words]);
}

/** Draw a figure on a canvas, so many pixels for one of the window. */
function canvasOf(plan, fine) {
  const { frame, wide, high, legend } = plan;
  const canvas = make("canvas", { width: Math.round(wide * fine), height: Math.round((high + legend) * fine) });
  const context = canvas.getContext("2d");
  if (!plan.clear) {
    context.fillStyle = inks.ground;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }
  context.save();
  context.beginPath();
  context.rect(0, 0, wide * fine, high * fine);
  context.clip();
  const one = fine * frame.scale;
  context.setTransform(one, 0, 0, one, -frame.left * one, -frame.top * one);
  paint(context, frame);
  context.restore();
  context.setTransform(fine, 0, 0, fine, 0, 0);
  context.font = `11px ${FONT}`;
  context.textBaseline = "middle";
  for (const [x, y, shape, colour, words] of keySpots(plan)) {
    context.fillStyle = colour || inks.soft;
    context.beginPath();
    if (shape !== "none") trace(context, shape, x, y, 5);
    context.fill();
    context.fillStyle = inks.text;
    context.fillText(words, x + (shape === "none" ? -5 : 10), y, wide / plan.columns - 24);
  }
  return canvas;
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let k = 0; k < 8; k++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value >>> 0;
});

/** A PNG file with its pixels a metre (chunk pHYs), so that programs print it as wide as was asked for. */
export function withDensity(bytes, dpi) {
  const chunk = new Uint8Array(21);
  const view = new DataView(chunk.buffer);
  const metre = Math.round((dpi * 1000) / MM_AN_INCH);
  view.setUint32(0, 9);
  chunk.set([112, 72, 89, 115], 4);
  view.setUint32(8, metre);
  view.setUint32(12, metre);
  chunk[16] = 1;
  let crc = 0xffffffff;
  for (const byte of chunk.subarray(4, 17)) crc = crcTable[(crc ^ byte) & 255] ^ (crc >>> 8);
  view.setUint32(17, (crc ^ 0xffffffff) >>> 0);
  const head = 33; // signature and IHDR
  const whole = new Uint8Array(bytes.length + chunk.length);
  whole.set(bytes.subarray(0, head));
  whole.set(chunk, head);
  whole.set(bytes.subarray(head), head + chunk.length);
  return whole;
}

const LARGEST = 16000; // pixels a side that browsers draw

async function savePng() {
  const plan = figure();
  const wanted = ((plan.mm / MM_AN_INCH) * plan.dpi) / plan.wide;
  const fine = Math.min(wanted, LARGEST / Math.max(plan.wide, plan.high + plan.legend));
  const blob = await new Promise((resolve) => { canvasOf(plan, fine).toBlob(resolve); });
  save("graph.png", new Blob([withDensity(new Uint8Array(await blob.arrayBuffer()), (plan.dpi * fine) / wanted)], { type: "image/png" }));
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

export function svgOfView() {
  const plan = figure();
  const { frame, wide, high, legend } = plan;
  const { left, top, scale } = frame;
  const at = (n) => [(xs[n] - left) * scale, (ys[n] - top) * scale];
  const visible = ([x, y], edge) => x > -edge && y > -edge && x < wide + edge && y < high + edge;
  const lines = [];
  linksIn(frame, Infinity, (l, a, b) => {
    const [ink, alpha, width] = linkInk(linkLook(l, a, b));
    const [[x1, y1], [x2, y2]] = [at(a), at(b)];
    lines.unshift(`<line x1="${x1.toFixed(1)}" y1="${y1.toFixed(1)}" x2="${x2.toFixed(1)}" y2="${y2.toFixed(1)}" stroke="${ink}" stroke-opacity="${alpha.toFixed(2)}" stroke-width="${width.toFixed(1)}"/>`);
  });
  const pad = regionEdge() * scale;
  const grounds = regions().map(([community, hull]) => `<polygon points="${hull.map((n) => at(n).map((value) => value.toFixed(1)).join(",")).join(" ")}" fill="${regionInk(community)}" stroke="${regionInk(community)}" stroke-width="${pad.toFixed(1)}" stroke-linejoin="round"/>`);
  const discs = shownNodes().reverse().filter((n) => visible(at(n), sizeOf(n) * scale)).map((n) => `<path d="${outline(shapeOf(n), ...at(n), radiusOf(n, scale) * scale)}" fill="${paintOf(n)}" stroke="${inks.ground}"${isFaded(n) ? ' opacity="0.25"' : ""}><title>${xml(nodes.label[n])}</title></path>`);
  const labels = placeLabels(network.canvas.getContext(), frame).map((label) => {
    const [x, y] = spotOf(label, scale);
    return `<text x="${((x - left) * scale).toFixed(1)}" y="${((y - top) * scale + label.size * 0.8).toFixed(1)}" font-size="${label.size.toFixed(1)}" fill="${labelInk(label)}"${label.bold ? ' font-weight="600"' : ""}${label.community === undefined ? "" : ' font-style="italic"'}>${xml(label.text)}</text>`;
  });
  const legendRows = keySpots(plan).map(([x, y, shape, colour, words]) => `${shape === "none" ? "" : `<path d="${outline(shape, x, y, 5)}" fill="${colour}"/>`}<text x="${(x + (shape === "none" ? -5 : 10)).toFixed(1)}" y="${(y + 4).toFixed(1)}" fill="${inks.text}">${xml(words)}</text>`);
  const [width, height] = [wide, high + legend].map(Math.round);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${plan.mm}mm" height="${((plan.mm * height) / width).toFixed(1)}mm" viewBox="0 0 ${width} ${height}">
${plan.clear ? "" : `<rect width="100%" height="100%" fill="${inks.ground}"/>`}
<g>${grounds.join("\n")}</g>
<g>${lines.join("\n")}</g>
<g>${discs.join("\n")}</g>
<g font-family="${xml(FONT)}" text-anchor="middle" stroke="${inks.ground}" stroke-width="3" stroke-linejoin="round" paint-order="stroke">${labels.join("\n")}</g>
<g font-family="${xml(FONT)}" font-size="11">${legendRows.join("\n")}</g>
</svg>
`;
}

function nodeRow(n) {
  const row = { id: nodes.ids[n] };
  for (const name of Object.keys(nodes)) row[name] ??= nodes[name][n];
  return { ...row, label: nodes.label[n], x: xs[n] / stretch.x, y: -ys[n] / stretch.y };
}

function linkRow(l) {
  const { sources, targets, papers, said, kinds } = scene.links;
  const [a, b] = [sources[l], targets[l]];
  const test = testLink(graph.chance, papers[l], nodes.papers[a], nodes.papers[b]);
  const course = field.model.course(field.model.sharedPapers([a, b], scene.window));
  const round = (value) => Number(value.toPrecision(6));
  const roles = graph.hasRoles ? { evaluated: said[0][l], compared: said[1][l], uses: said[2][l], kind: MOST_KINDS[kinds[l]] } : {};
  return { source: nodes.ids[a], target: nodes.ids[b], papers: papers[l], first_year: course[0]?.[0], last_year: course.at(-1)?.[0], ...roles, ...(test ? { association: round(test.association), q: round(test.q), npmi: round(npmi(papers[l], nodes.papers[a], nodes.papers[b], graph.corpus)) } : {}) };
}

/** The papers that mention something shown, the newest first. */
function shownPapers() {
  const found = new Set();
  for (const n of shownNodes()) for (const p of field.model.papersOf(n, scene.window)) found.add(p);
  return [...found].sort((a, b) => a - b).map(paper);
}

const shownRows = () => [shownNodes().map(nodeRow), scene.lines.map(linkRow)];
const WAYS = {
  png: savePng,
  svg: () => save("graph.svg", svgOfView(), "image/svg+xml"),
  graphml: () => save("graph.graphml", graphml(...shownRows()), "application/xml"),
  "csv-nodes": () => save("graph.nodes.csv", nodesCsv(shownRows()[0]), "text/csv"),
  "csv-links": () => save("graph.links.csv", linksCsv(shownRows()[1]), "text/csv"),
  bib: () => save("papers.bib", bibtex(shownPapers()), "application/x-bibtex"),
  ris: () => save("papers.ris", ris(shownPapers()), "application/x-research-info-systems"),
  "csv-papers": () => save("papers.csv", papersCsv(shownPapers()), "text/csv"),
};
for (const [name, act] of Object.entries(WAYS)) part(name).addEventListener("click", act);
