"""A mapping says which column fills which; where it is wrong it says in which line."""

import pytest

from interchange.columns import DOCUMENTS
from interchange.mapping import Mapping
from interchange.problems import MappingError
from interchange.rules import MISSING, look_up
from interchange.transforms import make_transform


def mapped(toml: str, row: dict) -> dict:
    """What the mapping makes of a row, by our columns."""
    rules, _unused = Mapping.parse(toml, DOCUMENTS, "m.toml").rules_for(row)
    return {rule.column.name: value for rule in rules if (value := rule.value(row)) is not MISSING}


@pytest.mark.parametrize(
    ("rule", "row", "expected"),
    [
        ('title = "head"', {"head": "A"}, {"title": "A"}),
        ('title = { from = "head" }', {"head": "A"}, {"title": "A"}),
        ('title = "doc.head"', {"doc": {"head": "A"}}, {"title": "A"}),
        ('title = "heads.1"', {"heads": ["A", "B"]}, {"title": "B"}),
        (
            'creators = "who.name"',
            {"who": [{"name": "Mao"}, {"name": "Zhou"}]},
            {"creators": ["Mao", "Zhou"]},
        ),
        ('title = "a.b"', {"a.b": "exact key first"}, {"title": "exact key first"}),
        ('status = { value = "published" }', {}, {"status": "published"}),
        ('title = { from = ["head", "name"] }', {"head": " ", "name": "B"}, {"title": "B"}),
        ('title = { from = ["head", "name"] }', {"name": "B"}, {"title": "B"}),
        ('title = { from = ["head", "name"] }', {"head": ""}, {"title": ""}),
        ('title = "head"', {"other": "absent, not empty"}, {}),
        ('title = { from = "head", default = "Untitled" }', {"head": ""}, {"title": "Untitled"}),
        ('title = { default = "Untitled" }', {}, {"title": "Untitled"}),
        ('title = { join = ["a", "b", "c"], with = ": " }', {"a": "X", "b": "", "c": "Y"}, {"title": "X: Y"}),
        ('creators = { join = ["a", "b"] }', {"a": "X|Y", "b": ["Z"]}, {"creators": ["X", "Y", "Z"]}),
        ('creators = { from = "a", separator = ";" }', {"a": "X; Y"}, {"creators": ["X", "Y"]}),
        (
            'languages = { from = "l", values = { English = "eng" } }',
            {"l": "english"},
            {"languages": ["eng"]},
        ),
        (
            'languages = { from = "l", values = { Both = "eng|chi" } }',
            {"l": "Both"},
            {"languages": ["eng", "chi"]},
        ),
        ('classification = { from = "c", values = { None = "" } }', {"c": "None"}, {"classification": ""}),
        (
            'classification = { from = "c", values = { S = "Secret" }, other = "empty" }',
            {"c": "x"},
            {"classification": ""},
        ),
        (
            'mentioned = { from = "all", except = ["by"] }',
            {"all": ["A", "B"], "by": "A"},
            {"mentioned": ["B"]},
        ),
        ('"transcript.eng" = "text"', {"text": "T"}, {"transcript.eng": "T"}),
        ('transcript.eng = "text"', {"text": "T"}, {"transcript.eng": "T"}),
        ('transcript.eng.credit = "by"', {"by": "T"}, {"transcript.eng.credit": "T"}),
        ('"transcript.zh-hans" = "text"', {"text": "T"}, {"transcript.chi-Hans": "T"}),
        (
            'date = ["d", { from = "line", transforms = [{ match = "undated" }] }]',
            {"d": "", "line": "Paris, undated."},
            {"date": "undated"},
        ),
    ],
)
def test_rules(rule, row, expected):
    assert mapped(f"[columns]\n{rule}\n", row) == expected


def test_own_columns_need_no_rule():
    row = {"title": "A", "Reference Code": "X", "creators": "B", "translation.eng": "T"}
    assert mapped("[columns]\n", row) == {
        "title": "A", "reference_code": "X", "creators": ["B"], "translation.eng": "T",
    }  # fmt: skip
    assert mapped("own_columns = false\n[columns]\n", row) == {}
    assert mapped('ignore = ["title"]\n[columns]\n', {"title": "A"}) == {}


def test_a_rule_goes_before_the_column_of_the_same_name():
    assert mapped('[columns]\ntitle = "head"\n', {"title": "A", "head": "B"}) == {"title": "B"}


def test_a_separator_for_the_whole_file():
    assert mapped('separator = ";"\n[columns]\ncreators = "by"\n', {"by": "A;B"}) == {"creators": ["A", "B"]}


@pytest.mark.parametrize(
    ("toml", "message"),
    [
        (
            '[columns]\ntitle = "a"\nadressees = "b"',
            r"m.toml, line 3: adressees: .* did you mean “addressees”\?",
        ),
        ("[columns]\ntitle = = 1", "m.toml: .*line 2"),
        ("colums = 1", "line 1: colums: no such setting; there are: columns"),
        ('date_order = "ydm"', "line 1: date_order: is “dmy” or “mdy”"),
        ('[columns]\ntitle = { form = "a" }', "line 2: title: no such key “form”"),
        ("[columns]\ntitle = { transforms = [] }", "needs one of “from”, “join”, “value”"),
        ('[columns]\ntitle = { from = "a", value = "b" }', "needs one of"),
        ("[columns]\ntitle = 7", "7 names no column"),
        (
            '[columns]\n\ntitle = { from = "a", transforms = ["frist"] }',
            "line 3: title: no transform frist; there are: strip",
        ),
        (
            '[columns]\ntitle = { from = "a", transforms = [{ match = "(" }] }',
            r"the pattern \( cannot be read",
        ),
        ('[columns]\ntitle = { from = "a", other = "drop" }', "“other” is one of keep, error, empty"),
        ('[columns]\ntitle = { from = "a", values = [1] }', "“values” is a table of texts"),
        ('[columns]\ntitle = "a"\nTitle = "b"', "line 3: Title: stands there twice"),
        ('[columns]\n"transcript.elvish" = "a"', "line 2: transcript.elvish: .*write an ISO 639-2/B code"),
        ("separator = 3", "separator: is a text"),
    ],
)
def test_what_is_wrong_is_named(toml, message):
    with pytest.raises(MappingError, match=message):
        Mapping.parse(toml, DOCUMENTS, "m.toml")


def test_a_mapping_that_is_no_file(tmp_path):
    with pytest.raises(MappingError, match=r"nowhere\.toml cannot be read: No such file or directory\Z"):
        Mapping.read(tmp_path / "nowhere.toml", DOCUMENTS)
    (tmp_path / "m.toml").write_bytes('title = "Übersicht"'.encode("cp1252"))
    with pytest.raises(MappingError, match=r"m\.toml is not UTF-8: byte 10 "):
        Mapping.read(tmp_path / "m.toml", DOCUMENTS)


def test_a_source_that_the_file_lacks():
    mapping = Mapping.parse('[columns]\ntitle = "head"\n', DOCUMENTS, "m.toml")
    with pytest.raises(
        MappingError, match=r"m\.toml, line 2: columns\.title takes “head”, .* did you mean “heads”\?"
    ):
        mapping.refuse_missing(["heads", "date"])
    with pytest.raises(MappingError, match="its columns are: a, b"):
        mapping.refuse_missing(["b", "a"])


def test_paths():
    row = {"a": {"b": [{"c": 1}, {"c": 2}, {"d": 3}]}, "e": [[1, 2], [3]]}
    assert look_up(row, "a.b.c") == [1, 2]
    assert look_up(row, "a.b.1.c") == 2
    assert look_up(row, "e.0.1") == 2
    assert look_up(row, "a.x") == ""
    assert look_up(row, "x.a") is MISSING


@pytest.mark.parametrize(
    ("transform", "value", "expected"),
    [
        ("strip", "  a  ", "a"),
        ("squeeze", "a \n b", "a b"),
        ("tidy", "Secretary ( Marshall ) , Washington .", "Secretary (Marshall), Washington."),
        ("tidy", "he said . . . nothing", "he said . . . nothing"),
        ("tidy", [" a ,", "b"], ["a,", "b"]),
        ("lower", "ABC", "abc"),
        ("upper", "abc", "ABC"),
        ("capitalise", "secret note", "Secret note"),
        ("first", ["", "a", "b"], "a"),
        ("first", "a", "a"),
        ("first", [], ""),
        ("last", ["a", "b", " "], "b"),
        ("unique", ["a", "b", "a "], ["a", "b"]),
        ("split on |", "a|b| ", ["a", "b"]),
        ("split on ; ", "a; b", ["a", "b"]),
        ("join with , ", ["a", "", "b"], "a, b"),
        ({"split": "/"}, "a/b", ["a", "b"]),
        ({"join": "; "}, ["a", "b"], "a; b"),
        ({"before": ","}, "State, Files, 7", "State"),
        ({"after": ","}, "State, Files, 7", "Files, 7"),
        ({"after": ","}, "State", ""),
        ({"prefix": "frus/"}, ["1", ""], ["frus/1", ""]),
        ({"suffix": "."}, "a", "a."),
        ({"match": r"\d{4}"}, "in 1955 or 1956", "1955"),
        ({"match": r"No\. (\d+)"}, "No. 12", "12"),
        ({"match": "x"}, "abc", ""),
        ({"replace": ["_", " "]}, "a_b", "a b"),
        ({"sub": [r"^(\w+), (\w+)$", r"\2 \1"]}, "Rusk, Dean", "Dean Rusk"),
        ({"drop": ["n/a"]}, ["a", "n/a"], ["a"]),
    ],
)
def test_transforms(transform, value, expected):
    assert make_transform(transform)(value) == expected
