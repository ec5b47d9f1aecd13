// Recognition: which circuit of the generated families has given products.
#pragma once

#include <optional>
#include <string>

#include "deepaxe/arith/family.h"

namespace deepaxe::arith {

/// The family circuit whose Multiplier::identity this is; of several (bam(8,v) is 0 for every v)
/// the one in the library, else the first by growing parameters, bam before trunc. The first call
/// tabulates every circuit, a fraction of a second. Thread-safe.
std::optional<Family> recognize(const std::string& identity);

/// "1KVP = bam(1,3)" for a circuit of the library, else "bam(1,4)".
std::string describe(const Family& family);

}  // namespace deepaxe::arith
