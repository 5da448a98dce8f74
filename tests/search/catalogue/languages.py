"""One report in each of many languages, each with its transcript in it, and an index that says which that is."""

from __future__ import annotations

from dataclasses import dataclass

from haystack.utils.loading import UnifiedIndex

from search.engines.elasticsearch import ElasticsearchEngine
from search.fields import StoredField
from tests.search.catalogue.indexes import ReportIndex
from tests.search.catalogue.models import Report


class TranscriptIndex(ReportIndex):
    transcript_languages = StoredField(model_attr="languages")


class LanguagesIndex(UnifiedIndex):
    def collect_indexes(self):
        return [TranscriptIndex()]


class LanguagesEngine(ElasticsearchEngine):
    unified_index = LanguagesIndex


@dataclass(frozen=True)
class Text:
    """A transcript, and other forms of its words that a reader of the language would expect to find it by."""

    language: str
    transcript: str
    forms: tuple[str, ...]


TEXTS = (
    Text("rus", "Советско-китайские переговоры о договоре. Н. С. Хрущёв.", ("переговоров", "договор", "хрущев")),
    Text("bul", "Преговорите за границата", ("преговори", "граница")),
    Text("ger", "Die Verhandlungen über den Vertrag in Straßburg", ("Verhandlung", "Verträge", "Strassburg")),
    Text("fre", "Les négociations commerciales à Genève", ("négociation", "negociation", "commercial")),
    Text("spa", "Las relaciones diplomáticas con Cuba", ("relación", "diplomático", "relacion")),
    Text("ita", "I rapporti diplomatici con la Jugoslavia", ("rapporto", "diplomatico")),
    Text("por", "As negociações sobre Angola e os prisioneiros", ("negociação", "negociacao", "prisioneiro")),
    Text("dut", "De onderhandelingen over Indonesië", ("onderhandeling", "Indonesie")),
    Text("swe", "Förhandlingar om förbindelserna", ("förhandling", "förbindelser")),
    Text("dan", "Forhandlingerne i København", ("forhandling", "Kobenhavn")),
    Text("nor", "Forhandlinger med Sovjetunionen om fiskeriene", ("forhandling", "fiskeri")),
    Text("fin", "Neuvottelut rajasta", ("neuvottelu", "raja")),
    Text("hun", "A tárgyalások és szerződések", ("tárgyalás", "szerződés")),
    Text("rum", "Relațiile româno-sovietice, discuțiile de la București", ("relație", "discuții", "Bucuresti")),
    Text("cze", "Rozhovory o hranicích a smlouvy", ("rozhovor", "hranice", "smlouva")),
    Text("tur", "Türk-Sovyet ilişkileri ve görüşmeler", ("ilişki", "görüşme", "iliski")),
    Text("gre", "Οι συνθήκες και οι σχέσεις", ("συνθήκη", "σχεση")),
    Text("ara", "المفاوضات مع الوفد السوفياتي", ("مفاوضات", "وفد")),
    Text("per", "گفتگوهای تهران", ("گفتگو",)),
    Text("hin", "भारत और चीन की वार्ताओं", ("वार्ता",)),
    Text("ind", "Perundingan tentang perbatasan", ("berunding", "batas")),
    Text("est", "Läbirääkimised piiri üle", ("läbirääkimine",)),
    Text("lav", "Sarunas par robežām", ("saruna", "robeža")),
    Text("lit", "Derybos Vilniuje dėl sienos", ("derybų", "siena")),
    Text("cat", "Les negociacions i les relacions", ("negociació", "relació")),
    Text("arm", "Բանակցություններ Երևանում", ("Երևան",)),
    Text("pol", "Rozmowy w Łodzi", ("rozmowy", "Lodzi")),
    Text("chi", "毛泽东会见日本代表团。", ("毛泽东", "日本代表", "会")),
)  # fmt: skip

#: More true words of each language that is stemmed: what an archive of diplomacy has most of.
SENTENCES = {
    "ara": "المفاوضات مع الوفد السوفياتي والسفير أبلغ الحكومة بالاتفاقيات وقرارات المؤتمر للوزراء",
    "arm": "Բանակցություններ Երևանում դեսպանները տեղեկացրին կառավարությանը պայմանագրերի մասին որոշումները",
    "bul": "Преговорите за границата между правителството и посланиците. Споразумението на министрите беше подписано в столицата, градове, войници, български дипломати, отношенията, решенията, ръководителите",
    "cat": "Les negociacions i les relacions. Els ambaixadors van informar el govern dels acords i les decisions, nació",
    "cze": "Rozhovory o hranicích a smlouvy. Velvyslanci informovali vládu o jednáních ministrů, diplomatických vztahů, československého vedení, dopisem, knihách, městech, mužům, otcův, matčin, vojáků",
    "dan": "Forhandlingerne i København. Ambassadørerne underrettede regeringen om aftalerne og ministrenes møder",
    "dut": "De onderhandelingen over Indonesië. De ambassadeurs berichtten de regering over verdragen en betrekkingen, steden huizen",
    "est": "Läbirääkimised piiri üle. Suursaadikud teatasid valitsusele lepingutest ja suhetest linnades",
    "fin": "Neuvottelut rajasta. Suurlähettiläät ilmoittivat hallitukselle sopimuksista ja suhteista kaupungeissa",
    "fre": "Les négociations commerciales à Genève. Les ambassadeurs informèrent le gouvernement des accords signés et des relations générales nationaux",
    "ger": "Die Verhandlungen über den Vertrag in Straßburg. Botschafter berichteten der Regierung über die Beziehungen und Häuser der Ministerien",
    "gre": "Οι συνθήκες και οι σχέσεις. Οι πρεσβευτές ενημέρωσαν την κυβέρνηση για τις διαπραγματεύσεις των υπουργών πόλεις",
    "hin": "भारत और चीन की वार्ताओं राजदूतों ने सरकार को समझौतों और संबंधों के बारे में बताया सीमाओं",
    "hun": "A tárgyalások és szerződések. A nagykövetek tájékoztatták a kormányt a megállapodásokról és kapcsolatokról, városokban",
    "ind": "Perundingan tentang perbatasan. Duta besar memberitahukan kepada pemerintah mengenai perjanjian dan keputusan pertemuan para menteri",
    "ita": "I rapporti diplomatici con la Jugoslavia. Gli ambasciatori comunicarono al governo le decisioni della conferenza e gli accordi",
    "lav": "Sarunas par robežām. Vēstnieki ziņoja valdībai par līgumiem un ministru lēmumiem, pilsētās, attiecībām, brāļu, upju, sarunām",
    "lit": "Derybos Vilniuje dėl sienos. Ambasadoriai pranešė vyriausybei apie sutartis ir santykius miestuose derybų",
    "nor": "Forhandlinger med Sovjetunionen om fiskeriene. Ambassadørene underrettet regjeringen om avtalene og møtene",
    "per": "گفتگوهای تهران سفیران دولت را از قراردادها و تصمیم‌های کنفرانس آگاه کردند روابط",
    "por": "As negociações sobre Angola e os prisioneiros. Os embaixadores informaram o governo das relações e nações irmãos",
    "rum": "Relațiile româno-sovietice, discuțiile de la București. Ambasadorii au informat guvernul despre tratatele și acordurile miniștrilor",
    "rus": "Советско-китайские переговоры о договоре, посол Хрущёв сообщил правительству о заявлениях делегации и решениях совещания",
    "spa": "Las relaciones diplomáticas con Cuba. Los embajadores informaron al gobierno sobre las negociaciones y acuerdos comerciales, naciones",
    "swe": "Förhandlingar om förbindelserna. Ambassadörerna underrättade regeringen om avtalen och ministrarnas möten",
    "tur": "Türk-Sovyet ilişkileri ve görüşmeler. Büyükelçiler hükümete antlaşmaları ve kararlarını bildirdiler şehirlerinde",
}  # fmt: skip


def reports() -> list[Report]:
    return [
        Report(pk=number, title=f"Record {number}", transcripts=[text.transcript], languages=[text.language])
        for number, text in enumerate(TEXTS, start=1)
    ]
