// The child process: how it is started, what it may not do, and how it answers.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

#include "stream.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#endif

// The stream's descriptor in the child.
enum { STREAM = 3 };

// MARK: Records

static void send_all(const void *bytes, size_t count) {
  const uint8_t *next = bytes;
  while (count > 0) {
    ssize_t step = write(STREAM, next, count);
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) _exit(1);  // The caller has gone or has heard enough.
    next += step;
    count -= (size_t)step;
  }
}

void record_begin(record *record, char kind) {
  record->count = 0;
  record_bytes(record, &kind, 1);
}

void record_bytes(record *record, const void *bytes, size_t count) {
  if (record->count + count > record->capacity) {
    size_t capacity = 2 * (record->count + count) + 256;
    uint8_t *grown = realloc(record->bytes, capacity);
    if (!grown) _exit(1);
    record->bytes = grown;
    record->capacity = capacity;
  }
  if (count > 0) memcpy(record->bytes + record->count, bytes, count);
  record->count += count;
}

void record_number(record *record, uint64_t value, int byte_count) {
  uint8_t bytes[8];
  for (int index = 0; index < byte_count; index++) bytes[index] = (uint8_t)(value >> (8 * index));
  record_bytes(record, bytes, (size_t)byte_count);
}

void record_text(record *record, const char *text) {
  size_t count = strlen(text);
  record_number(record, count, 4);
  record_bytes(record, text, count);
}

void record_send(record *record) {
  uint8_t length[4];
  for (int index = 0; index < 4; index++) length[index] = (uint8_t)(record->count >> (8 * index));
  send_all(length, 4);
  send_all(record->bytes, record->count);
}

_Noreturn void refuse(const char *path, const char *reason) {
  record answer = {0};
  record_begin(&answer, 'R');
  record_text(&answer, path);
  record_text(&answer, reason);
  record_send(&answer);
  _exit(0);
}

_Noreturn void fail(const char *reason) {
  record answer = {0};
  record_begin(&answer, 'E');
  record_bytes(&answer, reason, strlen(reason));
  record_send(&answer);
  _exit(0);
}

// MARK: What the child may not do

// Keeps the stream alone open; standard input, output and error lead nowhere.
static void close_all_but(int stream) {
  if (stream != STREAM && dup2(stream, STREAM) < 0) _exit(1);
  int nowhere = open("/dev/null", O_RDWR);
  if (nowhere >= 0) {
    dup2(nowhere, 0);
    dup2(nowhere, 1);
#ifndef SANITIZED
    dup2(nowhere, 2);
#endif
  }
#if defined(__linux__) && defined(SYS_close_range)
  if (syscall(SYS_close_range, STREAM + 1, ~0U, 0) == 0) return;
#endif
  struct rlimit files;
  rlim_t last = getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < 65536 ? files.rlim_cur : 65536;
  for (int descriptor = STREAM + 1; descriptor < (int)last; descriptor++) close(descriptor);
}

// The caller's signal handlers would run in the child too, and print a backtrace of a process that is not theirs.
static void reset_signals(void) {
#ifndef SANITIZED
  int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGTRAP, SIGTERM, SIGINT, SIGXCPU};
  for (size_t index = 0; index < sizeof signals / sizeof signals[0]; index++) signal(signals[index], SIG_DFL);
#endif
  signal(SIGPIPE, SIG_IGN);
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

static void limit(int resource, uint64_t value) {
  struct rlimit limits;
  if (getrlimit(resource, &limits) != 0) return;
  rlim_t wanted = limits.rlim_max != RLIM_INFINITY && (rlim_t)value > limits.rlim_max ? limits.rlim_max : (rlim_t)value;
  limits.rlim_cur = limits.rlim_max = wanted;
  setrlimit(resource, &limits);
}

static void limit_resources(const chdf5_request *request) {
  limit(RLIMIT_CPU, request->cpu_seconds);
  limit(RLIMIT_CORE, 0);
#if defined(__linux__) && !defined(SANITIZED)
  // The child begins with the caller's whole address space, which may be large: the limit is what it may add.
  int file = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  char text[64] = {0};
  ssize_t count = file >= 0 ? read(file, text, sizeof text - 1) : 0;
  if (file >= 0) close(file);
  uint64_t pages = count > 0 ? strtoull(text, NULL, 10) : 0;
  if (pages > 0) limit(RLIMIT_AS, pages * (uint64_t)sysconf(_SC_PAGESIZE) + request->memory_bytes);
#endif
}

#if defined(__linux__) && !defined(SANITIZED) && (defined(__x86_64__) || defined(__aarch64__))
#ifdef __x86_64__
#define THIS_ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define THIS_ARCHITECTURE AUDIT_ARCH_AARCH64
#endif
#define ALLOW(number) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

// Lets through what malloc, the stream and the end of the process need. Everything else fails with EPERM instead of
// killing, since a call that another version of the C library makes on the way is no attack. Where the kernel has no
// filters the limits alone remain.
static void forbid_system_calls(void) {
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, THIS_ARCHITECTURE, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      ALLOW(SYS_write), ALLOW(SYS_brk), ALLOW(SYS_mmap), ALLOW(SYS_munmap), ALLOW(SYS_mremap), ALLOW(SYS_mprotect),
      ALLOW(SYS_madvise), ALLOW(SYS_futex), ALLOW(SYS_exit), ALLOW(SYS_exit_group), ALLOW(SYS_rt_sigreturn),
      ALLOW(SYS_rt_sigprocmask), ALLOW(SYS_getpid), ALLOW(SYS_gettid), ALLOW(SYS_clock_gettime), ALLOW(SYS_gettimeofday),
      ALLOW(SYS_getrusage), ALLOW(SYS_sched_yield), ALLOW(SYS_getrandom),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
  };
  struct sock_fprog program = {sizeof rules / sizeof rules[0], rules};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
static void forbid_system_calls(void) {}
#endif

// MARK: Start and end

static _Noreturn void answer(const chdf5_request *request, int stream) {
  reset_signals();
  void *image = (void *)request->bytes;
  if (request->file >= 0) {
    // A file that shrinks while it is read ends the child, not the caller.
    image = mmap(NULL, request->byte_count, PROT_READ | PROT_WRITE, MAP_PRIVATE, request->file, 0);
  }
  close_all_but(stream);
  if (image == MAP_FAILED || image == NULL) fail("the file cannot be mapped into memory");
  limit_resources(request);
  forbid_system_calls();
  if (request->path) {
    hdf5_send(image, request->byte_count, request->path);
  } else {
    hdf5_describe(image, request->byte_count);
  }
  record end = {0};
  record_begin(&end, 'Z');
  record_send(&end);
  _exit(0);
}

// The caller may have other threads, of which the child has none. Between fork and _exit the child uses only its own
// thread, and locks that another thread might have held at that moment in two places: malloc, whose locks glibc and
// Darwin make whole again in the child, and the HDF5 library, which no process that links this target ever calls outside
// a child. If some lock did stay taken, the child would stand still, and the caller's timeout ends it.
int chdf5_start(const chdf5_request *request, chdf5_child *child) {
  int ends[2];
  if (request->byte_count == 0) return EINVAL;
  if (pipe(ends) != 0) return errno;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  pid_t process = fork();
  if (process < 0) {
    int number = errno;
    close(ends[0]);
    close(ends[1]);
    return number;
  }
  if (process == 0) answer(request, ends[1]);
  close(ends[1]);
  child->process = process;
  child->stream = ends[0];
  return 0;
}

int chdf5_read(const chdf5_child *child, void *bytes, size_t count, int timeout_seconds) {
  uint8_t *next = bytes;
  while (count > 0) {
    struct pollfd wait = {child->stream, POLLIN, 0};
    int ready = poll(&wait, 1, timeout_seconds * 1000);
    if (ready < 0 && errno == EINTR) continue;
    if (ready == 0) return -1;
    ssize_t step = read(child->stream, next, count);
    if (step < 0 && errno == EINTR) continue;
    if (step <= 0) return 0;
    next += step;
    count -= (size_t)step;
  }
  return 1;
}

void chdf5_finish(chdf5_child *child) {
  close(child->stream);
  kill(child->process, SIGKILL);
  while (waitpid(child->process, NULL, 0) < 0 && errno == EINTR) {
  }
}
