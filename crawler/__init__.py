"""Finding and fetching pages: the only floor that knows Scrapy."""
