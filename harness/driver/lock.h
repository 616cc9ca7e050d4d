/* lock - keeps a file to one process. */
#ifndef REGROW_LOCK_H
#define REGROW_LOCK_H

/*
 * Takes an exclusive flock(2), which goes with the last descriptor of this
 * opening. Waits a second, since a driver that was killed may leave a sample's
 * process that has not closed the file yet, which it does at its exec. 0, also
 * where the file system has no locks; -EWOULDBLOCK: another process has it.
 */
int lock_take(int fd);

#endif
