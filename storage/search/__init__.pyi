from .query import BadQuery, Hit, Query, find_facets, search

__all__ = ["BadQuery", "Hit", "Query", "find_facets", "search"]
