from .author import LONGEST_SHORT_NAME, absolute, author_url, is_member_link
from .date import MAY_BE_DATE, Head, Signature, find_date, read_signature, short_text
from .fields import Fields, Template, read_byline, read_fields
from .record import Roots, Slot, Zone, revealed, slot_of, zones_of
from .replies import Parent, find_parents, without_circles
from .roles import is_in_widget, thread_areas
from .source_id import id_in
from .text import read_words
from .vocabulary import OTHER_DATE, PENDING, is_label, is_pingback, is_withheld, name_in

__all__ = [
    "LONGEST_SHORT_NAME",
    "MAY_BE_DATE",
    "OTHER_DATE",
    "PENDING",
    "Fields",
    "Head",
    "Parent",
    "Roots",
    "Signature",
    "Slot",
    "Template",
    "Zone",
    "absolute",
    "author_url",
    "find_date",
    "find_parents",
    "id_in",
    "is_in_widget",
    "is_label",
    "is_member_link",
    "is_pingback",
    "is_withheld",
    "name_in",
    "read_byline",
    "read_fields",
    "read_signature",
    "read_words",
    "revealed",
    "short_text",
    "slot_of",
    "thread_areas",
    "without_circles",
    "zones_of",
]
