/*
 * spec - the spelling of an allocator or a workload: name[:key=value]...
 *
 * A value that contains : or , stands in brackets, which nest:
 * exponential:step=x2:over=[mremap-fixed-fallback:threshold=8M]. The canonical
 * form has the options sorted by name and the standard values left out, and is
 * the row's key in the results. Pure and without malloc: both the driver and
 * the child use it.
 */
#ifndef REGROW_SPEC_H
#define REGROW_SPEC_H

#include <stddef.h>

#include <regrow/allocator.h>
#include <regrow/option.h>
#include <regrow/workload.h>

#define SPEC_TEXT_MAX 512 /* bytes of a spelling, the 0 included */
#define SPEC_DEPTH_MAX 4 /* wrapped allocators, the outer one included */

/* A resolved spelling. Texts point into storage of the same struct. */
struct allocator_spec {
	/* [0] is the outer one; [n + 1] is what [n] wraps, if it wraps. */
	struct {
		const struct allocator *allocator;
		struct option_value values[OPTIONS_MAX];
	} layers[SPEC_DEPTH_MAX];
	unsigned int depth; /* layers used */
	char canonical[SPEC_TEXT_MAX];
	char storage[2 * SPEC_TEXT_MAX];
	size_t storage_used;
};

struct workload_spec {
	const struct workload *workload;
	struct option_value values[OPTIONS_MAX];
	char canonical[SPEC_TEXT_MAX];
	char storage[2 * SPEC_TEXT_MAX];
	size_t storage_used;
};

/*
 * Resolve a spelling against the registry (a name with a / is a plug-in's path,
 * loaded). 0, or -ENOENT (unknown name), -EINVAL (malformed, unknown or
 * repeated option, bad value), -E2BIG (too long, too deep), -ENODATA (a file),
 * or the error of a plug-in; why then holds one sentence that names the
 * offending part and, for a near miss, the right spelling ("did you mean ...?").
 */
int spec_parse_allocator(const char *text, struct allocator_spec *spec,
			 char *why, size_t why_size);
int spec_parse_workload(const char *text, struct workload_spec *spec, char *why,
			size_t why_size);

/*
 * Splits a list at its top-level commas; brackets nest. Copies item number
 * index (from 0) into item, without blanks around it: 1, or 0 past the end, or
 * -EINVAL (brackets do not match, an empty item), -E2BIG.
 */
int spec_list_item(const char *list, unsigned int index, char *item,
		   size_t item_size);

/*
 * How the file of an OPTION_FILE is come by: in the driver it is opened, in a
 * sample it was handed over. Fills value->contents and ->number, which stay as
 * they are to the process's end. 0, or -ENODATA and in why what is wrong with
 * the value, as the end of a sentence. Before it is set no file can be had.
 */
typedef int spec_file_find(const struct option_entry *option,
			   struct option_value *value, char *why,
			   size_t why_size);
void spec_files_by(spec_file_find *find);

/* The first option that has a file's contents, or NULL. */
const struct option_value *spec_find_file(const struct workload_spec *spec);

/* The declared option of that name, or NULL; its place in the table. */
const struct option_entry *spec_find_option(const struct option_entry *options,
					    const char *name,
					    unsigned int *place);

#endif
