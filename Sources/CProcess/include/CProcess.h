// What must be settled before a program's libraries start, and what only a signal handler can do.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: - Requests to stop

/// Listens to SIGINT, SIGTERM and SIGUSR1, and to SIGHUP unless it is ignored (nohup); ignores SIGPIPE and SIGXFSZ, whose writes fail then.
///
/// While no hold stands, a request ends the process at once: exit status 75 and a sentence on standard error. While one stands, it is only
/// noted, for whoever holds to save its state. The same signal, or SIGINT, again a second later ends the process at once.
void cp_listen(void);

/// Lets the signals through that were kept waiting since the start of the process, with their usual effects.
void cp_let_signals_through(void);

/// The signal that asked, or 0.
int32_t cp_requested(void);

/// Milliseconds since the first request; -1 without one.
int64_t cp_request_age(void);

/// Notes a request as a signal would, for tests of whoever asks.
void cp_request(int32_t signal);

/// Asks as a signal would that came for the first time: ends the process at once, or is noted while a hold stands.
void cp_ask(int32_t signal);

void cp_hold(void);

/// Ends a hold. With `ends_process`, a request that was noted meanwhile takes its effect when the last hold ends.
void cp_release(bool ends_process);

// MARK: - Threads

/// A thread that was started; to be joined once.
typedef uint64_t cp_thread;

/// Starts a thread. Returns 0, or the error's number: EAGAIN where the system lets this process have no more.
int32_t cp_thread_start(cp_thread *thread, const char *name, void (*body)(void *), void *argument);

void cp_thread_join(cp_thread thread);

// MARK: - Processes

/// Starts a program with pipes for its three standard streams, whose ends here no other process inherits and of which the last two are read
/// without waiting. Returns 0 or the error's number.
int32_t cp_start_process(const char *path, char *const *arguments, int32_t streams[3], int32_t *process);

/// How a process that was started here ended, once: 1 and its exit status, 2 and the number of the signal that ended it; 0 while it runs.
int32_t cp_ended(int32_t process, int32_t *number);

/// Waits until one of several streams can be read, or was closed, or so many milliseconds are over.
void cp_wait_to_read(const int32_t *streams, size_t count, int32_t milliseconds);

// MARK: - Writing where the reader may be gone, stuck or out of room

/// Writes all, waiting at most `patience` milliseconds for room at a time (below 0: for ever). Returns 0 or the error's number: EAGAIN
/// where there was no room in time, EINTR where the process was asked to stop while it waited.
int32_t cp_write(int32_t descriptor, const void *bytes, size_t count, int32_t patience);

#ifdef __cplusplus
}
#endif
