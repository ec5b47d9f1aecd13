// DEEPAXE_ASSERT: checks for our own bugs, never reachable from input; kept in release builds.
#pragma once

#include <cstdio>
#include <cstdlib>

#define DEEPAXE_ASSERT(condition)                                                            \
  do {                                                                                       \
    if (!(condition)) {                                                                      \
      std::fprintf(stderr, "%s:%d: assertion failed: %s\n", __FILE__, __LINE__, #condition); \
      std::abort();                                                                          \
    }                                                                                        \
  } while (false)
