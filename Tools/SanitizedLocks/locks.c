// The thread sanitizer sees a lock only where it was compiled with it. The fast way of Swift's `Mutex` is inlined and seen; its slow way, taken
// when two threads meet, is in Swift's runtime and is not, so that whoever had to wait would seem to hold nothing. These two functions stand in
// front of the runtime's, call them, and tell the sanitizer what they did.
//
// Only what is linked into `loader-stress` comes through here, never the product.
#if defined(__linux__)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include "sanitized_locks.h"

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))

// In the sanitizer's runtime; absent where the tool is built without it.
extern void __tsan_acquire(void *) __attribute__((weak));
extern void __tsan_release(void *) __attribute__((weak));

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

SWIFT void lock_slowly(uint32_t, SELF void *) __asm__(LOCK);
SWIFT void unlock_slowly(SELF void *) __asm__(UNLOCK);

static void *runtime(const char *name) {
  void *found = dlsym(RTLD_NEXT, name);
  if (!found) abort();  // Another Swift, whose mutex is made otherwise.
  return found;
}

SWIFT void lock_slowly(uint32_t thread, SELF void *mutex) {
  static SWIFT void (*real)(uint32_t, SELF void *);
  if (!real) real = runtime(LOCK);
  real(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlock_slowly(SELF void *mutex) {
  static SWIFT void (*real)(SELF void *);
  if (!real) real = runtime(UNLOCK);
  if (__tsan_release) __tsan_release(mutex);
  real(mutex);
}
#else
typedef int nothing_to_stand_before;
#endif
