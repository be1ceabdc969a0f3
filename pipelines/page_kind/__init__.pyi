from .kind import check_declared, check_kind
from .listing import is_home, is_list_address, is_topic_list, leads_elsewhere, link_of, target
from .refusal import NotAnArticle
from .walls import access_of, check_walls, is_consent_address

__all__ = [
    "NotAnArticle",
    "access_of",
    "check_declared",
    "check_kind",
    "check_walls",
    "is_consent_address",
    "is_home",
    "is_list_address",
    "is_topic_list",
    "leads_elsewhere",
    "link_of",
    "target",
]
