// The parts of the generated sources that are the same for every design point.
#pragma once

#include <string_view>

namespace deepaxe::hw::hls {

extern const std::string_view kPragmas;            ///< pragmas.h
extern const std::string_view kArithmetic;         ///< arithmetic.h
extern const std::string_view kMultiplierHelpers;  ///< Beginning of multipliers.h.
extern const std::string_view kTrace;              ///< End of accelerator.h.
/// Makefile; TOP, CLOCK and BLACK_BOXES stand for the design's (tool_scripts.h).
extern const std::string_view kMakefile;

}  // namespace deepaxe::hw::hls
