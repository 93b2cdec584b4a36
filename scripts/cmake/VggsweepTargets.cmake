# What every library of ours has in common. Each folder is one static library; a folder links
# exactly those below it, so that an include against the arrows of ARCHITECTURE.md fails to link.

add_library(vs_flags INTERFACE)
target_include_directories(vs_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(vs_flags INTERFACE _GNU_SOURCE)
# Contracting a*b+c into one rounding differs between processors; results should not.
target_compile_options(vs_flags INTERFACE -ffp-contract=off -fno-math-errno)
if(VGGSWEEP_STRICT)
  target_compile_options(vs_flags INTERFACE
    -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Werror)
else()
  target_compile_options(vs_flags INTERFACE -Wall -Wextra)
endif()
# Warnings that are wrong about us, where the compiler has them: messages are cut on purpose, never overrun;
# an anonymous enum is C's integer constant.
include(CheckCCompilerFlag)
foreach(warning format-truncation enum-float-conversion)
  check_c_compiler_flag(-W${warning} VGGSWEEP_WARNS_OF_${warning})
  if(VGGSWEEP_WARNS_OF_${warning})
    target_compile_options(vs_flags INTERFACE -Wno-${warning})
  endif()
endforeach()
if(VGGSWEEP_SANITIZE)
  target_compile_options(vs_flags INTERFACE -fsanitize=address,undefined -fno-omit-frame-pointer
                                            -fno-sanitize-recover=undefined)
  target_link_options(vs_flags INTERFACE -fsanitize=address,undefined)
endif()

# vs_add_library(name SOURCES a.c b.c [LINK public libs] [PRIVATE third-party libs])
function(vs_add_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK;PRIVATE" ${ARGN})
  add_library(vs_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(vs_${name} PUBLIC vs_flags ${ARG_LINK} PRIVATE ${ARG_PRIVATE})
endfunction()
