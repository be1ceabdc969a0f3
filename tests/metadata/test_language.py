"""Which language an article is in: what its page declares, what its text is, what is believed."""

import json
from datetime import UTC, datetime

import pytest

from pipelines.article import extract
from pipelines.metadata import find_language
from storage.records import Article, Page
from tests.crawling import ROOT

SHARED = ROOT.parent / "shared"

DUTCH = (
    "De oude molen aan de vaart draait weer, en het hele dorp kwam kijken hoe de wieken voor het "
    "eerst in tien jaar door de lucht gingen. De molenaar was er trots op."
)
FLEMISH = (
    "Gij weet toch dat ze in 't stad nen nieuwe frituur hebben opengedaan, amai, daar staat "
    "precies alle dagen een rij tot aan den hoek, en de frieten zijn keigoed."
)
WEST_FLEMISH = (
    "D'oude meuln an de vaart droait were, en hêel 't dorp es gekommn kykn oe da de wiekn vo "
    "d'eeste kêr in tien joar were deur de lucht gingn. De meulnoare was der fier up.",
    "Us zoaltje krygt e nieuw dak. De gemêente betoalt den elft, en d'ander elft moetn wulder "
    "zelve byeenkrygn me een rommelmart en e wandlinge deur de mêsn. Wien da wil elpn, mag komn.",
)
LOW_SAXON = (
    "De ole Möhl an'n Beek dreiht sik wedder, un dat hele Dörp keem, üm to kieken, wo de Flögels "
    "dat eerste Maal siet tein Johr dör de Luft güngen. De Möller weer bannig stolt."
)
FRISIAN = (
    "De mûne oan 'e feart draait wer, en it hiele doarp kaam by inoar om te sjen hoe't de wjukken "
    "foar it earst yn tsien jier wer troch de loft gongen. De mûnder wie der wiis mei.",
    "It doarpshûs krijt in nij dak. De gemeente betellet de helte, de oare helte moatte wy sels "
    "opbringe mei in rommelmerk en in kuier troch de greiden. Wa't helpe wol, kin him melde.",
    "Justerjûn hat de foarsitter sein dat de iisbaan dit jier net iepengiet, om't it wetter te "
    "heech stiet. Dat fine in soad bern spitich, mar feilichheid giet foar.",
)
AFRIKAANS = (
    "Die ou meul by die rivier draai weer, en die hele dorp het kom kyk hoe die wieke vir die "
    "eerste keer in tien jaar deur die lug gaan. Die meulenaar was baie trots.",
    "Ons gemeenskapsaal kry 'n nuwe dak. Die munisipaliteit betaal die helfte, en die ander helfte "
    "moet ons self insamel met 'n basaar en 'n stap deur die veld.",
    "Gisteraand het die voorsitter gesê dat die swembad nie hierdie somer gaan oopmaak nie, omdat "
    "die pomp stukkend is. Baie kinders is teleurgesteld daaroor.",
)
GERMAN = (
    "Die alte Mühle am Bach dreht sich wieder, und das ganze Dorf kam, um zu sehen, wie die Flügel "
    "zum ersten Mal seit zehn Jahren durch die Luft gingen. Der Müller war stolz.",
    "Unser Gemeindehaus bekommt ein neues Dach. Die Gemeinde bezahlt die Hälfte, die andere Hälfte "
    "müssen wir selbst mit einem Flohmarkt und einer Wanderung aufbringen.",
)
ENGLISH = (
    "The old mill by the stream is turning again, and the whole village came to see the sails go "
    "round for the first time in ten years. The miller was proud of it."
)
FRENCH = (
    "Le moulin de la digue tourne de nouveau et la moitié du village est venue, en dépit de la "
    "pluie et du vent qui soufflait fort ce matin."
)
NYNORSK = (
    "Eg veit ikkje kor mykje det kostar, men dei som bur her, er glade for at nokon vil hjelpe. Vi "
    "har ikkje fleire stader å møtast, og eg trur ikkje at kommunen gjer noko med det før jul."
)
NORWEGIAN = (
    "Kommunen betaler halvparten av det nye taket på forsamlingshuset. Resten må vi samle inn "
    "selv, og jeg håper at mange vil hjelpe oss med loppemarkedet på lørdag."
)


def read(text: str, declared: str | None = None) -> Article:
    """Return the article of a page with *text*, whose root declares its language."""
    root = f'<html lang="{declared}">' if declared else "<html>"
    page = (
        f"{root}<head><title>M</title><meta property='og:type' content='article'></head><body>"
        f"<article><h1>1918</h1><div class='entry-content'><p>{text}</p></div></article>"
    )
    moment = datetime(2026, 11, 25, tzinfo=UTC)
    return extract(Page(url="https://dorp.example/molen", body=page.encode(), fetched_at=moment))


def languages(article: Article) -> tuple[str | None, str | None, str | None]:
    return article.in_language, article.language_declared, article.language_found


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (DUTCH, "nl"),
        (FLEMISH, "nl"),
        *((text, "fy") for text in FRISIAN),
        *((text, "af") for text in AFRIKAANS),
        *((text, "de") for text in GERMAN),
        (ENGLISH, "en"),
        (FRENCH, "fr"),
    ],
)
def test_a_page_that_declares_none_is_in_its_text_s_language(text: str, language: str) -> None:
    assert languages(read(text)) == (language, None, language)


@pytest.mark.parametrize(
    ("text", "declared", "expected"),
    [
        (DUTCH, "nl-BE", ("nl-BE", "nl-BE", "nl")),
        (DUTCH, "en-US", ("nl", "en-US", "nl")),
        (FRISIAN[0], "nl", ("fy", "nl", "fy")),
        (AFRIKAANS[1], "nl-NL", ("af", "nl-NL", "af")),
        (GERMAN[0], "nl_NL", ("de", "nl-NL", "de")),
        (NORWEGIAN, "nb-NO", ("nb-NO", "nb-NO", "no")),
        (NORWEGIAN, "no", ("no", "no", "no")),
        (NYNORSK, "no", ("no", "no", "nn")),
        ("Kaatsen om de beker van het dorp: 3-5, 5-2, 5-4.", "fy", ("fy", "fy", None)),
    ],
)
def test_what_a_page_declares_counts_unless_its_text_is_in_another(
    text: str, declared: str, expected: tuple[str, str, str | None]
) -> None:
    assert languages(read(text, declared)) == expected


@pytest.mark.parametrize(
    ("text", "declared"),
    [(WEST_FLEMISH[0], "vls"), (WEST_FLEMISH[1], "vls"), (LOW_SAXON, "nds"), (DUTCH, "li")],
)
def test_a_language_that_cannot_be_found_is_believed_where_it_is_declared(
    text: str, declared: str
) -> None:
    assert read(text, declared).in_language == declared


@pytest.mark.parametrize("text", [*WEST_FLEMISH, LOW_SAXON])
def test_a_dialect_is_dutch_or_unsure_and_never_another_language(text: str) -> None:
    assert find_language(text) in {"nl", None}
    assert read(text, "nl").in_language == "nl"


@pytest.mark.parametrize("text", ["", "Mooi gedaan!", "1 2 3 4 5 6 7 8 9 10 " * 10, "... " * 50])
def test_no_language_is_found_in_few_words_or_none(text: str) -> None:
    assert find_language(text) is None


def test_a_long_text_costs_no_more_than_its_beginning() -> None:
    assert find_language(f"{DUTCH * 30}{ENGLISH * 2000}") == "nl"


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared is missing")
def test_real_dutch_articles_are_found_to_be_dutch() -> None:
    """At least 99 of 100 of those with a text of some length."""
    found = []
    for folder in ("pages", "pages2"):
        gold = SHARED / "gold" / folder
        for path in sorted((gold / "gold").glob("*.json")):
            told = json.loads(path.read_text(encoding="utf-8"))
            if told["lang"] != "nl" or len(told.get("body") or "") <= 200:
                continue
            found.append(find_language(told["body"]))
    assert len(found) > 30
    assert found.count("nl") >= 0.99 * len(found)
