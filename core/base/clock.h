/* clock.h - what time it is: a clock to measure with and a clock to date with. Both in seconds (the
 * second as text too), both may be called from any thread, neither can fail. */
#ifndef VS_CORE_BASE_CLOCK_H
#define VS_CORE_BASE_CLOCK_H

/* Seconds since some moment before the program began. Never runs backwards, whoever sets the
 * machine's time, so the difference of two is how long something took. Means nothing on another
 * machine, nor after a restart. */
double vs_clock_seconds(void);

/* Seconds since 1970 (UTC) by the machine's calendar, to a microsecond or so. For what others read:
 * it may jump when that calendar is set. */
double vs_clock_unix_seconds(void);

/* The same as text: ISO 8601 in UTC, whole seconds, as 2022-05-01T12:00:00Z. */
#define VS_UTC_TEXT 24
void vs_clock_utc(char text[VS_UTC_TEXT]);

#endif
