"""ION's GraphQL API: signing in, choosing documents that fit the tenant, asking, changing, finding out."""

from kiosk.ion.auth import ClientCredentials
from kiosk.ion.client import Client
from kiosk.ion.dialects import Catalogue, Choice
from kiosk.ion.gateway import Ion
from kiosk.ion.offering import OPERATIONS
from kiosk.ion.schema_changes import parsed_schema, schema_changes, schema_text

__all__ = [
    "OPERATIONS",
    "Catalogue",
    "Choice",
    "Client",
    "ClientCredentials",
    "Ion",
    "parsed_schema",
    "schema_changes",
    "schema_text",
]
