/* `tidings new`: the file of a new article, ready to be written. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/date.h"
#include "base/mem.h"
#include "base/text.h"
#include "command/command.h"

enum { ARENA_BYTES = 1 << 20, TITLE_BYTES_MAX = 1024 };

/*
 * A section as people name it ("news", "/news/politics/") becomes a folder below
 * content. Names are those that the store takes, so no "..", no hidden folder.
 */
static char *section_folder(const struct config *config, const char *section)
{
	struct str rest = str_trim(str_from(section));
	struct str name;
	char *folder = mem_text(config->content);

	while (str_next(&rest, '/', &name)) {
		char *longer;

		if (name.len == 0)
			continue;
		if (name.data[0] == '.') {
			free(folder);
			return NULL;
		}
		longer = mem_format("%s/" STR_FMT, folder, STR_ARG(name));
		free(folder);
		folder = longer;
	}
	return folder;
}

static bool is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* Never opens a file that is there, whoever put it there and however late. */
static int write_skeleton(const char *path, struct str title)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
	char date[DATE_TEXT];
	FILE *out;

	if (fd == -1)
		return command_failed("%s: %s", path, strerror(errno));
	out = fdopen(fd, "w");
	if (!out) {
		close(fd);
		return command_failed("%s: %s", path, strerror(errno));
	}
	fprintf(out,
		"Title: " STR_FMT "\n"
		"Date: %s\n"
		"Summary:\n"
		"Author:\n"
		"Tag:\n"
		"Status: draft\n"
		"\n",
		STR_ARG(title), date_rfc3339(time(NULL), date));
	if (fclose(out) != 0)
		return command_failed("%s: %s", path, strerror(errno));
	printf("%s\n", path);
	return EXIT_DONE;
}

static int start_article(const char *folder, const char *words)
{
	struct arena *arena = arena_new(ARENA_BYTES);
	struct str title = text_line(arena, str_from(words));
	struct str slug = text_slug(arena, title);
	char *path = mem_format("%s/" STR_FMT ".gmi", folder, STR_ARG(slug));
	int result;

	if (title.len == 0)
		result = command_misused(&new_command, "The title is empty");
	else
		result = write_skeleton(path, title);
	free(path);
	arena_free(arena);
	return result;
}

static int new_run(const struct config *config, int argc, char **argv)
{
	char *folder;
	int result;

	if (argc != 3)
		return command_misused(&new_command, "A section and a title are needed");
	if (strlen(argv[2]) > TITLE_BYTES_MAX)
		return command_misused(&new_command, "The title is longer than %d bytes",
				       TITLE_BYTES_MAX);
	folder = section_folder(config, argv[1]);
	if (!folder)
		return command_misused(&new_command, "\"%s\" is not the name of a section",
				       argv[1]);
	if (is_folder(folder))
		result = start_article(folder, argv[2]);
	else
		result = command_failed("There is no section %s: the folder %s does not exist",
					argv[1], folder);
	free(folder);
	return result;
}

const struct command new_command = {
	.name = "new",
	.summary = "start an article: a file with its header, as a draft",
	.usage = "SECTION TITLE",
	.help = "  Writes content/SECTION/<name made from the title>.gmi and prints its path.\n"
		"  The article appears when its line \"Status: draft\" is taken out.\n",
	.run = new_run,
};
