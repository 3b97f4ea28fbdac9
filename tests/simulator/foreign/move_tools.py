"""Find a tool by its serial number, page by page, and set when it was maintained; again after a conflict.

Written as a user of ION would: httpx, Token header, both ways of hearing about an error.
"""

import os
import sys
from typing import Any

import httpx

FIND = """query GetInventoryBySerial($first: Int, $after: String, $serialNumber: String!) {
  partInventories(filters: { serialNumber: {eq: $serialNumber} }, first: $first, after: $after) {
    edges { node { id serialNumber _etag lastMaintainedDate
      part { id partNumber revision partType } } } pageInfo { hasNextPage endCursor } } }"""
UPDATE = """mutation UpdatePartInventory($input: UpdatePartInventoryInput!) {
  updatePartInventory(input: $input) { partInventory { _etag id part { description partNumber revision }
    quantity } } }"""

form = {
    "grant_type": "client_credentials",
    "client_id": os.environ["ION_CLIENT_ID"],
    "client_secret": os.environ["ION_CLIENT_SECRET"],
}
token = httpx.post(os.environ["ION_TOKEN_URL"], data=form).json()["access_token"]


class Stale(Exception):
    pass


def call(query: str, **variables: object) -> Any:  # noqa: ANN401
    answer = httpx.post(
        f"{os.environ['ION_API_URL']}/graphql",
        json={"query": query, "variables": variables},
        headers={"Authorization": f"Token {token}"},
    )
    body = answer.json()
    for error in body.get("errors") or ():
        if (error.get("extensions") or {}).get("code") == "CONCURRENCY_ERROR":
            raise Stale
        raise RuntimeError(error["message"])
    return body["data"]


def find(serial: str) -> list[Any]:
    found: list[Any] = []
    after = None
    while True:
        page = call(FIND, first=1, after=after, serialNumber=serial)["partInventories"]
        found += [edge["node"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            return found
        after = page["pageInfo"]["endCursor"]


etag = "0" * 32
for attempt in range(3):
    for row in find(sys.argv[1]):
        try:
            when = "2026-11-21T08:00:00Z"
            call(UPDATE, input={"id": row["id"], "etag": etag, "lastMaintainedDate": when})
            print(attempt, row["id"], row["part"]["partNumber"])  # noqa: T201
        except Stale:
            etag = row["_etag"]
            break
    else:
        break
