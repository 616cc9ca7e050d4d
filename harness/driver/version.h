/* version - which regrow this is. */
#ifndef REGROW_VERSION_H
#define REGROW_VERSION_H

/* `git describe` of the tree that was built; "unknown" outside of git. */
const char *version_text(void);

#endif
