"""A large menu before the page's own heading makes no list of the page; what is under it does."""

import pytest

from tests.page_kind.test_page_kind import TEXT, kind

TITLE = "Sporthal komt er"
ARTICLE = f"<div class='main'><h1>{TITLE}</h1><div><em>3 mei 2014</em><p>{2 * TEXT}</p></div></div>"
HEADED = "".join(
    f"<h2><a href='/onderwerp/{n}'>Onderwerp nummer {n}</a></h2><ul><li><a href='/o/{n}/a'>Alles"
    f" over dat onderwerp {n}</a></li></ul>"
    for n in range(6)
)
LINKED = "".join(f"<a href='/deel/{n}'>Alles over deel nummer {n} </a>" for n in range(60))


@pytest.mark.parametrize(
    "body",
    [
        f"<div class='top'>{HEADED}</div>{ARTICLE}",
        f"<table><tr><td>{LINKED}</td><td>{ARTICLE}</td></tr></table>",
        f"<div>{HEADED}{LINKED}</div><h2>Nieuws</h2>{ARTICLE}<a href='/contact'>Contact</a>",
        f"<h1>Dorpskrant</h1><div>{HEADED}</div>"
        + ARTICLE.replace("<h1>", "<h1><span class='date'>3 mei 2014</span> "),
        f"<div>{LINKED}</div>{ARTICLE.replace('h1', 'h2')}{ARTICLE[-8:]}",
        f"<noscript>{LINKED}{ARTICLE}</noscript>",
    ],
)
def test_an_article_under_a_large_menu_is_one(body: str) -> None:
    assert kind("/dossier.php?id=5", f"{TITLE} | Dorpskrant", body) == "article"


@pytest.mark.parametrize(
    "body",
    [
        f"{HEADED}<h1>{TITLE}</h1>{HEADED}",
        f"{LINKED}<h1>{TITLE}</h1><p>{TEXT}</p>{HEADED}",
        f"{LINKED}<h1>{TITLE}</h1><p>Kies een deel.</p><p><a href='/a'>{TEXT}</a></p>",
        f"{HEADED}{LINKED}<h1>{TITLE}</h1><ul>{HEADED}</ul><p>{TEXT} {TEXT[:40]}</p>",
        f"{LINKED}<h1><a href='/sporthal'>{TITLE}</a></h1>{HEADED}<p>{2 * TEXT}</p>",
    ],
)
def test_a_list_under_a_large_menu_stays_one(body: str) -> None:
    assert kind("/dossier.php?id=5", f"{TITLE} | Dorpskrant", body) == "listing"
