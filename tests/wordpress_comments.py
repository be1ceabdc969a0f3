"""A WordPress article page that names its list of comments, and that list."""

import json

URL = "https://voorbeeld.nl/2014/stuk/"
PAGE = """<html lang="nl"><head><title>Molen</title><link rel="https://api.w.org/" \
href="{site}/wp-json/"><link rel="shortlink" href="{site}/?p=5"></head>
<body class="single single-post postid-5"><article class="post hentry"><h1 class="entry-title">De \
molen draait</h1><div class="entry-content"><p>De molen aan de Oude Gracht
draait weer, voor het eerst in elf jaar. Vrijwilligers uit het dorp hebben er drie winters aan \
gewerkt.</p></div></article>
<section id="comments"><h2>2 reacties</h2><ol class="comment-list"><li class="comment" \
id="comment-11"><div class="comment-body"><cite class="fn">Anna</cite>
<div class="comment-content"><p>Wat een mooi nieuws, \
eindelijk.</p></div></div></li></ol></section></body></html>"""


def things(*rows: tuple[int, int, str, str]) -> bytes:
    return json.dumps(
        [
            {
                "id": number, "parent": parent, "author_name": author, "author_url": "",
                "date": "2014-05-03T10:21:05", "date_gmt": "2014-05-03T08:21:05",
                "content": {"rendered": f"<p>{text}</p>\n"}, "link": f"{URL}#comment-{number}",
                "type": "comment",
                "author_avatar_urls": {"24": "https://secure.gravatar.com/avatar/1"},
            }
            for number, parent, author, text in rows
        ]
    ).encode()  # fmt: skip
