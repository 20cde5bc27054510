"use strict";

// Sizes and changes of versions as charts, and all that is known of them as a table.

const { Chart } = charts;
Chart.register(
  charts.BarController,
  charts.BarElement,
  charts.CategoryScale,
  charts.Legend,
  charts.LinearScale,
  charts.LineController,
  charts.LineElement,
  charts.PointElement,
  charts.Tooltip,
);

Chart.defaults.font.family = "system-ui, -apple-system, \"Segoe UI\", Roboto, sans-serif";

const shownCharts = [];

function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

// A round step of bytes, of which about five reach as far as the largest.
function byteStep(largest) {
  let unit = 1;
  while (largest / unit >= 1024) unit *= 1024;
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500];
  return unit * (steps.find((step) => (step * unit * 5) >= largest) || 1024);
}

function chartOptions(versions, formatValue, legend, stacked, ticks) {
  const scale = { grid: { color: color("line") }, ticks: { color: color("soft") }, stacked };
  return {
    maintainAspectRatio: false,
    animation: false,
    interaction: { mode: "index", intersect: false },
    scales: {
      x: { ...scale, grid: { display: false }, ticks: { ...scale.ticks, maxRotation: 0 } },
      y: { ...scale, beginAtZero: true, ticks: { ...scale.ticks, ...ticks, callback: formatValue } },
    },
    plugins: {
      legend: { display: legend, position: "bottom", labels: { color: color("ink"), boxWidth: 12 } },
      tooltip: {
        callbacks: {
          title: ([item]) => `${item.label}, ${formatTime(versions[item.dataIndex].created)}`,
          label: (item) => `${item.dataset.label}: ${formatValue(item.raw)}`,
        },
      },
    },
  };
}

function chart(label, configuration) {
  const canvas = element("canvas", { role: "img", "aria-label": label });
  const box = element("div", { class: "chart" }, canvas);
  // A chart takes its size from the box, so it is drawn once that is on the page.
  requestAnimationFrame(() => {
    if (canvas.isConnected) shownCharts.push(new Chart(canvas, configuration()));
  });
  return box;
}

function destroyCharts() {
  for (const shown of shownCharts.splice(0)) shown.destroy();
}

function sizeChart(artifact) {
  const versions = artifact.versions;
  const last = versions[versions.length - 1];
  return chart(
    `Size over ${formatCount(versions.length, "version", "versions")}: ${formatBytes(versions[0].size)} at first, ${formatBytes(last.size)} at last. The table below has all numbers.`,
    () => ({
      type: "line",
      data: {
        labels: versions.map((version) => version.version),
        datasets: [
          {
            label: "Size",
            data: versions.map((version) => version.size),
            borderColor: color("accent"),
            backgroundColor: color("accent"),
            pointRadius: versions.length > 60 ? 0 : 3,
            stepped: true,
          },
        ],
      },
      options: chartOptions(versions, formatBytes, false, false, { stepSize: byteStep(Math.max(...versions.map((version) => version.size))) }),
    }),
  );
}

function changeChart(artifact) {
  const versions = artifact.versions;
  const bars = ["added", "modified", "removed"].map((kind) => ({
    label: kind[0].toUpperCase() + kind.slice(1),
    data: versions.map((version) => (version.change ? version.change[kind].entries : 0)),
    kind,
  }));
  return chart(
    "How many entries each version added, modified and removed. The table below has all numbers.",
    () => ({
      type: "bar",
      data: {
        labels: versions.map((version) => version.version),
        datasets: bars.map((bar) => ({ ...bar, backgroundColor: color(bar.kind), maxBarThickness: 28 })),
      },
      options: chartOptions(versions, (value) => value.toLocaleString("en"), true, true, { precision: 0, maxTicksLimit: 6 }),
    }),
  );
}

function changeCell(change, kind, sign) {
  const part = change && change[kind];
  if (!part || part.entries === 0) return element("td", { class: "number none" }, change ? "0" : "");
  return element(
    "td",
    { class: `number ${kind}` },
    `${sign}${part.entries.toLocaleString("en")}`,
    element("br"),
    element("small", null, formatBytes(part.bytes)),
  );
}

function metadataText(value) {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function metadataList(metadata, rows) {
  return [
    ...rows,
    ...Object.entries(metadata || {}).map(([key, value]) => [key, metadataText(value)]),
  ].flatMap(([key, value]) => [element("dt", null, key), element("dd", null, value)]);
}

function versionDetails(version) {
  const rows = [["Digest", version.digest]];
  if (version.description) rows.push(["Description", version.description]);
  if (version.source) rows.push(["Linked from", version.source]);
  if (version.run) rows.push(["Run", version.run]);
  for (const attestation of version.attestations ?? []) rows.push(["Attestation", attestation]);
  if (version.expires) rows.push(["Expires", formatTime(version.expires)]);
  if (version.metadataOmitted) rows.push(["Metadata", "too long to be shown here"]);
  return element(
    "details",
    null,
    element("summary", { "aria-label": `Details of ${version.version}` }, "Details"),
    element("dl", null, metadataList(version.metadata, rows)),
  );
}

function versionRow(version) {
  return element(
    "tr",
    null,
    element("th", { scope: "row" }, version.version),
    element(
      "td",
      null,
      version.aliases.map((alias) => element("span", { class: "chip alias" }, alias)),
      version.tags.map((tag) => element("span", { class: "chip" }, tag)),
    ),
    element("td", { class: "nowrap" }, formatTime(version.created), element("br"), element("small", null, version.by)),
    element("td", { class: "number" }, version.entries.toLocaleString("en")),
    element("td", { class: "number" }, formatBytes(version.size)),
    changeCell(version.change, "added", "+"),
    changeCell(version.change, "modified", "~"),
    changeCell(version.change, "removed", "−"),
    element("td", null, versionDetails(version)),
  );
}

function versionTable(artifact) {
  const heads = ["Version", "Aliases and tags", "Published", "Entries", "Size", "Added", "Modified", "Removed", "More"];
  const numbers = new Set(["Entries", "Size", "Added", "Modified", "Removed"]);
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "Versions" },
    element(
      "table",
      null,
      element(
        "thead",
        null,
        element(
          "tr",
          null,
          heads.map((head) => element("th", { scope: "col", class: numbers.has(head) ? "number" : null }, head)),
        ),
      ),
      element("tbody", null, [...artifact.versions].reverse().map(versionRow)),
    ),
  );
}
