"""The reader of threads as the fit of its weights sees it (benchmarks/fit.py): groups and columns
with their features, groups read one by one, the tables exchanged.
"""

from pipelines.comments.record import comment_records, name_in
from pipelines.comments.rules.choice import Reach, likely, weighed
from pipelines.comments.rules.columns import Columns
from pipelines.comments.rules.features import PageEvidence, cheap_features
from pipelines.comments.rules.miner import RecordGroup, propose
from pipelines.comments.rules.reader import read_group, read_records
from pipelines.comments.rules.relations import ReadGroup, relate
from pipelines.comments.rules.runs import Runs, read_runs
from pipelines.comments.rules.score import Features, crossed, judge, total, use

__all__ = [
    "Columns",
    "Features",
    "PageEvidence",
    "Reach",
    "ReadGroup",
    "RecordGroup",
    "Runs",
    "cheap_features",
    "comment_records",
    "crossed",
    "judge",
    "likely",
    "name_in",
    "propose",
    "read_group",
    "read_records",
    "read_runs",
    "relate",
    "total",
    "use",
    "weighed",
]
