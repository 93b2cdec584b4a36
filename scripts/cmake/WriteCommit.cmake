# Writes OUT, a header with the commit of SOURCE and VERSION, at build time, and only if it changed:
#   cmake -DSOURCE=... -DVERSION=... -DOUT=... -P WriteCommit.cmake
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
  OUTPUT_VARIABLE commit RESULT_VARIABLE failed OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(failed OR commit STREQUAL "")
  set(commit "unknown")
endif()
file(CONFIGURE OUTPUT ${OUT} CONTENT [[
#define VS_VERSION "@VERSION@"
#define VS_COMMIT  "@commit@"
]] @ONLY)
