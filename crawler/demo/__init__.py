"""A small site that ships with Knipsel, for `scrapy demo` and the tests."""
