// Monaco asks for its workers by label; each is a file beside this bundle.
const base = new URL(".", import.meta.url);
const files = { json: "json.worker.js", graphql: "graphql.worker.js" };

globalThis.MonacoEnvironment = {
  getWorker(_id, label) {
    return new Worker(new URL(files[label] ?? "editor.worker.js", base), { name: label });
  },
};
