/* `tidings get`: prints a page of the paper as the server would send it, or fetches one from another server. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/log.h"
#include "command/command.h"
#include "command/paper.h"
#include "command/remote.h"
#include "origin.h"

struct options {
	bool header; /* print the header line in front of the body, whatever it says */
	bool fixed;  /* the clock stands at */
	int64_t at;
	bool has_key; /* and asks with it */
	struct zone_key key;
	const char *what; /* PATH or URL */
};

/* Copies the file of a reply; what it was announced to have and what it has must be the same. */
static bool print_file(const struct reply *reply)
{
	char block[65536];
	uint64_t left = reply->file_size;

	while (left > 0) {
		ssize_t got = read(reply->file, block, left < sizeof(block) ? left : sizeof(block));

		if (got == -1 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		fwrite(block, 1, (size_t)got, stdout);
		left -= (uint64_t)got;
	}
	return true;
}

static int print_reply(const struct proto *proto, const struct options *options,
		       enum page_status status, const struct reply *reply)
{
	struct str head = buf_view(&reply->head);
	size_t header = paper_header(proto, reply);
	size_t start = options->header ? 0 : header;

	if (reply->head.full)
		return command_failed("The reply is larger than %zu bytes", reply->head.max);
	if (start > 0 && status != PAGE_OK)
		command_failed(STR_FMT, STR_ARG(str_trim(str_head(head, header))));
	fwrite(head.data + start, 1, head.len - start, stdout);
	if (reply->file != -1 && !print_file(reply))
		return command_failed("The file could not be read to its end");
	/* Where the prompt is no status but an item of a menu, that menu is a page as any other. */
	return status == PAGE_OK || (status == PAGE_INPUT && header == 0) ? EXIT_DONE : EXIT_FAILED;
}

static int get_page(const struct config *config, const struct proto *proto, struct str path,
		    const struct options *options)
{
	struct err err = { "" };
	struct paper paper;
	struct reply reply;
	enum page_status status;
	int result;

	if (!paper_open(&paper, config, NULL, NULL, &err))
		return command_failed("%s", err.text);
	if (options->fixed)
		paper_set_clock(&paper, options->at);
	if (options->has_key)
		paper_set_key(&paper, &options->key);
	reply_init(&reply, REPLY_BYTES_MAX);
	status = paper_ask(&paper, proto, path, &reply);
	result = print_reply(proto, options, status, &reply);
	reply_done(&reply);
	paper_close(&paper);
	return result;
}

static bool read_options(struct options *options, int argc, char **argv, struct err *err)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--header") == 0) {
			options->header = true;
		} else if (strcmp(argv[i], "--at") == 0) {
			const char *time = i + 1 < argc ? argv[++i] : "";

			if (!date_parse(str_from(time), &options->at))
				return err_set(err,
					       "--at needs a time such as 2026-11-23T12:00:00Z");
			options->fixed = true;
		} else if (strcmp(argv[i], "--key") == 0) {
			const char *key = i + 1 < argc ? argv[++i] : "";

			if (!zone_key_parse(str_from(key), &options->key))
				return err_set(err, "--key needs the SHA-256 of a public key");
			options->has_key = true;
		} else if (options->what) {
			return err_set(err, "\"%s\" is one argument too many", argv[i]);
		} else if (strncmp(argv[i], "--", 2) == 0) {
			return err_set(err, "There is no option %s", argv[i]);
		} else {
			options->what = argv[i];
		}
	}
	return options->what || err_set(err, "A path or a URL is needed");
}

static int get_run(const struct config *config, int argc, char **argv)
{
	struct options options = { .what = NULL };
	struct err err = { "" };
	const struct proto *proto = &gemini_proto;
	struct str path;
	size_t colon;

	if (!read_options(&options, argc, argv, &err))
		return command_misused(&get_command, "%s", err.text);
	path = str_from(options.what);
	if (remote_is_url(path))
		return remote_get(path, options.header);
	colon = str_find(path, ':');
	if (!str_starts(path, STR("/")) && colon < path.len) {
		proto = proto_find(str_head(path, colon));
		path = str_skip(path, colon + 1);
	}
	if (!proto || str_starts(path, STR("//")))
		return command_misused(&get_command, "\"%s\" is of no protocol that is spoken here",
				       options.what);
	return get_page(config, proto, path, &options);
}

const struct command get_command = {
	.name = "get",
	.summary = "print a page as the server would send it, or fetch one from another server",
	.usage = "[--header] [--at TIME] [--key KEY] PATH | [--header] URL",
	.help = "  PATH       /news/, gemini:/news/ or gopher:/news/; search words behind a \"?\"\n"
		"  URL        gemini://, gopher:// or gophers://; the server's fingerprint is "
		"shown\n"
		"  --header   print Gemini's header line, too\n"
		"  --at TIME  what readers will see then, such as 2026-11-23T12:00:00Z\n"
		"  --key KEY  what a client with this key gets from a zone\n",
	.run = get_run,
};
