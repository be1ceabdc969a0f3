"""How long a test waits: one setting stretches every limit of time, for a machine that others
use."""

import os

PATIENCE = float(os.environ.get("KNIPSEL_TEST_PATIENCE", "1"))


def at_most(seconds: float) -> float:
    """Return how many seconds a test waits for what takes *seconds* at most on an idle machine."""
    return seconds * PATIENCE
