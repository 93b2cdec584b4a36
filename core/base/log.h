/* log.h - messages to the person at the terminal: progress, warnings, remarks.
 *
 * Libraries say what they have to say here; where it goes is decided once, by main.c. Data never
 * goes through the log. The default sink drops everything. */
#ifndef VS_CORE_BASE_LOG_H
#define VS_CORE_BASE_LOG_H

typedef enum vs_log_level { VS_LOG_INFO, VS_LOG_WARNING } vs_log_level;

/* Receives one finished line without a newline. Called from whichever thread logs. */
typedef void vs_log_sink(vs_log_level level, const char *line);

/* Sets the sink for the whole program; NULL drops everything. Call it before threads start. */
void vs_log_set_sink(vs_log_sink *sink);

/* printf style, without a newline, at most 2,047 bytes. */
void vs_log(vs_log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
