"""Addresses made after a pattern are those that Django makes."""

import pytest
from django.urls import reverse, set_script_prefix

from records.addresses import address_of


@pytest.mark.parametrize("prefix", ["/", "/archive/", "/100%25/"])
def test_a_pattern_makes_the_addresses_that_reverse_makes(prefix):
    set_script_prefix(prefix)
    try:
        for record_id, slug in (
            (1, "telegram"),
            (7_310_463_995, "stand-in-1-7310463995"),
            (0, "a"),
            (987654321, "x" * 200),
            (13, "1_2-3"),
        ):
            expected = reverse("documents:document", args=[record_id, slug])
            assert address_of("documents:document", record_id, slug) == expected
        for slug in ("talks", "stand-in-1-7310463995"):
            assert address_of("collections:collection", slug) == reverse(
                "collections:collection", args=[slug]
            )
    finally:
        set_script_prefix("/")
