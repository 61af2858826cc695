"""A small paper that has one of everything that matters to the network."""

BIG = bytes(i * 7 % 251 for i in range(1 << 20))
ARTICLE = "Title: {title}\nDate: 2026-03-01T08:00:00Z\nSummary: Short.\nAuthor: Ada Pier\nTag: quay\n\n{body}\n"


def write_article(paper, name, title, body="A short story.", **fields):
    path = paper / "news" / f"{name}.gmi"
    path.parent.mkdir(parents=True, exist_ok=True)
    text = ARTICLE.format(title=title, body=body)
    head = "".join(f"{key.replace('_', '-')}: {value}\n" for key, value in fields.items())
    temporary = path.with_name(f".{name}.tmp")
    temporary.write_text(head + text)
    temporary.rename(path)


def write_paper(folder):
    (folder / "news").mkdir(parents=True)
    (folder / "edition.ini").write_text("name = The Socket Courier\nslogan = Byte by byte\nlanguage = en\n")
    (folder / "about.gmi").write_text("Title: About\n\nA paper.\n")
    write_article(folder, "bench", "A bench is mended")
    write_article(folder, "long", "A long story", "\n\n".join(["word " * 200] * 800))
    (folder / "news" / "big.bin").write_bytes(BIG)
