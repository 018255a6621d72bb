"""The page (.html): one file that shows the graph in a browser, offline, with every sentence that proves a link.

A pyvis ``Network`` is the model of the picture; our own template renders it, with the vis-network of pyvis, our styles and scripts, and
the data inside (see ``exports.page_data``). A Content-Security-Policy names the scripts and styles by their hashes and forbids every
request. Nodes come with their positions, so it draws at once; what the first picture does not need stands behind the scripts.

The scripts are modules; ``bundle`` makes one module of them, each in a function of its own.
"""

import base64
import hashlib
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import networkx as nx
import orjson
from markupsafe import Markup
from pyvis.network import Network

from exports.files import atomic_write
from exports.page_data import PageData, page_data
from kg.graph.view import GraphView

__all__ = ["Framed", "bundle", "render_html", "served_html", "write_html"]

PAGE = Path(__file__).parent / "page"
VIS = "vis-9.1.2/vis-network.min.js"
FIRST_BLOBS = ("incidence", "links")
"""What the first picture reads stands before the scripts, the rest behind them."""
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function\*?|const|class) (\w+))", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Framed:
    """A page that a notebook shows where it is the value of a cell."""

    page: str
    height: int
    """In pixels."""

    def _repr_html_(self) -> str:
        """Return the page in a frame of its own: what is in it can neither read nor change the notebook."""
        allowed = "allow-scripts allow-downloads allow-popups"
        style = f"width: 100%; height: {self.height}px; border: 1px solid #8886"
        return f'<iframe srcdoc="{html.escape(self.page)}" sandbox="{allowed}" style="{style}" title="Knowledge graph"></iframe>'


def write_html(view: GraphView, path: Path) -> None:
    """Write the page to a file that appears whole or not at all."""
    page = render_html(view)
    with atomic_write(path) as stream:
        stream.write(page)


def render_html(view: GraphView) -> str:
    """Return the page as text."""
    return _rendered(page_data(view), served=False)


def served_html(data: PageData) -> str:
    """Return the page without its blobs: it asks the server that it came from for them."""
    return _rendered(data, served=True)


def _rendered(data: PageData, *, served: bool) -> str:
    network = _network(data.picture)
    network.set_template_dir(str(PAGE), "template.html")
    network.templateEnv.autoescape = True
    blobs = {} if served else data.blobs
    network.templateEnv.globals.update(
        policy=Markup(_policy(served=served)),  # noqa: S704 - hashes and words of our own
        style=Markup(_style()),  # noqa: S704 - our own file
        vis=Markup(_vis()),  # noqa: S704 - pyvis's file
        script=Markup(bundle()),  # noqa: S704 - our own files
        first=[(name, _base64(blobs[name])) for name in FIRST_BLOBS if name in blobs],
        rest=[(name, _base64(blob)) for name, blob in blobs.items() if name not in FIRST_BLOBS],
    )
    network.templateEnv.filters["graph_data"] = lambda nodes, _: _json(
        {**data.graph, "served": served, "drawn_nodes": len(nodes)}
    )
    page: str = network.generate_html()
    return page


def _network(picture: nx.Graph) -> Network:
    """Return the pyvis model of the picture. Its lists are filled directly: ``add_edge`` compares each link with all before it."""
    network = Network(width="100%", height="100%")
    network.toggle_physics(status=False)
    network.nodes = [{"id": node, **data} for node, data in picture.nodes(data=True)]
    network.edges = [
        {"from": min(link), "to": max(link), **picture.edges[link]} for link in picture.edges
    ]
    return network


def _policy(*, served: bool) -> str:
    """Return the policy: nothing but the page's own scripts and styles; of a served page, also its server."""
    scripts = " ".join(f"'sha256-{_hash(text)}'" for text in (_vis(), bundle()))
    rules = [
        "default-src 'none'",
        f"script-src {scripts}",
        f"style-src 'sha256-{_hash(_style())}'",
        "img-src data: blob:",
        "form-action 'none'",
        "base-uri 'none'",
        *(["connect-src 'self'"] if served else []),
    ]
    return "; ".join(rules)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _style() -> str:
    return (PAGE / "style.css").read_text(encoding="utf-8")


@cache
def _vis() -> str:
    path = Path(Network.__init__.__globals__["__file__"]).parent / "lib" / VIS
    return path.read_text(encoding="utf-8").replace("</script", "<\\/script")


@cache
def bundle() -> str:
    """Return the page's scripts as one module: each a function of its own that returns what it exports, after those it imports from."""
    sources = {path.stem: path.read_text(encoding="utf-8") for path in sorted(PAGE.glob("*.js"))}
    return "\n".join(_wrapped(name, sources[name]) for name in _ordered(sources))


def _ordered(sources: Mapping[str, str]) -> Iterator[str]:
    """Yield the names of modules, each after those that it imports from."""
    wanted = {
        name: sorted({found[2] for found in IMPORT.finditer(text)})
        for name, text in sources.items()
    }
    done: dict[str, None] = {}

    def visit(name: str, above: Sequence[str]) -> None:
        if name in above:
            message = f"modules import in a circle: {' '.join((*above, name))}"
            raise ValueError(message)
        if name not in done:
            for other in wanted[name]:
                visit(other, (*above, name))
            done[name] = None

    for name in wanted:
        visit(name, ())
    yield from done


def _wrapped(name: str, source: str) -> str:
    taken = IMPORT.sub(
        lambda found: f"const {{{found[1].replace(' as ', ': ')}}} = {_variable(found[2])};\n",
        source,
    )
    given = ", ".join(found[1] for found in EXPORT.finditer(source))
    body = EXPORT.sub("", taken).replace("</script", "<\\/script")
    return f"const {_variable(name)} = (() => {{\n{body}return {{ {given} }};\n}})();"


def _variable(name: str) -> str:
    return f"{name.replace('-', '_')}_module"


def _base64(blob: bytes) -> Markup:
    return Markup(base64.b64encode(blob).decode())  # noqa: S704 - base64 has no markup


def _json(value: object) -> Markup:
    text = orjson.dumps(value).decode()
    return Markup(  # noqa: S704 - no tag can end it
        text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    )
