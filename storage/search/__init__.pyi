from .facets import find_facets
from .hits import Hit, hit_of, search
from .query import BadQuery, Query

__all__ = ["BadQuery", "Hit", "Query", "find_facets", "hit_of", "search"]
