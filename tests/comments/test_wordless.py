"""Comments that show a clip, a picture or a sign in the place of words, in every reader: their text
is the address of what they show, and they are no faults; what was taken away keeps its place.
"""

import json
from datetime import UTC, datetime

import pytest

from pipelines.comments import ThreadRules, plain_text, read_source, read_thread, read_thread_by
from pipelines.document import Document, open_document
from storage.records import Comment, Page

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
URL = "https://vaartbode.example/brug/"
TEXT = "<p>De brug over de vaart blijft dicht, en de schippers wachten op de kade.</p>" * 6
SHOWN = {
    '<p><iframe src="https://clips.example/embed/a1" width="400"></iframe></p>': (
        "https://clips.example/embed/a1"
    ),
    '<div class="embed"><iframe data-lazy-src="//clips.example/embed/a2" src="about:blank">'
    "</iframe></div>": "https://clips.example/embed/a2",
    '<figure><video controls><source src="/film/vaart.mp4"></video></figure>': (
        "https://vaartbode.example/film/vaart.mp4"
    ),
    '<p><video src="https://clips.example/b.webm"></video></p>': "https://clips.example/b.webm",
    '<p><audio src="../geluid/hoorn.mp3"></audio></p>': (
        "https://vaartbode.example/geluid/hoorn.mp3"
    ),
    '<p><img src="/foto/brug.jpg" alt="De brug in de mist"></p>': (
        "https://vaartbode.example/foto/brug.jpg"
    ),
    '<p><a href="/foto/groot.jpg"><img src="/foto/klein.jpg"></a></p>': (
        "https://vaartbode.example/foto/groot.jpg"
    ),
    '<p><img src="data:image/gif;base64,R0lG" data-src="/foto/lui.png"></p>': (
        "https://vaartbode.example/foto/lui.png"
    ),
    '<p><img src="/foto/1.jpg"><br><img src="/foto/2.jpg"></p>': (
        "https://vaartbode.example/foto/1.jpg\nhttps://vaartbode.example/foto/2.jpg"
    ),
    '<p><object data="https://clips.example/c.swf"></object></p>': "https://clips.example/c.swf",
    '<p><embed src="https://clips.example/d"></p>': "https://clips.example/d",
    '<div class="fb-post" data-href="https://elders.example/bericht/7"></div>': (
        "https://elders.example/bericht/7"
    ),
    '<p><img class="smiley" src="/s/1.gif" alt=":-)" width="15" height="15"></p>': ":-)",
    '<p><img src="/iconen/1f44d.png" alt="👍" width="20" height="20"></p>': "👍",
    '<p><span role="img" aria-label="duim omhoog"></span></p>': "duim omhoog",
    "<p>👍👍</p>": "👍👍",
    '<p><a href="https://elders.example/stuk">https://elders.example/stuk</a></p>': (
        "https://elders.example/stuk"
    ),
    '<p><a href="https://elders.example/kaart"><svg width="9"></svg></a></p>': (
        "https://elders.example/kaart"
    ),
    '<p><a href="https://elders.example/los"></a></p>': "https://elders.example/los",
}
TEMPLATES = {
    "classed": '<li class="comment" id="comment-{n}"><img class="avatar" src="/a/{n}.png">'
    '<b class="fn">{name}</b> <time>{n} mei 2019 om 10:0{n}</time><div class="comment-content">'
    '{said}</div><a href="?replytocom={n}#respond">Beantwoorden</a></li>',
    "unnamed": '<li id="r{n}"><p><img src="/gezicht/profiel-{n}.png"> <a href="/leden/{n}">{name}'
    "</a> <i>{n} mei 2019 om 10:0{n}</i></p><div>{said}</div><a href='#f'>Beantwoorden</a></li>",
    "below": '<li class="reactie"><div class="tekst">{said}</div><div class="voet">Geplaatst door'
    " <b>{name}</b> op {n} mei 2019 om 10:0{n}</div></li>",
}
WORDS = (
    "Dat duurt weer lang, en de koffie is op.",
    "Wij varen al een jaar om, dat scheelt een uur.",
    "De wachter kwam vandaag weer te laat met zijn sleutels.",
    "Volgens mij was het in het voorjaar al beloofd.",
)


def document(said: str, template: str = "classed", third: str = "Cor") -> Document:
    names = ("Anna", "Bram", third, "Dirk", "Elsa")
    saids = [f"<p>{words}</p>" for words in WORDS]
    saids.insert(2, said)
    records = "".join(
        TEMPLATES[template].format(n=n, name=name, said=one)
        for n, (name, one) in enumerate(zip(names, saids, strict=True), start=1)
    )
    body = f"""<html lang="nl"><head><title>De brug</title></head><body><main><h1>De brug</h1>
    {TEXT}<div id="comments"><h3>5 reacties</h3><ol>{records}</ol></div></main></body></html>"""
    return open_document(Page(url=URL, body=body.encode(), fetched_at=NOW))


def third_of(comments: tuple[Comment, ...]) -> Comment:
    assert [one.author for one in comments][:2] == ["Anna", "Bram"]
    assert [one.text for one in comments if one is not comments[2]] == list(WORDS)
    return comments[2]


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize(("said", "text"), SHOWN.items(), ids=range(len(SHOWN)))
def test_a_comment_without_words_is_what_it_shows(said: str, text: str, template: str) -> None:
    if "data-href" in said and template == "unnamed":
        return  # where nothing says which box holds the words, it may be a button to share with
    found = third_of(read_thread(document(said, template)).comments)
    assert (found.author, found.text, found.status) == ("Cor", text, "visible")


@pytest.mark.parametrize(("said", "text"), SHOWN.items(), ids=range(len(SHOWN)))
def test_learned_rules_read_it_the_same(said: str, text: str) -> None:
    rules = ThreadRules(
        record="li.comment", text="div.comment-content", author="b.fn", date="time",
        area=("#comments",),
    )  # fmt: skip
    found = third_of(read_thread_by(document(said), rules).comments)
    assert (found.author, found.text) == ("Cor", text)


@pytest.mark.parametrize(("said", "text"), SHOWN.items(), ids=range(len(SHOWN)))
def test_a_second_source_reads_it_the_same(said: str, text: str) -> None:
    content = {"rendered": said.replace('"/', f'"{URL[:25]}/').replace("..", URL[:25])}
    thing = {"id": 3, "author_name": "Cor", "content": content, "date_gmt": "2019-05-03T08:03:00"}
    if "//clips.example/embed/a2" in said:
        return  # an address without a scheme is counted from a page, which no source is
    (found,) = read_source(json.dumps([thing]).encode(), NOW)
    assert (found.author, found.text) == ("Cor", text)


@pytest.mark.parametrize("template", ["classed", "unnamed"])
@pytest.mark.parametrize(
    "said",
    [
        "",
        "<p></p>",
        '<img class="avatar" src="/a/3b.png">',
        '<img src="https://secure.gravatar.com/x/ab12">',
        '<img src="/p.gif" width="1" height="1">',
        '<img src="data:image/gif;base64,R0lG">',
        "<script>clip('https://clips.example/1')</script>",
    ],
)
def test_what_shows_nothing_stays_a_fault(said: str, template: str) -> None:
    found = third_of(read_thread(document(said, template)).comments)
    assert (found.text, found.status) == ("", "visible")


def test_words_stand_alone_beside_what_is_shown() -> None:
    shown = '<p>Kijk hier eens naar.</p><p><img src="/foto/brug.jpg"></p>'
    assert third_of(read_thread(document(shown)).comments).text == "Kijk hier eens naar."
    assert plain_text(f"<div>{shown}</div>") == "Kijk hier eens naar."


@pytest.mark.parametrize("sign", [":-)", ":) leuk", ":D", ":P haha", ":'("])
def test_the_colon_of_a_smiley_stays(sign: str) -> None:
    assert third_of(read_thread(document(f"<p>{sign}</p>", "unnamed")).comments).text == sign


GONE = (
    "[verwijderd]", "[removed]", "Reactie verwijderd", "Comment deleted",
    "Deze reactie is verwijderd door de redactie.", "Dieser Kommentar wurde gelöscht.",
)  # fmt: skip


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("words", GONE)
def test_what_was_taken_away_keeps_its_place_and_is_withheld(words: str, template: str) -> None:
    found = third_of(read_thread(document(f"<p>{words}</p>", template)).comments)
    assert (found.status, found.text) == ("withheld", words)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", GONE[:4])
def test_what_says_so_in_the_place_of_the_name_is_withheld_too(name: str, template: str) -> None:
    found = third_of(read_thread(document("", template, third=name)).comments)
    assert (found.status, found.author, found.text) == ("withheld", None, "")


@pytest.mark.parametrize(
    "words",
    [
        "Is mijn reactie nu verwijderd of niet? Ik zie haar nergens meer staan.",
        "Verwijderd dat bord, het stond daar toch maar in de weg.",
        "Ik heb de app verwijderd.",
        "De oude brug is vorig jaar verwijderd door een sloper uit Grauwendam.",
        "Reacties worden hier vaak verwijderd, dat is jammer.",
    ],
)
def test_who_writes_of_removal_is_not_withheld(words: str) -> None:
    found = third_of(read_thread(document(f"<p>{words}</p>")).comments)
    assert (found.status, found.text) == ("visible", words)


STATED = [
    ("[removed]", "Cor"), ("[verwijderd]", None), ("Deze reactie is verwijderd.", "Cor"),
    ("", "[verwijderd]"), ("", "Comment deleted"), ("[deleted]", "[deleted]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "author"), STATED)
def test_stated_comments_say_so_too_and_keep_their_answers(text: str, author: str | None) -> None:
    said = [
        {"id": 1, "author": {"name": "Anna"}, "text": WORDS[0], "dateCreated": "2019-05-01"},
        {"id": 2, "author": author and {"name": author}, "text": text, "dateCreated": "2019-05-02"},
        {"id": 3, "author": {"name": "Cor"}, "text": WORDS[1], "dateCreated": "2019-05-03"},
    ]
    said[2]["parent_id"] = 2
    ld = [{"@type": "Comment", **one} for one in said[:2]]
    ld[1]["comment"] = {"@type": "Comment", **said[2]}
    article = {"@type": "NewsArticle", "headline": "De brug", "comment": ld}
    state = {"comments": said}
    for script in (
        f'<script type="application/ld+json">{json.dumps(article)}</script>',
        f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(state)}</script>',
    ):
        body = f"<html lang='nl'><body><main><h1>De brug</h1>{TEXT}</main>{script}</body></html>"
        page = Page(url=URL, body=body.encode(), fetched_at=NOW)
        comments = read_thread(open_document(page)).comments
        assert [one.status for one in comments] == ["visible", "withheld", "visible"], script
        assert comments[1].author in {None, "Cor"}
        assert comments[2].parent_position == 1


@pytest.mark.parametrize("flag", ["deleted", "isDeleted", "removed", "is_removed", "withheld"])
def test_a_flag_of_the_page_s_state_says_so_too(flag: str) -> None:
    said = [
        {"id": n, "author": name, "text": words, "created": f"2019-05-0{n}"}
        for n, (name, words) in enumerate([("Anna", WORDS[0]), (None, None), ("Cor", WORDS[1])], 1)
    ]
    said[1][flag] = True
    script = f'<script id="__NEXT_DATA__" type="application/json">{json.dumps({"comments": said})}'
    body = f"<html lang='nl'><body><h1>De brug</h1>{TEXT}{script}</script></body></html>"
    comments = read_thread(
        open_document(Page(url=URL, body=body.encode(), fetched_at=NOW))
    ).comments
    assert [one.status for one in comments] == ["visible", "withheld", "visible"]
