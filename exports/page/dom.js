// Elements, and words: everything that comes from the corpus is shown as text, never as markup.

/** Make an element; text is always text, never markup. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== ""));
  return element;
}

export function part(name) {
  return document.querySelector(`[data-kg="${name}"]`);
}

export function button(text, onclick, attributes = {}) {
  return make("button", { type: "button", onclick, ...attributes }, text);
}

const SVG = "http://www.w3.org/2000/svg";

/** Make an SVG element. */
export function drawing(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Fill an SVG with bars: [place, value] each, `wide` places wide, 20 high. */
export function drawBars(svg, bars, wide) {
  const most = bars.reduce((top, [, value]) => Math.max(top, value), 1);
  svg.setAttribute("viewBox", `0 0 ${wide} 20`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.replaceChildren(...bars.map(([place, value]) => drawing("rect", { x: place + 0.1, width: 0.8, y: 20 - (20 * value) / most, height: (20 * value) / most })));
}

export const count = new Intl.NumberFormat("en");
export const collator = new Intl.Collator("en", { numeric: true });

export function plural(number, word, words = `${word}s`) {
  return `${count.format(number)} ${number === 1 ? word : words}`;
}

/** The first letters of a text, with a sign where some are left out. */
export function short(text, most) {
  const letters = Array.from(text.slice(0, 2 * most + 2));
  return letters.length > most ? `${letters.slice(0, most - 2).join("")}…` : text;
}

/** Tell those who do not see the picture what has happened. */
export function say(text) {
  part("said").textContent = text;
}

/** Offer a file to be saved. */
export function save(name, content, type) {
  const blob = content instanceof Blob ? content : new Blob([content], { type });
  const link = make("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  for (const menu of document.querySelectorAll("details.menu[open]")) menu.open = false;
  say(`Saved as ${name}.`);
}

const NO_NAMES = ["graph", "kg-out", "index"]; // of files and folders that nobody has named

/** A path without its signs for bytes, unless these are no text. */
function readable(path) {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** What the file is called, or the folder that it is in: the name of a corpus whose build gave none; '' where the address tells nothing. */
export function nameOf({ protocol, pathname }) {
  if (protocol !== "file:") return "";
  const [file, folder] = readable(pathname).split("/").reverse();
  return [file.replace(/\.html$/i, ""), folder ?? ""].find((name) => !NO_NAMES.includes(name.toLowerCase())) ?? "";
}
