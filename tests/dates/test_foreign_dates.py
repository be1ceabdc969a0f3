"""Dates on pages in other languages: one vocabulary a language, the order of day and month decided
by the whole page, dateparser under guard and never where it is not needed.
"""

import subprocess
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from pipelines.dates import Reference, is_month_first, parse_page_date, read_date

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("language", "text", "moment", "precision"),
    [
        ("pl-PL", "12 maja 2014, 10:21", "2014-05-12 10:21", "minute"),
        ("pt", "12 de maio de 2014", "2014-05-12 00:00", "day"),
        ("da", "12. maj 2014", "2014-05-12 00:00", "day"),
        ("tr", "12 Mayıs 2014", "2014-05-12 00:00", "day"),
        ("fr", "12 mai 2014", "2014-05-12 00:00", "day"),
        ("pl", "30 december 2013 om 10u21", "2013-12-30 10:21", "minute"),
    ],
)
def test_a_full_date_is_read_in_the_page_s_language(
    language: str, text: str, moment: str, precision: str
) -> None:
    found = parse_page_date(text, language=language, reference=NOW)
    assert found is not None
    assert (found.moment.strftime("%Y-%m-%d %H:%M"), found.precision) == (moment, precision)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("pl", "12 komentarzy"),
        ("pl", "maj 2014"),
        ("pl", "10.21"),
        ("nl", "12 maja 2014"),
        (None, "12 maja 2014"),
        ("xx", "12 maja 2014"),
    ],
)
def test_anything_less_is_no_date(language: str | None, text: str) -> None:
    assert parse_page_date(text, language=language, reference=NOW) is None


@pytest.mark.parametrize("language", ["nl-NL", "en", "de", "fr", "es", "it"])
def test_languages_with_a_vocabulary_never_import_dateparser(language: str) -> None:
    program = (
        "import sys; from datetime import datetime, UTC; from pipelines.dates import "
        "parse_page_date\n"
        f"parse_page_date('30 foo 2013', language='{language}', "
        "reference=datetime.now(UTC)); print('dateparser' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "False"


WORDS = {
    "de": [
        ("23. April 2020", "2020-04-23", "day"), ("vor 3 Tagen", "2026-11-22", "day"),
        ("vor einer Stunde", "2026-11-25 12:00", "hour"),
        ("heute, 10:05", "2026-11-25 10:05", "minute"),
        ("gestern um 14:02 Uhr", "2026-11-24 14:02", "minute"),
        ("Di., 3. März 2019", "2019-03-03", "day"),
        ("Veröffentlicht am 3. März 2019 um 14:05 Uhr", "2019-03-03 14:05", "minute"),
        ("Mo 3. März 14:05", "2025-03-03 14:05", "minute"),
        ("vor etwa einem Jahr", "2025-01-01", "year"),
        ("Zuletzt aktualisiert: 4. Mai 2019", "2019-05-04", "day"),
        ("vor einer halben Stunde", "2026-11-25 12:30", "minute"),
        ("50 Minuten 46 Sekunden her", "2026-11-25 12:09", "second"),
        ("letzte Woche", "2026-11-18", "day"),
    ],
    "fr": [
        ("il y a 3 jours", "2026-11-22", "day"), ("hier à 14h02", "2026-11-24 14:02", "minute"),
        ("Publié le 3 mai 2019 à 14:02", "2019-05-03 14:02", "minute"),
        ("mar. 3 avril 2019", "2019-04-03", "day"),
        ("mar. 3 avril", "2018-04-03", "day"), ("mardi dernier", "2026-11-24", "day"),
        ("1er mai 2019", "2019-05-01", "day"),
        ("lundi 3 février 2020 à 10 h 21", "2020-02-03 10:21", "minute"),
        ("il y a 1 an et 2 mois", "2025-09-01", "month"),
        ("aujourd'hui à 9:05", "2026-11-25 09:05", "minute"),
        ("la semaine dernière", "2026-11-18", "day"),
    ],
    "es": [
        ("hace 3 días", "2026-11-22", "day"), ("ayer a las 14:02", "2026-11-24 14:02", "minute"),
        ("3 de mayo de 2019 a las 10:21", "2019-05-03 10:21", "minute"),
        ("lunes, 3 de mayo de 2021", "2021-05-03", "day"),
        ("el martes pasado", "2026-11-24", "day"), ("3 ago 2019", "2019-08-03", "day"),
        ("3 de mayo", "2026-05-03", "day"),
        ("3 mayo, 2019 10:21 p. m.", "2019-05-03 22:21", "minute"),
        ("hace media hora", "2026-11-25 12:30", "minute"),
        ("3 días atrás", "2026-11-22", "day"), ("el mes pasado", "2026-10-01", "month"),
    ],
    "en": [
        ("3 days ago", "2026-11-22", "day"), ("yesterday at 2:02 pm", "2026-11-24 14:02", "minute"),
        ("May 3, 2019 at 10:14 AM", "2019-05-03 10:14", "minute"),
        ("an hour ago", "2026-11-25 12:00", "hour"),
        ("Tuesday, May 3", "2022-05-03", "day"), ("3rd of May 2019", "2019-05-03", "day"),
        ("last week", "2026-11-18", "day"),
    ],
    "nl": [
        ("10 maanden geleden", "2026-01-01", "month"),
        ("gisteren om 14:02", "2026-11-24 14:02", "minute"),
        ("3 wk.", "2026-11-04", "day"), ("2 u", "2026-11-25 11:00", "hour"),
        ("5 d", "2026-11-20", "day"), ("1 mnd", "2026-10-01", "month"),
        ("3 jaar, 10 maanden geleden", "2023-01-01", "month"),
        ("dinsdag, 3 mei", "2022-05-03", "day"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "text", "moment", "precision"),
    [(language, *row) for language, rows in WORDS.items() for row in rows],
)
def test_the_words_of_a_language_are_read_on_its_pages(
    language: str, text: str, moment: str, precision: str
) -> None:
    found = read_date(text, Reference(NOW, language))
    assert found is not None
    local = found.moment.astimezone(ZoneInfo("Europe/Amsterdam"))
    assert (f"{local:%Y-%m-%d %H:%M}".removesuffix(" 00:00"), found.precision) == (
        moment,
        precision,
    )
    assert found.raw == text


@pytest.mark.parametrize("language", ["nl", "en-US", "pl", None])
@pytest.mark.parametrize(
    "text",
    ["vor 3 Tagen", "il y a 3 jours", "hace 3 días", "vorgestern", "avant-hier", "anteayer"],
)
def test_words_of_one_language_only_are_read_on_pages_that_claim_another(
    language: str | None, text: str
) -> None:
    found = read_date(text, Reference(NOW, language))
    assert found is not None
    assert found.precision == "day"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("nl", "hier"), ("nl", "hier 3 mei"), ("fr", "sept"), ("nl", "12:30"), ("de", "14 Uhr"),
        ("fr", "14h02"), ("en", "6:01 AM"),
        ("nl", "3 dagen"), ("nl", "5 min"), ("en", "PHP 8.2.12"), ("en", "10.12.20.13"),
        ("es", "hace mucho"), ("en", "Invalid Date"),
        ("en", "IP: 84.12.20.13"), ("en", "version 2.10.2013"), ("de", "Version 5.4.12"),
        ("en", "June 14, 20241 yr"),
    ],
)  # fmt: skip
def test_what_is_no_date_in_any_language(language: str, text: str) -> None:
    assert read_date(text, Reference(NOW, language)) is None


@pytest.mark.parametrize(
    ("texts", "language", "month_first"),
    [
        (["5/3/2014", "5/13/2014"], "nl", True), (["5/3/2014", "13/5/2014"], "en-US", False),
        (["5/3/2014"], None, False), (["5/3/2014"], "en-US", True),
        (["5/3/2014 10:21 AM"], "en", True),
        (["5/3/2014 10:21"], "en", False), (["5/3/2014 10:21 AM"], "nl", False),
        (["1/16/26, 10:46 AM"], "nl", True),
        (["12/1/2026", "11/3/2026"], "en-US", False), (["12/1/2026", "1/12/2026"], "nl", False),
        (["Fri 5/2/2014"], "nl", True), (["vr 2/5/2014"], "en-US",
            False),  # 2 May 2014 is a Friday, 5 February no Friday
        (["05-03-2014", "06-03-2014", "07-03-2014"], "en-US", False),
        (["03-05-2014", "03-06-2014", "03-07-2014"], "nl", True),
        (["https://voorbeeld.nl/2014/05/03/", "5/3/2014"], "nl", False),
        (["1.2.3.2014", "10.12.20.13"], "en", False),
        ([], "en-US", False), (["12/30/2013"], "nl", True), (["30.12.2013"], "en-US", False),
    ],
)  # fmt: skip
def test_all_dates_of_a_page_decide_whether_the_month_stands_first(
    texts: list[str], language: str | None, month_first: bool
) -> None:
    assert is_month_first(texts, language, NOW) is month_first


@pytest.mark.parametrize("text", ["5/3/2014", "5-3-2014", "5.3.2014", "5/3/14 10:21"])
def test_a_page_that_writes_the_month_first_is_read_so(text: str) -> None:
    found = read_date(text, Reference(NOW, "en", month_first=True))
    assert found is not None
    assert (found.moment.month, found.moment.day, found.raw) == (5, 3, text)
