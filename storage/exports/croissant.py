"""A dataset in Croissant (mlcommons.org/croissant), which machines that learn and dataset searches
read.
"""

from typing import Any

from storage.exports.fields import NESTED, ExportRequest, parts_of, shown_name
from storage.exports.made import Made
from storage.records import Field

VERSION = "http://mlcommons.org/croissant/1.0"
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataBiases": "cr:dataBiases",
    "dataCollection": "cr:dataCollection",
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "personalSensitiveInformation": "cr:personalSensitiveInformation",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_FORMATS = {
    "csv": "text/csv",
    "jsonl": "application/jsonlines",
    "parquet": "application/x-parquet",
    "vrt": "text/plain",
    "gexf": "application/gexf+xml",
}
_TYPES = {
    "integer": "sc:Integer",
    "boolean": "sc:Boolean",
    "day": "sc:Date",
    "moment": "sc:DateTime",
}


def croissant(made: Made, version: str) -> dict[str, Any]:
    """Return the Croissant metadata of a dataset as plain data."""
    described: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": VERSION,
        "name": made.request.dataset,
        "alternateName": made.title,
        "description": made.description(version),
        "distribution": [_distribution(made)],
    }
    if made.facts["last_read"]:
        described["dateModified"] = made.facts["last_read"]
    if made.request.is_table and made.request.delimiter == ",":
        described["recordSet"] = [_records(made)]
    return described


def _distribution(made: Made) -> dict[str, Any]:
    """Return the file, or what the files of a folder are known by."""
    form = _FORMATS[made.request.form]
    if made.request.partitioned:
        return {
            "@type": "cr:FileSet",
            "@id": "files",
            "name": "files",
            "encodingFormat": form,
            "includes": "data/**/*.parquet",
        }
    (file,) = made.files
    return {
        "@type": "cr:FileObject",
        "@id": file["name"],
        "name": file["name"],
        "contentUrl": file["name"],
        "contentSize": f"{file['bytes']} B",
        "sha256": file["sha256"],
        "encodingFormat": form,
    }


def _records(made: Made) -> dict[str, Any]:
    dataset = made.request.dataset
    return {
        "@type": "cr:RecordSet",
        "@id": dataset,
        "name": dataset,
        "field": [_column(one, made) for one in made.fields],
    }


def _column(field: Field, made: Made) -> dict[str, Any]:
    """Return a field of the table; one that is a list of records has their fields inside."""
    request = made.request
    column = shown_name(field, request)
    is_list = field.kind in {"texts", *NESTED} and request.form != "csv"
    if not is_list:
        return _field(field, request, column) | {"source": _source(made, column)}
    if field.kind == "texts":
        return _field(field, request, column) | {
            "source": _source(made, column),
            "repeated": True,
        }
    parts = [
        _field(part, request, f"{column}/{shown_name(part, request)}")
        | {"source": _source(made, column, shown_name(part, request))}
        for part in parts_of(field, request)
        if part.kind not in NESTED
    ]
    described = _field(field, request, column) | {"repeated": True, "subField": parts}
    del described["dataType"]
    return described


def _field(field: Field, request: ExportRequest, name: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{request.dataset}/{name}",
        "name": f"{request.dataset}/{name}",
        "description": field.meaning,
        "dataType": _TYPES.get(field.kind, "sc:Text"),
    }


def _source(made: Made, column: str, part: str | None = None) -> dict[str, Any]:
    """Return where a field's values are: in a *column*, and there in a *part* of each record."""
    files = (
        {"fileSet": {"@id": "files"}}
        if made.request.partitioned
        else {"fileObject": {"@id": made.files[0]["name"]}}
    )
    within = {"transform": {"jsonPath": part}} if part else {}
    return {**files, "extract": {"column": column}, **within}
