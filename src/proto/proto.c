/* The protocols that are spoken here. */
#include "proto/proto.h"

const struct proto *const proto_list[] = { &gemini_proto, &gopher_proto };
const size_t proto_count = sizeof(proto_list) / sizeof(proto_list[0]);

const struct proto *proto_find(struct str name)
{
	for (size_t i = 0; i < proto_count; i++)
		if (str_eq_nocase(name, str_from(proto_list[i]->name)) ||
		    str_eq_nocase(name, str_from(proto_list[i]->scheme)))
			return proto_list[i];
	return NULL;
}
