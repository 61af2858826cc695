/* What the fuzz targets share: a small paper in memory, with its clock standing still. */
#ifndef FUZZ_GAZETTE_H
#define FUZZ_GAZETTE_H

#include "proto/proto.h"
#include "site/site.h"

/* libFuzzer's entry point; here so that the targets are declared before they are defined. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process with the sentence and the bytes that it is about, unless ok. */
void must(bool ok, const char *what, struct str bytes);

/* Whether every character is good UTF-8 and none a control; LF passes when asked to. */
bool is_printable(struct str s, bool lf_too);

/* The paper of tests/fuzz/store (or of the folder in TIDINGS_FUZZ_STORE), opened once. */
const struct site *gazette_site(void);

/* Our names and port; strict turns on every switch that an origin has. */
struct origin gazette_origin(bool strict);

/* Asks for the first line in bytes, as a connection would; the reply is the caller's to end. */
void gazette_ask(const struct proto *proto, bool strict, struct str bytes, struct reply *reply);

#endif
