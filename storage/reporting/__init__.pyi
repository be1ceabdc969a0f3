from .overview import Overview, read_overview, read_site
from .run_report import HostFacts, RunFacts, RunFinding, run_facts, runs_to_report

__all__ = [
    "HostFacts",
    "Overview",
    "RunFacts",
    "RunFinding",
    "read_overview",
    "read_site",
    "run_facts",
    "runs_to_report",
]
