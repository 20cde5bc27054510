"use strict";

// The entries of one version: a table to filter and sort, which grows by a stretch at a time.

const stretch = 200;

const orders = {
  size: { title: "Size", compare: (a, b) => (b.size || 0) - (a.size || 0), direction: "descending" },
  path: { title: "Path", compare: (a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0), direction: "ascending" },
};

function entryRow(entry) {
  return element(
    "tr",
    null,
    element(
      "td",
      { class: "path" },
      entry.path,
      entry.executable ? element("span", { class: "chip" }, "executable") : null,
      entry.uri ? element("div", { class: "digest" }, `→ ${entry.uri}`) : null,
    ),
    element("td", { class: "number" }, formatBytes(entry.size)),
    element("td", { class: "digest", title: entry.digest || null }, entry.digest ? entry.digest.slice(7, 19) : ""),
  );
}

function entriesHint(listing) {
  const all = `${formatCount(listing.total, "entry", "entries")}, ${formatBytes(listing.totalSize)}`;
  return listing.entries.length < listing.total
    ? `${listing.version} has ${all}. The ${listing.entries.length.toLocaleString("en")} largest are here, of ${formatBytes(listing.shownSize)} together.`
    : `${listing.version} has ${all}.`;
}

function entryTable(listing) {
  let order = orders.size;
  let shown = stretch;
  const filter = element("input", {
    id: "entry-filter",
    type: "search",
    placeholder: "Words of the path",
    autocomplete: "off",
    spellcheck: "false",
    input: () => {
      shown = stretch;
      draw();
    },
  });
  const found = element("output", { for: "entry-filter", "aria-live": "polite" });
  const body = element("tbody");
  const more = element("button", { type: "button", class: "more", click: () => { shown += stretch; draw(); } }, "Show more");
  const heads = Object.fromEntries(
    Object.entries(orders).map(([name, each]) => [
      name,
      element("th", { scope: "col", class: name === "size" ? "number" : null },
        element("button", { type: "button", click: () => { order = each; draw(); } }, each.title)),
    ]),
  );

  function matching() {
    const words = filter.value.toLowerCase().split(/\s+/).filter((word) => word);
    return listing.entries.filter((entry) => words.every((word) => entry.path.toLowerCase().includes(word)));
  }

  function draw() {
    const entries = matching().sort(order.compare);
    const size = entries.reduce((sum, entry) => sum + (entry.size || 0), 0);
    found.value = `${formatCount(entries.length, "entry", "entries")}, ${formatBytes(size)}`;
    body.replaceChildren(...entries.slice(0, shown).map(entryRow));
    more.hidden = entries.length <= shown;
    for (const [name, head] of Object.entries(heads)) {
      if (orders[name] === order) head.setAttribute("aria-sort", order.direction);
      else head.removeAttribute("aria-sort");
    }
  }

  draw();
  return [
    element("div", { class: "tools" }, element("label", { for: "entry-filter" }, "Filter"), filter, found),
    element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Entries" },
      element("table", null,
        element("thead", null, element("tr", null, heads.path, heads.size, element("th", { scope: "col" }, "SHA-256"))),
        body)),
    more,
  ];
}
