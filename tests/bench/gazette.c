/*
 * Writes a paper of many articles, the same every time: gazette FOLDER COUNT. Three editions
 * with 24 sections each; texts of 1.5 to 6 KB whose words are as frequent as those of a
 * language (Zipf): the n-th word comes about 1/n as often as the first.
 */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum {
	WORDS = 30000,
	DRAWS = 1 << 16, /* entries of the table that words are drawn from */
	TEXT_MAX = 16 * 1024,
	AUTHORS = 30,
	TAGS = 800,
	MINUTES = 20 * 365 * 1440, /* over which the articles are spread */
};

/* An edition: its letters make all its words. */
struct edition {
	const char *prefix;
	const char *name;
	const char *language;
	const char *const *syllables;
	size_t syllable_count;
};

static const char *const latin[] = { "ba",  "le",  "mo", "ri",	"ta",  "no", "shi",
				     "ver", "gan", "du", "pel", "cor", "li", "sun",
				     "fo",  "wen", "ka", "bri", "tol", "me" };
static const char *const spanish[] = { "ca", "ño",  "lla", "pue", "ción", "ma", "re",
				       "tí", "des", "bo",  "gua", "lo",	  "ri", "ven",
				       "sa", "fé",  "du",  "mi",  "jar",  "te" };
static const char *const arabic[] = { "با", "لي", "مو", "را", "تا", "نو", "شي", "ور", "جا", "دو",
				      "بل", "كو", "سن", "فو", "من", "قا", "بر", "تل", "مي", "حا" };

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct edition editions[] = {
	{ "", "The Long Gazette", "en", latin, COUNT_OF(latin) },
	{ "es", "La Gaceta Larga", "es", spanish, COUNT_OF(spanish) },
	{ "ar", "الجريدة الطويلة", "ar", arabic, COUNT_OF(arabic) },
};

static const char *const sections[] = { "news", "science", "arts", "sports" };
static const char *const parts[] = { "", "north", "south", "east", "west", "sea" };

static char words[COUNT_OF(editions)][WORDS][64];
static uint16_t draws[DRAWS];
static uint64_t state;

/* xorshift64*: the same numbers everywhere. */
static uint32_t draw(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * UINT64_C(2685821657736338717) >> 32) % below);
}

static void make_words(void)
{
	for (size_t e = 0; e < COUNT_OF(editions); e++) {
		for (size_t w = 0; w < WORDS; w++) {
			const struct edition *edition = &editions[e];
			size_t rest = w;

			/* Frequent words are short, and no two are the same. */
			do {
				strcat(words[e][w],
				       edition->syllables[rest % edition->syllable_count]);
				rest /= edition->syllable_count;
			} while (rest);
		}
	}
	for (size_t i = 0; i < DRAWS; i++)
		draws[i] = (uint16_t)(pow(WORDS, (double)i / DRAWS) - 1);
}

static const char *word(size_t edition)
{
	return words[edition][draws[draw(DRAWS)]];
}

/* Appends count words and what is behind the last. */
static char *put_words(char *at, size_t edition, unsigned count, const char *end)
{
	for (unsigned i = 0; i < count; i++)
		at += sprintf(at, "%s%s", i ? " " : "", word(edition));
	return at + sprintf(at, "%s", end);
}

static char *put_header(char *at, size_t edition, unsigned long number)
{
	time_t date = 1136073600 + (time_t)draw(MINUTES) * 60; /* from 2006 on */
	char day[32];

	strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%SZ", gmtime(&date));
	at += sprintf(at, "Title: ");
	at = put_words(at, edition, 4 + draw(5), "");
	at += sprintf(at, " %lu\nDate: %s\nSummary: ", number, day);
	at = put_words(at, edition, 12 + draw(12), ".\n");
	at += sprintf(at, "Author: %s %u\n", words[edition][300], draw(AUTHORS));
	for (unsigned i = 1 + draw(4); i > 0; i--)
		at += sprintf(at, "Tag: %s\n", words[edition][draws[draw(DRAWS)] % TAGS]);
	/* One of twenty is there in all editions. */
	if (number % 20 == 0 || number % 20 == 18 || number % 20 == 19)
		at += sprintf(at, "Id: story-%lu\n", number / 20);
	if (draw(200) == 0)
		at += sprintf(at, "Pick: yes\n");
	if (draw(300) == 0)
		at += sprintf(at, "Correction: %.10s | a word was wrong\n", day);
	if (draw(10) == 0)
		at += sprintf(at, "Kicker: %s\n", word(edition));
	return at;
}

static void write_file(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(text, 1, len, file) != len || fclose(file) != 0) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
}

static void make_folder(const char *path)
{
	if (mkdir(path, 0755) == -1 && errno != EEXIST) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		exit(1);
	}
}

static void make_editions(void)
{
	char path[200];
	char text[400];

	for (size_t e = 0; e < COUNT_OF(editions); e++) {
		const struct edition *edition = &editions[e];
		const char *folder = e ? edition->prefix : ".";
		int len = snprintf(text, sizeof(text), "name = %s\nlanguage = %s\n", edition->name,
				   edition->language);

		make_folder(folder);
		snprintf(path, sizeof(path), "%s/edition.ini", folder);
		write_file(path, text, (size_t)len);
		for (size_t s = 0; s < COUNT_OF(sections); s++) {
			for (size_t p = 0; p < COUNT_OF(parts); p++) {
				snprintf(path, sizeof(path), "%s/%s/%s", folder, sections[s],
					 parts[p]);
				make_folder(path);
			}
		}
	}
}

static void make_article(unsigned long number)
{
	static char text[TEXT_MAX];
	/* Most of it is English news: a million articles make 40,000 pages of one section. */
	size_t edition = number % 20 < 18 ? 0 : number % 20 - 17;
	const char *section = draw(10) < 9 ? sections[0] : sections[draw(COUNT_OF(sections))];
	const char *part = parts[draw(COUNT_OF(parts))];
	char *at = put_header(text, edition, number);
	unsigned paragraphs = 4 + draw(8);
	char path[300];

	*at++ = '\n';
	while (paragraphs-- > 0 && at < text + TEXT_MAX / 2)
		at = put_words(at, edition, 25 + draw(60), ".\n\n");
	snprintf(path, sizeof(path), "%s/%s/%s/%s-%lu.gmi",
		 edition ? editions[edition].prefix : ".", section, part,
		 words[0][number * 7919 % WORDS], number);
	write_file(path, text, (size_t)(at - text));
}

int main(int argc, char **argv)
{
	unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	if (count == 0) {
		fprintf(stderr, "usage: gazette FOLDER COUNT\n");
		return 2;
	}
	make_folder(argv[1]);
	if (chdir(argv[1]) == -1) {
		perror(argv[1]);
		return 1;
	}
	make_words();
	make_editions();
	for (unsigned long number = 0; number < count; number++) {
		state = (number + 1) * UINT64_C(0x9E3779B97F4A7C15);
		draw(2);
		make_article(number);
	}
	return 0;
}
