"""Comment threads: from one page, who said what to whom, when."""
