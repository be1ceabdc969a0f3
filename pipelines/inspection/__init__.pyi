from .coloured import coloured_page
from .inspection import CandidateView, FieldView, Inspection, ProposalView, inspect_page
from .unread import unread_fields

__all__ = [
    "CandidateView",
    "FieldView",
    "Inspection",
    "ProposalView",
    "coloured_page",
    "inspect_page",
    "unread_fields",
]
