// Fault lists: faults as lines of a CSV file, each named by target, layer, position and bit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/fault/fault_space.h"

namespace deepaxe::fault {

/// The columns that name a fault, and the header of a list: "target,effect,layer,position,bit", and
/// ",parallel,circuit" where the space has faults of units or nets.
std::string fault_columns(const FaultSpace& space);
/// "bam(2,1)@1f0c6ab2": the circuit's name and the beginning of its products' SHA-256.
std::string circuit_text(const arith::NamedMultiplier& multiplier);
/// "3:0:4": the row-major index of an element in the tensor's shape.
std::string position_text(std::uint64_t element, const FaultTensor& tensor);

/// The fields of a fault under fault_columns, e.g. "weight,flip,conv1,3:0:4:0,7"; names with commas
/// or quotes are quoted. A column that does not concern the fault is empty.
std::string fault_fields(const Fault& fault, const FaultSpace& space);

/// A list is comma-separated lines under a header that has at least the first five columns, in any
/// order; others are passed over, so a table of results is a list as well. What follows throws
/// base::InputError naming `file` and the line for anything else.

/// The space without what else it has: the targets and effects that a list names, and the input
/// image, which is the layer `input_layer`, where a line hits it.
FaultSpaceParams params_of_list(std::string_view text, const std::string& file,
                                const std::string& input_layer);

/// Indices in the space, in the list's order. Refused are a layer or place that the space does not
/// have, and units or nets counted in another engine or circuit.
std::vector<std::uint64_t> find_faults(std::string_view text, const FaultSpace& space,
                                       const std::string& file);

}  // namespace deepaxe::fault
