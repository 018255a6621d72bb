// Reads a file with a parser of others and prints nodes and edges as JSON: node read.cjs (graphml|gexf|cyjs) FILE
const fs = require("node:fs");

const [kind, path] = process.argv.slice(2);
const text = fs.readFileSync(path, "utf-8");

function graphology(parse) {
  const Graph = require("graphology");
  const graph = parse(Graph, text, { addMissingNodes: false });
  return {
    type: graph.type,
    nodes: graph.mapNodes((id, data) => ({ ...data, id })),
    edges: graph.mapEdges((id, data, source, target) => ({ ...data, id, source, target })),
  };
}

function cytoscape() {
  const { elements } = JSON.parse(text);
  const graph = require("cytoscape")({ headless: true, elements, layout: { name: "preset" } });
  return {
    type: "undirected",
    nodes: graph.nodes().map((node) => ({ ...node.data(), ...node.position() })),
    edges: graph.edges().map((edge) => edge.data()),
  };
}

const readers = {
  graphml: () => graphology(require("graphology-graphml").parse),
  gexf: () => graphology(require("graphology-gexf").parse),
  cyjs: cytoscape,
};
process.stdout.write(JSON.stringify(readers[kind]()));
