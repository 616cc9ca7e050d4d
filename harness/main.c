/* main - the driver, or one sample's process: the same binary. */
#include <stdio.h>
#include <string.h>

#include "sample/protocol.h"

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], SAMPLE_COMMAND) == 0)
		return sample_main();
	fprintf(stderr, "regrow: no driver yet\n");
	return 2;
}
