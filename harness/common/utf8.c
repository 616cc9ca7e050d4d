/* utf8 - is a text UTF-8, and the nearest text that is. */
#include "common/utf8.h"

#include <stdint.h>
#include <string.h>

/* What the second byte may be after each lead byte; RFC 3629, section 4. */
static const struct lead {
	unsigned char first, last; /* lead bytes */
	unsigned char size; /* of the sequence, bytes */
	unsigned char second_low, second_high;
} leads[] = {
	{0x01, 0x7f, 1, 0, 0},	     {0xc2, 0xdf, 2, 0x80, 0xbf},
	{0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
	{0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
	{0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf},
	{0xf4, 0xf4, 4, 0x80, 0x8f},
};

static const struct lead *lead_of(unsigned char byte)
{
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

size_t utf8_sequence(const char *text, size_t size)
{
	const unsigned char *bytes = (const unsigned char *)text;
	const struct lead *lead = size > 0 ? lead_of(bytes[0]) : NULL;

	if (lead == NULL || size < lead->size)
		return 0;
	if (lead->size > 1 &&
	    (bytes[1] < lead->second_low || bytes[1] > lead->second_high))
		return 0;
	for (size_t i = 2; i < lead->size; i++)
		if (bytes[i] < 0x80 || bytes[i] > 0xbf)
			return 0;
	return lead->size;
}

size_t utf8_scrub(const char *text, size_t size, char *out)
{
	size_t written = 0;

	while (size > 0) {
		size_t step = utf8_sequence(text, size);

		memcpy(out + written, step > 0 ? text : "\xef\xbf\xbd",
		       step > 0 ? step : 3);
		written += step > 0 ? step : 3;
		step += step == 0;
		text += step;
		size -= step;
	}
	return written;
}
