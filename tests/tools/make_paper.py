#!/usr/bin/env python3
"""Writes a paper of three editions and many articles, the same every time: make_paper.py FOLDER [COUNT]."""
import datetime
import pathlib
import random
import sys

SECTIONS = {
    "news": ["politics", "economy", "sports", "arts", "health", "technology", "environment", "miscellaneous",
             "europe", "us-canada", "mena", "asia-pacific", "africa", "latin-america"],
    "articles": ["opinion", "analysis", "blog", "feature"],
    "videos": [], "infographics": [], "pictures": [], "live": [],
}
TYPES = {"opinion": "opinion", "analysis": "analysis", "blog": "blog", "feature": "feature", "videos": "video",
         "infographics": "infographic", "pictures": "gallery", "live": "live"}
EDITIONS = {
    "": ("en", "The Generated Courier", "Numbers that travel light",
         "harbour ferry bench light tide letter garden bridge morning council timetable window bread bell map"),
    "es": ("es", "El Correo Generado", "Números que viajan ligeros",
           "puerto barco banco luz marea carta jardín puente mañana concejo horario ventana pan campana mapa"),
    "ar": ("ar", "البريد المولد", "أرقام خفيفة السفر",
           "الميناء العبارة المقعد الضوء المد الرسالة الحديقة الجسر الصباح المجلس الجدول النافذة الخبز الجرس الخريطة"),
}
AUTHORS = {"": ["Ada Pier", "Bo Quay", "Cy Mole"], "es": ["Ana Muelle", "Blas Dique"], "ar": ["سعاد رصيف", "نبيل جسر"]}
START = datetime.datetime(2026, 6, 1, tzinfo=datetime.timezone.utc)


def sentence(rng, words, length):
    return " ".join(rng.choice(words) for _ in range(length)).capitalize() + "."


def article(rng, edition, folder, number, known):
    words = EDITIONS[edition][3].split()
    date = START + datetime.timedelta(seconds=number * 13331)
    lines = [f"Title: {sentence(rng, words, 5)[:-1]} {number}", f"Date: {date:%Y-%m-%dT%H:%M:%SZ}",
             f"Summary: {sentence(rng, words, 12)}", f"Author: {rng.choice(AUTHORS[edition])}"]
    lines += [f"Tag: {word}" for word in rng.sample(words, 3)]
    kind = TYPES.get(folder.rsplit("/", 1)[-1])
    if kind:
        lines.append(f"Type: {kind}")
    if number % 50 == 7:
        lines.append("Pick: yes")
    if number % 90 == 11:
        lines.append(f"Correction: {date + datetime.timedelta(days=1):%Y-%m-%d} | {sentence(rng, words, 6)}")
    lines.append("")
    for paragraph in range(rng.randint(3, 9)):
        lines += [sentence(rng, words, rng.randint(20, 60)), ""]
        if paragraph == 1 and known:
            path, title = rng.choice(known)
            lines += [f"=> {path} Read more: {title}", ""]
    return "\n".join(lines), lines[0][7:]


def make_paper(root, count=1000):
    """Files below root (a pathlib.Path); returns how many articles were written."""
    for edition, (language, name, slogan, _) in EDITIONS.items():
        base = root / edition
        base.mkdir(parents=True, exist_ok=True)
        (base / "edition.ini").write_text(
            f"name = {name}\nslogan = {slogan}\nlanguage = {language}\nsections = live, news, articles, videos\n"
            "front = 1\nboxes = 1\nlead = 1\nsubsections = no\ncontact = desk@example.org\n", encoding="utf-8")
        (base / "about.gmi").write_text(f"Title: {name}\n\n{slogan}.\n", encoding="utf-8")
    folders = [f"{top}/{sub}" if sub else top for top, subs in SECTIONS.items() for sub in (subs or [""])]
    rng = random.Random(1)
    known = {edition: [] for edition in EDITIONS}
    for number in range(count):
        edition = ("", "", "es", "ar")[number % 4]
        folder = folders[(number // 4) % len(folders)]
        text, title = article(rng, edition, folder, number, known[edition])
        path = root / edition / folder / f"story-{number}.gmi"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        known[edition].append(("/" + str(path.relative_to(root))[:-4], title))
    return count


if __name__ == "__main__":
    make_paper(pathlib.Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000)
