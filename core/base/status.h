/* status.h - one way to say that the world failed.
 *
 * A function that depends on files, memory, HDF5 or MPI returns a vs_status, VS_OK for success. The
 * place that notices a failure records one message with vs_fail(); places further out may put
 * context before it with vs_status_context(). Nobody in a library prints: main.c shows the message.
 * A programmer's mistake is an assert, and a run that went NaN is data (core/optimize/run.h). */
#ifndef VS_CORE_BASE_STATUS_H
#define VS_CORE_BASE_STATUS_H

typedef enum vs_status {
  VS_OK = 0,
  VS_ERR_USAGE,   /* the caller asked for something that cannot be: a bad value, an unknown name */
  VS_ERR_IO,      /* a file cannot be opened, read, written */
  VS_ERR_FORMAT,  /* a file was read and is not what it should be */
  VS_ERR_LIMIT,   /* a size is beyond what we accept; checked before allocation */
  VS_ERR_MEMORY,  /* allocation failed */
  VS_ERR_STOPPED, /* a stop was asked for; what was finished is saved */
  VS_ERR_INTERNAL /* a library answered what it never should */
} vs_status;

/* vs_fail(status, format, ...) records the message (printf style, no newline, at most 16,383 bytes,
 * longer ones are cut) for this thread and is `status` itself, so that a failing function can end
 * in `return vs_fail(...)`. Replaces an earlier message. `status` is not VS_OK. It is a macro so
 * that the compiler sees which status comes out. */
#define vs_fail(status, ...) (vs_status_record(__VA_ARGS__), vs_fail_with(status))
static inline vs_status vs_fail_with(vs_status status) {
  return status;
}
void vs_status_record(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Puts "context: " before the recorded message and returns `status` unchanged; does nothing when
 * `status` is VS_OK. Use it where the file or key is known that the failing place does not know. */
vs_status vs_status_context(vs_status status, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The message recorded last in this thread; "" if none. Valid until the next vs_fail here. */
const char *vs_status_message(void);

#endif
