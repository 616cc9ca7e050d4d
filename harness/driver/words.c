/* words - a list of words of one kind, read. */
#include "driver/words.h"

#include <errno.h>
#include <stdio.h>

#include "common/spec.h"
#include "common/suggest.h"
#include "driver/list_error.h"
#include "driver/names.h"

static int word_unknown(const struct words *words, const char *text, char *why,
			size_t why_size)
{
	struct suggestion suggestion = {text, NULL, 0};

	for (unsigned int i = 0; i < words->count; i++)
		suggest_offer(&suggestion, words->names[i]);
	if (suggestion.best)
		snprintf(why, why_size, "unknown %s '%s': did you mean '%s'?",
			 words->noun, text, suggestion.best);
	else
		snprintf(why, why_size, "unknown %s '%s': it is %s",
			 words->noun, text, words->choices);
	return -EINVAL;
}

static void place_add(unsigned int place, unsigned int places[WORDS_MAX],
		      unsigned int *count)
{
	for (unsigned int i = 0; i < *count; i++)
		if (places[i] == place)
			return;
	places[(*count)++] = place;
}

int words_read(const struct words *words, const char *list,
	       unsigned int places[WORDS_MAX], unsigned int *count, char *why,
	       size_t why_size)
{
	unsigned int i;
	char item[32];
	int got;

	*count = 0;
	for (i = 0; (got = spec_list_item(list, i, item, sizeof(item))) == 1;
	     i++) {
		int place = names_find(words->names, words->count, item);

		if (place < 0)
			return word_unknown(words, item, why, why_size);
		place_add((unsigned int)place, places, count);
	}
	if (got < 0 || i == 0)
		return list_error(got ? got : -EINVAL, list, words->nouns, why,
				  why_size);
	return 0;
}
