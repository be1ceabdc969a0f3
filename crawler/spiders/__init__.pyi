from .articles import ArticlesSpider, spider_of
from .spider import GivenRun, KnipselSpider

__all__ = ["ArticlesSpider", "GivenRun", "KnipselSpider", "spider_of"]
