// How the page's scripts are checked: each a module of its own.
const js = require("@eslint/js");

const BROWSER = [
  "Blob", "CSS", "DecompressionStream", "Intl", "MutationObserver", "Path2D", "Response", "TextDecoder", "URL", "URLSearchParams", "atob", "cancelAnimationFrame", "clearTimeout", "console",
  "document", "fetch", "getComputedStyle", "history", "localStorage", "location", "performance", "requestAnimationFrame", "setTimeout", "window",
];

module.exports = [
  js.configs.recommended,
  {
    languageOptions: { ecmaVersion: 2022, sourceType: "module", globals: Object.fromEntries(BROWSER.map((name) => [name, "readonly"])) },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "consistent-return": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": ["error", ...["innerHTML", "outerHTML", "insertAdjacentHTML"].map((property) => ({ property, message: "Text is shown as text: use make()." })), { object: "document", property: "write" }],
      "no-shadow": ["error", { builtinGlobals: false }],
      "no-var": "error",
      "prefer-const": "error",
      "no-unused-vars": "error",
    },
  },
];
