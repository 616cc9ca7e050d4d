/* regrow/churn_laws.h - how large connections become and how long they live, as it is typed. */
#ifndef REGROW_CHURN_LAWS_H
#define REGROW_CHURN_LAWS_H

#include <errno.h>
#include <stdio.h>

#include <regrow/churn.h>
#include <regrow/option.h>

/* The values of sizes=, life= and file=. */
struct churn_laws {
	const struct option_value *sizes; /* text; "": the profile's */
	const struct option_value *life; /* text */
	const struct option_value *file;
};

static inline int churn_law(const struct option_value *option, bool bytes,
			    struct distribution *law, char *why,
			    size_t why_size)
{
	char what[256];

	*law = (struct distribution){
		.low = bytes ? 8 : 0,
		.high = bytes ? CHURN_SIZE_MAX : CHURN_LIFE_MAX,
	};
	if ((bytes && option->text[0] == '\0') ||
	    distribution_parse(option->text, bytes, law, what, sizeof(what)) ==
		    0)
		return 0;
	snprintf(why, why_size, "%s=%s %s", bytes ? "sizes" : "life",
		 option->text, what);
	return -EINVAL;
}

static inline bool churn_is_empirical(const struct churn *churn)
{
	return churn->sizes.law == DISTRIBUTION_EMPIRICAL ||
	       churn->life.law == DISTRIBUTION_EMPIRICAL;
}

/* As empirical_read(). */
static inline int64_t churn_file(const struct option_value *file,
				 struct empirical_entry *entries, char *why,
				 size_t why_size)
{
	return empirical_read(empirical_open(file->contents, file->number,
					     CHURN_SIZE_MAX, CHURN_LIFE_MAX),
			      entries, why, why_size);
}

static inline int churn_check_file(const struct option_value *file,
				   const struct churn *churn, char *why,
				   size_t why_size)
{
	char what[256];

	if (churn_is_empirical(churn) && !file->contents)
		snprintf(why, why_size,
			 "what is empirical is in a file: file=./sizes, say");
	else if (!churn_is_empirical(churn) && file->contents)
		snprintf(why, why_size,
			 "file= is read where sizes=empirical or "
			 "life=empirical");
	else if (file->contents &&
		 churn_file(file, NULL, what, sizeof(what)) < 0)
		snprintf(why, why_size, "file=%s: %s", file->text, what);
	else
		return 0;
	return -EINVAL;
}

/* Into a churn. 0; or -EINVAL, and why: a sentence. */
static inline int churn_laws_read(const struct churn_laws *laws,
				  struct churn *churn, char *why,
				  size_t why_size)
{
	int error = churn_law(laws->sizes, true, &churn->sizes, why, why_size);

	if (!error)
		error = churn_law(laws->life, false, &churn->life, why,
				  why_size);
	if (!error)
		error = churn_check_file(laws->file, churn, why, why_size);
	return error;
}

/* Bytes of room that they take, a multiple of 8; 0: none, or they are wrong. */
static inline size_t churn_laws_room(const struct churn_laws *laws)
{
	struct churn churn;
	char why[512];
	size_t size;

	if (churn_laws_read(laws, &churn, why, sizeof(why)) ||
	    churn_is_plain(&churn))
		return 0;
	size = CHURN_POOL * sizeof(struct churn_life);
	if (churn_is_empirical(&churn))
		size += (size_t)churn_file(laws->file, NULL, why, sizeof(why)) *
			sizeof(struct empirical_entry);
	return size;
}

/* Into a churn, as it is walked over: with room of that size. 0 or -EINVAL. */
static inline int churn_laws_open(const struct churn_laws *laws,
				  struct churn *churn, void *room)
{
	struct empirical_entry *entries;
	char why[512];

	if (churn_laws_read(laws, churn, why, sizeof(why)))
		return -EINVAL;
	churn->pool = room;
	if (!churn_is_empirical(churn))
		return 0;
	entries = (void *)(churn->pool + CHURN_POOL);
	churn->empirical.entries = entries;
	churn->empirical.count =
		(size_t)churn_file(laws->file, entries, why, sizeof(why));
	return 0;
}

#endif
