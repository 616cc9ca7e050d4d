/* missing-symbol - a shared object that registers nothing. */
extern int unrelated;
int unrelated = 1;
