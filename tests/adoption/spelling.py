"""How the same firm is typed by somebody else: slips, case, legal forms, accents, words swapped."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

_ACCENTS = str.maketrans("aeiou", "áéíóü")
_FORMS = {"Ltd": "Limited", "Inc": "Incorporated", "GmbH": "GmbH & Co. KG", "SARL": "S.A.R.L."}


def slip(name: str, dice: Random) -> str:
    """One letter of a long word lost, doubled, swapped with its neighbour or mistyped."""
    words = name.split()
    place = max(range(len(words) - 1), key=lambda index: len(words[index]))
    word, at = words[place], dice.randrange(1, len(words[place]) - 2)
    typed = {
        "lost": word[:at] + word[at + 1 :],
        "doubled": word[:at] + word[at] + word[at:],
        "swapped": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "mistyped": word[:at] + ("x" if word[at] != "x" else "z") + word[at + 1 :],
    }
    words[place] = dice.choice([one for one in typed.values() if one != word])
    return " ".join(words)


def shouted(name: str, _dice: Random) -> str:
    return name.upper()


def other_form(name: str, _dice: Random) -> str:
    """The legal form written out, shortened, or left out."""
    *words, form = name.split()
    return " ".join([*words, _FORMS[form]] if form in _FORMS else words)


def without_form(name: str, _dice: Random) -> str:
    return " ".join(name.split()[:-1])


def accented(name: str, dice: Random) -> str:
    """An accent on a letter of the first word, and a slip in what follows."""
    first, *rest = name.split()
    at = next(index for index in range(1, len(first)) if first[index] in "aeiou")
    marked = first[:at] + first[at].translate(_ACCENTS) + first[at + 1 :]
    return slip(" ".join([marked, *rest]), dice)


def swapped(name: str, _dice: Random) -> str:
    """`Joinery Harbour Ltd`: as a list sorts it."""
    first, second, *rest = name.split()
    return " ".join([second, first, *rest])


def punctuated(name: str, _dice: Random) -> str:
    first, *rest = name.split()
    return f"{first}-{' '.join(rest)}."


WAYS: tuple[Callable[[str, Random], str], ...] = (
    *(slip, shouted, other_form, without_form, accented, swapped, punctuated),
)
