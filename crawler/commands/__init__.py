"""One file for each `scrapy NAME` command."""
