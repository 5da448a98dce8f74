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
    #: Whether the stemmer that marks passages knows what the engine's knows.
    is_marked: bool = True


TEXTS = (
    Text("rus", "Советско-китайские переговоры о договоре. Н. С. Хрущёв.", ("переговоров", "договор", "хрущев")),
    Text("bul", "Преговорите за границата", ("преговори", "граница"), is_marked=False),
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
    Text("cze", "Rozhovory o hranicích a smlouvy", ("rozhovor", "hranice", "smlouva"), is_marked=False),
    Text("tur", "Türk-Sovyet ilişkileri ve görüşmeler", ("ilişki", "görüşme", "iliski")),
    Text("gre", "Οι συνθήκες και οι σχέσεις", ("συνθήκη", "σχεση")),
    Text("ara", "المفاوضات مع الوفد السوفياتي", ("مفاوضات", "وفد")),
    Text("per", "گفتگوهای تهران", ("گفتگو",)),
    Text("hin", "भारत और चीन की वार्ताओं", ("वार्ता",)),
    Text("ind", "Perundingan tentang perbatasan", ("berunding", "batas")),
    Text("est", "Läbirääkimised piiri üle", ("läbirääkimine",)),
    Text("lav", "Sarunas par robežām", ("saruna", "robeža"), is_marked=False),
    Text("lit", "Derybos Vilniuje dėl sienos", ("derybų", "siena")),
    Text("cat", "Les negociacions i les relacions", ("negociació", "relació")),
    Text("arm", "Բանակցություններ Երևանում", ("Երևան",)),
    Text("pol", "Rozmowy w Łodzi", ("rozmowy", "Lodzi")),
    Text("chi", "毛泽东会见日本代表团。", ("毛泽东", "日本代表", "会")),
)  # fmt: skip


def reports() -> list[Report]:
    return [
        Report(pk=number, title=f"Record {number}", transcripts=[text.transcript], languages=[text.language])
        for number, text in enumerate(TEXTS, start=1)
    ]
