# Writes OUT, a header with zero-terminated arrays of the contents of files, at build time:
#   cmake "-DFILES=name=path;name=path" -DOUT=... -P EmbedFiles.cmake
# An empty path gives an empty text.
set(text "/* Made by EmbedFiles.cmake. */\n")
foreach(pair IN LISTS FILES)
  string(FIND "${pair}" "=" equals)
  string(SUBSTRING "${pair}" 0 ${equals} name)
  math(EXPR after "${equals} + 1")
  string(SUBSTRING "${pair}" ${after} -1 path)
  set(bytes "")
  if(NOT path STREQUAL "")
    file(READ "${path}" bytes HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(REGEX REPLACE "(................................................................................)" "\\1\n" bytes "${bytes}")
  endif()
  string(APPEND text "static const unsigned char ${name}[] = {\n${bytes}0};\n")
endforeach()
file(WRITE ${OUT} "${text}")
