/* insert - SQL statements that put a row into a table, whatever it holds. */
#include "driver/insert.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

void insert_begin(struct insert *insert, const char *table)
{
	insert->begun = false;
	fprintf(insert->stream, "INSERT INTO %s VALUES(", table);
}

void insert_end(struct insert *insert)
{
	fputs(");\n", insert->stream);
}

static void put_comma(struct insert *insert)
{
	if (insert->begun)
		fputc(',', insert->stream);
	insert->begun = true;
}

static bool has_control_characters(const char *text)
{
	for (; *text != 0; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return true;
	return false;
}

void insert_text(struct insert *insert, const char *text)
{
	FILE *stream = insert->stream;

	put_comma(insert);
	if (text == NULL) {
		fputs("NULL", stream);
		return;
	}
	if (has_control_characters(text)) {
		fputs("CAST(x'", stream);
		for (; *text != 0; text++)
			fprintf(stream, "%02x", (unsigned char)*text);
		fputs("' AS TEXT)", stream);
		return;
	}
	fputc('\'', stream);
	for (; *text != 0; text++) {
		if (*text == '\'')
			fputc('\'', stream);
		fputc(*text, stream);
	}
	fputc('\'', stream);
}

void insert_number(struct insert *insert, int64_t value)
{
	put_comma(insert);
	if (value == FIGURE_ABSENT)
		fputs("NULL", insert->stream);
	else
		fprintf(insert->stream, "%" PRId64, value);
}

int insert_json(struct insert *insert, const struct json *json)
{
	size_t size;
	char *line = NULL;

	if (json != NULL) {
		line = json_line(json, &size);
		if (line == NULL)
			return -ENOMEM;
		line[size - 1] = 0;
	}
	insert_text(insert, line);
	free(line);
	return 0;
}
