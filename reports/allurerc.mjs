// How the HTML report looks.  `plugfest report build` sets PLUGFEST_HISTORY (file of earlier runs) and
// PLUGFEST_SINGLE_FILE (one page for mail).  The tags in the messages come from plugfest/reporting/outcomes.py.
import { fileURLToPath } from "node:url";

const tagged = (name, tag, groupBy = []) => ({
  name,
  matchers: { message: `^\\[${tag}\\]` },
  groupBy: [...groupBy, { label: "cell" }],
  groupByMessage: true,
});

export default {
  historyPath: process.env.PLUGFEST_HISTORY,
  hideLabels: ["parentSuite", "suite", "subSuite", "package", "framework", "language", "thread"],
  categories: [
    // The first match wins.
    { name: "Known issue", matchers: { message: "^(\\[KNOWN|XFAIL|XPASS)" }, groupByMessage: true },
    { name: "Not run", matchers: { message: "^Skipped: \\[NOT RUN\\]" }, groupByMessage: true },
    tagged("Flaky", "FLAKY"),
    tagged("Interop defect", "INTEROP", [{ label: "epic" }]),
    tagged("Counter defect", "COUNTER", [{ label: "epic" }]),
    tagged("Inconclusive evidence", "INCONCLUSIVE"),
    tagged("Interrupted", "INTERRUPTED"),
    tagged("Lab trouble", "LAB"),
    tagged("Harness defect", "HARNESS"),
  ],
  plugins: {
    awesome: {
      import: fileURLToPath(new URL("awesome_without_analytics.mjs", import.meta.url)),
      options: {
        singleFile: process.env.PLUGFEST_SINGLE_FILE === "1",
        reportLanguage: "en",
        theme: "light",
        groupBy: ["epic", "feature", "story"],
        defaultSortBy: "status,asc",
      },
    },
  },
};
