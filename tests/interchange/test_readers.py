"""Files are read whatever their encoding, separator and packing; broken rows are named and the others kept."""

import gzip
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from interchange.problems import FileError
from interchange.readers import Row, open_reader

CHINESE = "周恩来同志会见日本公明党代表团，双方就恢复邦交问题交换意见。毛泽东主席随后接见了代表团全体成员，谈话持续两小时。"
JAPANESE = "田中総理大臣は周恩来総理と会談し、日中国交正常化について意見を交換した。大平外務大臣も同席した。"
RUSSIAN = (
    "Запись беседы товарища Молотова с китайским послом в Париже о положении в Восточной Азии и о договоре."
)


def rows_of(content: bytes | str, **options) -> list[Row]:
    content = content.encode() if isinstance(content, str) else content
    return list(open_reader(io.BytesIO(content), **options).rows())


def cells_of(content: bytes | str, **options) -> list[dict]:
    return [row.cells for row in rows_of(content, **options)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_any_usual_separator(separator):
    lines = [
        ["reference_code", "title", "summary"],
        ["A1", "On coal; and ore", "x"],
        ["A2", "Trade, 1956", "y"],
    ]
    text = "\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines)
    assert cells_of(text) == [
        {"reference_code": "A1", "title": "On coal; and ore", "summary": "x"},
        {"reference_code": "A2", "title": "Trade, 1956", "summary": "y"},
    ]


def test_separators_within_lists_do_not_mislead():
    text = "reference_code,people\nA1,Mao Zedong|Zhou Enlai|Lin Biao|Deng Xiaoping\n"
    assert cells_of(text) == [
        {"reference_code": "A1", "people": "Mao Zedong|Zhou Enlai|Lin Biao|Deng Xiaoping"}
    ]


def test_excels_line_that_names_the_separator():
    assert cells_of("sep=;\r\ntitle;date\r\nA, B;1955\r\n") == [{"title": "A, B", "date": "1955"}]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "utf-8-sig"),
        (RUSSIAN, "utf-16"),
        (RUSSIAN, "utf-16-le"),
        (RUSSIAN, "utf-16-be"),
        (RUSSIAN, "utf-32"),
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        (CHINESE, "gb18030"),
        (CHINESE, "utf-8"),
        (
            "Gespräch über Größe und Lage der Truppen in Österreich; Ständiger Vertreter Müller",
            "windows-1252",
        ),
    ],
)
def test_encodings(text, encoding):
    header = "\ufeff" if encoding in ("utf-16-le", "utf-16-be") else ""
    content = f"{header}reference_code,title\nA1,{text}\nA2,{text}\n".encode(encoding)
    assert [cells["title"] for cells in cells_of(content)] == [text, text]


BIG5 = "周恩來同志會見日本公明黨代表團，雙方就恢復邦交問題交換意見。毛澤東主席隨後接見了代表團全體成員"
SPANISH = "El señor Núñez habló con el embajador español en Perú sobre la situación política"
FRENCH = "L'entretien du président à l'Élysée, où il a été reçu; la société française et son œuvre"
GERMAN = "Gespräch über Größe und Lage der Truppen – Ständiger Vertreter Müller"
PORTUGUESE = "Conversação com o embaixador João Magalhães sobre as negociações e a situação"
SWEDISH = "Samtal med utrikesminister Undén på ambassaden om förhållandet mellan länderna"
POLISH = "Rozmowa towarzysza Gomułki z posłem chińskim w Łodzi; wrzesień, źródło, żołnierze, później"
CZECH = "Rozhovor s příslušníky české vlády o žádosti čínského velvyslance; důležitý přítel"
HUNGARIAN = "Kádár János elvtárs beszélgetése a kínai nagykövettel; őrség és külügy, több segítség, fűtés"
ROMANIAN = "Convorbirea tovarăşului Ceauşescu cu ambasadorul chinez în Bucureşti, în ţara vecină"
TURKISH = "Türkiye büyükelçisi ile görüşme; ışık, değişiklik, şehir"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SPANISH, "cp1252"),
        (FRENCH, "cp1252"),
        (GERMAN, "cp1252"),
        (PORTUGUESE, "cp1252"),
        (SWEDISH, "cp1252"),
        ("Núñez", "cp1252"),
        (SPANISH, "mac_roman"),
        (FRENCH, "mac_roman"),
        (GERMAN, "mac_roman"),
        (SWEDISH, "mac_roman"),
        (POLISH, "cp1250"),
        (CZECH, "cp1250"),
        (HUNGARIAN, "cp1250"),
        (ROMANIAN, "cp1250"),
        (POLISH, "iso8859_2"),
        (TURKISH, "cp1254"),
        (RUSSIAN, "cp866"),
        (RUSSIAN, "mac_cyrillic"),
        (RUSSIAN, "iso8859_5"),
    ],
)
def test_letters_of_the_old_encodings(text, encoding):
    reader = open_reader(
        io.BytesIO(f"reference_code;title\nA1;{text}\n".replace(text, f'"{text}"').encode(encoding))
    )
    assert [row.cells["title"] for row in reader.rows()] == [text]
    assert text[:20] in reader.notices[0]  # for a human to see


@pytest.mark.parametrize(
    "text",
    [
        "the minister’s note",
        "the note—a copy",
        "a “letter” of his",
        "São Paulo",
        "Ångström",
        "£5,000",
        "20° C",
        "ÉLYSÉE PALACE",
    ],
)
def test_a_single_word_is_western_before_it_is_chinese(text):
    assert cells_of(f'title\n"{text}"\n'.encode("cp1252")) == [{"title": text}]


def test_big5():
    assert cells_of(f"title\n{BIG5}\n{BIG5}\n".encode("big5"))[0] == {"title": BIG5}


def test_languages_may_be_mixed():
    texts = [SPANISH, FRENCH, GERMAN, PORTUGUESE, "The minister’s “letter” – a copy"]
    content = "title\n" + "".join(f'"{text}"\n' for text in texts)
    assert [cells["title"] for cells in cells_of(content.encode("cp1252"))] == texts


def test_a_bad_line_of_a_small_file_costs_only_its_row():
    content = "title,date\nGespräch,1955\nTelegram,1956\nÖsterreich,1957\n".encode() + b"x\xff\xfe,1958\n"
    titles = [cells["title"] for cells in cells_of(content)]
    assert titles[:3] == ["Gespräch", "Telegram", "Österreich"]
    assert "\udcff" in titles[3]  # refused when the cell is read


def test_utf16_without_a_mark():
    content = "reference_code,title\nA1,Telegram\n".encode("utf-16-be")
    reader = open_reader(io.BytesIO(content))
    assert [row.cells["title"] for row in reader.rows()] == ["Telegram"]
    assert "utf-16-be" in reader.notices[0]


def test_a_guess_is_told_and_certainty_is_not():
    guessed = open_reader(io.BytesIO(f"title\n{RUSSIAN}\n".encode("windows-1251")))
    assert "cp1251" in guessed.notices[0]
    assert open_reader(io.BytesIO(f"title\n{RUSSIAN}\n".encode())).notices == []


def test_the_encoding_can_be_named():
    content = "title\nŁódź\n".encode("iso8859_2")
    assert cells_of(content, encoding="iso-8859-2") == [{"title": "Łódź"}]
    with pytest.raises(FileError, match="no encoding “klingon”; write one such as"):
        open_reader(io.BytesIO(content), encoding="klingon")


def test_one_bad_line_does_not_change_the_encoding_of_the_others():
    good = "".join(f"A{number},Gespräch über Österreich {number}\n" for number in range(20)).encode()
    reader = open_reader(io.BytesIO(b"reference_code,title\n" + good + b"B1,Gespr\xe4ch\n"))
    rows = list(reader.rows())
    assert rows[0].cells["title"] == "Gespräch über Österreich 0"
    assert "\udce4" in rows[-1].cells["title"]  # refused when the cell is read
    assert "1 of its lines is not; its row is rejected" in reader.notices[0]


@pytest.mark.parametrize(
    "content", ["reference_code,title\nA1,Telegram\n", '{"reference_code": "A1", "title": "Telegram"}\n']
)
def test_gzip_is_known_by_its_content(content, tmp_path):
    path = tmp_path / "records.csv"  # no .gz
    path.write_bytes(gzip.compress(content.encode()))
    assert cells_of(path.read_bytes()) == [{"reference_code": "A1", "title": "Telegram"}]
    assert [row.cells for row in open_reader(path).rows()] == [{"reference_code": "A1", "title": "Telegram"}]


def test_a_gzip_that_breaks_off():
    content = gzip.compress(
        b"reference_code,title\n" + b"".join(b"A%d,Telegram %d\n" % (n, n * n) for n in range(9999))
    )
    with pytest.raises(FileError, match="cut off or damaged"):
        rows_of(content[: len(content) // 2])


def test_rows_are_numbered_by_their_first_line():
    text = 'reference_code,summary\nA1,"two\nlines"\n\n,,\nA2,one\n'.replace(",,", ",")
    assert [(row.number, row.cells["summary"]) for row in rows_of(text)] == [(2, "two\nlines"), (6, "one")]


def test_line_ends_of_every_kind():
    for end in ("\n", "\r\n", "\r"):
        assert cells_of(end.join(["title,date", "A,1955", "B,1956"])) == [
            {"title": "A", "date": "1955"},
            {"title": "B", "date": "1956"},
        ]


def test_a_header_that_is_repeated_is_passed_over():
    assert cells_of("title,date\nA,1955\ntitle,date\nB,1956\n") == [
        {"title": "A", "date": "1955"},
        {"title": "B", "date": "1956"},
    ]


def problems_of(text: str) -> list[tuple[int, str]]:
    return [(row.number, row.problem) for row in rows_of(text) if row.problem]


def test_broken_quotes_cost_only_their_row():
    text = 'code,title,date\nA1,Good,1955\nA2,"Bad" quote,1955\nA3,"Also, good",1956\n'
    rows = rows_of(text)
    assert [row.cells.get("code") for row in rows] == ["A1", None, "A3"]
    assert rows[1].number == 3
    assert "quotation mark" in rows[1].problem
    assert rows[1].excerpt == 'A2,"Bad" quote,1955'


def test_a_quote_that_is_never_closed_costs_only_its_row():
    text = 'code,title,date\nA1,"Open,1955\nA2,Good,1956\nA3,Good,1957\n'
    rows = rows_of(text)
    assert [row.cells.get("code") for row in rows] == [None, "A2", "A3"]
    assert rows[0].number == 2
    assert "never closed" in rows[0].problem


def test_a_quote_that_a_later_row_closes_costs_only_its_row():
    text = 'code,title,date\nA1,"Open,1955\nA2,Good,1956\nA3,Goods",more,1957\nA4,Good,1958\n'
    rows = rows_of(text)
    assert [row.number for row in rows if row.problem] == [2, 4]
    assert [row.cells["code"] for row in rows if not row.problem] == ["A2", "A4"]


def test_too_many_and_too_few_cells():
    problems = problems_of("code,title,date\nA1,One, too many,1955\nA2,Few\nA3,Right,1956\n")
    assert [number for number, _problem in problems] == [2, 3]
    assert problems[0][1].startswith(
        "has 4 cells, the header 3; put a cell that contains “,” in quotation marks"
    )
    assert problems[1][1].startswith("has 2 cells, the header 3")


def test_a_column_without_a_name():
    assert cells_of("title,\nA,\n") == [{"title": "A"}]
    assert "column without a name" in problems_of("title,\nA,stray\n")[0][1]


def test_json_lines():
    text = '{"title": "A", "people": [{"name": "Mao"}]}\n\n{"title": "B"\n[1]\n{"x": NaN}\n'
    rows = rows_of(text)
    assert rows[0].cells == {"title": "A", "people": [{"name": "Mao"}]}
    assert [(row.number, bool(row.problem)) for row in rows] == [(1, False), (3, True), (4, True), (5, True)]
    assert "write one whole object a line" in rows[1].problem
    assert "is not an object" in rows[2].problem
    assert "NaN" in rows[3].problem


@pytest.mark.parametrize("line", ['{"title": "A", "title": "B"}', '{"x": [{"title": "A", "title": "A"}]}'])
def test_an_object_that_says_something_twice_is_refused(line):
    [row, _after] = rows_of(line + '\n{"title": "C"}\n')
    assert "“title” stands in it twice; delete one of the two" in row.problem


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\n \n", "has no rows"),
        (b"PK\x03\x04rest", "save the sheet as CSV"),
        (b"%PDF-1.7 rest", "is a PDF"),
        (b'[{"title": "A"}]', "write one object a line"),
        (b"title,title\nA,B\n", "two columns named “title”"),
        (b'title,"date\n', "header: a quotation mark"),
    ],
)
def test_files_that_are_none(content, message):
    with pytest.raises(FileError, match=message):
        rows_of(content)


def test_files_that_cannot_be_opened(tmp_path):
    with pytest.raises(FileError, match=r"nowhere\.csv cannot be read: No such file"):
        open_reader(tmp_path / "nowhere.csv")
    with pytest.raises(FileError, match="is a folder"):
        open_reader(tmp_path)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_an_uploaded_file(pack):
    for content in (
        b"reference_code,title\nA1,Telegram\n",
        b'{"reference_code": "A1", "title": "Telegram"}\n',
    ):
        upload = SimpleUploadedFile("records.csv", pack(content))
        reader = open_reader(upload)
        assert [row.cells for row in reader.rows()] == [{"reference_code": "A1", "title": "Telegram"}]
        assert (reader.name, reader.size) == ("records.csv", len(pack(content)))


def test_a_reader_can_be_read_twice_and_knows_how_far_it_is(tmp_path):
    path = tmp_path / "records.csv"
    path.write_text("title\n" + "".join(f"Telegram {n}\n" for n in range(5000)), encoding="utf-8")
    reader = open_reader(path)
    rows = reader.rows()
    next(rows)
    assert 0 < reader.position < reader.size
    rows.close()
    assert sum(1 for _row in reader.rows()) == 5000
