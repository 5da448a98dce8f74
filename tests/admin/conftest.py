import pytest
from django.test import Client

from tests.admin.pages import logged_in, with_role


@pytest.fixture
def editor(db: None) -> Client:
    """Logged in as an editor."""
    return logged_in(with_role("Editor"))


@pytest.fixture
def curator(db: None) -> Client:
    """Logged in as a curator."""
    return logged_in(with_role("Curator"))
