"""Stand-ins for Discourse and WordPress, which keep more than comments."""

from typing import Any

from tests.scripted.conversation import REMOVED, Said
from tests.scripted.stand_in import Asked, Reply, Row, StandIn, as_json, markup


class Discourse(StandIn):
    """discourse/discourse: ``embed.js``, ``embed_controller.rb`` and ``comments.html.erb`` (the
    frame: hidden posts and deleted users' are left out), ``topics_controller.rb`` (JSON of a topic:
    twenty posts and the ids of all; ``posts.json?post_ids[]=``), ``post_serializer.rb``.
    """

    system = "discourse"
    topic, chunk, in_frame = 77, 20, 5

    def box(self) -> str:
        return f"""<div id='discourse-comments'></div><script type="text/javascript">
        DiscourseEmbed = {{ discourseUrl: '{self.url}/', discourseEmbedUrl: '{self.page}' }};
        (function() {{ var d = document.createElement('script'); d.async = true;
        d.src = DiscourseEmbed.discourseUrl + 'javascripts/embed.js'; }})();</script>"""

    def answer(self, asked: Asked) -> Reply:
        if asked.path == "/embed/comments":
            return self._frame(asked.query.get("embed_url"))
        stream = [self._opening(), *(self._post(one) for one in self.said if self.shows(one))]
        if asked.path == f"/t/{self.topic}.json":
            posts = {"posts": stream[: self.chunk], "stream": [one["id"] for one in stream]}
            return as_json({"id": self.topic, "posts_count": len(stream), "post_stream": posts})
        if asked.path == f"/t/{self.topic}/posts.json":
            wanted = set(asked.lists.get("post_ids[]", ()))
            posts = {"posts": [one for one in stream if str(one["id"]) in wanted]}
            return as_json({"id": self.topic, "post_stream": posts})
        return as_json({"errors": ["The requested URL could not be found."]}, 404)

    def _frame(self, url: str | None) -> Reply:
        if url != self.page:
            return Reply(400, b"<html>Error Embedding</html>", "text/html")
        base = f"{self.url}/t/over-de-pont/{self.topic}"
        posts = "".join(
            f"<article class='post'><a class='post-date' href='{base}/{one.number + 2}'>1 mrt</a>"
            f"<div class='cooked'>{markup(one)}<a href='{self.url}/t/iets-anders/12'>zie</a></div>"
            "</article>"
            for one in [one for one in self.said if one.fate == "visible"][: self.in_frame]
        )
        head = f"<header class='discourse'><a class='button' href='{base}/2'>Verder</a></header>"
        return Reply(200, f"<html><body>{head}{posts}</body></html>".encode(), "text/html")

    def _opening(self) -> dict[str, Any]:
        words = "<p>Dit is het bericht uit het Dorpsblad.</p>"
        opening = Said(-1, "system", "", self.said[0].moment)
        return {**self._post(opening), "cooked": words, "staff": True}

    def _post(self, one: Said) -> dict[str, Any]:
        cooked = {"removed": "<p>(bericht door auteur verwijderd)</p>",
                  "rejected": "<p>Dit bericht is gemeld en tijdelijk verborgen.</p>"}  # fmt: skip
        likes = [{"id": 2, "count": one.ups}] if one.ups else []
        return {
            "id": 1000 + one.number, "post_number": one.number + 2, "post_type": 1,
            "username": f"lezer{one.number}", "name": one.author, "display_username": one.author,
            "cooked": cooked.get(one.fate, markup(one)), "version": 2 if one.is_edited else 1,
            "created_at": f"{one.moment:%Y-%m-%dT%H:%M:%S}.417Z", "reads": 9, "score": 7.4,
            "updated_at": f"{one.moment:%Y-%m-%dT%H:%M:%S}.417Z", "topic_id": self.topic,
            "reply_to_post_number": None if one.parent is None else one.parent + 2,
            "hidden": one.fate == "rejected", "user_deleted": one.fate == "removed",
            "deleted_at": None, "staff": one.is_staff, "moderator": one.is_staff,
            "actions_summary": likes,
        }  # fmt: skip

    def shows(self, one: Said) -> bool:
        return one.fate in {"visible", "rejected"} or one.number == REMOVED

    def row(self, one: Said) -> Row:
        return super().row(one)._replace(ups=one.ups or None)

    def declared(self) -> int:
        return len(self.expected())


class WordPress(StandIn):
    """WordPress: ``class-wp-rest-comments-controller.php`` (``_fields``, ``per_page`` of at most a
    hundred, ``order``; approved ones only); wpDiscuz and Jetpack draw the same comments, the first
    few in the page. It answers on the paper's own host.
    """

    system = "wordpress"
    first = 3

    def box(self) -> str:
        shown = [one for one in self.said if self.shows(one) and one.parent is None][: self.first]
        items = "".join(
            f'<li class="comment" id="comment-{self.key(one.number)}"><div class="comment-body">'
            f'<cite class="fn">{one.author.replace("&", "&amp;")}</cite>'
            f'<time datetime="{one.moment.isoformat()}">1 maart</time>'
            f'<div class="comment-content">{markup(one)}</div></div></li>'
            for one in shown
        )
        return (
            f"<div id='comments'><h2>{self.declared()} reacties</h2><ol class='comment-list'>"
            f"{items}</ol><button class='wpd-load-more-submit'>Meer reacties laden</button></div>"
        )

    def head(self) -> str:
        """Return what the page's head names."""
        api = f"{self.site}/wp-json/"
        return (
            f'<link rel="https://api.w.org/" href="{api}">'
            f'<link rel="alternate" type="application/json" href="{api}wp/v2/posts/7">'
        )

    def answer(self, asked: Asked) -> Reply:
        query = asked.query
        size, page = int(query.get("per_page", 10)), int(query.get("page", 1))
        if asked.path != "/wp-json/wp/v2/comments" or query.get("post") != "7":
            return as_json({"code": "rest_no_route", "message": "Geen route gevonden"}, 404)
        if not 1 <= size <= 100:
            return as_json({"code": "rest_invalid_param", "message": "per_page"}, 400)
        said = [one for one in self.said if self.shows(one)]
        said = said if query.get("order") == "asc" else said[::-1]
        fields = query["_fields"].split(",") if "_fields" in query else None
        found = [self._comment(one) for one in said[size * (page - 1) : size * page]]
        return as_json(
            [{k: v for k, v in one.items() if fields is None or k in fields} for one in found]
        )

    def _comment(self, one: Said) -> dict[str, Any]:
        return {
            "id": 1000 + one.number, "post": 7, "author": 0, "author_name": one.author,
            "author_url": "", "date_gmt": f"{one.moment:%Y-%m-%dT%H:%M:%S}",
            "date": f"{one.moment:%Y-%m-%dT%H:%M:%S}", "status": "approved", "type": "comment",
            "content": {"rendered": markup(one)}, "parent": self._above(one),
            "link": f"{self.page}#comment-{1000 + one.number}", "meta": [],
            "author_avatar_urls": {"24": "https://secure.gravatar.com/avatar/0"},
        }  # fmt: skip

    def _above(self, one: Said) -> int:
        above = self.parent(one)
        return 0 if above is None else 1000 + above

    def parent(self, one: Said) -> int | None:
        """Return the one above; of what was answered and then deleted, the one above that."""
        above = one.parent
        return REMOVED - 1 if above == REMOVED else above

    def shows(self, one: Said) -> bool:
        return one.fate == "visible"

    def row(self, one: Said) -> Row:
        return super().row(one)._replace(is_staff=False)
