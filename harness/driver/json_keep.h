/*
 * json_keep - a line of JSON without the members that nobody asks for, so that
 * they need not be parsed. Pure.
 */
#ifndef REGROW_JSON_KEEP_H
#define REGROW_JSON_KEEP_H

#include <stddef.h>

/*
 * The object in text with only those of its members that keep names by their
 * paths ("map.final.holes"; it ends with NULL): each whole, and the objects
 * that lead to it. kept has its size, free() it. What is left out is not
 * checked: it only has to end. NULL where memory ran out, or where text is no
 * object that ends: parsing it says what is wrong with it.
 */
char *json_keep(const char *text, size_t size, const char *const *keep,
		size_t *kept);

#endif
