"use strict";

// The folders and files of one version by size. A folder's
// items are shown with what is directly in them; a folder opens when it is chosen.

const treemapSize = { width: 1000, height: 380 };
const tileColors = 8;
const maxTiles = 60;

function folderTree(listing) {
  const root = { name: "", path: "", size: 0, files: 0, folders: new Map() };
  for (const entry of listing.entries) {
    if (!entry.size) continue;
    const names = entry.path.split("/");
    let at = root;
    at.size += entry.size;
    at.files++;
    names.forEach((name, depth) => {
      const isFolder = depth < names.length - 1;
      const key = isFolder ? `${name}/` : name;
      if (!at.folders.has(key))
        at.folders.set(key, { name: key, path: at.path + key, size: 0, files: 0, folders: new Map() });
      at = at.folders.get(key);
      at.size += entry.size;
      at.files++;
    });
  }
  const rest = listing.totalSize - root.size;
  if (rest > 0 && listing.total > listing.entries.length) {
    const name = formatCount(listing.total - listing.entries.length, "smaller file", "smaller files");
    root.size += rest;
    root.folders.set("", { name, path: name, size: rest, files: listing.total - listing.entries.length, folders: new Map() });
  }
  return root;
}

// The largest of a folder, and what the others come to together.
function tilesOf(folder) {
  const parts = [...folder.folders.values()].sort((a, b) => b.size - a.size);
  if (parts.length <= maxTiles) return parts;
  const others = parts.slice(maxTiles - 1);
  const sum = (property) => others.reduce((total, part) => total + part[property], 0);
  const name = formatCount(others.length, "smaller item", "smaller items");
  return [...parts.slice(0, maxTiles - 1), { name, path: name, size: sum("size"), files: sum("files"), folders: new Map() }];
}

function partOf(part, depth) {
  return part.folders.size > 0 && depth > 0 ? { part, children: tilesOf(part).map((each) => partOf(each, depth - 1)) } : { part };
}

function layOutTreemap(folder) {
  const places = charts
    .hierarchy({ part: folder, children: tilesOf(folder).map((part) => partOf(part, 1)) })
    .sum((each) => (each.children ? 0 : each.part.size));
  const layout = charts
    .treemap()
    .tile(charts.treemapSquarify)
    .size([treemapSize.width, treemapSize.height])
    .paddingInner(1)
    .paddingOuter((place) => (place.depth === 1 ? 4 : 0))
    .paddingTop((place) => (place.depth === 1 ? 22 : 0))
    .round(true);
  return layout(places).children || [];
}

function tileText(part, x, y, width, height) {
  return [
    width > 40 && height > 18 ? drawing("text", { x: x + 6, y: y + 15 }, shorten(part.name, width - 10, 7)) : null,
    width > 56 && height > 36 ? drawing("text", { x: x + 6, y: y + 30, class: "size" }, formatBytes(part.size)) : null,
  ];
}

// What is in a folder is to be seen, and is reached by opening it.
function innerTile(place, outer) {
  const [x, y, width, height] = [place.x0 - outer.x0, place.y0 - outer.y0, place.x1 - place.x0, place.y1 - place.y0];
  if (width < 1 || height < 1) return null;
  const part = place.data.part;
  return drawing(
    "g",
    null,
    drawing("title", null, `${part.path}: ${formatBytes(part.size)}`),
    drawing("rect", { class: "inner", x, y, width, height, rx: 2 }),
    tileText(part, x, y, width, height),
  );
}

function tile(place, index, open) {
  const [width, height] = [place.x1 - place.x0, place.y1 - place.y0];
  const part = place.data.part;
  const isFolder = part.folders.size > 0;
  const label = `${part.path}: ${formatBytes(part.size)}${isFolder ? `, ${formatCount(part.files, "file", "files")}; opens the folder` : ""}`;
  const activate = () => isFolder && open(part);
  const heading = isFolder ? `${part.name} ${formatBytes(part.size)}` : part.name;
  return drawing(
    "g",
    {
      class: `tile color-${(index % tileColors) + 1}`,
      transform: `translate(${place.x0} ${place.y0})`,
      tabindex: isFolder ? "0" : null,
      role: isFolder ? "button" : "img",
      "aria-label": label,
      click: activate,
      keydown: (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        activate();
      },
    },
    drawing("title", null, label),
    drawing("rect", { class: isFolder ? "outer" : "outer whole", width, height, rx: 4 }),
    tileText({ name: heading, size: part.size }, 0, 0, width, isFolder ? Math.min(height, 22) : height),
    (place.children || []).map((inner) => innerTile(inner, place)),
  );
}

function treemapView(listing) {
  const trail = [folderTree(listing)];
  const crumbs = element("div", { class: "crumbs", role: "group", "aria-label": "Open folders" });
  const box = element("div");

  function show(focusFirst) {
    const folder = trail[trail.length - 1];
    const open = (part) => {
      trail.push(part);
      show(true);
    };
    box.replaceChildren(
      drawing(
        "svg",
        { viewBox: `0 0 ${treemapSize.width} ${treemapSize.height}`, role: "group", "aria-label": `Treemap of ${folder.path || listing.version}` },
        layOutTreemap(folder).map((place, index) => tile(place, index, open)),
      ),
    );
    crumbs.replaceChildren(
      ...trail.map((step, depth) =>
        element(
          "button",
          {
            type: "button",
            "aria-current": depth === trail.length - 1 ? "true" : null,
            click: () => {
              trail.splice(depth + 1);
              show(true);
            },
          },
          depth === 0 ? listing.version : step.name,
        ),
      ),
    );
    crumbs.hidden = trail.length === 1;
    // Whoever opens a folder by keyboard goes on from where it is named.
    if (focusFirst) (trail.length > 1 ? crumbs.lastElementChild : box.querySelector("[tabindex]"))?.focus();
  }

  show(false);
  return [crumbs, box];
}
