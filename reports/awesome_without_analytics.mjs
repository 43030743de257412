// The stock "awesome" report, except that its page loads nothing from outside and misses nothing of its own: the
// generator builds an analytics script into every page and has no switch for it, and the page asks for metrics even
// if the run has none.
import AwesomePlugin from "@allurereport/plugin-awesome";

const ANALYTICS = /<script async src="https:\/\/www\.googletagmanager\.com[^>]*><\/script>\s*<script>[\s\S]*?<\/script>/;
const METRICS = "widgets/metrics.json";

const withoutAnalytics = (html) => {
  if (!ANALYTICS.test(html)) {
    throw new Error("the analytics script is not where it was: adapt awesome_without_analytics.mjs to this version");
  }
  return html.replace(ANALYTICS, "");
};

export default class AwesomeWithoutAnalytics extends AwesomePlugin {
  constructor(options) {
    super(options);
    const { done } = this;
    this.done = async (context, store) => {
      await done({ ...context, reportFiles: { addFile: (path, data) => this.#add(context, path, data) } }, store);
      if (!options.singleFile && (await store.allMetrics()).length === 0) {
        await context.reportFiles.addFile(METRICS, Buffer.from('{"current":[],"history":[]}'));
      }
    };
  }

  #add(context, path, data) {
    return context.reportFiles.addFile(
      path,
      path === "index.html" ? Buffer.from(withoutAnalytics(data.toString())) : data,
    );
  }
}
