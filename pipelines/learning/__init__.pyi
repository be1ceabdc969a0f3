from .drift import WINDOW, Observation, SiteWatch, Verdict, is_checked, observation_of, observe
from .evidence import StatedEvidence, joined
from .stated_lists import read_evidence, read_posts
from .templates import learn

__all__ = [
    "WINDOW",
    "Observation",
    "SiteWatch",
    "StatedEvidence",
    "Verdict",
    "is_checked",
    "joined",
    "learn",
    "observation_of",
    "observe",
    "read_evidence",
    "read_posts",
]
