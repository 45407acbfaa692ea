/**
 * Printing: paper is light, whatever the theme is. The browser's own command cannot wait: there, a
 * style sheet turns dark charts into light ones.
 */

import { ChartView } from "../ui/chart-view.js";
import { theme } from "../ui/theme.js";

/** @param {HTMLElement} element  Where the charts are. */
export async function printLight(element) {
  theme.isOnPaper = true;
  addEventListener("afterprint", () => (theme.isOnPaper = false), { once: true });
  const charts = [...element.querySelectorAll("chart-view")].filter((chart) => chart instanceof ChartView);
  await Promise.all(charts.map((chart) => chart.drawn()));
  print();
}
