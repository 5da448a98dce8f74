"""Addresses of records whose names differ in nothing that an address shows."""

import threading
from contextlib import nullcontext

import pytest
from django.db import IntegrityError, connection, transaction

from people.models import Person
from records import slugs


@pytest.mark.parametrize("in_transaction", [False, pytest.param(True, marks=pytest.mark.postgresql)])
@pytest.mark.django_db(transaction=True)
def test_two_that_would_have_one_address_are_both_saved_at_once(monkeypatch, in_transaction):
    both_chose = threading.Barrier(2, timeout=20)
    chosen: list[str] = []
    errors: list[Exception] = []

    def choose(*arguments):
        slug = free_slug(*arguments)
        chosen.append(slug)
        if len(chosen) <= 2:
            both_chose.wait()
        return slug

    def save(name: str) -> None:
        try:
            with transaction.atomic() if in_transaction else nullcontext():
                Person(name=name).save()
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    free_slug = slugs.free_slug
    monkeypatch.setattr(slugs, "free_slug", choose)
    threads = [threading.Thread(target=save, args=[name]) for name in ("Zhou Enlai", "Zhou, Enlai")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert chosen == ["zhou-enlai", "zhou-enlai", "zhou-enlai-2"], "they did not meet"
    assert sorted(Person.objects.values_list("slug", flat=True)) == ["zhou-enlai", "zhou-enlai-2"]


@pytest.mark.django_db
def test_another_rule_that_is_broken_is_not_taken_for_that():
    known = Person.objects.create(name="Zhou Enlai")
    with pytest.raises(IntegrityError), transaction.atomic():
        Person(pk=known.pk, name="Mao Zedong").save(force_insert=True)
