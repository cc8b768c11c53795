// Nothing is called from here by name: see locks.c.
