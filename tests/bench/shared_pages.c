/* Request lines with the replies to them, from a list of files that are mapped into memory. */
#include "bench/shared_pages.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/shared_die.h"

static void map(const char *path, struct page *page)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat facts;
	void *start;

	if (fd == -1 || fstat(fd, &facts) == -1)
		die("%s: %s", path, strerror(errno));
	page->reply_len = (size_t)facts.st_size;
	start = mmap(NULL, page->reply_len, PROT_READ, MAP_SHARED | MAP_POPULATE, fd, 0);
	if (start == MAP_FAILED)
		die("%s: %s", path, strerror(errno));
	page->reply = start;
	close(fd);
}

static struct page load_one(const char *list, char *text)
{
	char *tab = strrchr(text, '\t');
	struct page page;

	if (!tab)
		die("%s: a line without a tab: %s", list, text);
	*tab = '\0';
	page.line_len = (size_t)(tab - text) + 2;
	page.line = must_alloc(page.line_len + 1, 1);
	memcpy(page.line, text, page.line_len - 2);
	memcpy(page.line + page.line_len - 2, "\r\n", 2);
	map(tab + 1, &page);
	return page;
}

struct pages pages_load(const char *list)
{
	FILE *file = fopen(list, "re");
	struct pages pages = { 0 };
	size_t room = 0, size = 0;
	char *text = NULL;

	if (!file)
		die("%s: %s", list, strerror(errno));
	while (getline(&text, &size, file) > 0) {
		text[strcspn(text, "\n")] = '\0';
		if (pages.count == room) {
			room = room ? 2 * room : 16;
			pages.items = realloc(pages.items, room * sizeof(*pages.items));
			if (!pages.items)
				die("out of memory");
		}
		pages.items[pages.count++] = load_one(list, text);
	}
	free(text);
	fclose(file);
	if (pages.count == 0)
		die("%s: empty", list);
	return pages;
}

static int compare(const void *a, const void *b)
{
	const struct page *one = a, *other = b;
	size_t len = one->line_len < other->line_len ? one->line_len : other->line_len;
	int order = memcmp(one->line, other->line, len);

	if (order != 0 || one->line_len == other->line_len)
		return order;
	return one->line_len < other->line_len ? -1 : 1;
}

void pages_sort(struct pages *pages)
{
	qsort(pages->items, pages->count, sizeof(*pages->items), compare);
}

const struct page *pages_find(const struct pages *pages, const char *line, size_t len)
{
	struct page wanted = { .line = (char *)line, .line_len = len };

	return bsearch(&wanted, pages->items, pages->count, sizeof(wanted), compare);
}
