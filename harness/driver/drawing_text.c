/* drawing_text - texts from results files made fit to be drawn. */
#include "driver/drawing_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/utf8.h"

#define ELLIPSIS "\xe2\x80\xa6"

/* The code point of a well-formed sequence of size bytes. */
static uint32_t code_point(const char *text, size_t size)
{
	static const unsigned char first_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t code = (unsigned char)text[0] & first_bits[size];
	size_t i;

	for (i = 1; i < size; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3f);
	return code;
}

/* Controls, and what turns the direction of writing or has no width. */
static bool is_invisible(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad ||
	       (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff;
}

/*
 * What stands for the character at text, whose size is put in *taken: itself
 * (NULL) or a replacement.
 */
static const char *replacement(const char *text, bool visible, size_t *taken)
{
	size_t size = utf8_sequence(text, strlen(text));
	uint32_t code;

	*taken = size ? size : 1;
	if (size == 0)
		return "?";
	code = code_point(text, size);
	if (is_invisible(code))
		return " ";
	if (code == '"')
		return "'";
	if (visible && code == '\\')
		return "/";
	if ((code & 0xfffe) == 0xfffe || (visible && code > 0x17f))
		return "?";
	return NULL;
}

static char *clean(const char *text, bool visible, char *out, size_t size)
{
	size_t used = 0;

	while (*text) {
		size_t taken, bytes;
		const char *other = replacement(text, visible, &taken);

		bytes = other ? 1 : taken;
		if (used + bytes >= size)
			break;
		memcpy(out + used, other ? other : text, bytes);
		used += bytes;
		text += taken;
	}
	out[used] = 0;
	return out;
}

char *drawing_field(const char *text, char *out, size_t size)
{
	return clean(text, false, out, size);
}

char *drawing_visible(const char *text, char *out, size_t size)
{
	return clean(text, true, out, size);
}

/* The byte at which character number index begins. */
static size_t character_at(const char *text, size_t index)
{
	size_t i = 0;

	while (text[i] && index > 0) {
		i++;
		while (((unsigned char)text[i] & 0xc0) == 0x80)
			i++;
		index--;
	}
	return i;
}

static size_t characters(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += ((unsigned char)*text & 0xc0) != 0x80;
	return count;
}

char *drawing_shortened(const char *text, unsigned int width, char *out,
			size_t size)
{
	char whole[4096];
	size_t length, head, tail;

	drawing_visible(text, whole, sizeof(whole));
	length = characters(whole);
	if (length <= width)
		return drawing_visible(whole, out, size);
	head = character_at(whole, width / 2);
	tail = character_at(whole, length - (width - width / 2 - 1));
	if (head + strlen(ELLIPSIS) + strlen(whole + tail) >= size)
		return drawing_visible(whole, out, size);
	snprintf(out, size, "%.*s" ELLIPSIS "%s", (int)head, whole,
		 whole + tail);
	return out;
}

char *drawing_word(const char *text, char end, char out[DRAWING_WORD_SIZE])
{
	const char until[] = {end, 0};
	size_t length = strcspn(text, until), used = 0, i;

	for (i = length; i > 0 && text[i - 1] != '/'; i--)
		;
	text += i;
	length -= i;
	for (i = length; i > 1; i--) {
		if (text[i - 1] == '.') {
			length = i - 1;
			break;
		}
	}
	for (i = 0; i < length && used < DRAWING_WORD_SIZE - 1; i++) {
		char c = text[i];
		bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			     (c >= '0' && c <= '9') || c == '-' || c == '_' ||
			     (c == '.' && used > 0);

		if (plain)
			out[used++] = c;
		else if (used > 0 && out[used - 1] != '-')
			out[used++] = '-';
	}
	while (used > 0 && out[used - 1] == '-')
		used--;
	out[used] = 0;
	if (used == 0)
		snprintf(out, DRAWING_WORD_SIZE, "unnamed");
	return out;
}
