"""All wiring of the crawl: every default stated, what a user may set first."""

from pathlib import Path

from scrapy.settings import default_settings

from crawler.configuration import given, modules, read_configuration

# What a user gives in knipsel.toml, by environment, or with -s NAME=VALUE (docs/running.md).
_STATED = read_configuration(Path.cwd())
_GIVEN = given(_STATED)
KNIPSEL_ARCHIVE = _GIVEN["KNIPSEL_ARCHIVE"]
KNIPSEL_DATABASE = _GIVEN["KNIPSEL_DATABASE"]
KNIPSEL_CONTACT = _GIVEN["KNIPSEL_CONTACT"]
# Where finished WARC files go: a URL of fsspec (file, s3, gs); without it they stay in the
# archive's folder.
KNIPSEL_WARC = _GIVEN["KNIPSEL_WARC"]
# A folder for the report on every run; without it none is written.
KNIPSEL_REPORTS = _GIVEN["KNIPSEL_REPORTS"]
# Who is told when runs go wrong, and when they go well again: a URL that gets the run as JSON, or a
# mail address; without it nobody.
KNIPSEL_NOTIFY = _GIVEN["KNIPSEL_NOTIFY"]
# The log's lines: "text", or "json", one object a line.
KNIPSEL_LOG_FORMAT = _GIVEN["KNIPSEL_LOG_FORMAT"]
# Whose threads that scripts draw are asked for: "off", "same-host" (on the site's host), "all".
KNIPSEL_THREADS = _GIVEN["KNIPSEL_THREADS"]
# Whether the style sheets and pictures of articles' pages are kept, too: "off" or "on".
KNIPSEL_REQUISITES = _GIVEN["KNIPSEL_REQUISITES"]
# The Chromium that draws the pages of sites with --render; without it the first of the usual names.
KNIPSEL_BROWSER = _GIVEN["KNIPSEL_BROWSER"]

# One process: how many sites it crawls at once when it is given none; how long it holds a site
# without a sign of life, in
# seconds; and how long it waits for a database that is away.
SITES_AT_ONCE = 8
SITE_LOCK_SECONDS = 180.0
DATABASE_PATIENCE = 600.0

# Extraction: worker processes (0 is one a core), seconds a page may take, pages a worker reads
# before it is made anew.
EXTRACTION_POOL = "crawler.extraction.pool.ExtractionPool"
EXTRACTION_WORKERS = 0
EXTRACTION_TIMEOUT = 60
EXTRACTION_PAGES_PER_WORKER = 2000

# Modules with profiles made by hand (docs/profiles.md), and packages of such modules.
PROFILE_MODULES: list[str] = modules(_STATED, "profiles")

# Bounds of one site.
PAGES_PER_SITE = 200_000
PAGES_PER_ARTICLE = 500
REDIRECTS_PER_PAGE = 5
ATTEMPTS_PER_PAGE = 3
RETRY_AFTER_SECONDS = 5.0
LEASE_SECONDS = 900
REQUISITES_BYTES = 500_000_000  # of a run; no more is asked for then
TRAP_PATIENCE = 300  # visits in a row of one shape of address that may bring nothing

# Bounds of one page that a browser draws: seconds, not counting the pauses between its requests,
# and in all; presses of its buttons, requests that are sent for it, bytes that it gets.
RENDER_SECONDS = 60
RENDER_LONGEST_SECONDS = 300
RENDER_PRESSES = 50
RENDER_REQUESTS = 100
RENDER_MAXSIZE = 30 * 1024 * 1024

BOT_NAME = "knipsel"
_OWN_SPIDERS = modules(_STATED, "spiders")
SPIDER_MODULES = ["crawler.spiders", *_OWN_SPIDERS]
NEWSPIDER_MODULE = _OWN_SPIDERS[0] if _OWN_SPIDERS else ""
COMMANDS_MODULE = "crawler.commands"

# For every spider: answers are captured, articles go into the archive. A crawl of Knipsel's has
# more (crawler/spiders/wiring.py), also where a user's settings replace these.
DOWNLOAD_HANDLERS = {
    "http": "crawler.downloader.capture.CapturingHandler",
    "https": "crawler.downloader.capture.CapturingHandler",
}
SPIDER_MIDDLEWARES = {"crawler.crawl.article_archive.ArticleArchive": 100}
ITEM_PIPELINES = {"pipelines.items.StoreArticle": 100}
# No door into the running crawl. Where EXTENSIONS took them out, Scrapy would load them first.
_DOORS = ("TelnetConsole", "RemoteControl")
EXTENSIONS_BASE = {
    path: order
    for path, order in default_settings.EXTENSIONS_BASE.items()
    if not path.endswith(_DOORS)
}

# Politeness: one connection a site and a second or a little more between requests; loopback sites
# are our own and get none (crawler.politeness).
CONCURRENT_REQUESTS = 16
CONCURRENT_ITEMS = 4  # of one answer; Scrapy starts so many tasks for each, whatever comes of it
CONCURRENT_REQUESTS_PER_DOMAIN = 1
DOWNLOAD_DELAY = 1.0
DOWNLOAD_DELAY_JITTER = 0.2
LOOPBACK_CONCURRENCY = 8
ROBOTS_DELAY_LIMIT = 60.0

# Limits of one answer.
DOWNLOAD_TIMEOUT = 60
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024
DOWNLOAD_WARNSIZE = 0
DOWNLOAD_FAIL_ON_DATALOSS = True
DNS_TIMEOUT = 20
MEMUSAGE_ENABLED = True
MEMUSAGE_LIMIT_MB = 1500

ROBOTSTXT_OBEY = True
HTTPPROXY_ENABLED = False
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "nl,en;q=0.5",
}

LOG_LEVEL = "INFO"
LOG_FORMAT = "%(asctime)s %(levelname)s %(message)s"
LOG_DATEFORMAT = "%H:%M:%S"
LOG_VERSIONS: list[str] = []
LOGSTATS_INTERVAL = 0
