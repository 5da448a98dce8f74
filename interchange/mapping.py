"""A mapping: which column of a foreign file fills which of ours. Written in TOML; see docs/importing.md."""

import re
import tomllib
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from dates.numeric import ORDERS
from interchange.cells import SEPARATOR
from interchange.columns import Column, Layout
from interchange.problems import MappingError
from interchange.rules import MISSING, Origin, Rule
from interchange.transforms import Transform, make_transform

_SETTINGS = ("columns", "separator", "date_order", "ignore", "own_columns", "organisations")
_RULE_KEYS = (
    "from", "value", "join", "with", "transforms", "values", "other", "default", "separator", "except",
)  # fmt: skip
_OTHERS = ("keep", "error", "empty")


class Mapping:
    """The rules of one mapping file, bound to the columns of one kind of record."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.name = ""
        self.rules: dict[str, Rule] = {}
        self.lines: dict[str, int] = {}
        self.date_order: str | None = None
        self.ignored: frozenset[str] = frozenset()
        self.own_columns = True
        self.organisations: tuple[str, ...] = ()

    @property
    def is_foreign(self) -> bool:
        """Whether a mapping was given: then the file may have columns that nobody needs."""
        return bool(self.name)

    @classmethod
    def read(cls, path: Path | str, layout: Layout) -> "Mapping":
        """The mapping in a TOML file. Raises MappingError, naming line and key."""
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8-sig")
        except OSError as error:
            raise MappingError(
                _("%(path)s cannot be read: %(reason)s") % {"path": path, "reason": error.strerror}
            ) from error
        except UnicodeDecodeError as error:
            raise MappingError(
                _("%(path)s is not UTF-8: byte %(place)s is none of it; save it as UTF-8")
                % {"path": path, "place": error.start + 1}
            ) from error
        return cls.parse(text, layout, name=path.name)

    @classmethod
    def parse(cls, text: str, layout: Layout, name: str = "mapping") -> "Mapping":
        """The mapping in a text of TOML."""
        return _Parser(text, layout, name).mapping()

    def rules_for(self, names: Iterable[str]) -> tuple[list[Rule], list[str]]:
        """The rules for a row with these columns, and the columns that nothing takes.

        Raises MappingError for a column of ours that stands there twice.
        """
        rules = dict(self.rules)
        taken = {origin.path.partition(".")[0] for rule in self.rules.values() for origin in rule.origins}
        taken |= {origin.path for rule in self.rules.values() for origin in rule.origins}
        unused: list[str] = []
        for name in names:
            if not name or name in self.ignored or name in taken:
                continue
            try:
                column = self.layout.find(name) if self.own_columns else None
            except ValueError as error:
                raise MappingError(
                    _("column “%(name)s”: %(reason)s") % {"name": name, "reason": error}
                ) from error
            if column is None or column.name in self.rules:
                unused.append(name)
            elif column.name in rules:
                raise MappingError(
                    _("two columns of the file mean “%(column)s”; delete one, or name one in “ignore”")
                    % {"column": column.name}
                )
            else:
                rules[column.name] = Rule(column, (Origin(name),))
        return list(rules.values()), unused

    def refuse_unused(self, names: Iterable[str], place: str) -> None:
        """Raise MappingError for columns that the archive does not know, unless a mapping was given."""
        names = list(names)
        if not names or self.is_foreign:
            return
        near = self.layout.nearest(names[0])
        cure = (
            _("did you mean “%(near)s”?") % {"near": near}
            if near
            else _("rename it, or name it in “ignore” of a mapping")
        )
        raise MappingError(
            _("%(place)s: the archive has no column “%(name)s” for %(kind)s; %(cure)s")
            % {"place": place, "name": names[0], "kind": self.layout.name, "cure": cure}
        )

    def refuse_missing(self, present: Iterable[str]) -> None:
        """Raise MappingError for a column that a rule takes and that the file does not have."""
        present = set(present)
        for rule in self.rules.values():
            for origin in (*rule.origins, *rule.without):
                if origin.path in present or origin.path.partition(".")[0] in present:
                    continue
                near = get_close_matches(origin.path, present, n=1)
                raise MappingError(
                    _("%(place)s takes “%(source)s”, which the file does not have; %(cure)s")
                    % {
                        "place": self.place(rule.column.name),
                        "source": origin.path,
                        "cure": _("did you mean “%(near)s”?") % {"near": near[0]}
                        if near
                        else _("its columns are: %(names)s") % {"names": ", ".join(sorted(present))},
                    }
                )

    def place(self, target: str) -> str:
        """Where a rule stands, for a message."""
        return _("%(file)s, line %(line)s: columns.%(column)s") % {
            "file": self.name,
            "line": self.lines.get(target, "?"),
            "column": target,
        }


class _Parser:
    """Reads the TOML of a mapping, and says where it is wrong."""

    def __init__(self, text: str, layout: Layout, name: str) -> None:
        self._text, self._layout, self._name = text, layout, name

    def mapping(self) -> Mapping:
        try:
            toml = tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            raise MappingError(f"{self._name}: {error}") from error
        mapping = Mapping(self._layout)
        mapping.name = self._name
        self._separator = self._setting(toml, "separator", str, SEPARATOR)
        mapping.own_columns = self._setting(toml, "own_columns", bool, True)
        mapping.ignored = frozenset(self._setting(toml, "ignore", list, []))
        mapping.organisations = tuple(self._setting(toml, "organisations", list, []))
        mapping.date_order = self._setting(toml, "date_order", str, "") or None
        if mapping.date_order and mapping.date_order not in ORDERS:
            self._refuse("date_order", _("is “dmy” or “mdy”"))
        for key in toml:
            if key not in _SETTINGS:
                near = get_close_matches(key, _SETTINGS, n=1)
                self._refuse(
                    key, _("no such setting; there are: %(known)s") % {"known": ", ".join(near or _SETTINGS)}
                )
        for written, table in self._setting(toml, "columns", dict, {}).items():
            # [columns] transcript.eng = "text", without quotes, is a table in a table to TOML.
            for target, rule in self._unfold(written, table):
                column = self._column(target)
                if column.name in mapping.rules:
                    self._refuse(target, _("stands there twice"))
                mapping.rules[column.name] = self._rule(target, column, rule)
                mapping.lines[column.name] = self._line(target)
        return mapping

    def _unfold(self, target: str, table: Any) -> Iterable[tuple[str, Any]]:
        if target in ("transcript", "translation") and isinstance(table, dict):
            for key, inner in table.items():
                credit = inner.pop("credit", None) if isinstance(inner, dict) else None
                if inner != {}:
                    yield f"{target}.{key}", inner
                if credit is not None:
                    yield f"{target}.{key}.credit", credit
        else:
            yield target, table

    def _setting(self, toml: dict[str, Any], key: str, kind: type, default: Any) -> Any:
        value = toml.get(key, default)
        if not isinstance(value, kind):
            words = {str: _("a text"), bool: _("true or false"), list: _("a list"), dict: _("a table")}
            self._refuse(key, _("is %(kind)s") % {"kind": words[kind]})
        return value

    def _column(self, target: str) -> Column:
        try:
            column = self._layout.find(target)
        except ValueError as error:
            self._refuse(target, str(error))
        if column is None:
            near = self._layout.nearest(target)
            cure = _("did you mean “%(near)s”?") % {"near": near} if near else ", ".join(self._layout.columns)
            self._refuse(
                target,
                _("the archive has no such column for %(kind)s; %(cure)s")
                % {"kind": self._layout.name, "cure": cure},
            )
        return column

    def _rule(self, target: str, column: Column, written: Any) -> Rule:
        table = written if isinstance(written, dict) else {"from": written}
        unknown = next((key for key in table if key not in _RULE_KEYS), "")
        if unknown:
            self._refuse(
                target,
                _("no such key “%(key)s”; there are: %(known)s")
                % {"key": unknown, "known": ", ".join(_RULE_KEYS)},
            )
        ways = [key for key in ("from", "value", "join") if key in table]
        if len(ways) != 1 and not (not ways and "default" in table):
            self._refuse(target, _("needs one of “from”, “join”, “value”"))
        if table.get("other", "keep") not in _OTHERS:
            self._refuse(target, _("“other” is one of %(known)s") % {"known": ", ".join(_OTHERS)})
        values = table.get("values", {})
        if not isinstance(values, dict) or not all(isinstance(word, str) for word in values.values()):
            self._refuse(target, _('“values” is a table of texts: { English = "eng" }'))
        return Rule(
            column,
            self._origins(target, table.get("from", table.get("join", []))),
            constant=table.get("value", MISSING),
            joined_with=table.get("with", " ") if "join" in table else None,
            transforms=self._transforms(target, table),
            values={**{word.casefold(): ours for word, ours in values.items()}, **values},
            other=table.get("other", "keep"),
            default=table.get("default", MISSING),
            separator=table.get("separator", self._separator),
            without=self._origins(target, table.get("except", [])),
        )

    def _origins(self, target: str, written: Any) -> tuple[Origin, ...]:
        origins = []
        for one in written if isinstance(written, list) else [written]:
            if isinstance(one, str) and one:
                origins.append(Origin(one))
            elif (
                isinstance(one, dict)
                and isinstance(one.get("from"), str)
                and not set(one) - {"from", "transforms"}
            ):
                origins.append(Origin(one["from"], self._transforms(target, one)))
            else:
                self._refuse(
                    target,
                    _("%(written)s names no column; write its name in quotation marks") % {"written": one},
                )
        return tuple(origins)

    def _transforms(self, target: str, table: dict[str, Any]) -> tuple[Transform, ...]:
        written = table.get("transforms", [])
        try:
            return tuple(make_transform(one) for one in (written if isinstance(written, list) else [written]))
        except ValueError as error:
            self._refuse(target, str(error))
            raise

    def _line(self, key: str) -> int:
        last = re.escape(key.rpartition(".")[2])
        for pattern in (
            rf"""^\s*\[?\s*(columns\.)?["']?{re.escape(key)}["']?\s*[=\].]""",
            rf"""^\s*\[[^\]]*{last}["']?\s*\]""",
        ):
            for number, line in enumerate(self._text.splitlines(), start=1):
                if re.match(pattern, line):
                    return number
        return 1

    def _refuse(self, key: str, message: str) -> NoReturn:
        raise MappingError(
            _("%(file)s, line %(line)s: %(key)s: %(message)s")
            % {"file": self._name, "line": self._line(key), "key": key, "message": message}
        )
