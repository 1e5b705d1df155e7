// Bundles GraphiQL with its editor and workers into ../dist, gzipped, and
// nothing else: no file is fetched from anywhere when the page runs.
import { build } from "esbuild";
import { gzipSync } from "node:zlib";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const out = new URL("../dist/", import.meta.url);
rmSync(out, { recursive: true, force: true });
mkdirSync(out);

const common = {
  bundle: true,
  minify: true,
  write: false,
  metafile: true,
  target: "es2022",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".ttf": "dataurl", ".woff2": "dataurl" },
  outdir: "dist",
};

const results = await Promise.all([
  build({ ...common, entryPoints: { graphiql: "app.jsx" }, format: "esm", jsx: "automatic" }),
  build({
    ...common,
    format: "iife",
    entryPoints: {
      "editor.worker": "monaco-editor/esm/vs/editor/editor.worker.js",
      "json.worker": "monaco-editor/esm/vs/language/json/json.worker.js",
      "graphql.worker": "monaco-graphql/esm/graphql.worker.js",
    },
  }),
]);

let total = 0;
function save(name, contents) {
  const packed = gzipSync(contents, { level: 9 });
  packed[9] = 255; // the "operating system" byte: the same bytes on every machine
  writeFileSync(new URL(name + ".gz", out), packed);
  console.log(name.padEnd(20), contents.length, "->", packed.length);
  total += packed.length;
}
for (const file of results.flatMap((r) => r.outputFiles)) {
  save(file.path.split(/[\\/]/).pop(), file.contents);
}
save("licenses.txt", Buffer.from(licenses(results)));
console.log("total".padEnd(20), total);

// The notices that the licenses of the bundled packages ask us to keep.
function licenses(results) {
  const folders = new Set();
  for (const input of results.flatMap((r) => Object.keys(r.metafile.inputs))) {
    const found = input.match(/^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//);
    if (found) folders.add(found[1]);
  }
  return [...folders].sort().map((folder) => {
    const about = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
    const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
    const text = file ? readFileSync(`${folder}/${file}`, "utf8") : "";
    return `${about.name} ${about.version}: ${about.license}\n\n${text.trim()}\n`;
  }).join("\n" + "-".repeat(72) + "\n\n");
}
