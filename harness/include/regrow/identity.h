/*
 * regrow/identity.h - which shared object serves a function, and which build of
 * it that is: what an allocator that stands for a library tells in identify().
 *
 * Nothing here calls malloc: the library that is asked about serves it.
 */
#ifndef REGROW_IDENTITY_H
#define REGROW_IDENTITY_H

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct identity {
	char file[256]; /* as the loader has it; "": nothing to be named */
	char version[96]; /* as the library says itself; "": it does not */
	char build_id[65]; /* GNU's, of its notes, hexadecimal; "": none */
};

/* What is looked for among the objects that are loaded. */
struct identity_search {
	uintptr_t address; /* in the object */
	struct identity *identity;
};

/* The build ID among the notes of a segment; see elf(5), Nhdr. */
static inline void identity_read_notes(const unsigned char *notes, size_t size,
				       struct identity *identity)
{
	const size_t digits_max = (sizeof(identity->build_id) - 1) / 2;

	while (size >= sizeof(ElfW(Nhdr))) {
		const ElfW(Nhdr) *note = (const void *)notes;
		size_t name = (note->n_namesz + 3u) & ~(size_t)3;
		size_t text = (note->n_descsz + 3u) & ~(size_t)3;
		const unsigned char *bytes = notes + sizeof(*note) + name;

		if (size - sizeof(*note) < name ||
		    size - sizeof(*note) - name < text)
			return;
		if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
		    memcmp(notes + sizeof(*note), "GNU", 4) == 0) {
			for (size_t i = 0; i < note->n_descsz && i < digits_max;
			     i++)
				snprintf(identity->build_id + 2 * i, 3, "%02x",
					 bytes[i]);
			return;
		}
		notes = bytes + text;
		size -= sizeof(*note) + name + text;
	}
}

/* For dl_iterate_phdr(3): 1 where this object is the one. */
static inline int identity_match(struct dl_phdr_info *info, size_t size,
				 void *context)
{
	struct identity_search *search = context;
	bool found = false;

	(void)size;
	for (unsigned int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		uintptr_t start = info->dlpi_addr + segment->p_vaddr;

		found |= segment->p_type == PT_LOAD &&
			 search->address >= start &&
			 search->address - start < segment->p_memsz;
	}
	for (unsigned int i = 0; found && i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];

		if (segment->p_type == PT_NOTE &&
		    search->identity->build_id[0] == '\0')
			identity_read_notes((const void *)(info->dlpi_addr +
							   segment->p_vaddr),
					    segment->p_memsz, search->identity);
	}
	return found;
}

/*
 * File and build ID of the object that an address of code is in; the version is
 * left empty. 0, or -ENOENT: none, as in a static program.
 */
static inline int identity_find(uintptr_t address, struct identity *identity)
{
	struct identity_search search = {address, identity};
	Dl_info info;

	memset(identity, 0, sizeof(*identity));
	if (!dladdr((void *)address, &info) || !info.dli_fname)
		return -ENOENT;
	snprintf(identity->file, sizeof(identity->file), "%s", info.dli_fname);
	dl_iterate_phdr(identity_match, &search);
	return 0;
}

#endif
