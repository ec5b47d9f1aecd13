// Fault lists: faults as lines of a CSV file, each named by target, layer, position and bit.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/fault/fault_space.h"

namespace deepaxe::fault {

/// One line of a list as it stands, not yet looked for in a model.
struct ListedFault {
  Target target = Target::kActivation;
  Effect effect = Effect::kFlip;
  std::string layer;
  std::string position;
  int bit = 0;
  std::size_t line = 0;  ///< In the file, from 1.
};

/// "target,effect,layer,position,bit": the columns that name a fault, and the header of a list.
std::string_view fault_columns() noexcept;
/// "3:0:4": the row-major index of an element in the tensor's shape.
std::string position_text(std::uint64_t element, const FaultTensor& tensor);

/// The five fields of a fault of the space, e.g. "weight,flip,conv1,3:0:4:0,7"; names with commas
/// or quotes are quoted.
std::string fault_fields(const Fault& fault, const FaultSpace& space);

/// Reads a list: comma-separated lines under a header that has at least those columns, in any
/// order; others are passed over, so a table of results is a list as well. Throws base::InputError
/// naming `file` and the line for anything else.
std::vector<ListedFault> parse_fault_list(std::string_view text, const std::string& file);

/// Their indices in the space, in the list's order. Throws base::InputError naming file and line
/// for a layer or place that the space does not have.
std::vector<std::uint64_t> find_faults(const std::vector<ListedFault>& list,
                                       const FaultSpace& space, const std::string& file);

/// The space without what else it has: the targets and effects that a list names.
FaultSpaceParams params_of(const std::vector<ListedFault>& list);

}  // namespace deepaxe::fault
