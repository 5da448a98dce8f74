"""The indices behind one alias: the one that is searched, one that is being built, the one before.

``archive`` is an alias of ``archive-7``; while ``archive-8`` is being built it is ``archive.building``. Both
are written by their alias, and only if they are one, so that nothing ever makes an index by accident. The
one that was searched before is kept, closed to nobody, until the next rebuild is done.

Who fills an index does so by an alias of their own, ``archive-builder-…``. Only one can take it over from
another, and whoever lost it writes no more.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from search.engines.elasticsearch.schema import VERSION, analysis, mapping
from search.engines.elasticsearch.server import PATIENTLY, REBUILD, Server
from search.engines.errors import EngineError, IndexMissingError, IndexUnusableError, RebuildRunningError
from search.engines.rebuilding import Bookmark
from search.engines.request import WINDOW
from search.fields import FieldInfo

#: Deletes are remembered this long in an index that is being built, so that nothing older comes after them.
_REMEMBERED = "7d"
#: What is in an index that is being built is made ready for searches while more of it is prepared: to leave all of
#: it to the end took a fifth of the time, in which only the engine worked.
_WHILE_BUILDING = "3s"


@dataclass(frozen=True, slots=True)
class Generation:
    """One index as it stands."""

    name: str
    aliases: frozenset[str]
    meta: Mapping[str, Any]
    fields: frozenset[str]  # names of the index fields that it has

    @property
    def number(self) -> int:
        return int(self.name.rpartition("-")[2])

    @property
    def bookmark(self) -> Bookmark | None:
        """How far the rebuild has come that fills it."""
        return self.meta.get("bookmark")


class Indices:
    """Finds, makes, swaps and deletes the indices of one alias."""

    def __init__(self, server: Server, alias: str, *, shards: int = 1, refresh: str = "500ms") -> None:
        if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]{0,199}", alias) or "building" in alias:
            raise IndexUnusableError(f"{alias!r} is no name of an index; write small letters, as in /archive")
        self.server = server
        self.alias = alias
        self.building = f"{alias}.building"
        self.shards = shards
        self.refresh = refresh

    # -- looking

    def _ask(self, question: Callable[[Elasticsearch], Any], timeout: float = 60) -> Any:
        """What nobody waits for who reads a page."""
        return self.server.ask(question, timeout=timeout, attempts=PATIENTLY)

    def generations(self, *, patiently: bool = True) -> list[Generation]:
        """Every index of ours, the oldest first."""
        ask = self._ask if patiently else self.server.ask
        found = ask(
            lambda client: client.indices.get(
                index=f"{self.alias}-*",
                allow_no_indices=True,
                ignore_unavailable=True,
                features=["aliases", "mappings"],
                expand_wildcards="all",
            )
        ).body
        own = re.compile(rf"{re.escape(self.alias)}-\d+")
        made = [
            Generation(name, frozenset(about["aliases"]), about["mappings"].get("_meta", {}), _fields(about))
            for name, about in found.items()
            if own.fullmatch(name)
        ]
        return sorted(made, key=lambda one: one.number)

    def live(self, *, patiently: bool = True) -> Generation:
        """The one that is searched. IndexMissingError if there is none."""
        for generation in self.generations(patiently=patiently):
            if self.alias in generation.aliases:
                return generation
        raise IndexMissingError(f"there is no search index {self.alias} at {self.server.where}; {REBUILD}")

    def written(self) -> list[str]:
        """The aliases that a change goes to: the live index, and one that is being built."""
        found = self._ask(
            lambda client: client.options(ignore_status=404).indices.get_alias(
                name=[self.alias, self.building]
            )
        ).body
        # A missing alias is told beside the one that is there.
        told = [about for about in found.values() if isinstance(about, dict) and "aliases" in about]
        names = {alias for about in told for alias in about["aliases"]}
        if self.alias not in names:
            raise IndexMissingError(
                f"there is no search index {self.alias} at {self.server.where}; {REBUILD}"
            )
        return [self.alias, *([self.building] if self.building in names else [])]

    # -- making

    def create(self, number: int, described: Mapping[str, FieldInfo], *aliases: str, **meta: Any) -> str:
        """An empty index of this number; its name. EngineError if there is one already."""
        name = f"{self.alias}-{number}"
        made = mapping(described)
        made["_meta"] |= {"fields": sorted(described), "built": _now(), **meta}
        is_building = self.building in aliases
        settings = {
            "number_of_shards": self.shards,
            "auto_expand_replicas": "0-1",
            "refresh_interval": _WHILE_BUILDING if is_building else self.refresh,
            "max_result_window": WINDOW,
            "analysis": analysis(),
            **({"gc_deletes": _REMEMBERED} if is_building else {}),
        }
        self._ask(
            lambda client: client.indices.create(
                index=name, mappings=made, settings=settings, aliases={alias: {} for alias in aliases}
            ),
        )
        return name

    def promote(self, name: str, builder: str) -> None:
        """Make what was built the live index in one step, with what readers of a live index need."""
        self._ask(lambda client: client.indices.refresh(index=name), timeout=300)
        self._ask(
            lambda client: client.indices.put_settings(
                index=name, settings={"refresh_interval": self.refresh, "gc_deletes": None}
            )
        )
        kept = self.swap(name, builder)
        self.drop(
            one.name
            for one in self.generations()
            if not {self.alias, self.building} & one.aliases and one.name not in kept
        )

    def swap(self, name: str, builder: str) -> list[str]:
        """Search this index from now on, and no other; the names of those searched until now, which are kept.

        ``builder``: the alias that it was filled by. IndexMissingError if somebody else took it over.
        """
        known = self.generations()
        aliases = next((one.aliases for one in known if one.name == name), frozenset[str]())
        if builder not in aliases:
            raise IndexMissingError(f"another rebuild of {self.alias} took over what this one had built")
        # What is written after this, the index before has not heard of.
        self.set_meta(name, swapped=self._last_change(name), builder=None, bookmark=None)
        kept = [one.name for one in known if self.alias in one.aliases and one.name != name]
        actions: list[dict[str, Any]] = [
            {"add": {"index": name, "alias": self.alias}},
            *({"remove": {"index": name, "alias": one, "must_exist": True}} for one in sorted(aliases)),
            *({"remove": {"index": one, "alias": self.alias}} for one in kept),
        ]
        self._ask(lambda client: client.indices.update_aliases(actions=actions))
        return kept

    def _last_change(self, name: str) -> int:
        """The number of the last change to an index; of several shards, the least."""
        found = self._ask(
            lambda client: client.indices.stats(index=name, metric=["docs"], level="shards")
        ).body["indices"]
        shards = [copy for copies in found[name]["shards"].values() for copy in copies]
        return min((copy["seq_no"]["max_seq_no"] for copy in shards if "seq_no" in copy), default=-1)

    def set_meta(self, name: str, *, only_for: str = "", **told: Any) -> None:
        """Write this into what an index says of itself; None takes it out. ``only_for``: while it is this builder's."""

        def signed(client: Elasticsearch) -> None:
            meta = client.indices.get_mapping(index=name).body[name]["mappings"].get("_meta", {})
            if only_for and meta.get("builder", {}).get("token") != only_for:
                return
            meta = {key: value for key, value in {**meta, **told}.items() if value is not None}
            client.indices.put_mapping(index=name, meta=meta)

        self.server.ask(signed, attempts=1 if only_for else PATIENTLY)

    def take_over(self, generation: Generation, token: str) -> str:
        """The alias by which this builder, and no earlier one, may fill an index. RebuildRunningError if lost."""
        alias = self.builders_alias(token)
        earlier = [one for one in generation.aliases if one.startswith(self.builders_alias(""))]
        actions: list[dict[str, Any]] = [
            {"add": {"index": generation.name, "alias": alias}},
            *({"remove": {"index": generation.name, "alias": one, "must_exist": True}} for one in earlier),
        ]
        try:
            self._ask(lambda client: client.indices.update_aliases(actions=actions))
        except EngineError as error:
            if "aliases_not_found" in str(error):
                raise RebuildRunningError(
                    f"another rebuild of {self.alias} went on with it at the same moment; wait for it to end"
                ) from None
            raise
        return alias

    def builders_alias(self, token: str) -> str:
        return f"{self.alias}-builder-{token}"

    def kept(self) -> Generation | None:
        """The index that was searched before the live one, if it is still there."""
        known = self.generations()
        found = [one for one in known if not {self.alias, self.building} & one.aliases]
        return found[-1] if found else None

    def replace(self, described: Mapping[str, FieldInfo]) -> None:
        """A new empty live index in the place of all others but one that is being built."""
        known = self.generations()
        name = self.create(self.next_number(known), described)
        actions: list[dict[str, Any]] = [
            {"add": {"index": name, "alias": self.alias}},
            *({"remove_index": {"index": one.name}} for one in known if self.building not in one.aliases),
        ]
        self._ask(
            lambda client: client.indices.update_aliases(actions=actions),
        )

    def next_number(self, known: Iterable[Generation]) -> int:
        return max((one.number for one in known), default=0) + 1

    def drop(self, names: Iterable[str]) -> None:
        names = list(names)
        if names:
            self._ask(
                lambda client: client.indices.delete(index=names, ignore_unavailable=True),
            )


def is_usable(generation: Generation) -> bool:
    """Whether this version of the software can write into the index."""
    return generation.meta.get("version") == VERSION


def _fields(about: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(about["mappings"].get("_meta", {}).get("fields", ()))


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
