/* utf8 - is a text UTF-8, and the nearest text that is. */
#ifndef REGROW_UTF8_H
#define REGROW_UTF8_H

#include <stddef.h>

/*
 * Bytes of the well-formed sequence (RFC 3629: no surrogates, nothing overlong,
 * nothing above U+10FFFF) that text, of size bytes, begins with; 0: none.
 */
size_t utf8_sequence(const char *text, size_t size);

/*
 * Copies size bytes of text to out, each byte that is no part of a well-formed
 * sequence replaced by U+FFFD; out holds 3 * size bytes. Returns its size.
 */
size_t utf8_scrub(const char *text, size_t size, char *out);

#endif
