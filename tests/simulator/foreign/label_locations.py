"""Print a label for every location named on the command line.

Written as a user of ION would: standard library, bare token, token path with /auth.
"""

import argparse
import json
import os
import urllib.parse
import urllib.request
from typing import Any

parser = argparse.ArgumentParser()
parser.add_argument("names", nargs="+")
arguments = parser.parse_args()

api_url = os.environ["ION_API_URL"]
form = urllib.parse.urlencode(
    {
        "grant_type": "client_credentials",
        "client_id": os.environ["ION_CLIENT_ID"],
        "client_secret": os.environ["ION_CLIENT_SECRET"],
        "audience": api_url,
    }
).encode()
with urllib.request.urlopen(  # noqa: S310
    f"{os.environ['ION_AUTH_URL']}/auth/realms/api-keys/protocol/openid-connect/token", form
) as response:
    token = json.load(response)["access_token"]


def call(query: str, variables: object = None) -> Any:  # noqa: ANN401
    request = urllib.request.Request(  # noqa: S310
        f"{api_url}/graphql",
        json.dumps({"query": query, "variables": variables}).encode(),
        {"Content-Type": "application/json", "Authorization": token},
    )
    with urllib.request.urlopen(request) as response:  # noqa: S310
        answer = json.load(response)
    if answer.get("errors"):
        raise SystemExit(answer["errors"][0]["message"])
    return answer["data"]


templates = call(
    "query GetTemplates($filters: BarcodeTemplatesInputFilters!) {"
    " barcodeTemplates(filters: $filters) { edges { node { id name entityType } } } }",
    {"filters": {"entityType": {"eq": "LOCATIONS"}}},
)["barcodeTemplates"]["edges"]
template_id = templates[0]["node"]["id"]
locations = call(
    "query GetLocations($filters: LocationsInputFilters) {"
    " locations(filters: $filters) { edges { node { id name } } } }",
    {"filters": {"name": {"in": arguments.names}}},
)["locations"]["edges"]
for edge in locations:
    location = call(
        "query GetLocation($id: ID!) { location(id: $id) { id name entityId } }", {"id": edge["node"]["id"]}
    )["location"]
    label = call(
        "mutation createBarcodeLabel($input: CreateBarcodeLabelInput!) {"
        " createBarcodeLabel(input: $input) { barcodeLabel { barcode } } }",
        {"input": {"entityId": location["entityId"], "templateId": template_id}},
    )
    print(label["createBarcodeLabel"]["barcodeLabel"]["barcode"])  # noqa: T201
