/* Host names in URLs. */
#include "proto/host.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/uri.h"

/* RFC 3492 5, and the longest label and name of the DNS (RFC 1035 2.3.4). */
enum { BASE = 36, T_MIN = 1, T_MAX = 26, SKEW = 38, DAMP = 700, BIAS = 72, FIRST = 0x80 };
enum { LABEL_MAX = 63, NAME_MAX_BYTES = 253 };

static uint32_t adapted_bias(uint32_t delta, uint32_t count, bool is_first)
{
	uint32_t k = 0;

	delta = is_first ? delta / DAMP : delta / 2;
	delta += delta / count;
	for (; delta > (BASE - T_MIN) * T_MAX / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static void put_number(struct buf *out, uint32_t number, uint32_t bias)
{
	static const char digits[] = "abcdefghijklmnopqrstuvwxyz0123456789";

	for (uint32_t k = BASE;; k += BASE) {
		uint32_t t = k <= bias ? T_MIN : k - bias > T_MAX ? T_MAX : k - bias;

		if (number < t)
			break;
		buf_char(out, digits[t + (number - t) % (BASE - t)]);
		number = (number - t) / (BASE - t);
	}
	buf_char(out, digits[number]);
}

static uint32_t smallest_from(const uint32_t *runes, size_t count, uint32_t from)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i < count; i++)
		if (runes[i] >= from && runes[i] < least)
			least = runes[i];
	return least;
}

/* Encodes a label (RFC 3492 6.3). At most LABEL_MAX characters, so nothing overflows. */
static void put_punycode(struct buf *out, const uint32_t *runes, size_t count)
{
	uint32_t done = 0;
	uint32_t delta = 0;
	uint32_t bias = BIAS;
	uint32_t basic;

	for (size_t i = 0; i < count; i++)
		if (runes[i] < FIRST) {
			buf_char(out, (char)runes[i]);
			done++;
		}
	basic = done;
	if (basic > 0)
		buf_char(out, '-');
	for (uint32_t next = FIRST; done < count; next++, delta++) {
		uint32_t least = smallest_from(runes, count, next);

		delta += (least - next) * (done + 1);
		next = least;
		for (size_t i = 0; i < count; i++) {
			if (runes[i] < next)
				delta++;
			if (runes[i] != next)
				continue;
			put_number(out, delta, bias);
			bias = adapted_bias(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
	}
}

static void put_label(struct buf *out, struct str label)
{
	uint32_t runes[LABEL_MAX];
	bool is_ascii = true;
	struct str rest = label;
	size_t count = 0;
	size_t used;

	while (count < LABEL_MAX && (used = text_rune(rest, &runes[count])) != 0) {
		is_ascii = is_ascii && runes[count] < FIRST;
		rest = str_skip(rest, used);
		count++;
	}
	if (is_ascii || rest.len) {
		buf_str(out, label);
		return;
	}
	buf_str(out, STR("xn--"));
	put_punycode(out, runes, count);
}

static bool is_same(struct arena *arena, struct str host, struct str ours)
{
	struct buf ascii;
	struct str label;
	bool same;

	if (!uri_decode(arena, host, &host))
		return false;
	if (str_ends(host, STR(".")))
		host = str_head(host, host.len - 1);
	if (str_ends(host, STR(".")))
		return false;
	buf_init(&ascii, NAME_MAX_BYTES);
	while (str_next(&host, '.', &label)) {
		put_label(&ascii, label);
		if (host.len)
			buf_char(&ascii, '.');
	}
	same = !ascii.full && str_eq_nocase(buf_view(&ascii), ours);
	buf_done(&ascii);
	return same;
}

size_t host_index(const struct origin *origin, struct arena *arena, struct str host)
{
	for (size_t i = 0; i < origin->host_count; i++)
		if (is_same(arena, host, origin->hosts[i]))
			return i;
	return origin->host_count;
}

bool host_is_neighbour(const struct origin *origin, struct arena *arena, struct str host)
{
	for (size_t i = 0; i < origin->neighbour_count; i++)
		if (is_same(arena, host, origin->neighbours[i]))
			return true;
	return false;
}
