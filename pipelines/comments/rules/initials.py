"""Initials that a page shows where it has no picture of an author: "HJ" beside "Henk Jansen"."""

MOST_LETTERS = 3


def are_letters(text: str) -> bool:
    """Return whether *text* can be initials: one to three letters, some with a stop behind."""
    letters = text.replace(".", "").replace(" ", "")
    return 0 < len(letters) <= MOST_LETTERS and letters.isalpha()


def are_initials(text: str, name: str) -> bool:
    """Return whether *text*, of a few letters, abbreviates a longer *name*: it begins as its first
    word does, and each further letter begins another word, or is in the first.
    """
    letters = text.replace(".", "").replace(" ", "").casefold()
    words = name.casefold().split()
    if not words or len(letters) >= len("".join(words)):
        return False
    if "".join(words).startswith(letters):
        return True
    behind = "".join(word[0] for word in words[1:])
    return words[0].startswith(letters[0]) and all(one in behind for one in letters[1:])
