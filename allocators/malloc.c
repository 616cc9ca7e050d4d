/*
 * malloc - the process's own realloc: glibc's, or that of an installed library
 * which is preloaded into the sample (lib=).
 *
 * On growth: realloc. glibc gives a block of the mmap threshold or more a
 * mapping of its own (where nothing free in its heap is large enough) and grows
 * it by mremap(MREMAP_MAYMOVE); a smaller one is extended within the heap or
 * copied. jemalloc 4 and later, mimalloc and tcmalloc extend in place what they
 * can, and copy.
 *
 * What is pinned, through the child's environment, for glibc: M_MMAP_THRESHOLD
 * to threshold=, since the dynamic threshold rises to the size of what was
 * freed, up to 32 MiB, and a row would change its meaning while it runs; with
 * it M_TRIM_THRESHOLD stays at 128 KiB. M_MMAP_MAX to the largest number:
 * beyond its 65,536 mappings large blocks would go to the heap. dynamic=yes
 * pins neither (either ends the dynamics; mallopt(3)): glibc as programs find
 * it. In THP mode madvise its tunable hugetlb=1 (glibc 2.35) advises mappings
 * and heap, as the other allocators' mappings are; hugetlb=no is without. Its
 * value 2, pages of hugetlbfs, is not offered: where they run out, glibc goes
 * on with small ones without a word.
 *
 * A library's own huge pages in THP mode madvise: jemalloc's thp:always,
 * mimalloc's large_os_pages. tcmalloc has none, and of a library that is named
 * by its path conf= has to say how.
 *
 * How an outcome is told, realloc being silent:
 *   slack     malloc_usable_size() was large enough and the address stayed
 *   in place  the address stayed
 *   moved     before and after the block looks like a mapping of its own, as
 *             glibc lays it out (16 bytes behind the start of a page, usable up
 *             to the end of one), and errno was left alone, which glibc's
 *             failing mremap sets before it copies instead
 *   copied    anything else. Bytes, of glibc: those asked for, the least that
 *             had to be copied; of libraries: those usable, since all of them
 *             copy their whole size class
 * A heap block looks like a mapping by chance once in 65,536. A library that
 * moves by mremap (hardened_malloc from 32 MiB on) is told as copying: nothing
 * that a process may read without rights says which it was at a cost that could
 * stand inside a growth. Its page faults do, of which there are fewer than of a
 * copy, and, as root, --counters syscalls:sys_enter_mremap.
 */
#include <ctype.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <regrow/pages.h>

/* glibc before 2.35 ignores a larger threshold, without a word. */
#define THRESHOLD_MAX ((size_t)32 << 20)
#define THRESHOLD_STANDARD ((size_t)128 << 10)
/* What glibc keeps in front of a block: two words. */
#define HEADER (2 * sizeof(size_t))
#define SIZE_MIN ((size_t)16)
#define VARIABLE_SIZE sizeof(((struct environment *)0)->entries[0])

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZER_MALLOC 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZER_MALLOC 1
#endif
#endif
#ifndef SANITIZER_MALLOC
#define SANITIZER_MALLOC 0
#endif

enum place { LIB, CONF, THRESHOLD, DYNAMIC, HUGETLB };
enum hugetlb { HUGETLB_MODE, HUGETLB_NO };

static const struct option_entry malloc_options[] = {
	[LIB] = {"lib", OPTION_TEXT, "libc", NULL,
		 "libc, jemalloc, mimalloc, tcmalloc, or a library's path"},
	[CONF] = {"conf", OPTION_TEXT, "", NULL,
		  "the library's settings: [narenas:1] or [NAME=VALUE,...]"},
	[THRESHOLD] = {"threshold", OPTION_SIZE, "128K", NULL,
		       "glibc's mmap threshold, pinned: at most 32M"},
	[DYNAMIC] = {"dynamic", OPTION_CHOICE, "no", "no|yes",
		     "yes: glibc's threshold is not pinned, and rises"},
	[HUGETLB] = {"hugetlb", OPTION_CHOICE, "mode", "mode|no",
		     "glibc advises huge pages where --thp says so; or not"},
	{0},
};

static const char *const malloc_variants[] = {"lib=jemalloc", "lib=mimalloc",
					      "lib=tcmalloc", NULL};

/* A library that goes by a name. */
struct library {
	const char *name;
	const char *sonames[2]; /* the first that is installed */
	const char *prefix; /* of its variables; NULL: it has MALLOC_CONF */
	bool lower; /* the library knows the names in lower case, without it */
	const char *huge; /* the variable that advises huge pages; or NULL */
};

static const struct library libraries[] = {
	{"jemalloc", {"libjemalloc.so.2", "libjemalloc.so.1"}, NULL, false, ""},
	{"mimalloc",
	 {"libmimalloc.so.2", "libmimalloc.so.3"},
	 "MIMALLOC_",
	 true,
	 "MIMALLOC_LARGE_OS_PAGES=1"},
	{"tcmalloc",
	 {"libtcmalloc_minimal.so.4", "libtcmalloc.so.4"},
	 "TCMALLOC_",
	 false,
	 NULL},
};

/* What is a path, and known by nothing. */
static const struct library unnamed = {.name = NULL, .prefix = ""};

static bool is_libc(const struct option_value *options)
{
	return strcmp(options[LIB].text, "libc") == 0;
}

/* NULL: libc, or a name that nothing goes by. */
static const struct library *library_of(const struct option_value *options)
{
	const char *name = options[LIB].text;

	for (size_t i = 0; i < sizeof(libraries) / sizeof(libraries[0]); i++)
		if (strcmp(libraries[i].name, name) == 0)
			return &libraries[i];
	return strchr(name, '/') ? &unnamed : NULL;
}

static bool is_jemalloc(const struct library *library)
{
	return library->prefix == NULL;
}

__attribute__((format(printf, 3, 4))) static int
refuse(char *why, size_t why_size, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, why_size, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

static bool is_one_of(char byte, const char *others)
{
	return isalnum((unsigned char)byte) || (byte && strchr(others, byte));
}

/* The bytes of a setting: up to a comma that is not in brackets. */
static size_t setting_size(const char *text)
{
	size_t size = 0;

	for (int depth = 0; text[size] && (depth || text[size] != ','); size++)
		depth += text[size] == '[' ? 1 : text[size] == ']' ? -1 : 0;
	return size;
}

/* NAME=VALUE of these names would change more than the library. */
static bool is_reserved(const char *name)
{
	static const char *const reserved[] = {"LD_", "GLIBC_", "LC_ALL",
					       "PATH"};

	for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
		if (strncasecmp(name, reserved[i], strlen(reserved[i])) == 0)
			return true;
	return false;
}

/* One NAME=VALUE of conf=, or a VALUE in brackets, as a variable. */
static int variable_read(const struct library *library, const char *text,
			 size_t size, char variable[VARIABLE_SIZE], char *why,
			 size_t why_size)
{
	const char *equals = memchr(text, '=', size);
	size_t prefix = strlen(library->prefix), used, i = 0;
	const char *value = equals + 1, *end = text + size;

	while (equals && text + i < equals && is_one_of(text[i], "_"))
		i++;
	if (!equals || i == 0 || text + i != equals)
		return refuse(why, why_size, "conf=: '%.*s' is not NAME=VALUE",
			      (int)size, text);
	if (is_reserved(text))
		return refuse(why, why_size,
			      "conf=: %.*s is not the library's to set", (int)i,
			      text);
	if (strncasecmp(text, library->prefix, prefix) == 0)
		prefix = 0;
	if (end - value >= 2 && value[0] == '[' && end[-1] == ']') {
		value++;
		end--;
	}
	for (const char *byte = value; byte < end; byte++)
		if (!is_one_of(*byte, "_.,:;|+=/%@-"))
			return refuse(why, why_size,
				      "conf=: '%c' cannot stand in a value",
				      *byte);
	used = (size_t)snprintf(variable, VARIABLE_SIZE, "%.*s%.*s=%.*s",
				(int)prefix, library->prefix, (int)i, text,
				(int)(end - value), value);
	for (i = 0; library->prefix[0] && variable[i] != '='; i++)
		variable[i] = (char)toupper((unsigned char)variable[i]);
	return used < VARIABLE_SIZE
		       ? 0
		       : refuse(why, why_size, "conf=: a setting is too long");
}

/* One key:value of jemalloc's, as it stands. */
static int pair_check(const char *text, size_t size, char *why, size_t why_size)
{
	const char *colon = memchr(text, ':', size);
	size_t i = 0;

	while (i < size && is_one_of(text[i], "_.:|+/-"))
		i++;
	if (!colon || colon == text || i < size || colon == text + size - 1)
		return refuse(why, why_size, "conf=: '%.*s' is not key:value",
			      (int)size, text);
	return 0;
}

/*
 * The settings of conf=, each a variable in environment (or NULL: checked
 * only). 0, or -EINVAL or -E2BIG and why.
 */
static int conf_read(const struct library *library, const char *text,
		     struct environment *environment, char *why,
		     size_t why_size)
{
	char variable[VARIABLE_SIZE];
	unsigned int count = 0;
	size_t size;
	int error = 0;

	for (; *text && !error; text += size + (text[size] == ',')) {
		size = setting_size(text);
		if (text[size] == ',' && text[size + 1] == '\0')
			return refuse(why, why_size,
				      "conf=: nothing stands behind the last "
				      "comma");
		if (is_jemalloc(library)) {
			error = pair_check(text, size, why, why_size);
			continue;
		}
		error = variable_read(library, text, size, variable, why,
				      why_size);
		/* One is left for huge pages. */
		if (!error && ++count == ENVIRONMENT_ENTRIES_MAX)
			error = refuse(why, why_size,
				       "conf=: more than %d settings",
				       ENVIRONMENT_ENTRIES_MAX - 1);
		if (!error && environment)
			memcpy(environment->entries[environment->count++],
			       variable, sizeof(variable));
	}
	return error;
}

static int libc_check(const struct option_value *options, char *why,
		      size_t why_size)
{
	if (options[CONF].text[0])
		return refuse(why, why_size,
			      "conf= is for a library (lib=); glibc has "
			      "threshold=, dynamic= and hugetlb=");
	if (options[THRESHOLD].number > THRESHOLD_MAX)
		return refuse(why, why_size,
			      "threshold=%s is above 32M, which glibc may "
			      "ignore",
			      options[THRESHOLD].text);
	if (options[DYNAMIC].number &&
	    options[THRESHOLD].number != THRESHOLD_STANDARD)
		return refuse(why, why_size,
			      "threshold= pins what dynamic=yes lets rise");
	return 0;
}

/* ld.so splits LD_PRELOAD at blanks and colons, and expands $ORIGIN. */
static int path_check(const char *path, char *why, size_t why_size)
{
	for (; *path; path++)
		if (!is_one_of(*path, "/._+-~@%=,"))
			return refuse(why, why_size,
				      "lib=: a path with '%c' in it cannot be "
				      "preloaded: give the file another name",
				      *path);
	return 0;
}

static int malloc_check(const struct option_value *options, char *why,
			size_t why_size)
{
	const struct library *library = library_of(options);
	int error;

	if (is_libc(options))
		return libc_check(options, why, why_size);
	if (!library)
		return refuse(why, why_size,
			      "lib=%s is none of libc, jemalloc, mimalloc, "
			      "tcmalloc, and no path, which has a / (./%s)",
			      options[LIB].text, options[LIB].text);
	if (options[THRESHOLD].number != THRESHOLD_STANDARD ||
	    options[DYNAMIC].number || options[HUGETLB].number)
		return refuse(why, why_size,
			      "threshold=, dynamic= and hugetlb= are glibc's: "
			      "lib=%s has conf=",
			      options[LIB].text);
	error = library == &unnamed
			? path_check(options[LIB].text, why, why_size)
			: 0;
	return error ? error
		     : conf_read(library, options[CONF].text, NULL, why,
				 why_size);
}

static int malloc_probe(const struct option_value *options, char *why,
			size_t why_size)
{
	if (is_libc(options) || !SANITIZER_MALLOC)
		return 0;
	snprintf(why, why_size,
		 "this regrow was built with a sanitizer, which has a malloc "
		 "of its own: build it without SANITIZE=");
	return -ENOTSUP;
}

__attribute__((format(printf, 2, 3))) static void
malloc_variable(struct environment *environment, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(environment->entries[environment->count++],
		  sizeof(environment->entries[0]), format, arguments);
	va_end(arguments);
}

/* The tunables of glibc 2.26, and what went before. */
static void libc_environment(const struct option_value *options,
			     struct environment *environment)
{
	unsigned long long threshold = options[THRESHOLD].number;
	bool huge = environment->thp_advise &&
		    options[HUGETLB].number == HUGETLB_MODE;

	if (options[DYNAMIC].number) {
		if (huge)
			malloc_variable(
				environment,
				"GLIBC_TUNABLES=glibc.malloc.hugetlb=1");
		return;
	}
	malloc_variable(environment,
			"GLIBC_TUNABLES=glibc.malloc.mmap_threshold=%llu:"
			"glibc.malloc.mmap_max=2147483647%s",
			threshold, huge ? ":glibc.malloc.hugetlb=1" : "");
	malloc_variable(environment, "MALLOC_MMAP_THRESHOLD_=%llu", threshold);
	malloc_variable(environment, "MALLOC_MMAP_MAX_=2147483647");
}

/*
 * Is the name in a file? The loader's cache holds those of all libraries in its
 * folders, a library those of the variables that it reads.
 */
static bool file_has(const char *path, const char *name)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	void *bytes = MAP_FAILED;
	struct stat status;
	bool has = false;

	if (fd < 0)
		return false;
	if (fstat(fd, &status) == 0 && status.st_size > 0)
		bytes = mmap(NULL, (size_t)status.st_size, PROT_READ,
			     MAP_PRIVATE, fd, 0);
	if (bytes != MAP_FAILED) {
		has = memmem(bytes, (size_t)status.st_size, name,
			     strlen(name) + 1);
		munmap(bytes, (size_t)status.st_size);
	}
	close(fd);
	return has;
}

static const char *soname_of(const struct library *library)
{
	bool second = !file_has("/etc/ld.so.cache", library->sonames[0]) &&
		      file_has("/etc/ld.so.cache", library->sonames[1]);

	return library->sonames[second];
}

/* What has the library ask for huge pages by itself. */
static int huge_environment(const struct library *library,
			    const struct option_value *options,
			    struct environment *environment)
{
	if (library->huge) {
		if (library->huge[0])
			malloc_variable(environment, "%s", library->huge);
		return 0;
	}
	if (library == &unnamed && options[CONF].text[0])
		return 0;
	snprintf(environment->why, sizeof(environment->why),
		 library == &unnamed
			 ? "it is not known what has %.80s advise huge pages: "
			   "say it by conf=, or use --thp always"
			 : "%.80s does not advise huge pages (MADV_HUGEPAGE): "
			   "use --thp always",
		 options[LIB].text);
	return -ENOTSUP;
}

static int malloc_environment(const struct option_value *options,
			      struct environment *environment)
{
	const struct library *library = library_of(options);
	const char *conf = options[CONF].text;
	bool huge = environment->thp_advise;
	int error = 0;

	if (!library) {
		libc_environment(options, environment);
		return 0;
	}
	snprintf(environment->preload, sizeof(environment->preload), "%s",
		 library == &unnamed ? options[LIB].text : soname_of(library));
	if (library != &unnamed)
		snprintf(environment->remedy, sizeof(environment->remedy),
			 "make deps-allocators installs %s", library->name);
	/* Settings that it does not know are not to be passed over. */
	if (is_jemalloc(library) && (conf[0] || huge))
		malloc_variable(
			environment, "MALLOC_CONF=abort_conf:true%s%s%s",
			huge ? ",thp:always" : "", conf[0] ? "," : "", conf);
	else if (!is_jemalloc(library))
		error = conf_read(library, conf, environment, environment->why,
				  sizeof(environment->why));
	if (!error && huge)
		error = huge_environment(library, options, environment);
	return error;
}

/* Of each thread. */
struct malloc_heap {
	bool is_library;
};

/* The bytes of the block's own mapping; 0: it does not look like one. */
static size_t malloc_mapping(const struct heap *heap, void *block,
			     size_t usable)
{
	size_t offset_max = heap->page_size - 1;

	if (((uintptr_t)block & offset_max) != HEADER ||
	    ((usable + HEADER) & offset_max) != 0)
		return 0;
	return usable + HEADER;
}

static int malloc_open(struct heap *heap)
{
	struct malloc_heap *own = heap->state;

	own->is_library = !is_libc(heap->options);
	return 0;
}

/* Of less than 16 bytes jemalloc and tcmalloc align a block to 8 alone. */
static size_t size_asked(size_t size)
{
	return size < SIZE_MIN ? SIZE_MIN : size;
}

static void *malloc_alloc(struct heap *heap, size_t size)
{
	void *block = malloc(size_asked(size));

	if (!block)
		tally_failed_call(heap->recorder, ENOMEM);
	return block;
}

static void *malloc_grow(struct heap *heap, void *block, size_t size,
			 size_t new_size)
{
	const struct malloc_heap *own = heap->state;
	struct recorder *recorder = heap->recorder;
	size_t usable = malloc_usable_size(block);
	size_t mapping =
		own->is_library ? 0 : malloc_mapping(heap, block, usable);
	uintptr_t address = (uintptr_t)block;
	void *grown;

	errno = 0;
	grown = realloc(block, size_asked(new_size));
	tally_failed_call(recorder, errno);
	if (!grown)
		tally_growth(recorder, OUTCOME_FAILED);
	else if ((uintptr_t)grown == address)
		tally_growth(recorder, usable >= new_size ? OUTCOME_SLACK
							  : OUTCOME_IN_PLACE);
	else if (mapping && errno == 0 &&
		 malloc_mapping(heap, grown, malloc_usable_size(grown)))
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): compared only */
		tally_moved(recorder, (void *)address, grown, mapping, false);
	else if (own->is_library)
		tally_copied(recorder, usable < new_size ? usable : new_size);
	else
		tally_copied(recorder, size);
	return grown;
}

static void malloc_release(struct heap *heap, void *block, size_t size)
{
	(void)heap;
	(void)size;
	free(block);
}

static void *malloc_alloc_aligned(struct heap *heap, size_t alignment,
				  size_t size)
{
	void *block = NULL;
	int error = posix_memalign(&block, alignment, size);

	tally_failed_call(heap->recorder, error);
	return error ? NULL : block;
}

static void *malloc_shrink(struct heap *heap, void *block, size_t size,
			   size_t new_size)
{
	(void)heap;
	(void)size;
	return realloc(block, size_asked(new_size));
}

/* Below its threshold a block is a piece of the heap. */
static enum faults_rule malloc_faults(const struct option_value *options)
{
	(void)options;
	return FAULTS_AT_MOST_DENSE;
}

/* A name that the library says its version by, where it is the one. */
static uintptr_t symbol_of(const struct identity *identity, const char *name)
{
	uintptr_t address = (uintptr_t)dlsym(RTLD_DEFAULT, name);
	Dl_info info;

	return address && dladdr((void *)address, &info) &&
			       strcmp(info.dli_fname, identity->file) == 0
		       ? address
		       : 0;
}

/* mallctl(3), mi_version(), tc_version(): whichever it has. */
static void version_read(struct identity *identity)
{
	int (*mallctl)(const char *, void *, size_t *, void *, size_t) =
		(int (*)(const char *, void *, size_t *, void *,
			 size_t))symbol_of(identity, "mallctl");
	int (*mi_version)(void) =
		(int (*)(void))symbol_of(identity, "mi_version");
	const char *(*tc_version)(int *, int *, const char **) =
		(const char *(*)(int *, int *, const char **))symbol_of(
			identity, "tc_version");
	char *into = identity->version;
	size_t room = sizeof(identity->version), size = sizeof(char *);
	const char *text = NULL;

	if (mallctl && mallctl("version", &text, &size, NULL, 0) == 0 && text) {
		snprintf(into, room, "%s", text);
	} else if (mi_version) {
		int number = mi_version(); /* 209: 2.0.9 */

		snprintf(into, room, "%d.%d.%d", number / 100, number / 10 % 10,
			 number % 10);
	} else if (tc_version) {
		int major, minor;

		snprintf(into, room, "%s", tc_version(&major, &minor, &text));
	}
}

/* Is it the file that was asked for? */
static bool is_asked_for(const struct option_value *options,
			 const struct library *library, const char *file)
{
	struct stat asked, loaded;
	const char *slash = strrchr(file, '/');
	const char *name = slash ? slash + 1 : file;

	if (library != &unnamed)
		return strcmp(name, library->sonames[0]) == 0 ||
		       strcmp(name, library->sonames[1]) == 0;
	return stat(options[LIB].text, &asked) == 0 &&
	       stat(file, &loaded) == 0 && asked.st_dev == loaded.st_dev &&
	       asked.st_ino == loaded.st_ino;
}

/* All that is called here must be one library's. */
static int servers_check(const struct identity *identity, char *why,
			 size_t why_size)
{
	const struct {
		const char *name;
		uintptr_t address;
	} called[] = {
		{"realloc", (uintptr_t)realloc},
		{"free", (uintptr_t)free},
		{"posix_memalign", (uintptr_t)posix_memalign},
		{"malloc_usable_size", (uintptr_t)malloc_usable_size},
	};
	struct identity other;

	for (size_t i = 0; i < sizeof(called) / sizeof(called[0]); i++) {
		if (identity_find(called[i].address, &other) == 0 &&
		    strcmp(other.file, identity->file) == 0)
			continue;
		snprintf(why, why_size, "%s has malloc, but %s is that of %s",
			 identity->file, called[i].name, other.file);
		return -ELIBACC;
	}
	return 0;
}

/* A setting whose name is nowhere in the library is not read by it. */
static int settings_check(const struct library *library,
			  const struct option_value *options,
			  const struct identity *identity, char *why,
			  size_t why_size)
{
	struct environment set = {.count = 0};
	size_t prefix = library->prefix ? strlen(library->prefix) : 0;

	if (prefix == 0)
		return 0; /* jemalloc ends; of others no name is known */
	conf_read(library, options[CONF].text, &set, why, why_size);
	for (unsigned int i = 0; i < set.count; i++) {
		char *name = set.entries[i] + (library->lower ? prefix : 0);

		*strchr(name, '=') = '\0';
		for (char *byte = name; library->lower && *byte; byte++)
			*byte = (char)tolower((unsigned char)*byte);
		if (file_has(identity->file, name))
			continue;
		snprintf(why, why_size, "conf=: %s has no setting '%s'",
			 identity->file, name);
		return -EINVAL;
	}
	return 0;
}

/* One block through all that is called, so that what is loaded also works. */
static bool malloc_works(void)
{
	const size_t size = 100, new_size = (size_t)1 << 20;
	unsigned char *block = malloc(size), *grown;
	void *aligned = NULL;
	bool works;

	if (!block)
		return false;
	memset(block, 0x5a, size);
	grown = realloc(block, new_size);
	if (!grown) {
		free(block);
		return false;
	}
	works = malloc_usable_size(grown) >= new_size;
	for (size_t i = 0; i < size; i++)
		works &= grown[i] == 0x5a;
	free(grown);
	works &= posix_memalign(&aligned, 64, size) == 0 &&
		 (uintptr_t)aligned % 64 == 0;
	free(aligned);
	return works;
}

/* libc serves where nothing else is asked for; the record names it anyway. */
static int libc_identify(struct identity *identity, char *why, size_t why_size)
{
	struct identity served, libc;

	if (!SANITIZER_MALLOC && identity_find((uintptr_t)getpid, &libc) == 0 &&
	    identity_find((uintptr_t)malloc, &served) == 0 &&
	    strcmp(served.file, libc.file) != 0) {
		snprintf(why, why_size,
			 "blocks come from %s, not from libc: see "
			 "/etc/ld.so.preload, or name it by lib=",
			 served.file);
		return -ELIBACC;
	}
	memset(identity, 0, sizeof(*identity));
	return 0;
}

static int malloc_identify(const struct option_value *options,
			   struct identity *identity, char *why,
			   size_t why_size)
{
	const struct library *library = library_of(options);
	int error;

	if (!library)
		return libc_identify(identity, why, why_size);
	error = identity_find((uintptr_t)malloc, identity);
	if (error || !is_asked_for(options, library, identity->file)) {
		snprintf(why, why_size,
			 "blocks come from %s: %s is not loaded, or has no "
			 "malloc",
			 error ? "a static program" : identity->file,
			 library == &unnamed ? options[LIB].text
					     : soname_of(library));
		return -ELIBACC;
	}
	error = servers_check(identity, why, why_size);
	if (!error)
		error = settings_check(library, options, identity, why,
				       why_size);
	if (error)
		return error;
	if (!malloc_works()) {
		snprintf(why, why_size, "%s does not serve a block as it must",
			 identity->file);
		return -ELIBBAD;
	}
	version_read(identity);
	return 0;
}

static const struct allocator own_malloc = {
	.contract_version = ALLOCATOR_CONTRACT_VERSION,
	.name = "malloc",
	.summary =
		"the process's own realloc: libc's, or a preloaded library's",
	.options = malloc_options,
	.variants = malloc_variants,
	.heap_size = sizeof(struct malloc_heap),
	.check = malloc_check,
	.probe = malloc_probe,
	.environment = malloc_environment,
	.faults = malloc_faults,
	.identify = malloc_identify,
	.open = malloc_open,
	.alloc = malloc_alloc,
	.grow = malloc_grow,
	.release = malloc_release,
	.alloc_aligned = malloc_alloc_aligned,
	.shrink = malloc_shrink,
};

REGISTER_ALLOCATOR(own_malloc);
