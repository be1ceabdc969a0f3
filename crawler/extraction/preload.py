"""What every process that reads pages needs, loaded by the process from which they all fork: they
share its memory, and none waits for it.
"""

import gc
import os
from importlib import import_module

# A process with threads is not to be forked, and numpy would start some.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from pipelines.content import load_trafilatura  # after what it rests on
from pipelines.dates import load_dateparser
from pipelines.metadata import load_identifier

load_identifier()
load_dateparser()
load_trafilatura()
import_module("tldextract")  # of the first link

# No worker looks for garbage in what all share, nor gets a copy of it by looking.
gc.freeze()
