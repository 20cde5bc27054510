"use strict";

// What a version was made from and what was made from it, from left to right.

const nodeHeight = 44;
const letterWidth = 7.4;
const maxLabel = 34;

function lineageLabel(node) {
  const kind = node.kind === "run" ? "run" : "version";
  return [kind, node.type, node.gone ? "gone" : null].filter((part) => part).join(" · ");
}

function layOut(lineage) {
  const graph = new charts.graphlib.Graph().setGraph({ rankdir: "LR", nodesep: 18, ranksep: 46, marginx: 6, marginy: 6 });
  graph.setDefaultEdgeLabel(() => ({}));
  // Numbered, as a name could be one that the graph has for itself.
  const numbers = new Map(lineage.nodes.map((node, number) => [node.id, String(number)]));
  for (const node of lineage.nodes) {
    const letters = Math.max(Math.min(node.name.length, maxLabel), lineageLabel(node).length * 0.85);
    graph.setNode(numbers.get(node.id), { width: letters * letterWidth + 28, height: nodeHeight, node });
  }
  for (const edge of lineage.edges) graph.setEdge(numbers.get(edge.from), numbers.get(edge.to));
  charts.layout(graph);
  return graph;
}

function edgePath(points) {
  const [first, ...others] = points;
  return `M${first.x} ${first.y}` + others.map((point) => ` L${point.x} ${point.y}`).join("");
}

function lineageNode(place) {
  const { node, width, height } = place;
  const classes = ["node", node.kind, node.level === 0 ? "start" : "", node.gone ? "gone" : ""].join(" ");
  return drawing(
    "g",
    { class: classes, transform: `translate(${place.x} ${place.y})` },
    drawing("title", null, `${node.name} (${lineageLabel(node)})`),
    drawing("rect", { x: -width / 2, y: -height / 2, width, height, rx: node.kind === "run" ? height / 2 : 7 }),
    drawing("text", { y: -2 }, shorten(node.name, maxLabel, 1)),
    drawing("text", { y: 14, class: "kind" }, lineageLabel(node)),
  );
}

function lineageText(lineage) {
  const names = new Map(lineage.nodes.map((node) => [node.id, node.name]));
  return element(
    "details",
    null,
    element("summary", null, "The same as a list"),
    element("ul", null, lineage.edges.map((edge) => element("li", null, `${names.get(edge.from)} → ${names.get(edge.to)}`))),
  );
}

function lineageView(lineage) {
  const graph = layOut(lineage);
  const { width, height } = graph.graph();
  const head = drawing(
    "marker",
    { id: "arrow", viewBox: "0 0 8 8", refX: 8, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
    drawing("path", { d: "M0 0L8 4L0 8z", class: "arrow" }),
  );
  const box = element(
    "div",
    { class: "lineage", tabindex: "0", role: "region", "aria-label": "Lineage" },
    drawing(
      "svg",
      { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Lineage of ${formatCount(lineage.nodes.length, "version or run", "versions and runs")}; the list below has the same.` },
      drawing("defs", null, head),
      graph.edges().map((edge) => drawing("path", { class: "edge", d: edgePath(graph.edge(edge).points), "marker-end": "url(#arrow)" })),
      graph.nodes().map((number) => lineageNode(graph.node(number))),
    ),
  );
  const start = graph.nodes().map((number) => graph.node(number)).find((place) => place.node.level === 0);
  // Of a wide graph the middle is what was asked about.
  requestAnimationFrame(() => box.scrollTo(start.x - box.clientWidth / 2, start.y - box.clientHeight / 2));
  return [box, lineageText(lineage)];
}
