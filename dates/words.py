"""The words of dates, by language. Every word is folded (`dates.folding.fold`) when the table is built."""

from dates.folding import fold

# Full names and the abbreviations in use; nominative, and genitive where the language has one.
MONTHS = {
    1: "january jan januar janner janvier janv январь января янв enero ene gennaio gen janeiro"
    " styczeń stycznia leden ledna januari ianuarie януари január січень січня",
    2: "february feb febr februar feber fevrier fevr февраль февраля фев февр febrero febbraio febb fevereiro fev"
    " luty lutego únor února februari februarie февруари február лютий лютого",
    3: "march mar mär märz maerz mars март марта мар mrz marzo março marco marzec marca březen března maart martie"
    " március марти березень березня",
    4: "april apr avril avr апрель апреля апр abril abr aprile kwiecień kwietnia duben dubna aprilie април április"
    " квітень квітня",
    5: "may mai май мая mayo maggio mag maio maj maja květen května mei május травень травня",
    6: "june jun juni juin июнь июня июн junio giugno giu junho czerwiec czerwca červen června iunie юни június"
    " червень червня",
    7: "july jul juli juillet juil juill июль июля июл julio luglio lug julho lipiec lipca červenec července iulie юли"
    " július липень липня",
    8: "august aug août август августа авг agosto ago sierpień sierpnia srpen srpna augustus augusti augusztus"
    " серпень серпня",
    9: "september sept sep septembre сентябрь сентября сен сент septiembre setiembre settembre sett setembro"
    " wrzesień września září septembrie септември szeptember вересень вересня",
    10: "october oct oktober okt octobre октябрь октября окт octubre ottobre ott outubro październik października"
    " říjen října octombrie октомври október жовтень жовтня",
    11: "november nov novembre ноябрь ноября ноя нояб noviembre novembro listopad listopada listopadu noiembrie"
    " ноември листопада",
    12: "december dec dezember dez décembre декабрь декабря дек diciembre dic dicembre dezembro grudzień grudnia"
    " prosinec prosince decembrie декември грудень грудня",
}

SEASONS = {
    21: "spring frühling frühjahr fruehling fruehjahr printemps весна весны весной весну primavera 春 春季 春天 봄",
    22: "summer sommer été лето лета летом verano estate 夏 夏季 夏天 여름",
    23: "autumn fall herbst automne осень осени осенью otoño autunno 秋 秋季 秋天 가을",
    24: "winter hiver зима зимы зимой зиму invierno inverno 冬 冬季 冬天 겨울",
}

# Words that change what a date means. "c" and the like also stand with a full stop, which is dropped.
MEANINGS = {
    "circa": "circa ca c cca approx approximately about around roughly etwa zirka ungefähr um vers environ env около"
    " ок примерно приблизительно hacia aprox aproximadamente verso intorno alrededor gegen 约 約 大约 大約 大概 左右 前后 前後"
    " 頃 ごろ 약 경 무렵",
    "perhaps": "perhaps probably prob possibly maybe presumably likely uncertain wohl vermutlich wahrscheinlich"
    " probablement peutetre вероятно возможно предположительно видимо quizás probablemente probabilmente forse"
    " 可能 推定 아마",
    "before": "before pre vor avant ранее раньше antes prima",
    "laterbefore": "以前 之前 前 이전",
    "by": "by spätestens к",
    "after": "after post nach après после позднее позже después dopo",
    "laterafter": "以后 以後 之后 之後 后 後 이후",
    "since": "since seit depuis desde",
    "latersince": "以来 以來 起 부터",
    "until": "until till til bis hasta fino",
    # Russian: before a date it is strictly before, between two it is to.
    "beforeorto": "до",
    "from": "from von vom ab с со dal dalla 从 從 自",
    "between": "between zwischen entre между tra fra",
    "to": "to thru through au al по à a 至 到 から",
    # "1. u. 2. Mai" is German. Spanish has "u" for "or" only before a word in o: see the phrases.
    "and": "and & und u et и y e 和 及 と",
    "or": "or oder ou или o 或 或者 または",
    "early": "early beginning start anfang начало начале début principios inizio 初 年初 初期 上旬 초",
    "mid": "mid middle mitte milieu середина середине mi mediados metà 中 中期 中旬 중",
    "late": "late end ende конец конце fin finales fine 末 底 年末 年底 末期 下旬 말",
    "laterfrom": "onward onwards",
    "present": "present now heute presente настоящее 今",
    "laterplus": "orlater",
    "laterminus": "orearlier",
    "yearsign": "年 년",
    "monthsign": "月 월",
    "daysign": "日 号 號 일",
    "undated": "undated ndated",
    "relative": "last next this recent recently today yesterday letzten letzter letztes nächsten dernier"
    " dernière прошлой прошлого прошлым прошлом 去年 今年 昨日 今日",
    "noise": "sometime the of on in at dated date year day month am im der den dem des de du d le la les l el los en del il"
    " jahr jahre jahren jahres année год года году годы годов гг г рік року роки років рр р в во ad ce anno mese mes día dia jour"
    " jours mois em 的 於 于 の に 公元 西元",
    "weekday": "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed weds thu thur thurs fri sat"
    " sun montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi"
    " samedi dimanche понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье пн вт ср чт"
    " пт сб вс lunes martes miércoles jueves viernes sábado domingo lunedì martedì mercoledì giovedì venerdì sabato"
    " domenica 星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日"
    " 周一 周二 周三 周四 周五 周六 周日 월요일 화요일 수요일 목요일 금요일 토요일 일요일",
}

# Said in several words; the longest is tried first.
PHRASES = {
    "prior to": "before",
    "no later than": "by",
    "not later than": "by",
    "not after": "by",
    "up to": "until",
    "au plus tard": "by",
    "не позднее": "by",
    "не позже": "by",
    "not before": "since",
    "not earlier than": "since",
    "no earlier than": "since",
    "не ранее": "since",
    "не раньше": "since",
    "a partir de": "from",
    "starting from": "from",
    "and later": "orlater",
    "or later": "orlater",
    "or after": "orlater",
    "and after": "orlater",
    "oder spater": "orlater",
    "or earlier": "orearlier",
    "or before": "orearlier",
    "and earlier": "orearlier",
    "and before": "orearlier",
    "oder fruher": "orearlier",
    "peut-etre": "perhaps",
    "alrededor de": "circa",
    "antes de": "before",
    "despues de": "after",
    "fino a": "until",
    "u octubre": "or octubre",
}

# What "no date" looks like when everything but letters is left out.
NO_DATE = (
    "undated nd ndd notdated nodate nodategiven dateunknown unknown unknowndate dateuncertain ohnedatum od odat undatiert"
    " nichtdatiert oj sd sansdate sinfecha sf senzadata sindata s.d бд бездаты недатировано неизвестно датанеизвестна 日期不详 日期不詳"
    " 无日期 無日期 未署日期 不详 不詳 日付なし 日付不明 날짜없음 날짜미상 미상"
)

ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)


def _table(groups: dict, kind: str) -> dict[str, tuple[str, int]]:
    return {fold(word): (kind, value) for value, words in groups.items() for word in words.split()}


WORDS: dict[str, tuple[str, int]] = {
    **{fold(word): (kind, 0) for kind, words in MEANINGS.items() for word in words.split()},
    **_table(SEASONS, "season"),
    **_table(MONTHS, "month"),
}

NO_DATE_WORDS = frozenset(fold(word).replace(".", "") for word in NO_DATE.split())
ORDINAL_WORDS = {word: number for number, word in enumerate(ORDINALS.split())}
