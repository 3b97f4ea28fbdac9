// The query page: GraphiQL with a token filled in, renewed when ION says that it is no longer good.
"use strict";

const page = document.getElementById("graphiql");

const EXAMPLE = `# Whoever the token speaks for, and what is in work. The docs (left) show everything else.
query Overview {
  me { name organization { name } }
  runs(filters: { status: { in: ["TODO", "IN_PROGRESS"] } }, first: 5) {
    edges { node { id title status steps { id title status _etag } } }
  }
}
`;
const EXAMPLE_2026 = `# Whoever the token speaks for, and what is in work. The docs (left) show everything else.
query Overview {
  currentUser { name organization { name } }
  runs(limit: 5) { id title status steps { id title status } }
}
`;

async function newToken() {
  const answer = await fetch(page.dataset.token, { method: "POST" });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.errors[0].message);
  return body.access_token;
}

function send(request, headers) {
  return fetch(page.dataset.graphql, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(request),
  });
}

async function open() {
  let token = await newToken();
  const given = `Bearer ${token}`;

  async function fetcher(request, options) {
    const headers = { ...options?.headers };
    // What was filled in is kept good; whatever somebody wrote instead is sent as it is.
    const isOurs = headers.Authorization === undefined || headers.Authorization === given;
    if (isOurs) headers.Authorization = `Bearer ${token}`;
    let answer = await send(request, headers);
    if (answer.status === 401 && isOurs) {
      token = await newToken();
      answer = await send(request, { ...headers, Authorization: `Bearer ${token}` });
    }
    return answer.json();
  }

  const isDocumented = document.querySelector("header span").textContent.includes("documented-2026");
  page.textContent = "";
  ReactDOM.createRoot(page).render(
    React.createElement(GraphiQL, {
      fetcher,
      headers: JSON.stringify({ Authorization: given }, null, 2),
      defaultEditorToolsVisibility: "headers",
      defaultQuery: isDocumented ? EXAMPLE_2026 : EXAMPLE,
      shouldPersistHeaders: false,
    }),
  );
}

open().catch((error) => {
  page.textContent = `The query page cannot be shown: ${error.message}`;
});
