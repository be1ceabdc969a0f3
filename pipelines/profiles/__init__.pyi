from .facts import facts_by
from .profile import BadProfile, FactRules, Furniture, Profile, profile_for
from .reader import CHECKED, Frame, frame_by, is_missed, links_to_pages, settled
from .thread import talking

__all__ = [
    "CHECKED",
    "BadProfile",
    "FactRules",
    "Frame",
    "Furniture",
    "Profile",
    "facts_by",
    "frame_by",
    "is_missed",
    "links_to_pages",
    "profile_for",
    "settled",
    "talking",
]
