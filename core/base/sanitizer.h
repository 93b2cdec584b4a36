/* sanitizer.h - whether this is a build with AddressSanitizer: gcc and clang say it differently. */
#ifndef VS_CORE_BASE_SANITIZER_H
#define VS_CORE_BASE_SANITIZER_H

#ifdef __SANITIZE_ADDRESS__ /* gcc */
#define VS_ADDRESS_SANITIZER
#endif
#ifdef __has_feature /* clang */
#if __has_feature(address_sanitizer)
#define VS_ADDRESS_SANITIZER
#endif
#endif

#endif
