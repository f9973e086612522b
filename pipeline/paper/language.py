"""In which language a text is written, told by its commonest words or by its script."""

from __future__ import annotations

import re
from collections import Counter

from pipeline.errors import LanguageError

#: Fewer words than this and a text says less about its language than its tag does.
ENOUGH_WORDS = 20

_STOP_WORDS = {
    "en": "the of and to in is that for with was as by were are this from be which have not we these at on",
    "es": "el la los las de y que en del se por con para una un es su al como más lo entre sus fue son",
    "pt": "o a os as de e que em do da dos das no na nos nas um uma para com por não ao se é foi são como",
    "fr": "le la les de des et du en un une que dans par pour est sur au aux qui ce cette avec plus ne ont",
    "de": "der die das und in den von zu mit ist des im für auf dem ein eine nicht werden wurde sich bei",
    "it": "il la di e che in del della dei delle un una per con è sono nel nella alla gli le i non più da",
    "nl": "de het een van en in is dat op te voor met zijn die niet aan door bij als ook werd naar uit",
    "pl": "i w z na do się jest nie że oraz po od dla przez przy był były było są które ich jako lub tym u ze",
    "cs": "a v na se je že s z do ve pro byl byla bylo byly jsou jako nebo které který při po ke k od u není",
    "tr": "ve bir bu ile için olarak da de olan çok daha en her gibi göre arasında kadar veya ise sonra değil",
    "sv": "och i att det som en på är av för med den till inte om ett han var vid från hade eller har kan",
    "da": "og i at det som en på er af for med den til ikke om et var ved fra havde eller har kan blev der",
    "no": "og i å det som en på er av for med den til ikke om et var ved fra hadde eller har kan ble der",
    "fi": "ja on ei se että oli tai myös sekä joka kun mutta ovat kuin jotka olivat tämä niiden sen voidaan",
    "hu": "a az és hogy nem egy is volt voltak mint vagy csak ez azt meg el ha de már között által szerint",
    "ro": "și în de la a cu pe din care este au fost sau nu mai prin pentru o un sunt al ale ca între după",
    "id": "dan yang di dengan pada untuk dari ini dalam adalah tidak oleh atau sebagai terhadap ke itu dapat",
}
_LANGUAGES_OF = {
    word: tuple(code for code, words in _STOP_WORDS.items() if word in words.split())
    for words in _STOP_WORDS.values()
    for word in words.split()
}
_TITLE_ENGLISH = frozenset("the of and in on for with by from to".split())
_TITLE_NOT_ENGLISH = frozenset(
    "de la el los las da do das dos del e y und der die des du les et een het van".split()
)
_LONGEST_TITLE = 60
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
#: Letters that tell languages of one script apart: each has them often, and the one above never.
_OWN_LETTERS = {
    "ru": (("uk", re.compile(r"[іїєґ]", re.IGNORECASE)),),
    "ar": (("fa", re.compile(r"[پچژگ]")),),
}
#: A text of so many words of which fewer than this share are common English ones is not English, whatever its tag.
_MANY_WORDS, _LEAST_ENGLISH = 100, 0.08
#: The code of ISO 639-2 for a language that was not made out.
UNKNOWN = "und"
_NAMES = {
    "en": "English", "es": "Spanish", "pt": "Portuguese", "fr": "French", "de": "German", "it": "Italian",
    "nl": "Dutch", "ja": "Japanese", "zh": "Chinese", "ko": "Korean", "ru": "Russian", "ar": "Arabic",
    "el": "Greek", "pl": "Polish", "tr": "Turkish", "cs": "Czech", "sv": "Swedish", "da": "Danish",
    "no": "Norwegian", "fi": "Finnish", "hu": "Hungarian", "uk": "Ukrainian", "fa": "Persian",
    "ro": "Romanian", "id": "Indonesian", "he": "Hebrew", "hi": "Hindi", "th": "Thai",
    UNKNOWN: "a language other than English",
}  # fmt: skip


def language_of(text: str, *, tag: str = "en") -> str:
    """The language of `text`, ISO 639-1. Where its words are too few or unknown: the file's `tag`.

    A long text that has not the words of English is `UNKNOWN` where its tag says English.
    """
    letters = re.findall(r"[^\W\d_]", text)
    for code, script in _SCRIPTS:
        # Greek letters abound in English papers; a Greek text is made of little else.
        if letters and len(script.findall(text)) > 0.3 * len(letters):
            return _by_letters(code, text)
    words = re.findall(r"[^\W\d_]+", text.lower())
    if len(words) < ENOUGH_WORDS:
        return tag[:2].lower()
    counts: Counter[str] = Counter()
    for word in words:
        for code in _LANGUAGES_OF.get(word, ()):
            counts[code] += 1
    best = max(_STOP_WORDS, key=lambda code: counts[code])
    if counts[best] >= 0.1 * len(words):
        return best
    said = tag[:2].lower()
    foreign = len(words) >= _MANY_WORDS and counts["en"] < _LEAST_ENGLISH * len(words)
    return UNKNOWN if said == "en" and foreign else said


def _by_letters(code: str, text: str) -> str:
    """`code`, or the language of the same script that has letters of its own, one in a hundred at least."""
    for other, own in _OWN_LETTERS.get(code, ()):
        if len(own.findall(text)) > 0.01 * len(text):
            return other
    return code


def is_english_title(text: str) -> bool:
    """Whether `text`, a line beside a title in another language, is that title in English.

    It is too short to be counted as `language_of` does; a paragraph is no title.
    """
    words = re.findall(r"[^\W\d_]+", text)
    # "E. coli" is no Portuguese "e".
    lowered = {word if len(word) == 1 else word.lower() for word in words}
    return (
        len(words) <= _LONGEST_TITLE and bool(lowered & _TITLE_ENGLISH) and not lowered & _TITLE_NOT_ENGLISH
    )


def name_of(code: str) -> str:
    """The English name of a language given by its ISO 639-1 code; for one that isn't listed, that it is no English."""
    return _NAMES.get(code, _NAMES[UNKNOWN])


def told_from_abstract(code: str) -> str:
    """The note that a viewer is owed when a paper in another language is told from its English abstract."""
    return f"Told from the English abstract: the paper is in {name_of(code)}."


def untold(code: str) -> LanguageError:
    """The refusal of a paper in another language that has no English abstract."""
    return LanguageError(
        f"This paper is in {name_of(code)} and has no English abstract.",
        "Only English can be narrated so far: hand in an English version of the paper.",
    )
