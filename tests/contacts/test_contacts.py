"""Masking: contact details go, dates, prices and scores stay."""

import pytest

from storage.contacts import mask_contacts


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Mail jan.de-vries@voorbeeld.nl even", "Mail [mail] even"),
        ("info (at) voorbeeld.example", "[mail]"),
        ("Bel 06-12345678!", "Bel [telefoon]!"),
        ("Bel 06 12 34 56 78 of +31 6 12345678.", "Bel [telefoon] of [telefoon]."),
        ("(020) 123 45 67 en 0031-20-1234567", "[telefoon] en [telefoon]"),
        ("Ik woon op de Dorpsstraat 12a, 1234 AB Zaandam.", "Ik woon op de [adres], [postcode]."),
        ("Kom naar Lange Voorhout Plein 3", "Kom naar [adres]"),
    ],
)
def test_contact_details_are_masked(text: str, masked: str) -> None:
    assert mask_contacts(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "Op 30-12-2013 om 10:21 kostte het 1.250.000 euro.",
        "De A9 is 1200 meter lang; in 1984 EN 1985 ook.",
        "@Joost: 3-0, 020 was beter.",
        "Zie artikel 0123456.",
        "Het is 12 straten verder, die straat.",
    ],
)
def test_what_is_no_contact_stays(text: str) -> None:
    assert mask_contacts(text) == text
