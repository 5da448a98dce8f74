"""The facets as they are declared, and the band of every page."""

import pytest
from django.template import Context, Template

from search.dependences import index_for, indexed_models
from search.facets import FACETS, FACETS_BY_NAME, FacetValue, Order, in_order
from search.fields import Kind, describe_field
from search.grammar import DATES
from search.rows import ROW_FIELDS


def test_every_facet_has_an_index_field_of_exact_values():
    fields = {name: field for model in indexed_models() for name, field in index_for(model).fields.items()}
    for facet in FACETS:
        assert describe_field(fields[facet.field]).kind is Kind.EXACT, facet.name


def test_every_field_of_a_row_is_a_text_of_the_index():
    fields = {name: field for model in indexed_models() for name, field in index_for(model).fields.items()}
    for name, (_label, field) in ROW_FIELDS.items():
        if field == DATES:
            field = "date_written"  # where the words of what is no date are looked for
        assert describe_field(fields[field]).kind is Kind.TEXT, name


def test_no_facet_takes_the_name_of_another_parameter():
    taken = {"q", "in", "f", "from", "to", "certain", "undated", "sort", "page", "per_page", "add", "cancel", "find", "letter", "by", "values_page"}  # fmt: skip
    assert len(FACETS_BY_NAME) == len(FACETS)
    assert not taken & set(FACETS_BY_NAME)
    assert not {facet.field for facet in FACETS} & taken


def test_the_chosen_stand_first_then_the_commonest_then_by_name():
    values = [
        FacetValue("b", "Beta", 3),
        FacetValue("a", "alpha", 3),
        FacetValue("c", "Gamma", 9),
        FacetValue("d", "Delta", 0, is_chosen=True),
    ]
    for given in (values, values[::-1]):
        assert [value.label for value in in_order(FACETS_BY_NAME["person"], given)] == [
            "Delta",
            "Gamma",
            "alpha",
            "Beta",
        ]


def test_a_facet_of_fixed_order_keeps_it():
    facet = FACETS_BY_NAME["has"]
    assert facet.order is Order.FIXED
    values = [FacetValue("translation", "Translation", 90), FacetValue("scan", "Scan", 1, is_chosen=False)]
    assert [value.value for value in in_order(facet, values)] == ["scan", "translation"]


@pytest.mark.parametrize(("number", "words"), [(1, "All 1 person"), (2140, "All 2,140 people")])
def test_the_link_to_all_values_counts_them(number, words):
    from search.panels import Panel

    assert Panel(FACETS_BY_NAME["person"], (), number, is_open=True).all_label == words


class Shelf:
    slug, title = "sino-japanese-relations", "Sino-Japanese Relations"


def band(tag: str, **context) -> str:
    return Template("{% load search_tags %}{% " + tag + " %}").render(Context(context))


def test_the_band_searches_everything_unless_told_otherwise():
    assert '<option value="everything" selected>' in band("search_band")
    assert '<option value="people" selected>' in band('search_band scope="people"')


def test_the_band_of_a_collection_searches_that_collection():
    html = band("search_band collection=shelf", shelf=Shelf)
    assert '<option value="collection:sino-japanese-relations" selected>This collection</option>' in html
    assert 'placeholder="Search in Sino-Japanese Relations"' in html
