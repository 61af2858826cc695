/* The cache of finished replies: what it gives back, and what it must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "reply_cache.h"

enum { ROOM = 64 * 1024 };

static const int gemini = 0;
static const int gopher = 0;

static struct reply_key key_of(const char *line)
{
	return (struct reply_key){ &gemini, STR("example.org"), str_from(line) };
}

static void keep(struct reply_cache *cache, struct reply_key key, struct reply_moment moment,
		 const char *head)
{
	struct reply reply;

	reply_init(&reply, ROOM);
	buf_str(&reply.head, str_from(head));
	reply.count = COUNT_READ;
	reply.article = 77;
	reply.status = 20;
	reply_cache_keep(cache, &key, moment, &reply);
	reply_done(&reply);
}

/* Whether the cache answers with exactly this head. */
static bool finds(const struct reply_cache *cache, struct reply_key key, struct reply_moment moment,
		  const char *head)
{
	struct reply reply;
	bool found;

	reply_init(&reply, ROOM);
	found = reply_cache_find(cache, &key, moment, &reply);
	if (found) {
		assert_int_equal(reply.count, COUNT_READ);
		assert_int_equal(reply.article, 77);
		assert_int_equal(reply.status, 20);
		assert_int_equal(reply.file, -1);
		assert_int_equal(reply.head.max, ROOM);
	} else {
		assert_int_equal(reply.head.len, 0);
	}
	found = found && str_eq(buf_view(&reply.head), str_from(head));
	reply_done(&reply);
	return found;
}

static void test_same_second_and_catalogue(void **state)
{
	struct reply_cache *cache = reply_cache_new(ROOM);
	struct reply_moment moment = { 1000, 5 };

	(void)state;
	assert_false(finds(cache, key_of("/"), moment, "front"));
	keep(cache, key_of("/"), moment, "front");
	assert_true(finds(cache, key_of("/"), moment, "front"));
	assert_false(finds(cache, key_of("/"), (struct reply_moment){ 1001, 5 }, "front"));
	assert_false(finds(cache, key_of("/"), (struct reply_moment){ 1000, 6 }, "front"));
	keep(cache, key_of("/"), (struct reply_moment){ 1001, 6 }, "new front");
	assert_true(finds(cache, key_of("/"), (struct reply_moment){ 1001, 6 }, "new front"));
	assert_false(finds(cache, key_of("/"), moment, "front"));
	reply_cache_free(cache);
}

static void test_every_part_of_the_key(void **state)
{
	struct reply_cache *cache = reply_cache_new(ROOM);
	struct reply_moment moment = { 1000, 5 };
	struct reply_key key = key_of("/news/");

	(void)state;
	keep(cache, key, moment, "news");
	assert_true(finds(cache, key, moment, "news"));
	key.asker = &gopher;
	assert_false(finds(cache, key, moment, "news"));
	key = key_of("/news/");
	key.server_name = STR("example.net");
	assert_false(finds(cache, key, moment, "news"));
	key.server_name = STR("");
	assert_false(finds(cache, key, moment, "news"));
	assert_false(finds(cache, key_of("/news"), moment, "news"));
	reply_cache_free(cache);
}

static void test_unknown_version(void **state)
{
	struct reply_cache *cache = reply_cache_new(ROOM);
	struct reply_moment unknown = { 1000, 0 };

	(void)state;
	keep(cache, key_of("/"), unknown, "front");
	assert_false(finds(cache, key_of("/"), unknown, "front"));
	reply_cache_free(cache);
}

static void test_files_and_large_replies(void **state)
{
	static char large[ROOM / 8];
	struct reply_cache *cache = reply_cache_new(ROOM);
	struct reply_moment moment = { 1000, 5 };
	struct reply_key key = key_of("/photo.jpg");
	struct reply reply;

	(void)state;
	reply_init(&reply, ROOM);
	buf_str(&reply.head, STR("20 image/jpeg\r\n"));
	reply.file = 0;
	reply_cache_keep(cache, &key, moment, &reply);
	assert_false(finds(cache, key, moment, "20 image/jpeg\r\n"));
	reply.file = -1;
	reply_done(&reply);
	memset(large, 'x', sizeof(large) - 1);
	keep(cache, key_of("/today"), moment, large);
	assert_false(finds(cache, key_of("/today"), moment, large));
	reply_cache_free(cache);
}

/* Far more than there is room for: whatever is found is right, and the newest is found. */
static void test_many(void **state)
{
	struct reply_cache *cache = reply_cache_new(ROOM);
	struct reply_moment moment = { 1000, 5 };
	size_t found = 0;
	char line[32];
	char head[2048];

	(void)state;
	memset(head, 'y', sizeof(head) - 1);
	head[sizeof(head) - 1] = '\0';
	for (int i = 0; i < 2000; i++) {
		snprintf(line, sizeof(line), "/news/%d", i);
		memcpy(head, line, strlen(line));
		keep(cache, key_of(line), moment, head);
		assert_true(finds(cache, key_of(line), moment, head));
	}
	for (int i = 0; i < 2000; i++) {
		struct reply_key key = key_of(line);
		struct reply reply;

		snprintf(line, sizeof(line), "/news/%d", i);
		key.line = str_from(line);
		reply_init(&reply, ROOM);
		if (reply_cache_find(cache, &key, moment, &reply)) {
			assert_true(str_starts(buf_view(&reply.head), str_from(line)));
			found++;
		}
		reply_done(&reply);
	}
	assert_true(found > 0 && found * sizeof(head) <= ROOM);
	reply_cache_free(cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_second_and_catalogue),
		cmocka_unit_test(test_every_part_of_the_key),
		cmocka_unit_test(test_unknown_version),
		cmocka_unit_test(test_files_and_large_replies),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
