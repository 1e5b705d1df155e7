// The page: GraphiQL wired to one endpoint of the same origin.
import "./monaco.js";
import React from "react";
import { createRoot } from "react-dom/client";
import { GraphiQL, HISTORY_PLUGIN } from "graphiql";
import "graphiql/style.css";
import "./page.css";

const config = JSON.parse(document.getElementById("config").textContent);
const TOKEN = "probity.token";

// A token typed here stays in this tab (sessionStorage); one from a sign-in
// link comes with the page. Either travels only as an Authorization header.
function ask(params, opts, accept, signal) {
  const token = sessionStorage.getItem(TOKEN) ?? config.token;
  return fetch(config.endpoint, {
    method: "POST",
    credentials: "same-origin",
    signal,
    headers: {
      "Content-Type": "application/json",
      Accept: accept,
      ...(token ? { Authorization: "Bearer " + token } : {}),
      ...opts?.headers,
    },
    body: JSON.stringify(params),
  });
}

function fetcher(params, opts) {
  const operations = opts?.documentAST?.definitions.filter((d) => d.kind === "OperationDefinition") ?? [];
  const operation = operations.find((o) => !params.operationName || o.name?.value === params.operationName);
  if (operation?.operation === "subscription") return follow(params, opts);
  return ask(params, opts, "application/graphql-response+json, application/json;q=0.9").then((r) => r.json());
}

// A subscription comes as server-sent events: each "next" is a result, until
// "complete", or until GraphiQL stops it.
function follow(params, opts) {
  const stop = new AbortController();
  const results = read(params, opts, stop.signal);
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => results.next(),
      return: () => {
        stop.abort();
        return results.return();
      },
    }),
  };
}

async function* read(params, opts, signal) {
  try {
    const response = await ask(params, opts, "text/event-stream", signal);
    if (!response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
      yield await response.json();
      return;
    }
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      const blocks = (text + value).split("\n\n");
      text = blocks.pop();
      for (const block of blocks) {
        const lines = block.split("\n");
        if (lines.includes("event: complete")) return;
        const data = lines.find((line) => line.startsWith("data: "));
        if (data) yield JSON.parse(data.slice(6));
      }
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function TokenBox({ onChange }) {
  const [token, setToken] = React.useState(sessionStorage.getItem(TOKEN) ?? "");
  function save(event) {
    const value = event.target.value.trim();
    setToken(value);
    if (value) sessionStorage.setItem(TOKEN, value);
    else sessionStorage.removeItem(TOKEN);
  }
  return (
    <form
      className="token"
      onSubmit={(event) => {
        event.preventDefault();
        onChange();
      }}
    >
      <label htmlFor="token">{config.token ? `Signed in as ${config.as}; another token:` : "Token:"}</label>
      <input
        id="token"
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="probity token --role inspector --sub …"
        value={token}
        onChange={save}
      />
      <button type="submit">Use</button>
    </form>
  );
}

function Page() {
  // A new key makes GraphiQL load the schema again as somebody else.
  const [generation, setGeneration] = React.useState(0);
  return (
    <>
      <TokenBox onChange={() => setGeneration((n) => n + 1)} />
      <div className="editor">
        <GraphiQL
          key={generation}
          fetcher={fetcher}
          defaultQuery={config.query}
          plugins={[HISTORY_PLUGIN]}
          shouldPersistHeaders={false}
        />
      </div>
    </>
  );
}

createRoot(document.getElementById("graphiql")).render(<Page />);
