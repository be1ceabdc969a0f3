"""Secrets in addresses stay out of messages."""

import pytest

from storage.database import Archive, ArchiveUnavailable
from storage.shown import shown
from storage.warc import StoreUnavailable, check_store

SECRET = "geheim-42"  # noqa: S105  # of the test's own making
WITH_SECRETS = [
    f"postgresql://wie:{SECRET}@host/naam",
    f"postgresql://host/naam?password={SECRET}",
    f"postgresql://host/naam?user=wie&password={SECRET}&sslmode=require",
    f"postgresql://host/naam?sslpassword={SECRET}",
    f"postgresql+psycopg://wie:{SECRET}@[::1]:5432/naam",
    f"host=x user=wie password={SECRET}",
    f"mysql://wie:{SECRET}@host/naam",
    f"s3://sleutel:{SECRET}@emmer/map",
    f"s3://emmer/map?key=AKIA&secret={SECRET}",
    f"s3://emmer/map?aws_secret_access_key={SECRET}",
    f"gs://emmer/map?token={SECRET}",
    f"az://emmer/map?account_key={SECRET}",
    f"https://emmer.example/a?X-Amz-Signature={SECRET}&X-Amz-Date=1",
    f"https://emmer.example/a?sig={SECRET}",
    f"https://wie:{SECRET}@voorbeeld.example/",
    f"http://{SECRET}@voorbeeld.example/pad",
    f"http://wie:{SECRET}@proxy.example:8080",
    f"socks5://wie:{SECRET}@proxy.example:1080",
    f"tcp://wie:{SECRET}@cluster.example:8786",
    f"tls://cluster.example:8786?password={SECRET}",
    f"wie:{SECRET}@proxy.example:8080",
    f"https://a.example/?api_key={SECRET}",
    f"https://a.example/?access_token={SECRET}#x",
    f"ftp://wie:{SECRET}@a.example/b",
    f"postgresql://wie:{SECRET}/met/strepen@host/naam".replace("/met/strepen", ""),
    f"POSTGRESQL://wie:{SECRET}@host/naam",
    f"postgresql://wie:{SECRET}@een,twee:5433/naam",
    f"postgresql://wie:{SECRET}%40%3A@host/naam",
    f"postgresql://host/naam?PASSWORD={SECRET}",
    f"postgresql://host/naam?passfile=/a&password={SECRET}",
    f"host=x password='{SECRET}' dbname=naam",
    f"host=x password='een {SECRET} twee' dbname=naam",
    f'host=x password="{SECRET}" dbname=naam',
    f"host=x password='{SECRET}",
    f"s3://emmer/map?aws_session_token={SECRET}",
    f"https://emmer.example/a?X-Amz-Security-Token={SECRET}",
    f"https://emmer.example/a?Signature={SECRET}&Expires=1",
    f"https://a.example/?client_secret={SECRET}&client_id=7",
    f"https://a.example/?apikey={SECRET}",
    f"https://a.example/?auth={SECRET}",
    f"https://a.example/?pwd={SECRET}",
    f"https://a.example/?refresh_token={SECRET}",
    f"https://wie:{SECRET}@a.example:8443/?p=1#deel",
    f"ssh://wie:{SECRET}@a.example/b",
    f"postgresql://wie:ge/{SECRET}@host/naam",
    f"postgresql://wie:ge#{SECRET}@host/naam",
    f"postgresql://wie:ge?{SECRET}@host/naam",
    f"postgresql://wie:ge/h@{SECRET}@host/naam",
    f"//wie:{SECRET}@a.example/b",
    f"http:/wie:{SECRET}@a.example/b",
    f"http%3A%2F%2Fwie%3A{SECRET}%40a.example%2Fb",
    f"https://a.example/;jsessionid={SECRET}",
    f"https://a.example/?jwt={SECRET}&pw={SECRET}",
    f"password = {SECRET}",
    f"{{'aws_secret_access_key': '{SECRET}', 'region': 'x'}}",
    f'{{"key": "{SECRET}", "secret":"{SECRET}"}}',
    f"Authorization: Bearer {SECRET}",
    f"{{'Authorization': 'Basic {SECRET}'}}",
    f"Cookie: sid={SECRET}; andere={SECRET}",
]
PLAIN = [
    "https://www.voorbeeld.nl/2014/05/molen-draait/?p=12&page=2",
    "sqlite:////srv/knipsel/archive.db",
    "postgresql+psycopg://host/naam",
    "Run 1: 12 articles, 3 refused (no date): see 10:21 @ 30 dec.",
    "mail aan redactie@voorbeeld.nl",
    "http://127.0.0.1:8000/leden/@piet/ en http://a.example:8080/?wie=piet@b.example",
    "http://a.example/@piet/12: 10 reacties",
    "Robots: /dicht/ is closed; 12:30/13:00 @ huis",
]


@pytest.mark.parametrize("address", WITH_SECRETS)
def test_no_secret_of_an_address_is_shown(address: str) -> None:
    for said in (address, f"The archive {address} cannot be opened.", f"{address!r} is no URL"):
        assert SECRET not in shown(said), said
        assert shown(shown(said)) == shown(said)


@pytest.mark.parametrize("words", PLAIN)
def test_what_holds_no_secret_comes_back_as_it_is(words: str) -> None:
    assert shown(words) == words


@pytest.mark.parametrize("address", WITH_SECRETS)
def test_no_message_of_the_archive_or_a_store_holds_a_secret(address: str) -> None:
    if not address.startswith(("postgresql", "sqlite")) or "[::1]" in address:
        with pytest.raises(ArchiveUnavailable) as refusal:
            Archive.open(address)
        assert SECRET not in str(refusal.value)
    if "?" in address or "@" in address:
        with pytest.raises(StoreUnavailable) as fault:
            check_store(address)
        assert SECRET not in str(fault.value)
