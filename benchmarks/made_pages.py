"""Pages of made-up Dutch templates: they feed the fit (fit.py), and never judge it.

Each page is one template by chance: which tags and names its records have, where author and date stand,
how dates are written, whether answers nest, what stands around the thread. One in four has no thread
but a list, an agenda or teasers; half of these are a front page or an archive. All words are put
together from the lists below.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2026, 11, 1, 12, 0, tzinfo=ZONE)
MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()
FIRST = "Anna Bram Cor Dirk Elsa Fien Gijs Hanna Ine Joop Klaas Loes Mirjam Niek Otto Petra Ria Sjoerd Truus Wim jantje82 Zeeuw pietv".split()
LAST = "de Vries|Jansen|van Dijk|Bakker|Visser|Smit|Meijer|de Boer|Mulder|Bos|Vos|Peters".split("|")
SUBJECTS = "de brug|het plan|de raad|mijn buurman|de wethouder|het recept|de trein|iedereen hier|de schrijver|die foto".split(
    "|"
)
VERBS = "kost|helpt|verandert|vergeet|bewijst|verdient|mist|begrijpt|bouwt|noemt".split("|")
OBJECTS = "veel geld|de hele wijk|geen mens|een betere oplossing|het oude station|niets nieuws|de kinderen|dat ene detail".split(
    "|"
)
ENDS = "volgens mij|al jaren|en dat is jammer|, dank daarvoor|, toch|in ieder geval|op zijn zachtst gezegd".split(
    "|"
)
NAMES = {
    "record": ("reactie", "bericht", "comment", "item", "blok", "post", "rij", "entry", "reply", "bijdrage"),
    "author": ("naam", "auteur", "author", "wie", "afzender", "user", "kop", "lid"),
    "date": ("datum", "tijd", "date", "wanneer", "meta", "info", "stempel"),
    "text": ("tekst", "inhoud", "body", "content", "wat", "bericht-tekst", "message"),
    "box": ("reacties", "lijst", "comments", "thread", "discussie", "gesprek", "overzicht"),
}  # fmt: skip


@dataclass(frozen=True)
class MadePage:
    """A page and its comments, none where it has no thread."""

    name: str
    url: str
    html: str
    comments: list[dict[str, Any]]


def made_pages(number: int, seed: int = 7) -> Iterator[MadePage]:
    """Yield *number* pages, the same for each *seed*."""
    for n in range(number):
        yield _Maker(Random(seed * 10_000 + n), n).page()


class _Maker:
    """One template."""

    def __init__(self, chance: Random, number: int) -> None:
        self.chance, self.number = chance, number
        self.style = chance.choice(("words", "words", "hashed", "none"))
        self.classes: dict[str, str] = {}
        self.record, self.box = chance.choice(
            (("li", "ul"), ("li", "ol"), ("div", "div"), ("article", "section"), ("section", "div"), ("tr", "table"), ("dt", "dl"), ("p", "div"))
        )  # fmt: skip
        self.author_tag = chance.choice(("b", "strong", "span", "a", "cite", "h4", "div", "em"))
        self.date_tag = chance.choice(("span", "i", "small", "time", "a", "div", "em"))
        self.form = chance.choice(("apart", "apart", "signed", "by", "says"))
        self.format = chance.choice(("long", "long", "digits", "iso", "short", "ago"))
        self.by = chance.choice(("Geplaatst door", "Ingezonden door:", "Door", "Reactie van"))
        self.place = chance.choice(("before", "before", "before", "after"))
        self.nests = self.record in {"li", "div", "article"} and chance.random() < 0.4
        self.extras = [name for name in ("reply", "avatar", "number", "badge", "permalink", "votes", "title") if chance.random() < 0.3]  # fmt: skip
        self.paragraphs = chance.random() < 0.6 and self.record != "p"

    def named(self, kind: str) -> str:
        if kind not in self.classes:
            word = self.chance.choice(NAMES[kind])
            hashed = f"x{self.chance.randrange(16**6):06x}"
            self.classes[kind] = {"words": word, "hashed": hashed, "none": ""}[self.style]
        return f' class="{self.classes[kind]}"' if self.classes[kind] else ""

    def name(self) -> str:
        first = self.chance.choice(FIRST)
        return first if self.chance.random() < 0.4 else f"{first} {self.chance.choice(LAST)}"

    def sentence(self) -> str:
        c = self.chance
        said = f"{c.choice(SUBJECTS)} {c.choice(VERBS)} {c.choice(OBJECTS)} {c.choice(ENDS)}"
        return said.replace(" ,", ",").capitalize() + c.choice(".....!?")

    def words(self, most: int) -> list[str]:
        return [
            " ".join(self.sentence() for _ in range(self.chance.randint(1, 3)))
            for _ in range(self.chance.randint(1, most))
        ]

    def date(self, moment: datetime) -> str:
        month = MONTHS[moment.month - 1]
        if self.format == "ago":
            return f"{(NOW - moment).days} dagen geleden"
        return {
            "long": f"{moment.day} {month} {moment.year} om {moment:%H:%M}",
            "digits": f"{moment:%d-%m-%Y %H:%M}",
            "iso": f"{moment:%Y-%m-%d %H:%M}",
            "short": f"{moment.day} {month[:3]} {moment.year}, {moment:%H.%M} uur",
        }[self.format]

    def head(self, author: str, moment: datetime, key: int) -> str:
        shown = self.date(moment)
        stated = f' datetime="{moment.isoformat()}"' if self.date_tag == "time" else ""
        link = f' href="/leden/{key}"' if self.author_tag == "a" else ""
        anchor = f' href="#r{key}"' if self.date_tag == "a" else ""
        who = f"<{self.author_tag}{self.named('author')}{link}>{author}</{self.author_tag}>"
        when = f"<{self.date_tag}{self.named('date')}{stated}{anchor}>{shown}</{self.date_tag}>"
        head = {
            "apart": f"{who} {when}",
            "signed": f"<div{self.named('date')}>{author}, {shown}</div>",
            "by": f"<div>{self.by} {who} op {when}</div>",
            "says": f"<div>{who} schreef op {when}:</div>",
        }[self.form]
        if "title" in self.extras and self.record in {"div", "li", "article"}:
            head = f"<h4>{self.sentence()[:30].rstrip(' .!?,')}</h4>" + head
        if "avatar" in self.extras:
            head = '<img src="/a.png" alt="">' + head
        if "number" in self.extras:
            head += f" <a href='#r{key}'>#{key}</a>"
        if "badge" in self.extras and key % 3 == 0:
            head += " <span>Redactie</span>"
        return head

    def one(self, comment: dict[str, Any], key: int, answers: str) -> str:
        blocks = comment["text"].split("\n")
        said = "".join(f"<p>{b}</p>" for b in blocks) if self.paragraphs else "<br>".join(blocks)
        tag = "span" if self.record == "p" else "div"
        body = f"<{tag}{self.named('text')}>{said}</{tag}>"
        head = self.head(comment["author"], datetime.fromisoformat(comment["date"]), key)
        tail = "<a href='#f'>Beantwoorden</a>" if "reply" in self.extras else ""
        tail += "<span>12 stemmen</span>" if "votes" in self.extras else ""
        if self.record == "dt":
            return f"<dt{self.named('record')}>{head}</dt><dd{self.named('text')}>{said}</dd>"
        if self.record == "tr":
            return (
                f"<tr{self.named('record')}><td>{head}</td><td{self.named('text')}>{said}</td></tr>"
            )
        inside = f"{head}{body}{tail}" if self.place == "before" else f"{body}{head}{tail}"
        identity = f" id='r{key}'" if "permalink" in self.extras else ""
        return f"<{self.record}{self.named('record')}{identity}>{inside}{answers}</{self.record}>"

    def thread(self) -> tuple[str, list[dict[str, Any]]]:
        c = self.chance
        number = c.choice((1, 1, 2, 3, 4, 5, 7, 9, 12, 18, 30))
        moment = NOW - timedelta(days=c.randint(40, 4000), minutes=c.randint(0, 1400))
        comments: list[dict[str, Any]] = []
        for n in range(number):
            moment += timedelta(minutes=c.randint(3, 2000))
            parent = n - 1 if self.nests and n and c.random() < 0.4 else None
            known = self.format != "ago"
            comments.append({
                "author": self.name(), "text": "\n".join(self.words(3)), "parent": parent,
                "date": moment.isoformat(), "parent_known": True, "dated": known,
            })  # fmt: skip
        html = "".join(
            self._nested(comments, n) for n in range(number) if comments[n]["parent"] is None
        )
        heading = c.choice(
            (f"{number} reacties", f"Reacties ({number})", "Reacties", "Wat vindt u?", "")
        )
        form = "<form id='f'><h3>Reageer</h3><textarea name='reactie'></textarea><button>Plaats</button></form>"
        parts = [
            f"<h3>{heading}</h3>" if heading else "",
            f"<{self.box}{self.named('box')}>{html}</{self.box}>",
        ]
        parts.insert(c.choice((1, 2, 2)), form if c.random() < 0.7 else "")
        return "".join(parts), comments

    def _nested(self, comments: list[dict[str, Any]], number: int) -> str:
        inner = [n for n, comment in enumerate(comments) if comment["parent"] == number]
        tag = "ul" if self.record == "li" else "div"
        html = "".join(self._nested(comments, n) for n in inner)
        return self.one(comments[number], number + 1, f"<{tag}>{html}</{tag}>" if inner else "")

    def front(self) -> tuple[str, str]:
        """Return a list of a site's articles, topics or found posts, signed and dated as comments
        are, and its address.
        """
        c = self.chance
        kind, rows = c.choice(("posts", "posts", "found", "topics")), []
        for n in range(c.randint(3, 12)):
            moment = NOW - timedelta(days=9 * n + c.randint(1, 9))
            title, link = self.sentence()[:40], f"<a href='/stuk-{n}/'>"
            author = self.chance.choice(FIRST[:3]) if kind == "posts" else self.name()
            head = self.head(author, moment, n + 1)
            body = "".join(f"<p>{text}</p>" for text in self.words(4))
            said = {
                "posts": f"<h2>{link}{title}</a></h2><div>{head}</div>{body}<a href='/stuk-{n}/#reacties'>{n} reacties</a>",
                "found": f"<div>{head}</div><p>{self.sentence()} ...</p><div>In: {link}{title}</a></div>",
                "topics": f"<h3>{link}{title}</a></h3><p>{self.sentence()}</p><div>Laatste bericht: {head}</div>",
            }[kind]  # fmt: skip
            rows.append(f"<article id='post-{n + 7}'{self.named('record')}>{said}</article>")
        address = c.choice(("", "", "2014/03/", "page/2/", "categorie/stad/", "zoeken/?q=brug"))
        return f"<div{self.named('box')}>{''.join(rows)}</div>", address

    def listing(self) -> str:
        """Return what repeats and is no thread: teasers, an agenda, latest comments."""
        c = self.chance
        rows = []
        kind = c.choice(("teasers", "agenda", "latest", "articles"))
        for n in range(c.randint(3, 9)):
            moment = NOW - timedelta(days=20 * n + c.randint(1, 9))
            words = self.sentence()
            when = f"<{self.date_tag}{self.named('date')}>{self.date(moment)}</{self.date_tag}>"
            rows.append({
                "teasers": f"<div class='teaser'><h3><a href='/stuk-{n}/'>{words}</a></h3>{when}<p>{self.sentence()} <a href='/stuk-{n}/'>Lees meer</a></p></div>",
                "agenda": f"<li>{when} <b>{words}</b></li>",
                "latest": f"<li><a href='/stuk-{n}/#r{n}'>{self.name()}</a> op {words} {when}</li>",
                "articles": f"<article><h2><a href='/stuk-{n}/'>{words}</a></h2><div>Door {self.name()} op {when}</div><p>{' '.join(self.words(2))}</p><a href='/stuk-{n}/#reacties'>{n} reacties</a></article>",
            }[kind])  # fmt: skip
        title = {
            "teasers": "Lees ook",
            "agenda": "Agenda",
            "latest": "Laatste reacties",
            "articles": "Nieuws",
        }
        return f"<h3>{title[kind]}</h3><div class='{c.choice(('', 'sidebar', 'meer'))}'>{''.join(rows)}</div>"

    def page(self) -> MadePage:
        c = self.chance
        article = "".join(f"<p>{text}</p>" for text in self.words(8))
        byline = (
            f"<div>Door {self.name()}, {self.date(NOW - timedelta(days=c.randint(50, 900)))}</div>"
        )
        thread, comments = ("", []) if self.number % 4 == 3 else self.thread()
        before, after = (self.listing() if c.random() < share else "" for share in (0.15, 0.5))
        if not comments and not before:
            after = after or self.listing()
        layout = c.choice(("", "has-sidebar", "no-sidebar", "wrapper"))
        if not comments and self.number % 8 == 3:
            listed, address = self.front()
            html = f"<html lang='nl'><body class='{layout}'>{before}<h1>Bode</h1>{listed}{after}</body></html>"
            return MadePage(f"made-{self.number}", f"https://voorbeeld.nl/{address}", html, [])
        html = f"<html lang='nl'><body class='{layout}'>{before}<div class='{layout}'><h1>{self.sentence()}</h1>{byline}<div>{article}</div>{thread}{after}</div></body></html>"
        for comment in comments:
            if not comment.pop("dated"):
                comment["date"] = None
        return MadePage(
            f"made-{self.number}", f"https://voorbeeld.nl/stuk-{self.number}x/", html, comments
        )
