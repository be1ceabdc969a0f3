"""What happens to a page: bytes in, records out."""
