"""A dataset as a Data Package (v2, datapackage.org): which files it has, and the type and meaning
of each of their columns.
"""

from typing import Any

from storage.exports.fields import NESTED, ExportRequest, parts_of, shown_name
from storage.exports.made import Made
from storage.records import Field

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
MEDIA_TYPES = {
    "csv": "text/csv",
    "jsonl": "application/jsonl",
    "parquet": "application/vnd.apache.parquet",
    "vrt": "text/plain",
    "gexf": "application/gexf+xml",
}
_TYPES = {
    "integer": "integer",
    "boolean": "boolean",
    "day": "date",
    "moment": "datetime",
    "texts": "array",
    "authors": "array",
    "comments": "array",
    "links": "array",
}


def data_package(made: Made, version: str) -> dict[str, Any]:
    """Return the descriptor of a dataset as plain data."""
    request = made.request
    described: dict[str, Any] = {
        "$schema": PROFILE,
        "name": request.dataset,
        "title": made.title,
        "description": made.description(version),
        "resources": [_resource(made)],
    }
    if made.facts["last_read"]:
        described["created"] = made.facts["last_read"]
    return described


def _resource(made: Made) -> dict[str, Any]:
    request, files = made.request, made.files
    resource: dict[str, Any] = {
        "name": request.dataset,
        "path": [one["name"] for one in files] if request.partitioned else files[0]["name"],
        "format": request.form,
        "mediatype": MEDIA_TYPES[request.form],
    }
    if not request.partitioned:
        resource["bytes"] = files[0]["bytes"]
        resource["hash"] = f"sha256:{files[0]['sha256']}"
    if request.form != "parquet":
        resource["encoding"] = "utf-8"
    if request.form == "csv":
        resource["dialect"] = {"delimiter": request.delimiter}
    if request.is_table:
        resource["type"] = "table"
        resource["schema"] = _schema(made)
    return resource


def _schema(made: Made) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(one, made.request) for one in made.fields]}
    if any(one.name == "id" for one in made.fields):
        schema["primaryKey"] = [
            shown_name(one, made.request) for one in made.fields if one.name == "id"
        ]
    return schema


def _field(field: Field, request: ExportRequest) -> dict[str, Any]:
    is_cell = request.form == "csv" and _TYPES.get(field.kind) == "array"
    described = {
        "name": shown_name(field, request),
        "type": "string" if is_cell else _TYPES.get(field.kind, "string"),
        "description": field.meaning,
    }
    if field.kind in NESTED and not is_cell:
        parts = ", ".join(shown_name(part, request) for part in parts_of(field, request))
        described["description"] = f"{field.meaning}; of each: {parts}"
    return described
