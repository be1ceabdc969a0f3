from .author import absolute, author_url, is_member_link
from .date import MAY_BE_DATE, Head, find_date, short_text
from .fields import Fields, Template, read_fields
from .kinds import FLAGS, kinds_in
from .record import CommentRecord, Labelled, Roots, Slot, comment_records, revealed, slot_of
from .replies import Parent, by_depth, find_parents, without_circles
from .roles import NO_RANK, is_in_widget, names_of, thread_areas
from .signature import PARTICLES, Signature, name_alone, read_signature, signed_in
from .source_id import id_in
from .vocabulary import (
    COMMENT_NOUN,
    OTHER_DATE,
    PENDING,
    has_staff_mark,
    is_label,
    is_mark,
    is_pingback,
    is_withheld,
    name_in,
)

__all__ = [
    "COMMENT_NOUN",
    "FLAGS",
    "MAY_BE_DATE",
    "NO_RANK",
    "OTHER_DATE",
    "PARTICLES",
    "PENDING",
    "CommentRecord",
    "Fields",
    "Head",
    "Labelled",
    "Parent",
    "Roots",
    "Signature",
    "Slot",
    "Template",
    "absolute",
    "author_url",
    "by_depth",
    "comment_records",
    "find_date",
    "find_parents",
    "has_staff_mark",
    "id_in",
    "is_in_widget",
    "is_label",
    "is_mark",
    "is_member_link",
    "is_pingback",
    "is_withheld",
    "kinds_in",
    "name_alone",
    "name_in",
    "names_of",
    "read_fields",
    "read_signature",
    "revealed",
    "short_text",
    "signed_in",
    "slot_of",
    "thread_areas",
    "without_circles",
]
