# Builds for arm64 with Debian's cross compiler, against the arm64 libraries in a folder:
#   cmake --toolchain scripts/cmake/arm64.cmake -DCMAKE_SYSROOT=FOLDER ...
# scripts/cross-arm64.sh fills such a folder.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu) # libraries and their CMake files are in lib/ of that name

# Libraries, headers and CMake files are the folder's and never this machine's; programs, such as python3 and
# git, are this machine's. find_package(HDF5) would ask h5cc, a program, which tells of this machine's
# library: none is named, and so it looks for the library itself.
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(HDF5_C_COMPILER_EXECUTABLE "" CACHE FILEPATH "None")

# pkg-config looks into these folders alone, and puts the folder before the paths that it prints.
set(ENV{PKG_CONFIG_LIBDIR}
  ${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_PATH} "") # which would come before them

# What is built runs under qemu: during the build (the program prints its schema) and as a test. -L: where an
# arm64's loader and libraries are.
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L ${CMAKE_SYSROOT})
