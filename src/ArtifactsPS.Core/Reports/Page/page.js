"use strict";

// The page: which artifact is shown, and what of it.

const report = JSON.parse(document.getElementById("data").textContent);
const content = document.getElementById("content");
const artifactFilter = document.getElementById("artifact-filter");
let current = null;

function fact(name, value, more) {
  return element("div", null, element("dt", null, name), element("dd", null, value, more ? element("small", null, more) : null));
}

function factsOf(artifact) {
  const last = artifact.versions[artifact.versions.length - 1];
  const latest = artifact.listing;
  return element(
    "dl",
    { class: "facts" },
    fact("Versions", artifact.versionCount.toLocaleString("en"), artifact.omitted > 0 ? `the newest ${artifact.versions.length} are here` : null),
    fact("Latest", latest.version),
    fact("Entries", latest.total.toLocaleString("en")),
    fact("Size", formatBytes(latest.totalSize)),
    fact("Last published", formatTime(last.created).slice(0, 10), `${formatTime(last.created).slice(11)}, by ${last.by}`),
  );
}

function lineageCard(artifact) {
  const lineage = artifact.lineage;
  if (lineage.nodes.length < 2)
    return card("lineage", "Lineage", "No run is recorded that made or used the latest version.");
  const hint = lineage.omitted
    ? "What the latest version was made from, and what was made from it: the nearest of it."
    : "What the latest version was made from, and what was made from it.";
  return card("lineage", "Lineage", hint, lineageView(lineage));
}

function metadataCard(artifact) {
  const latest = artifact.versions.find((version) => version.version === artifact.listing.version);
  if (!latest || !latest.metadata || Object.keys(latest.metadata).length === 0) return null;
  return card("metadata", "Metadata", `Of ${latest.version}.`, element("dl", { class: "metadata" }, metadataList(latest.metadata, [])));
}

function show(artifact) {
  current = artifact;
  destroyCharts();
  document.title = `${artifact.name}: artifact report`;
  const listing = artifact.listing;
  content.replaceChildren(
    element("div", { class: "title" },
      element("h2", null, artifact.name),
      element("span", { class: "chip" }, artifact.type),
      artifact.tags.map((tag) => element("span", { class: "chip" }, tag)),
      artifact.aliases.map((alias) => element("span", { class: "chip alias" }, `${alias.name} → ${alias.version}`))),
    ...(artifact.artifactDescription ? [element("p", { class: "description" }, artifact.artifactDescription)] : []),
    ...(artifact.description ? [element("p", { class: "description" }, artifact.description)] : []),
    factsOf(artifact),
    element("div", { class: "charts" },
      card("sizes", "Size", "Of each version, whether or not its content is shared with others.", sizeChart(artifact)),
      card("changes", "Changes", "Entries of each version against the version before.", changeChart(artifact))),
    card("versions", "Versions", "The newest first; what changed is against the version before.", versionTable(artifact)),
    card("treemap", "Where the bytes are", "Of the latest version. A folder opens with a click or with Enter.", treemapView(listing)),
    card("entries", "Entries", entriesHint(listing), entryTable(listing)),
    lineageCard(artifact),
    ...[metadataCard(artifact)].filter((made) => made),
  );
  for (const link of document.querySelectorAll("nav a"))
    if (Number(link.dataset.index) === report.artifacts.indexOf(artifact)) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
}

function listArtifacts() {
  const word = artifactFilter.value.trim().toLowerCase();
  const items = report.artifacts
    .map((artifact, index) => ({ artifact, index }))
    .filter(({ artifact }) => `${artifact.name} ${artifact.type}`.toLowerCase().includes(word))
    .map(({ artifact, index }) =>
      element("li", null,
        element("a", { href: `#artifact-${index}`, "data-index": index, "aria-current": artifact === current ? "true" : null },
          artifact.name,
          element("small", null, `${artifact.type} · ${formatCount(artifact.versionCount, "version", "versions")} · ${formatBytes(artifact.listing.totalSize)}`))));
  document.getElementById("artifacts").replaceChildren(...items);
}

function showChosen(isMove) {
  const index = /^#artifact-(\d+)$/.exec(location.hash);
  const chosen = report.artifacts[index ? Number(index[1]) : 0] || report.artifacts[0];
  if (chosen === current) return;
  show(chosen);
  if (!isMove) return;
  scrollTo(0, 0);
  content.focus({ preventScroll: true });
}

document.getElementById("about").textContent =
  `${formatCount(report.artifacts.length, "artifact", "artifacts")} of ${report.store}, as of ${formatTime(report.created)}`;
document.getElementById("layout").classList.toggle("single", report.artifacts.length < 2);
if (report.artifacts.length === 0) {
  content.replaceChildren(element("p", null, "No artifact of that name is in the store."));
} else {
  artifactFilter.addEventListener("input", listArtifacts);
  addEventListener("hashchange", () => showChosen(true));
  // Charts take their colours when they are drawn.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => show(current));
  listArtifacts();
  showChosen(false);
}
