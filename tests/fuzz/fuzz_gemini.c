/* Any request line gets one well-formed Gemini reply. */
#include "base/text.h"
#include "fuzz/gazette.h"

enum { META_MAX = 1024 };

/* Gemini 0.24.1, Status codes. */
static bool is_status(int status)
{
	static const int all[] = { 10, 11, 20, 30, 31, 40, 41, 42, 43,
				   44, 50, 51, 52, 53, 59, 60, 61, 62 };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] == status)
			return true;
	return false;
}

static int digit(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : 100;
}

/* Takes the header apart: "NN SP meta CRLF". */
static int check_header(struct str head, struct str *ret_meta, struct str *ret_body)
{
	size_t end = str_search(head, STR("\r\n"));
	int status;

	must(head.len >= 5 && end < head.len && end >= 3, "a header line", head);
	status = digit(head.data[0]) * 10 + digit(head.data[1]);
	must(is_status(status), "a status of the specification", head);
	must(head.data[2] == ' ', "one blank behind the status", head);
	*ret_meta = str_skip(str_head(head, end), 3);
	*ret_body = str_skip(head, end + 2);
	must(ret_meta->len > 0 && ret_meta->len <= META_MAX, "meta of lawful length", head);
	must(ret_meta->data[0] != ' ', "no second blank", head);
	must(is_printable(*ret_meta, false), "meta without controls", *ret_meta);
	return status;
}

static void check_reply(const struct reply *reply)
{
	struct str head = buf_view(&reply->head);
	struct str meta;
	struct str body;
	int status = check_header(head, &meta, &body);

	must(reply->status == status, "the log is told the same status", head);
	if (status != 20) {
		must(body.len == 0 && reply->file == -1, "a body with success only", head);
		must(reply->count == COUNT_NOTHING || status == 30 || status == 31,
		     "only what was read counts", head);
	}
	if (str_starts(meta, STR("text/gemini")))
		must(is_printable(body, true), "gemtext is printable lines with LF", head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int strict = 0; strict < 2; strict++) {
		struct reply reply;

		gazette_ask(&gemini_proto, strict, (struct str){ (const char *)data, size },
			    &reply);
		check_reply(&reply);
		reply_done(&reply);
	}
	return 0;
}
