"""Page numbers under a long list."""

from itertools import pairwise

import pytest

from records.paging import pager_numbers


@pytest.mark.parametrize(
    ("page", "pages", "numbers"),
    [
        (1, 1, [1]),
        (1, 6, [1, 2, 3, 4, 5, 6]),
        (1, 7, [1, 2, 3, 4, 0, 7]),
        (5, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (6, 20, [1, 0, 4, 5, 6, 7, 8, 0, 20]),
        (20, 20, [1, 0, 18, 19, 20]),
    ],
)
def test_nothing_is_left_out_without_a_sign(page, pages, numbers):
    assert pager_numbers(page, pages) == numbers


@pytest.mark.parametrize("pages", range(1, 30))
def test_numbers_ascend_and_gaps_are_told(pages):
    for page in range(1, pages + 1):
        named = pager_numbers(page, pages)
        assert {1, page, pages} <= set(named)
        for before, after in pairwise(named):
            assert 0 in (before, after) or after == before + 1
