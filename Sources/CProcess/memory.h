#pragma once

/// From here on a process that crashes because it got no memory says so and exits with 1.
void cp_say_when_memory_ends(void);
