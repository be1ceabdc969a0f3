"""The run report: what a night brought, what is missing, and whether we were polite."""
