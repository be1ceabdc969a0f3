"""What is kept: records, WARC files, the SQL archive."""
