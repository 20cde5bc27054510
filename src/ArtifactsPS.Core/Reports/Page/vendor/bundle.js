// Only what the report uses.
export {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
export { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
export { graphlib, layout } from "@dagrejs/dagre";
