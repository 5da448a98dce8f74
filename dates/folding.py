"""Text brought to one spelling: width, dashes, spaces, case, accents, figures of other scripts."""

import re
import unicodedata

# An en dash between years is a printer's span, a hyphen is also ISO's: the two are kept apart, other kinds joined.
_HYPHENS = dict.fromkeys(map(ord, "‐‑⁃−﹣－˗"), "-")
_DASHES = dict.fromkeys(map(ord, "‒–—―⸺⸻﹘〜～ーｰ"), "–")
_MARKS = {
    ord("’"): "'",
    ord("‘"): "'",
    ord("ʼ"): "'",
    ord("′"): "'",
    **dict.fromkeys(map(ord, "„“”‟«»"), '"'),
    ord("。"): ".",
}
_BRACKETS = {ord("【"): "[", ord("】"): "]", ord("〔"): "[", ord("〕"): "]", ord("〈"): "[", ord("〉"): "]"}
_SIGNS = {**_HYPHENS, **_DASHES, **_MARKS, **_BRACKETS}

# East Asian letters keep their marks: a syllable of Hangul or kana is not a letter with an accent.
_EAST_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def fold(text: str) -> str:
    """The text as the tables spell it: "Février" is "fevrier", "１９５５" is "1955", every long dash is "–"."""
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text.translate(_SIGNS)).translate(_SIGNS)
    return " ".join("".join(_plain(char) for char in text).split())


def _plain(char: str) -> str:
    if char.isascii():
        return char.lower()
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category in ("Cf", "Mn"):  # marks of direction, soft hyphens, loose accents
        return ""
    if category in ("Zs", "Zl", "Zp"):
        return " "
    if _EAST_ASIAN.match(char):
        return char
    return "".join(
        part for part in unicodedata.normalize("NFKD", char.casefold()) if not unicodedata.combining(part)
    )


_NUMERAL_VALUES = {
    **{char: number for number, char in enumerate("〇一二三四五六七八九")},
    "○": 0,
    "零": 0,
    "元": 1,
    "两": 2,
}
_CHINESE_NUMBER = re.compile(
    r"[〇○零元一二三四五六七八九十廿卅]+(?=\s?(?:年|月|日|号|號|世纪|世紀|时|時|点|點|分|旬|、))"
)
_ERAS = {"民国": 1911, "民國": 1911, "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
# 1956年2、3月 is February and March.
_MONTHS = re.compile(r"(?<=年)\s?(\d{1,2})(?=、\s?\d{1,2}\s?月)")
_ERA_YEAR = re.compile(rf"({'|'.join(_ERAS)})\s?(\d{{1,3}})(?=\s?年)")


def chinese_figures(text: str) -> str:
    """Chinese numerals before 年, 月, 日 as figures, and years of eras as years of the common calendar."""
    text = _CHINESE_NUMBER.sub(lambda match: _chinese_number(match[0]), text)
    text = _MONTHS.sub(r"\1月", text)
    return _ERA_YEAR.sub(lambda match: f"{_ERAS[match[1]] + int(match[2]):04}", text)


def _chinese_number(numeral: str) -> str:
    """一九五六 is 1956, 二十四 is 24, 廿四 is 24; anything else is left as it stands."""
    numeral = numeral.replace("廿", "二十").replace("卅", "三十")
    if "十" not in numeral:
        return "".join(str(_NUMERAL_VALUES[char]) for char in numeral)
    tens, _, ones = numeral.partition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in ones:
        return numeral
    return str(10 * (_NUMERAL_VALUES[tens] if tens else 1) + (_NUMERAL_VALUES[ones] if ones else 0))
