// The list of all targets, and how programs find one.
#pragma once

#include <array>

#include "target.h"

namespace deepaxe::fuzz {

inline const std::array kAllTargets = {&kAssignment,
                                       &kCifar,
                                       &kCircuitBlif,
                                       &kCircuitC,
                                       &kCircuitCgp,
                                       &kCircuitTable,
                                       &kCircuitVerilog,
                                       &kHdf5Answer,
                                       &kHdf5File,
                                       &kIdx,
                                       &kKerasArchive,
                                       &kKerasConfig,
                                       &kKerasFile,
                                       &kMultiplierName,
                                       &kNpy,
                                       &kNpz,
                                       &kNpzMembers,
                                       &kPreprocessing,
                                       &kTar,
                                       &kTflite,
                                       &kWeightsOnlyFile};

}  // namespace deepaxe::fuzz
