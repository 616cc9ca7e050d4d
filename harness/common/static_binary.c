/* static_binary - whether this program was linked statically. */
#include "common/static_binary.h"

#include <link.h>
#include <sys/auxv.h>

bool binary_is_static(void)
{
	const ElfW(Phdr) *headers = (const void *)getauxval(AT_PHDR);
	unsigned long count = getauxval(AT_PHNUM);

	for (unsigned long i = 0; headers && i < count; i++)
		if (headers[i].p_type == PT_INTERP)
			return false;
	return headers && count > 0;
}
