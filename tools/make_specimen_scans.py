"""Draw the scans of the specimen records: typewritten pages as a scanner would have left them.

Run it after a specimen's transcript has changed, and commit what it makes. It needs Pillow with
Raqm, and Debian's fonts-liberation, fonts-noto-core and fonts-noto-cjk (all under the SIL Open Font
License; the pages are pictures, no font is embedded).

    python tools/make_specimen_scans.py
"""

import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

SAMPLE = Path(__file__).resolve().parent.parent / "interchange" / "sample"
FILES = SAMPLE / "files"
FONTS = Path("/usr/share/fonts")
TYPEWRITER = FONTS / "truetype/liberation/LiberationMono-Regular.ttf"
STAMP = FONTS / "truetype/liberation/LiberationMono-Bold.ttf"
SONG = FONTS / "opentype/noto/NotoSerifCJK-Regular.ttc"
SONG_SIMPLIFIED = 2  # the face of the collection that draws Chinese as in China
NASKH = FONTS / "truetype/noto/NotoNaskhArabic-Regular.ttf"

DPI = 150
PAGE = (1240, 1754)  # A4
MARGIN = 150
PAPER, INK = 255, 0


@dataclass(frozen=True)
class Hand:
    """How a page is written: typeface, size and line spacing in pixels, and how far a key may miss its line."""

    font: ImageFont.FreeTypeFont
    leading: int
    shake: int = 1
    right_to_left: bool = False
    between_characters: bool = False  # Chinese breaks anywhere

    @property
    def pieces_of(self):
        return list if self.between_characters else str.split

    @property
    def glue(self) -> str:
        return "" if self.between_characters else " "


def typewriter() -> Hand:
    return Hand(ImageFont.truetype(TYPEWRITER, 25), 50)


def songti() -> Hand:
    return Hand(ImageFont.truetype(SONG, 32, index=SONG_SIMPLIFIED), 62, between_characters=True)


def naskh() -> Hand:
    return Hand(ImageFont.truetype(NASKH, 38), 74, right_to_left=True)


def wrapped(paragraph: str, hand: Hand, width: int) -> list[str]:
    """The lines of a paragraph; closing punctuation never begins one."""
    lines, line = [], ""
    for piece in hand.pieces_of(paragraph):
        longer = f"{line}{hand.glue}{piece}" if line else piece
        if line and hand.font.getlength(longer) > width and piece not in "，。；：、":
            lines.append(line)
            line = piece
        else:
            line = longer
    return [*lines, line]


class Scanner:
    """Pages in the making: write on them, stamp them, then take them off as bilevel images."""

    def __init__(self, hand: Hand, seed: int) -> None:
        self.hand = hand
        self.chance = random.Random(seed)  # noqa: S311 (specks of dust)
        self.pages: list[Image.Image] = []
        self.turn_page()

    def turn_page(self) -> None:
        self.pages.append(Image.new("L", PAGE, PAPER))
        self.height = MARGIN + 170
        if len(self.pages) > 1:
            self._mark(f"- {len(self.pages)} -", (PAGE[0] // 2 - 40, 90))

    @property
    def _draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.pages[-1])

    def _mark(self, text: str, place: tuple[int, int]) -> None:
        self._draw.text(place, text, font=ImageFont.truetype(TYPEWRITER, 25), fill=INK)

    def write(self, paragraph: str, page_lines: int) -> None:
        """A paragraph; the page is turned where it is full."""
        for line in wrapped(paragraph, self.hand, PAGE[0] - 2 * MARGIN):
            if self.height > MARGIN + 170 + page_lines * self.hand.leading:
                self.turn_page()
            self._write_line(line)
            self.height += self.hand.leading
        self.height += self.hand.leading // 2

    def _write_line(self, line: str) -> None:
        if self.hand.right_to_left:
            place = (PAGE[0] - MARGIN, self.height)
            self._draw.text(
                place, line, font=self.hand.font, fill=INK, anchor="ra", direction="rtl", language="ar"
            )
            return
        across = float(MARGIN)
        for character in line:
            miss = self.chance.randint(-self.hand.shake, self.hand.shake)
            ink = self.chance.choice((0, 0, 20, 50, 80))  # a worn ribbon
            self._draw.text((across, self.height + miss), character, font=self.hand.font, fill=ink)
            across += self.hand.font.getlength(character)

    def black_out_line(self) -> None:
        """A line that a censor took out."""
        right = PAGE[0] - MARGIN - 90
        self._draw.rectangle((MARGIN - 6, self.height - 4, right, self.height + 34), fill=INK)
        self.height += self.hand.leading + self.hand.leading // 2

    def stamp(self, text: str, centre: tuple[int, int], size: int, angle: float) -> None:
        """A rubber stamp, askew and badly inked, on every page."""
        font = ImageFont.truetype(STAMP, size)
        width, height = int(font.getlength(text)) + size, int(size * 1.7)
        for page in self.pages:
            mark = Image.new("L", (width, height), 0)
            draw = ImageDraw.Draw(mark)
            draw.rectangle((3, 3, width - 4, height - 4), outline=255, width=max(4, size // 12))
            draw.text((width / 2, height / 2), text, font=font, fill=255, anchor="mm")
            for _ in range(width * height // 45):
                speck = (self.chance.randrange(width), self.chance.randrange(height))
                draw.ellipse((*speck, speck[0] + 2, speck[1] + 2), fill=0)
            mark = mark.rotate(angle + self.chance.uniform(-1.5, 1.5), expand=True, fillcolor=0)
            corner = (centre[0] - mark.width // 2, centre[1] - mark.height // 2)
            page.paste(INK, corner, mark)

    def take_off(self) -> list[Image.Image]:
        """The pages, put on the glass a little askew, with dust and the shadow of the edge."""
        return [self._scanned(page) for page in self.pages]

    def _scanned(self, page: Image.Image) -> Image.Image:
        angle = self.chance.uniform(-0.7, 0.7)
        page = page.rotate(angle, resample=Image.Resampling.BICUBIC, fillcolor=PAPER)
        draw = ImageDraw.Draw(page)
        for _ in range(260):
            x, y = self.chance.randrange(PAGE[0]), self.chance.randrange(PAGE[1])
            size = self.chance.choice((0, 0, 1, 1, 2))
            draw.ellipse((x, y, x + size, y + size), fill=INK)
        for y in range(0, PAGE[1], 2):
            draw.line((0, y, self.chance.randrange(2, 9), y), fill=INK)
        for hole in (520, 1234):  # a filing punch
            draw.ellipse((46, hole, 86, hole + 40), fill=INK)
        page = page.filter(ImageFilter.GaussianBlur(0.6))
        return page.point(lambda grey: 255 if grey > 170 else 0, mode="1")


def save_pdf(pages: list[Image.Image], name: str) -> None:
    """One PDF, a page an image, compressed as a fax is; the same bytes for the same pages."""
    first, *rest = pages
    still = time.gmtime(0)
    first.save(
        FILES / name, "PDF", save_all=True, append_images=rest, resolution=DPI,
        title="Specimen", creationDate=still, modDate=still,
    )  # fmt: skip


def draw_chart() -> Image.Image:
    """The last page of the logbook: a coast, a lighthouse, a rock."""
    chance = random.Random(7)  # noqa: S311
    page = Image.new("L", (900, 1100), PAPER)
    draw = ImageDraw.Draw(page)
    label = ImageFont.truetype(NASKH, 40)

    def text(place: tuple[int, int], words: str) -> None:
        draw.text(place, words, font=label, fill=INK, anchor="mm", direction="rtl", language="ar")

    coast = [(620 + int(70 * ((y // 90) % 3 - 1)) + chance.randint(-14, 14), y) for y in range(60, 1060, 45)]
    draw.line(coast, fill=INK, width=5, joint="curve")
    for x, y in coast:
        draw.line((x + 8, y, x + 46, y - 26), fill=INK, width=2)
    tower = (600, 430)
    draw.polygon(
        [(tower[0] - 18, 470), (tower[0] + 18, 470), (tower[0] + 10, 380), (tower[0] - 10, 380)], fill=INK
    )
    for angle in range(110, 260, 24):
        draw.arc((380, 210, 820, 610), angle, angle + 12, fill=INK, width=3)
    text((760, 400), "المنارة")
    draw.polygon([(215, 720), (262, 690), (310, 712), (322, 752), (268, 776), (222, 764)], fill=INK)
    text((265, 830), "الصخرة السوداء")
    for row in range(5):
        for x in range(80, 460, 64):
            y = 180 + row * 105 + chance.randint(-12, 12)
            draw.arc((x, y, x + 30, y + 18), 200, 340, fill=INK, width=2)
    draw.line((140, 1000, 140, 880), fill=INK, width=4)
    draw.polygon([(140, 856), (126, 890), (154, 890)], fill=INK)
    text((210, 930), "الشمال")
    stamp = Image.new("L", (420, 96), 0)
    frame = ImageDraw.Draw(stamp)
    frame.rectangle((3, 3, 416, 92), outline=255, width=6)
    frame.text((210, 48), "SPECIMEN", font=ImageFont.truetype(STAMP, 60), fill=255, anchor="mm")
    stamp = stamp.rotate(8, expand=True)
    page.paste(INK, (390, 930), stamp)
    page = page.rotate(0.6, resample=Image.Resampling.BICUBIC, fillcolor=PAPER).filter(
        ImageFilter.GaussianBlur(0.6)
    )
    return page.point(lambda grey: 255 if grey > 150 else 0, mode="1")


def transcripts() -> dict[str, list[str]]:
    """The paragraphs of every specimen's transcript, by reference code."""
    found = {}
    for line in (SAMPLE / "specimens.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        for column, text in record.items():
            if column.startswith("transcript.") and not column.endswith(".credit"):
                found[record["reference_code"]] = text.split("\n")
    return found


def main() -> None:
    FILES.mkdir(exist_ok=True)
    texts = transcripts()

    note = Scanner(typewriter(), 1)
    for paragraph in texts["SPECIMEN-01"]:
        typed, _, blacked_out = paragraph.partition(" [Eine Zeile")
        note.write(typed, 22)
        if blacked_out:
            note.black_out_line()
    note.stamp("VERTRAULICH", (900, 170), 54, 4)
    note.stamp("SPECIMEN", (760, 1590), 90, 8)
    save_pdf(note.take_off(), "ferry-bell-note.pdf")

    signals = Scanner(typewriter(), 2)
    for paragraph in texts["SPECIMEN-02"]:
        signals.write(paragraph, 24)
    signals.stamp("SPECIMEN", (760, 1250), 90, 11)
    signals.take_off()[0].crop((0, 0, PAGE[0], 1420)).save(
        FILES / "ferry-signals.png", optimize=True, dpi=(DPI, DPI)
    )

    clock = Scanner(typewriter(), 3)
    for paragraph in texts["SPECIMEN-03"]:
        clock.write(paragraph, 23)
    clock.stamp("СЕКРЕТНО", (930, 170), 54, -5)
    clock.stamp("SPECIMEN", (700, 1590), 90, 9)
    save_pdf(clock.take_off(), "station-clock.pdf")

    cloud = Scanner(songti(), 4)
    for paragraph in texts["SPECIMEN-04"]:
        cloud.write(paragraph, 17)
    cloud.stamp("SPECIMEN", (760, 1600), 90, 12)
    save_pdf(cloud.take_off(), "cloud-report.pdf")

    logbook = Scanner(naskh(), 5)
    for paragraph in texts["SPECIMEN-05"]:
        logbook.write(paragraph, 14)
    logbook.stamp("SPECIMEN", (480, 1600), 90, -8)
    save_pdf(logbook.take_off(), "lighthouse-logbook.pdf")
    draw_chart().save(FILES / "black-rock.png", optimize=True, dpi=(DPI, DPI))

    letter = Scanner(typewriter(), 6)
    for paragraph in texts["SPECIMEN-06"]:
        letter.write(paragraph, 24)
    letter.stamp("SPECIMEN", (700, 1100), 90, 12)
    save_pdf(letter.take_off(), "draft-letter.pdf")


if __name__ == "__main__":
    main()
