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
async function fetcher(params, opts) {
  const token = sessionStorage.getItem(TOKEN) ?? config.token;
  const response = await fetch(config.endpoint, {
    method: "POST",
    credentials: "same-origin",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json, application/json;q=0.9",
      ...(token ? { Authorization: "Bearer " + token } : {}),
      ...opts?.headers,
    },
    body: JSON.stringify(params),
  });
  return response.json();
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
