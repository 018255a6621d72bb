// Tabs: one part of a side at a time, chosen by a click or by arrow keys.

import { button, make } from "./dom.js";

/** Show one of the parts of a row of tabs, by the id of its section. */
export function showTab(row, id) {
  for (const tab of row.children) {
    const chosen = tab.getAttribute("aria-controls") === id;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    document.getElementById(tab.getAttribute("aria-controls")).hidden = !chosen;
  }
  row.dispatchEvent(new window.CustomEvent("tab", { detail: id }));
}

/** Let a row of tabs be walked and clicked; `shown` hears of the section that comes. */
export function liveTabs(row, shown = () => {}) {
  row.addEventListener("click", ({ target }) => {
    const tab = target.closest('[role="tab"]');
    if (tab) showTab(row, tab.getAttribute("aria-controls"));
  });
  row.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!step) return;
    const tabs = [...row.children];
    const now = tabs.indexOf(document.activeElement);
    const next = Number.isFinite(step) ? (now + step + tabs.length) % tabs.length : step > 0 ? tabs.length - 1 : 0;
    tabs[next].focus();
    showTab(row, tabs[next].getAttribute("aria-controls"));
    event.preventDefault();
  });
  row.addEventListener("tab", ({ detail }) => shown(detail));
}

/** Make a row of tabs over sections, the first of them shown: [name, section, what fills it when it is first shown]; returns row and sections. */
export function tabbed(label, ...parts) {
  const row = make("div", { class: "tabs", role: "tablist", "aria-label": label }, ...parts.map(([name, section], k) => button(name, () => {}, { role: "tab", id: `tab-${section.id}`, "aria-controls": section.id, "aria-selected": String(k === 0), tabindex: k === 0 ? "0" : "-1", "data-tab": section.id })));
  parts.forEach(([, section], k) => {
    section.setAttribute("role", "tabpanel");
    section.setAttribute("aria-labelledby", `tab-${section.id}`);
    section.hidden = k > 0;
  });
  const waiting = new Map(parts.filter(([, , fill]) => fill).map(([, section, fill]) => [section.id, fill]));
  liveTabs(row, (id) => {
    waiting.get(id)?.();
    waiting.delete(id);
  });
  return [row, ...parts.map(([, section]) => section)];
}
