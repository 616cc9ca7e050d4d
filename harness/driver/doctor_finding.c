/* doctor_finding - what a check says: texts, commands, and what it reads. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/utf8.h"
#include "driver/doctor_parts.h"
#include "driver/sysfile.h"

static void say(struct doctor_finding *finding, char **to, const char *format,
		va_list arguments)
{
	free(*to);
	if (vasprintf(to, format, arguments) < 0) {
		*to = NULL;
		finding->lost = true;
	}
}

void doctor_is(struct doctor_finding *finding, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	say(finding, &finding->is, format, arguments);
	va_end(arguments);
}

void doctor_could(struct doctor_finding *finding, enum doctor_state state,
		  const char *format, ...)
{
	va_list arguments;

	finding->state = state;
	va_start(arguments, format);
	say(finding, &finding->better, format, arguments);
	va_end(arguments);
}

void doctor_cannot(struct doctor_finding *finding, enum doctor_state state,
		   const char *format, ...)
{
	va_list arguments;

	finding->state = state;
	va_start(arguments, format);
	say(finding, &finding->reason, format, arguments);
	va_end(arguments);
}

/* Adds a line; false where memory ran out. */
static bool add_line(char **to, const char *line)
{
	char *both;

	if (asprintf(&both, "%s%s%s", *to != NULL ? *to : "",
		     *to != NULL ? "\n" : "", line) < 0)
		return false;
	free(*to);
	*to = both;
	return true;
}

void doctor_command(struct doctor_finding *finding, enum doctor_means means,
		    const char *change, const char *undo)
{
	finding->means = means;
	if (!add_line(&finding->change, change) ||
	    !add_line(&finding->undo, undo))
		finding->lost = true;
}

void doctor_write(struct doctor_finding *finding, const char *path,
		  const char *now, const char *wanted)
{
	char change[512];
	char undo[512];

	snprintf(change, sizeof(change), "echo %s >%s", wanted, path);
	snprintf(undo, sizeof(undo), "echo %s >%s", now, path);
	doctor_command(finding, DOCTOR_ROOT, change, undo);
}

void doctor_want(struct doctor_finding *finding, const char *path,
		 const char *now, const char *wanted)
{
	doctor_could(finding, DOCTOR_BETTER, "%s", wanted);
	doctor_write(finding, path, now, wanted);
}

void doctor_want_count(struct doctor_finding *finding, const char *path,
		       uint64_t now, uint64_t wanted)
{
	char now_text[24];
	char wanted_text[24];

	snprintf(now_text, sizeof(now_text), "%" PRIu64, now);
	snprintf(wanted_text, sizeof(wanted_text), "%" PRIu64, wanted);
	doctor_want(finding, path, now_text, wanted_text);
}

/* Says why a file is not what was looked for. */
static bool say_unreadable(const struct doctor_system *system,
			   struct doctor_finding *finding, const char *path,
			   const char *absent, const char *expected)
{
	char text[48];
	int error = sysfile_error(system->root, path);

	if (error == -ENOENT && absent != NULL)
		doctor_cannot(finding, DOCTOR_APART, "%s", absent);
	else if (error != 0)
		doctor_cannot(finding, DOCTOR_UNKNOWN, "%s: %s", path,
			      strerror(-error));
	else if (sysfile_text(system->root, path, text, sizeof(text)))
		doctor_cannot(finding, DOCTOR_UNKNOWN,
			      "%s holds '%s', which is not %s", path, text,
			      expected);
	else
		doctor_cannot(finding, DOCTOR_UNKNOWN, "%s is empty", path);
	return false;
}

bool doctor_count(const struct doctor_system *system,
		  struct doctor_finding *finding, const char *path,
		  const char *absent, uint64_t *value)
{
	if (sysfile_count(system->root, path, value))
		return true;
	return say_unreadable(system, finding, path, absent, "a number");
}

bool doctor_is_word(const char *text)
{
	/* A - or + in front would make an option of it. */
	if (!isalnum((unsigned char)*text) && *text != '_')
		return false;
	for (; *text != 0; text++)
		if (!isalnum((unsigned char)*text) &&
		    strchr("_+-.", *text) == NULL)
			return false;
	return true;
}

bool doctor_word(const struct doctor_system *system,
		 struct doctor_finding *finding, const char *path,
		 const char *absent, char word[DOCTOR_WORD_MAX])
{
	if (sysfile_text(system->root, path, word, DOCTOR_WORD_MAX) &&
	    doctor_is_word(word))
		return true;
	return say_unreadable(system, finding, path, absent, "a word");
}

bool doctor_chosen(const struct doctor_system *system,
		   struct doctor_finding *finding, const char *path,
		   const char *absent, char word[DOCTOR_WORD_MAX])
{
	if (sysfile_chosen(system->root, path, word, DOCTOR_WORD_MAX) &&
	    doctor_is_word(word))
		return true;
	return say_unreadable(system, finding, path, absent,
			      "a choice with one word in brackets");
}

/* Each ' as '\'': the quotation ends, an escaped one follows, it begins. */
static char *quote(const char *text)
{
	char *quoted = malloc(4 * strlen(text) + 3);
	char *to = quoted;

	if (quoted == NULL)
		return NULL;
	*to++ = '\'';
	for (; *text != 0; text++) {
		if (*text == '\'')
			to = mempcpy(to, "'\\'", 3);
		*to++ = *text;
	}
	*to++ = '\'';
	*to = 0;
	return quoted;
}

/* Nothing that a terminal would take for an order. */
static bool is_shown(const char *text)
{
	size_t left = strlen(text);
	size_t length;

	for (; left > 0; text += length, left -= length) {
		const unsigned char *bytes = (const unsigned char *)text;

		length = utf8_sequence(text, left);
		/* U+0080 to U+009F control a terminal, too. */
		if (length == 0 || bytes[0] < ' ' || bytes[0] == 0x7f ||
		    (bytes[0] == 0xc2 && bytes[1] < 0xa0))
			return false;
	}
	return true;
}

char *doctor_quoted(const char *text)
{
	bool plain = *text != 0 && *text != '-';

	if (!is_shown(text))
		return NULL;
	for (const char *byte = text; *byte != 0; byte++)
		if (!isalnum((unsigned char)*byte) &&
		    strchr("/_+-.:,@%", *byte) == NULL)
			plain = false;
	return plain ? strdup(text) : quote(text);
}
