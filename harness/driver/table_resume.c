/* table_resume - the note about a run that was taken up again. */
#include <stdio.h>

#include "driver/table_parts.h"

#define NOTE_MAX 1600

/* "once", "3 times". */
static size_t add_times(char *text, size_t size, unsigned int count)
{
	if (count == 1)
		return (size_t)snprintf(text, size, "once");
	return (size_t)snprintf(text, size, "%u times", count);
}

/* What differed when it was forced last, where that was the last time. */
static void add_forced(const struct results_file *file, char *text, size_t size)
{
	const struct json *list = json_get(file->resume, "forced");
	size_t used = 0;

	for (size_t i = 0; i < json_size(list) && used < size; i++) {
		const struct json *change = json_item(list, i);

		used += (size_t)snprintf(
			text + used, size - used, "%s %.63s %.127s -> %.127s",
			i > 0 ? ";" : ":", json_text(change, "what", "?"),
			json_text(change, "was", "?"),
			json_text(change, "is", "?"));
	}
}

void printout_print_resumed(struct printout *printout)
{
	const struct results_file *file = printout->table->file;
	char text[NOTE_MAX];
	size_t used;

	if (file->resumes == 0)
		return;
	used = add_times(text, sizeof(text), file->resumes);
	if (file->forced > 0) {
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 ", forced ");
		used += add_times(text + used, sizeof(text) - used,
				  file->forced);
		used += (size_t)snprintf(text + used, sizeof(text) - used,
					 " although something differed");
		add_forced(file, text + used, sizeof(text) - used);
	}
	style_wrap(printout->style, EMPHASIS_NONE, "resumed: ", text,
		   printout->stream);
}
