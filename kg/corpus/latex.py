r"""Converts LaTeX in titles and abstracts to Unicode: accents, symbols, commands and ``$k$``.

Text that is not LaTeX stays as it is: a plain ``%``, ``&``, ``~`` or ``_`` is literal, as is a
dollar sign that does not open a formula, and an unknown command keeps its name.
"""

import re
import unicodedata

__all__ = ["decode_latex"]

ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306", ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b",
    "v": "\u030c", "d": "\u0323", "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "aa": "å", "AA": "Å", "i": "ı", "j": "ȷ", "th": "þ",
    "TH": "Þ", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
}  # fmt: skip
SYMBOLS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ", "vartheta": "ϑ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "varsigma": "ς", "tau": "τ",
    "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ",
    "Pi": "Π", "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "times": "×", "cdot": "·", "pm": "±", "mp": "∓", "div": "÷", "ast": "∗",
    "star": "⋆", "circ": "∘", "bullet": "•", "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥", "neq": "≠", "ne": "≠",
    "approx": "≈", "sim": "~", "simeq": "≃", "cong": "≅", "equiv": "≡", "propto": "∝", "ll": "≪", "gg": "≫", "lesssim": "≲", "gtrsim": "≳", "infty": "∞",
    "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "sqrt": "√", "in": "∈", "notin": "∉", "subset": "⊂", "subseteq": "⊆", "cup": "∪",
    "cap": "∩", "emptyset": "∅", "forall": "∀", "exists": "∃", "neg": "¬", "wedge": "∧", "land": "∧", "vee": "∨", "lor": "∨", "oplus": "⊕", "otimes": "⊗",
    "to": "→", "rightarrow": "→", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "Leftarrow": "⇐", "Leftrightarrow": "⇔", "mapsto": "↦",
    "uparrow": "↑", "downarrow": "↓", "ell": "ℓ", "hbar": "ħ", "Re": "ℜ", "Im": "ℑ", "aleph": "ℵ", "dag": "†", "dagger": "†", "ddagger": "‡", "S": "§",
    "P": "¶", "copyright": "©", "pounds": "£", "euro": "€", "textdegree": "°", "degree": "°", "celsius": "°C", "textmu": "µ", "micro": "µ", "prime": "′",
    "ldots": "...", "dots": "...", "cdots": "⋯", "textellipsis": "...", "textendash": "–", "textemdash": "—", "textquoteright": "’", "textquoteleft": "‘",
    "textquotedblleft": "“", "textquotedblright": "”", "textquotesingle": "'", "textquotedbl": '"', "textbackslash": "\\", "textasciitilde": "~",
    "textasciicircum": "^", "textunderscore": "_", "textbar": "|", "textless": "<", "textgreater": ">", "textbullet": "•", "textregistered": "®",
    "texttrademark": "™", "textcopyright": "©", "textpm": "±", "texttimes": "×", "textperiodcentered": "·", "slash": "/", "LaTeX": "LaTeX", "TeX": "TeX",
    "BibTeX": "BibTeX", "log": "log", "ln": "ln", "exp": "exp", "sin": "sin", "cos": "cos", "tan": "tan", "min": "min", "max": "max", "arg": "arg",
    "argmin": "argmin", "argmax": "argmax", "lim": "lim", "sup": "sup", "inf": "inf", "det": "det", "dim": "dim", "Pr": "Pr", "langle": "⟨", "rangle": "⟩",
    "lceil": "⌈", "rceil": "⌉", "lfloor": "⌊", "rfloor": "⌋", "lVert": "‖", "rVert": "‖", "Vert": "‖", "vert": "|", "mid": "|", "setminus": "∖",
    "backslash": "\\", "perp": "⊥", "parallel": "∥", "angle": "∠", "triangle": "△", "square": "□", "checkmark": "✓", "quad": " ", "qquad": " ", "left": "",
    "right": "", "big": "", "Big": "", "bigl": "", "bigr": "", "displaystyle": "", "textstyle": "", "limits": "", "noindent": "", "newline": " ", "par": " ",
    "protect": "", "hspace": "", "xspace": "", "relax": "", "textnormal": "", "em": "", "it": "", "bf": "", "rm": "", "sc": "", "tt": "", "sf": "", "sl": "",
    "tilde": "", "Tilde": "", "widetilde": "", "hat": "", "Hat": "", "widehat": "", "bar": "", "Bar": "", "vec": "", "dot": "", "ddot": "", "overline": "",
    "underline": "", "mathcal": "", "mathbb": "", "mathbf": "", "mathrm": "", "mathit": "", "mathsf": "", "mathtt": "", "mathfrak": "", "mathscr": "", "bm": "",
    "boldsymbol": "", "item": "",
    "cal": "", "itshape": "", "bfseries": "", "ttfamily": "", "scshape": "", "small": "", "footnotesize": "", "normalsize": "", "large": "",
}  # fmt: skip

DROPPED = re.compile(
    r"[\s~]*\\(?:cite[a-zA-Z]*|label|ref|eqref|autoref|cref|Cref|begin|end|footnotemark|footnote|thanks|vspace|hspace|index|marginpar)\*?\s*(?:\[[^\]]*\]){0,3}\{[^{}]*\}"
)
ACCENT_CHAR = re.compile(
    r"""\\(["'`^~=.])(?:\{\s*(\\?[A-Za-z]{0,2})\s*\}|(\\[ij](?![A-Za-z])|[A-Za-z]))(?:\{\})?"""
)
ACCENT_NAME = re.compile(
    r"\\([uvHcdbkrt])(?:\s*\{\s*(\\?[A-Za-z]{1,2})\s*\}|\s+(\\[ij](?![A-Za-z])|[A-Za-z](?![A-Za-z]{9})))"
)
LETTER = re.compile(
    r"\\(ss|ae|AE|oe|OE|o|O|l|L|aa|AA|i|j|th|TH|dh|DH|dj|DJ|ng|NG)(?:\{\}|(?![A-Za-z])(?:[ \n](?=[a-zß-ÿ]))?)"
)
WRAPPED = re.compile(r"(\\[a-zA-Z]+\s*)?\{((?:[^\W\d_]|\\.)[\u0300-\u036f]*)\}")
"""A single letter in braces, unless it is a command's argument."""
FRACTION = re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
LINK = re.compile(r"\\href\s*\{[^{}]*\}\s*\{([^{}]*)\}")
COMMAND = re.compile(r"\\([a-zA-Z]+)\*?\s*\{([^{}]*)\}")
SWITCH = re.compile(
    r"\{\s*\\(?:em|it|bf|rm|sc|tt|sf|sl|cal|itshape|bfseries|ttfamily|scshape)(?![a-zA-Z])\s*([^{}]*)\}"
)
SYMBOL = re.compile(r"\\(?:(text[a-z]+)(?:\{\}|[ \n](?=[^\W\d]))?|([a-zA-Z]+)(?:\{\})?)")
"""A text command consumes the space after it, as in LaTeX; after a math command it is kept."""
ESCAPED = re.compile(r"\\([%&_#${}])")
SPACED = re.compile(r"\\(?:\\(?:\[[^\]]{0,9}\])?|[ ,;:!/>-])")
MATH = re.compile(
    r"\$\$([^$]{1,600})\$\$|\$(?=\S)([^$]{0,300}[^$\s\\])\$(?!\d)|\$([^$]{0,300}\\[^$]{0,300})\$|\\\((.{1,300}?)\\\)|\\\[(.{1,600}?)\\\]",
    re.DOTALL,
)
GROUP = re.compile(r"(?<!\\)\{([^{}]{0,200})(?<!\\)\}")
PROSE = re.compile(r"\d[^a-z]*[a-z]{2,} ")
"""Text between two dollar signs that are currency, not math."""


def decode_latex(text: str) -> str:
    """Return text with its LaTeX converted to Unicode; everything else stays."""
    if "\\" in text:
        text = DROPPED.sub("", text)
        text = ACCENT_NAME.sub(_accented, ACCENT_CHAR.sub(_accented, text))
        text = LETTER.sub(lambda found: LETTERS[found[1]], text)
        text = WRAPPED.sub(lambda found: found[0] if found[1] else found[2], text)
        text = _commands(text)
    if "$" in text or "\\" in text:
        text = MATH.sub(_formula, text)
    if "\\" in text:
        text = SPACED.sub(_space, SYMBOL.sub(_symbol, text))
        text = ESCAPED.sub(r"\1", text)
    return text


def _accented(found: re.Match[str]) -> str:
    accent, letters = ACCENTS.get(found[1]), found[2] or found[3] or ""
    if letters in {"\\i", "\\j"}:
        letters = letters[1:]
    if accent is None or not letters or letters.startswith("\\"):
        return found[0] if letters else ""
    return unicodedata.normalize("NFC", letters[0] + accent) + letters[1:]


def _commands(text: str) -> str:
    """Return text with commands replaced by their arguments, innermost first."""
    for _ in range(6):
        before = text
        text = LINK.sub(r"\1", FRACTION.sub(r"\1/\2", text))
        text = COMMAND.sub(_argument, SWITCH.sub(r"\1", text))
        if text == before:
            break
    return text


def _argument(found: re.Match[str]) -> str:
    """Return a command's argument, preceded by the command's symbol if it has one."""
    if found[1] in SYMBOLS:
        return f"{SYMBOLS[found[1]]}{found[2]}"
    return found[2] or found[0]


def _formula(found: re.Match[str]) -> str:
    inner = next(part for part in found.groups() if part is not None)
    if found[2] is not None and "\\" not in inner and PROSE.match(f"{inner} "):
        return found[0]
    inner = SPACED.sub(_space, SYMBOL.sub(_symbol, inner))
    for _ in range(3):
        inner = GROUP.sub(r"\1", inner)
    return inner.strip()


def _symbol(found: re.Match[str]) -> str:
    return SYMBOLS.get(found[1] or found[2], found[0])


def _space(found: re.Match[str]) -> str:
    return " " if found[0][1] in "\\ ,;:>" else ""
